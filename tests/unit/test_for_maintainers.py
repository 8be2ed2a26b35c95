# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What maintainers read, and what GitHub and pre-commit run, names commands, gates and versions that there are."""

from __future__ import annotations

import pathlib
import re
import typing as t

import pytest
import yaml

from ansible_collections.community.modelarts.tests.tools import machine

ROOT = pathlib.Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"(?m)^([a-z-]+):.*?## ", MAKEFILE))
GATES = set(" ".join(re.findall(r"(?m)^(?:CODE|COLLECTION)_SESSIONS := (.*)$", MAKEFILE)).split())
PLAYBOOKS = [path.stem for path in sorted((ROOT / "playbooks").glob("*.yml"))]

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "TESTING.md", ".pre-commit-config.yaml", ".ci/run")
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def load(path: pathlib.Path) -> dict[t.Any, t.Any]:
    return t.cast("dict[t.Any, t.Any]", yaml.safe_load(path.read_text(encoding="utf-8")))


def jobs(path: pathlib.Path) -> list[dict[str, t.Any]]:
    return list(load(path)["jobs"].values())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_are_targets_of_the_makefile(name: str) -> None:
    # At the start of a line, of inline code, or of what a hook or a shell executes.
    commands = re.findall(r"(?m)(?:^|`|entry: |exec )make ([a-z-]+)", read(name))
    assert commands
    assert set(commands) - TARGETS == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_gates_are_sessions_of_the_makefile(name: str) -> None:
    named = re.findall(r'GATES="?([a-z-]+(?: [a-z-]+)*)', read(name))
    assert set(" ".join(named).split()) - GATES == set()


def test_hooks_run_what_make_runs() -> None:
    configuration = load(ROOT / ".pre-commit-config.yaml")
    (repository,) = configuration["repos"]
    assert repository["repo"] == "local"
    assert {(hook["language"], hook["entry"].split()[0]) for hook in repository["hooks"]} == {("system", "make")}
    # pre-commit installs only hooks of these stages.
    stages = {stage for hook in repository["hooks"] for stage in hook.get("stages", ["pre-commit"])}
    assert stages == set(configuration["default_install_hook_types"])


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_run_targets_of_the_makefile(path: pathlib.Path) -> None:
    made = set()
    for job in jobs(path):
        for step in job["steps"]:
            made.update(re.findall(r"(?m)^make ([a-z-]+)", step.get("run", "")))
            if 'make "$TARGET"' in step.get("run", ""):
                made.update(job["strategy"]["matrix"]["target"])
    assert made
    assert made - TARGETS == set()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_may_do_little_and_use_what_cannot_change(path: pathlib.Path) -> None:
    assert load(path)["permissions"] == {}
    for job in jobs(path):
        assert job["permissions"] == {"contents": "read"}
        for action in filter(None, (step.get("uses") for step in job["steps"])):
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action)


def test_ci_tests_on_each_python() -> None:
    (job,) = jobs(ROOT / ".github/workflows/ci.yml")
    (versions,) = [step["with"]["python-version"] for step in job["steps"] if "python-version" in step.get("with", {})]
    assert sorted(versions.split()) == sorted(machine.PYTHONS)


def test_the_versions_that_are_tested_are_documented() -> None:
    guide = read("docs/docsite/rst/versions.rst")
    rows = re.findall(r"(?m)^   \* - (\d\.\d+)\n     - ([\d., ]+)$", guide)
    assert {core: tuple(pythons.split(", ")) for core, pythons in rows} == {
        core: tuple(sorted(pythons, key=lambda version: int(version.partition(".")[2])))
        for core, pythons in machine.CORES.items()
    }
    oldest, newest = next(iter(machine.CORES)), list(machine.CORES)[-1]
    assert all(f"ansible-core {oldest} to {newest}" in text for text in (guide, read("README.md")))
    assert load(ROOT / "meta/runtime.yml")["requires_ansible"] == f">={oldest}.0"


def test_the_changelog_names_each_playbook() -> None:
    fragments = [load(path) for path in sorted((ROOT / "changelogs/fragments").glob("*.yml"))]
    named = [playbook["name"] for fragment in fragments for playbook in fragment.get("add object.playbook", [])]
    assert sorted(named) == PLAYBOOKS
