# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests share: the stand-in in a process of its own, and an environment without anybody's credentials."""

from __future__ import annotations

import contextlib
import importlib
import json
import pathlib
import sys
import typing as t

import pytest

# ansible-test has installed Ansible's finder of collections. Under plain pytest, this folder is in sys.path instead.
if not any(type(finder).__name__ == "_AnsibleCollectionFinder" for finder in sys.meta_path):
    importlib.import_module("plain_pytest")

from ansible_collections.community.modelarts.plugins.module_utils import _options
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn

RUNNING = pytest.StashKey[StandIn]()

DATA = pathlib.Path(__file__).parents[1] / "standin" / "data"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No credential of whoever runs the tests, no proxy, no certificates and clouds but those a test names."""
    proxies = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
    tables = (_options.CONNECTION, _options.CACHING)
    names = [name for table in tables for option in table.values() for name in option.env]
    files = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "OS_CLIENT_CONFIG_FILE", "OS_CLIENT_SECURE_FILE")
    for name in (*names, *proxies, *map(str.upper, proxies), *files):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def own_run(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    """Each test is a run of its own: what one has cached, no other finds."""
    with contextlib.suppress(ImportError):  # tests of module_utils run without the controller's code
        from ansible import constants

        monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start one stand-in for all tests of this process: ansible-test forks each test, so a fixture would start many."""
    controls_workers = session.config.getoption("numprocesses", None) and not hasattr(session.config, "workerinput")
    if not controls_workers:
        session.config.stash[RUNNING] = StandIn().__enter__()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop it."""
    if RUNNING in session.config.stash:
        session.config.stash[RUNNING].stop()


@pytest.fixture
def standin(request: pytest.FixtureRequest) -> StandIn:
    """The stand-in, without faults, latency, specs, locks and memory of earlier tests."""
    running = request.config.stash[RUNNING]
    running.restore()
    return running


@pytest.fixture
def password_login(standin: StandIn) -> dict[str, t.Any]:
    """Options for a login with a password at the stand-in."""
    return {**standin.login()}


@pytest.fixture
def passcode_login(standin: StandIn) -> dict[str, t.Any]:
    """Options for a login with a password and a one-time code at the stand-in."""
    user = {name: standin.account[f"mfa_{name}"] for name in ("username", "password")}
    return {**standin.login(), **user, "passcode": standin.passcode()}


@pytest.fixture
def key_login(standin: StandIn) -> dict[str, t.Any]:
    """Options for signed requests to the stand-in."""
    names = ("access_key", "secret_key", "project_id")
    return {"endpoint": standin.endpoint, **{name: standin.account[name] for name in names}}


def sample(name: str) -> t.Any:
    """The body of a documented sample, by its file's name without ``.json``."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))["body"]


def trust_as_template(text: str) -> t.Any:
    """A text that Ansible renders: since ansible-core 2.19 it renders only what is marked so."""
    try:
        from ansible.template import trust_as_template as trust
    except ImportError:
        return text
    return trust(text)
