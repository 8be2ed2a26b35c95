# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each example of the guides, the READMEs and the plugins' pages does what it says, against the stand-in.

blocks.py says what is done with which block, and how a block is marked that cannot be run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from blocks import Block, count, find, task_names

COLLECTION = Path(os.environ["PYTEST_COLLECTION"])
sys.path.insert(0, str(COLLECTION / "tests/standin"))

from launcher import StandIn  # noqa: E402

FILES = [
    COLLECTION / "README.md",
    *sorted(COLLECTION.glob("roles/*/README.md")),
    *sorted(COLLECTION.glob("docs/docsite/rst/*.rst")),
]
# What stands in an example for a real cloud, by the name of what stands for it in the test.
REAL_CLOUD = {
    "https://iam.eu-de.otc.t-systems.com/v3": "auth_url",
    "https://iam.eu-nl.otc.t-systems.com/v3": "auth_url",
    "https://modelarts.eu-de.otc.t-systems.com": "endpoint",
    "OTC-EU-DE-00000000001000012345": "domain",
    "0123456789abcdef0123456789abcdef": "project_id",
    "username: trainer\n": "user",
    "project_name: eu-de\n": "project",
    "project_name: eu-nl\n": "other_project",
}


def pages() -> dict[str, str]:
    """The examples of each plugin's page."""
    found = {}
    for folder, kind in (("modules", "module"), ("lookup", "lookup"), ("filter", "filter")):
        for path in sorted((COLLECTION / "plugins" / folder).glob("*.py")):
            name = f"community.modelarts.{path.stem}"
            command = ["ansible-doc", "--json", "--type", kind, name]
            shown = subprocess.run(command, env=environment(), stdout=subprocess.PIPE, text=True, check=True).stdout
            found[f"{name} {kind}"] = json.loads(shown)[name]["examples"]
    return found


def environment() -> dict[str, str]:
    """What ansible-playbook needs to find the collection."""
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": os.environ["HOME"],
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTION.parents[2]),
    }


DOCUMENTS: dict[str, list[Block]] = {
    **{str(path.relative_to(COLLECTION)): find(path.read_text(encoding="utf-8"), path.suffix) for path in FILES},
    **{name: [Block(1, "yaml+jinja", text)] for name, text in pages().items()},
}
COMMANDS = [
    pytest.param(block, id=f"{name}:{block.line}")
    for name, blocks in DOCUMENTS.items()
    for block in blocks
    if not block.reason and block.language in ("console", "bash")
]


@pytest.fixture(scope="module")
def standin():
    with StandIn() as running:
        # A training job of a minute takes a tenth of a second.
        running.clock(scale=600)
        yield running


@pytest.fixture
def values(standin, tmp_path):
    """The values of the variables that examples use."""
    account = standin.account
    for name in ("otc", "devstack"):
        clouds = {"clouds": {name: {"auth": standin.login()}}}
        (tmp_path / f"{name}.yaml").write_text(json.dumps(clouds))
    return {
        "ansible_python_interpreter": sys.executable,
        "auth_url": standin.auth_url,
        "endpoint": standin.endpoint,
        "domain": account["user_domain_name"],
        "user": account["username"],
        "secret_password": account["password"],
        "vault_password": account["password"],
        "project": account["project_name"],
        "other_project": account["other_project_name"],
        "project_id": account["project_id"],
        "access_key": account["access_key"],
        "vault_access_key": account["access_key"],
        "secret_key": account["secret_key"],
        "vault_secret_key": account["secret_key"],
        "temporary_access_key": account["temporary_access_key"],
        "temporary_secret_key": account["temporary_secret_key"],
        "security_token": account["security_token"],
        "mfa_user_id": account["mfa_user_id"],
        "mfa_password": account["mfa_password"],
        "passcode": standin.passcode(),
        "agency": account["agency_name"],
        "agency_domain": account["agency_domain_name"],
        "agency_project": account["agency_project_name"],
        "clouds_file": str(tmp_path / "otc.yaml"),
        "awx_clouds_file": str(tmp_path / "devstack.yaml"),
    }


@pytest.fixture
def run(standin, values, tmp_path):
    """Runs a command in a folder of its own, logged in by the environment, and gives what it says."""

    def run_it(*command):
        process = subprocess.run(
            command,
            cwd=tmp_path,
            env={**environment(), **standin.login_environment()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        assert process.returncode == 0, process.stdout
        return process.stdout

    return run_it


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(COLLECTION)))
def test_no_block_is_overlooked(path):
    assert len(DOCUMENTS[str(path.relative_to(COLLECTION))]) == count(path.read_text(encoding="utf-8"), path.suffix)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_something_is_done_with_each_block(name):
    for block in DOCUMENTS[name]:
        try:
            assert block.use
        except Exception as error:
            pytest.fail(f"{name}, line {block.line}: {error}")


@pytest.mark.parametrize(
    "name", [name for name, blocks in DOCUMENTS.items() if any(block.language.startswith("yaml") for block in blocks)]
)
def test_plays_and_tasks_run(name, run, values, tmp_path):
    plays, expected = [], []
    for block in DOCUMENTS[name]:
        if block.use not in ("plays", "tasks", "variables"):
            continue
        file = f"line_{block.line}.yml"
        (tmp_path / file).write_text(against_the_standin(block.text, values))
        plays.append(play_of(block, file))
        expected += task_names(block) if block.use != "variables" else [file]
    if not plays:
        pytest.skip("all of it is marked as not run")
    (tmp_path / "site.yml").write_text(json.dumps(plays))
    (tmp_path / "variables.json").write_text(json.dumps(values))
    said = run("ansible-playbook", "-i", "localhost,", "-c", "local", "-e", "@variables.json", "site.yml")
    assert [name for name in expected if f"[{name}]" not in said] == []


@pytest.mark.parametrize("block", COMMANDS)
def test_commands_run(block, run):
    assert run("bash", "-euo", "pipefail", "-c", block.commands)


def against_the_standin(text, values):
    """The text of an example that names a real cloud, with the stand-in in its place."""
    for real, name in REAL_CLOUD.items():
        key, colon, _value = real.partition(": ")
        text = text.replace(real, f"{key}: {values[name]}\n" if colon else values[name])
    return text


def play_of(block, file):
    """A play that runs the block."""
    if block.use == "plays":
        return {"ansible.builtin.import_playbook": file}
    play = {"hosts": "localhost", "gather_facts": False}
    if block.use == "tasks":
        return {**play, "tasks": [{"ansible.builtin.include_tasks": file}]}
    return {
        **play,
        "vars_files": [file],
        "tasks": [
            {
                "name": file,
                "ansible.builtin.debug": {"msg": "{{ lookup('ansible.builtin.vars', item) }}"},
                "loop": list(yaml.safe_load(block.text)),
                "no_log": True,
            }
        ],
    }
