# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-builder finds in the collection, when it is installed from its tarball."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / folder) for folder in ("standin", "tools")]
from launcher import StandIn  # noqa: E402
from tarball import build  # noqa: E402

REQUESTS = "requests  # from collection community.modelarts"


def run(*command: object, **environment: str) -> str:
    """Run a command that has to succeed, and give what it printed."""
    done = subprocess.run(
        list(map(str, command)), env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the collection is installed."""
    folder = tmp_path_factory.mktemp("collections")
    tarball = build(tmp_path_factory.mktemp("build"))
    run("ansible-galaxy", "collection", "install", tarball, "--offline", "--collections-path", folder)
    return folder


@pytest.fixture(scope="module")
def collection(collections: Path) -> Path:
    """The collection in there."""
    return collections / "ansible_collections/community/modelarts"


@pytest.fixture(scope="module")
def context(collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the image of the example is built from."""
    folder = tmp_path_factory.mktemp("context")
    example = collection / "extensions/awx/execution-environment.yml"
    run("ansible-builder", "create", "--file", example, "--context", folder)
    return folder


def test_the_metadata_names_files_that_are_there(collection: Path) -> None:
    dependencies = yaml.safe_load((collection / "meta/execution-environment.yml").read_text())["dependencies"]
    assert dependencies == {"python": "requirements.txt", "system": "bindep.txt"}
    assert all((collection / name).is_file() for name in dependencies.values())


def test_introspect_finds_requests_and_no_packages(collections: Path) -> None:
    found = yaml.safe_load(run("ansible-builder", "introspect", collections))
    assert found == {"python": [REQUESTS], "system": []}


def test_create_takes_the_example(context: Path) -> None:
    # Its name depends on which of podman and docker is installed.
    (file,) = [context / name for name in ("Containerfile", "Dockerfile") if (context / name).exists()]
    steps = file.read_text().splitlines()
    assert 'ARG EE_BASE_IMAGE="docker.io/library/debian:trixie-slim"' in steps
    assert 'ARG ANSIBLE_INSTALL_REFS="ansible-core ansible-runner"' in steps
    assert 'ARG PKGMGR="/usr/bin/apt-get"' in steps
    assert "RUN /output/scripts/pip_install $PYCMD" not in steps
    wanted = yaml.safe_load((context / "_build/requirements.yml").read_text())
    assert wanted == {"collections": [{"name": "community.modelarts"}]}


def test_the_build_installs_what_collection_and_example_name(context: Path, collections: Path, tmp_path: Path) -> None:
    # As the Containerfile calls it, with other folders.
    build_files = context / "_build"
    run(
        *[sys.executable, build_files / "scripts/introspect.py", "introspect", collections],
        *[f"--user-pip={build_files / 'requirements.txt'}", f"--user-bindep={build_files / 'bindep.txt'}"],
        *[f"--write-pip={tmp_path / 'requirements.txt'}", f"--write-bindep={tmp_path / 'bindep.txt'}"],
    )
    assert (tmp_path / "requirements.txt").read_text().split("\n") == [
        REQUESTS,
        "openstacksdk  # from collection user",
        "",
    ]
    assert (tmp_path / "bindep.txt").read_text().startswith("openssh-client [platform:dpkg]  # from collection user\n")


def test_what_introspect_finds_is_enough_for_the_demo(collections: Path, tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    run("ansible-builder", "introspect", collections, f"--write-pip={requirements}")
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    python = tmp_path / "venv/bin/python"
    run(python, "-m", "pip", "install", "--quiet", "ansible-core")
    assert subprocess.run([python, "-c", "import requests"], capture_output=True, check=False).returncode
    run(python, "-m", "pip", "install", "--quiet", "--requirement", requirements)
    with StandIn() as standin:
        shown = run(
            *[python.with_name("ansible-playbook"), "community.modelarts.demo"],
            ANSIBLE_COLLECTIONS_PATH=str(collections),
            **standin.login_environment(),
        )
        assert standin.counts()["resource-specs"]
    assert "modelarts_spec_code" in shown
