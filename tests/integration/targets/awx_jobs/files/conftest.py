# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX has before a job runs: the collection, installed from its tarball, and a cloud to ask."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests
import yaml

COLLECTION = Path(os.environ["PYTEST_COLLECTION"])
sys.path[:0] = [str(COLLECTION / "tests" / folder) for folder in ("standin", "redis")]

import redis_server  # noqa: E402
from job import Job  # noqa: E402
from launcher import StandIn  # noqa: E402

OTHERS = list(filter(None, [os.environ["PYTEST_OTHER_COLLECTIONS"]]))
SECRETS = ("password", "secret_key", "temporary_secret_key", "security_token")


def skip_without(what, is_here):
    """Skip the test where something is missing, but not in CI."""
    if not is_here:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what} is missing")


@pytest.fixture(scope="session")
def running():
    with StandIn() as standin:
        yield standin


@pytest.fixture
def standin(running):
    """The cloud, without memory of earlier tests."""
    running.specs(None)
    running.latency(0)
    running.unlock()
    running.reset()
    running.reset_jobs()
    return running


@pytest.fixture(scope="session")
def collections(tmp_path_factory):
    """What the update of a project leaves: the collections that its requirements.yml names, here by a tarball."""
    folder = tmp_path_factory.mktemp("update")
    # Not that of ansible-test, which leads Python to an ansible-core without commands.
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_COLLECTIONS_PATH": str(folder),
    }

    def galaxy(*arguments):
        command = [sys.executable, "-m", "ansible", "galaxy", "collection", *map(str, arguments)]
        done = subprocess.run(command, cwd=folder, env=environment, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    galaxy("build", COLLECTION)
    (tarball,) = folder.glob("*.tar.gz")
    requirements = folder / "project" / "collections" / "requirements.yml"
    requirements.parent.mkdir(parents=True)
    requirements.write_text(json.dumps({"collections": [{"name": str(tarball), "type": "file"}]}))
    installed = folder / "requirements_collections"
    galaxy("install", "-r", requirements, "-p", installed, "--offline")
    return installed


@pytest.fixture(scope="session")
def credential_type(collections):
    """The credential type, as the collection brings it along."""
    (file,) = collections.glob("ansible_collections/community/modelarts/extensions/awx/credential_type.yml")
    return yaml.safe_load(file.read_text())


@pytest.fixture
def log_in(standin, credential_type):
    """Attaches the credential to a job."""

    def attach(job, **inputs):
        job.credential(credential_type, {**standin.login(), **inputs})
        return job

    return attach


@pytest.fixture
def token(standin):
    """A token for the project of the account, as a user may have obtained it."""
    account = standin.account
    user = {"name": account["username"], "password": account["password"]}
    user["domain"] = {"name": account["user_domain_name"]}
    identity = {"methods": ["password"], "password": {"user": user}}
    scope = {"project": {"id": account["project_id"]}}
    body = {"auth": {"identity": identity, "scope": scope}}
    answer = requests.post(f"{standin.auth_url}/auth/tokens", json=body, timeout=30)
    standin.reset()
    return answer.headers["X-Subject-Token"]


@pytest.fixture
def make_job(collections, standin, tmp_path):
    """Makes jobs, and looks at the end whether one of them has left a secret behind."""
    skip_without("the Python with AWX's code", os.environ["PYTEST_AWX_PYTHON"])
    jobs = []
    numbers = itertools.count()

    def make():
        jobs.append(Job(tmp_path / f"job{next(numbers)}", collections, OTHERS))
        return jobs[-1]

    make.secrets = [standin.account[name] for name in SECRETS] + ["stand-in-token"]
    yield make
    for job in jobs:
        texts = job.texts()
        assert job.events == [] or any(file.parent.name == "job_events" for file in texts)
        assert [(file, secret) for file, text in texts.items() for secret in make.secrets if secret in text] == []


@pytest.fixture
def redis(make_job):
    skip_without("redis-server", redis_server.is_here())
    skip_without("the collection community.general", OTHERS)
    make_job.secrets.append(redis_server.PASSWORD)
    with redis_server.RedisServer() as server:
        yield server


@pytest.fixture
def job(make_job):
    return make_job()
