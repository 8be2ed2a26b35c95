# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests share: the stand-in in a process of its own, and an environment without anybody's credentials."""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest
from ansible_collections.community.modelarts.plugins.module_utils import options
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn

DATA = pathlib.Path(__file__).parents[1] / "standin" / "data"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No credential of whoever runs the tests, no proxy, and no certificates but those a test names."""
    proxies = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
    names = [name for names in options.ENVIRONMENT.values() for name in names]
    for name in (*names, *proxies, *map(str.upper, proxies), "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def running_standin() -> t.Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture
def standin(running_standin: StandIn) -> StandIn:
    """The stand-in of the session, without faults, latency and memory of earlier tests."""
    running_standin.clear()
    running_standin.latency(0)
    running_standin.reset()
    return running_standin


@pytest.fixture
def password_login(standin: StandIn) -> dict[str, t.Any]:
    """Options for a login with a password at the stand-in."""
    names = ("username", "password", "user_domain_name", "project_name")
    return {"auth_url": standin.auth_url, **{name: standin.account[name] for name in names}}


@pytest.fixture
def key_login(standin: StandIn) -> dict[str, t.Any]:
    """Options for signed requests to the stand-in."""
    names = ("access_key", "secret_key", "project_id")
    return {"endpoint": standin.endpoint, **{name: standin.account[name] for name in names}}


def sample(name: str) -> t.Any:
    """The body of a documented sample, by its file's name without ``.json``."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))["body"]
