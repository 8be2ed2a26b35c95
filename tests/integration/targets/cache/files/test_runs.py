# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole runs of ansible-playbook over many hosts: how often the cloud is asked, and what is left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

COLLECTION = Path(os.environ["PYTEST_COLLECTION"])
COLLECTIONS = [str(COLLECTION.parents[2]), *filter(None, [os.environ["PYTEST_OTHER_COLLECTIONS"]])]
sys.path[:0] = [str(COLLECTION / "tests" / folder) for folder in ("standin", "redis")]

import redis_server  # noqa: E402
from launcher import StandIn  # noqa: E402

LOOKUP = "community.modelarts.modelarts_resource_specs"

SHIM = """
import importlib, os, sys
with open(os.environ["IMPORTED"], "a") as log:
    log.write(f"{os.getpid()}\\n")
sys.path.remove(os.path.dirname(os.path.dirname(__file__)))
del sys.modules["requests"]
importlib.import_module("requests")
"""


@pytest.fixture
def standin():
    with StandIn() as running:
        yield running


class Run:
    """Plays that use the lookup, in an environment of their own."""

    def __init__(self, standin, folder):
        self.standin = standin
        self.folder = folder
        self.local = folder / "local"
        self.imported = folder / "imported"
        shim = folder / "shim" / "requests"
        shim.mkdir(parents=True, exist_ok=True)
        (shim / "__init__.py").write_text(SHIM)
        self.login = standin.login()
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(shim.parent),
            "IMPORTED": str(self.imported),
            "ANSIBLE_COLLECTIONS_PATH": os.pathsep.join(COLLECTIONS),
            "ANSIBLE_LOCAL_TEMP": str(self.local),
            "ANSIBLE_FORKS": "20",
        }

    def start(self, tasks, hosts=20, name="play", **variables):
        login = {f"modelarts_{option}": value for option, value in {**self.login, **variables}.items()}
        play = {"hosts": "all", "connection": "local", "gather_facts": False, "vars": login, "tasks": tasks}
        (self.folder / f"{name}.yml").write_text(json.dumps([play]))
        inventory = self.folder / f"{name}.inventory"
        inventory.write_text("".join(f"host{number}\n" for number in range(hosts)))
        command = [sys.executable, "-m", "ansible", "playbook", "-i", str(inventory), str(self.folder / f"{name}.yml")]
        return subprocess.Popen(
            command, env=self.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def __call__(self, tasks, hosts=20, status=0, **variables):
        process = self.start(tasks, hosts, **variables)
        output = process.communicate(timeout=300)[0]
        assert process.returncode == status, output
        assert self.left() == [], "files of the run are left"
        return output

    def left(self):
        return [str(path) for path in self.local.rglob("*")]

    def asked(self):
        counts = self.standin.counts()
        return counts["tokens"], counts["resource-specs"]


@pytest.fixture
def run(standin, tmp_path):
    return Run(standin, tmp_path)


def ask(*terms, **keywords):
    """A task that asks with the lookup, and fails if there are no specs."""
    arguments = ", ".join([repr(LOOKUP), *map(repr, terms), *(f"{name}={value!r}" for name, value in keywords.items())])
    return {"name": "Ask", "ansible.builtin.assert": {"that": f"query({arguments}) | length > 0", "quiet": True}}


def test_a_hundred_hosts_query_once_and_one_process_loads_requests(run):
    run([ask("train")] * 3, hosts=100)
    assert run.asked() == (1, 1)
    assert len(run.imported.read_text().splitlines()) == 1


def test_two_runs_at_once_query_separately(run):
    run.standin.latency(0.5)
    processes = [run.start([ask("train")], name=name) for name in ("one", "two")]
    for process in processes:
        assert process.wait(300) == 0, process.stdout.read()
    assert run.asked() == (2, 2)
    assert run.left() == []


def test_responses_in_files_outlive_a_run(run):
    cache = {"cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(run.folder / "answers")}
    run([ask("train")], **cache)
    assert run.asked() == (1, 1)
    run.imported.unlink()
    run([ask("train")], **cache)
    assert run.asked() == (1, 1)
    assert not run.imported.exists()
    (file,) = (run.folder / "answers").iterdir()
    assert file.name.startswith("modelarts_")
    assert "spec_code" in file.read_text()
    assert "stand-in-token" not in file.read_text()
    run([ask("train")], cache_prefix="another_", **cache)
    assert run.asked() == (2, 2)
    time.sleep(2)
    # With one host, as a run over several may take longer than a second.
    run([ask("train")], hosts=1, cache_timeout=1, **cache)
    assert run.asked() == (3, 3)


@pytest.fixture
def redis():
    if not redis_server.is_here() or len(COLLECTIONS) == 1:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no redis-server, or no collection community.general")
    with redis_server.RedisServer() as server:
        yield server


def test_ten_slices_that_start_together_query_once(run, redis):
    cache = {"cache_plugin": "community.general.redis", "cache_connection": redis.connection()}
    run.standin.latency(0.5)
    slices = [run.start([ask("train")] * 2, hosts=5, name=f"slice{number}", **cache) for number in range(10)]
    for process in slices:
        output = process.communicate(timeout=300)[0]
        assert process.returncode == 0, output
        assert "WARNING]: The cache plugin" not in output
    assert run.asked() == (1, 1)


def test_a_redis_that_refuses_is_not_used(run, redis):
    cache = {"cache_plugin": "community.general.redis", "cache_connection": redis.connection("wrong-redis-word")}
    output = run([ask("train")], hosts=2, **cache)
    assert "The cache plugin community.general.redis failed" in output
    assert "wrong-redis-word" not in output
    assert run.asked() == (1, 1)
