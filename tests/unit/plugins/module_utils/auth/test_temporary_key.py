# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A temporary access key with its security token."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.asking import failed, query

Options = dict[str, t.Any]


@pytest.fixture
def temporary(standin: StandIn, key_login: Options) -> Options:
    """A login with a temporary key."""
    account = standin.account
    key = {name: account[f"temporary_{name}"] for name in ("access_key", "secret_key")}
    return {**key_login, **key, "security_token": account["security_token"]}


def test_it_works_with_its_security_token(temporary: Options, key_login: Options) -> None:
    assert query(temporary) == query(key_login)


def test_its_project_can_be_looked_up(standin: StandIn, temporary: Options) -> None:
    name = standin.account["project_name"]
    assert query({**temporary, "project_id": None, "project_name": name, "auth_url": standin.auth_url})["specs"]
    assert [request["auth"] for request in standin.requests()] == ["signature", "signature"]


@pytest.mark.parametrize("security_token", [None, "wrong-security-token"])
def test_without_it_the_key_is_refused_once(security_token: str | None, standin: StandIn, temporary: Options) -> None:
    error = failed({**temporary, "security_token": security_token})
    assert (error.http_status, error.error_code) == (401, "APIGW.0301")
    assert "Check access_key, secret_key, security_token or token" in str(error)
    assert standin.counts()["resource-specs"] == 1


def test_all_of_it_from_the_environment(temporary: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("access_key", "secret_key", "security_token"):
        monkeypatch.setenv(f"HW_{name.upper()}", temporary.pop(name))
    assert query(temporary)["specs"]


def test_a_key_in_the_task_leaves_the_security_token_of_the_environment_alone(
    key_login: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OS_SECURITY_TOKEN", "of-another-key")
    assert query(key_login)["specs"]
