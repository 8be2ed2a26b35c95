# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often is logged in: once for all who share a login, again before it runs out, and once more after a refusal."""

from __future__ import annotations

import threading
import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import resource_specs
from ansible_collections.community.modelarts.plugins.module_utils.auth import issued
from ansible_collections.community.modelarts.plugins.module_utils.client import Client
from ansible_collections.community.modelarts.plugins.module_utils.errors import ServiceError
from ansible_collections.community.modelarts.plugins.module_utils.logins import Logins
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.asking import DEFAULTS

Options = dict[str, t.Any]


def ask(logins: Logins, login: Options) -> t.Any:
    return resource_specs.query(Client({**DEFAULTS, **login}, logins), {})["specs"]


def asked(standin: StandIn) -> tuple[int, int]:
    counts = standin.counts()
    return counts["tokens"], counts["resource-specs"]


def test_sessions_of_one_identity_share_a_login(standin: StandIn, password_login: Options) -> None:
    logins = Logins()
    assert ask(logins, password_login) == ask(logins, {**password_login, "timeout": 20})
    assert asked(standin) == (1, 2)


@pytest.mark.parametrize(
    "other", [{"project_name": None, "project_id": "a0000000000000000000000000000a01"}, {"password": "another"}]
)
def test_another_identity_has_a_login_of_its_own(standin: StandIn, password_login: Options, other: Options) -> None:
    logins = Logins()
    ask(logins, password_login)
    try:
        ask(logins, {**password_login, **other})
    except ServiceError as error:
        assert error.http_status == 401
    assert standin.counts()["tokens"] == 2


def test_threads_wait_for_one_login(standin: StandIn, password_login: Options) -> None:
    standin.latency(0.2)
    logins = Logins()
    threads = [threading.Thread(target=ask, args=(logins, password_login)) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked(standin) == (1, 8)


def test_a_token_that_was_revoked_is_renewed_once(standin: StandIn, password_login: Options) -> None:
    logins = Logins()
    ask(logins, password_login)
    standin.expire_tokens()
    assert ask(logins, password_login)
    assert asked(standin) == (2, 3)


def test_tokens_that_are_refused_for_ever_are_renewed_once(standin: StandIn, password_login: Options) -> None:
    standin.fault("unauthorized")
    with pytest.raises(ServiceError) as caught:
        ask(Logins(), password_login)
    assert caught.value.http_status == 401
    assert asked(standin) == (2, 2)


def test_a_token_that_the_user_gave_cannot_be_renewed(standin: StandIn, password_login: Options) -> None:
    standin.fault("unauthorized")
    with pytest.raises(ServiceError):
        ask(Logins(), {"token": "given", "endpoint": standin.endpoint, "project_id": "p"})
    assert asked(standin) == (0, 1)


def test_a_key_that_is_refused_is_not_used_again(standin: StandIn, key_login: Options) -> None:
    standin.fault("gateway-no-such-key")
    with pytest.raises(ServiceError):
        ask(Logins(), key_login)
    assert asked(standin) == (0, 1)


def test_a_token_is_renewed_before_it_ends(password_login: Options) -> None:
    with StandIn("--token-lifetime", "0.000001") as standin:
        logins = Logins()
        client = Client({**DEFAULTS, **password_login, "auth_url": standin.auth_url}, logins)
        assert client.access().token != client.access().token
        assert asked(standin) == (2, 0)


@pytest.mark.parametrize(
    ("issued_at", "expires_at", "after"),
    [
        # by the difference, however far the clocks are apart
        ("2001-01-01T00:00:00.000000Z", "2001-01-02T00:00:00.000000Z", 86400 - 300),
        ("2001-01-01T00:00:00.000000Z", "2001-01-01T00:01:40.500000Z", 100.5 - 10.05),
        (None, "2001-01-02T00:00:00.000000Z", None),
        ("2001-01-01T00:00:00.000000Z", "tomorrow", None),
        ("2001-01-01T00:00:00.000000Z", 7, None),
    ],
)
def test_when_a_token_is_renewed(issued_at: t.Any, expires_at: t.Any, after: float | None) -> None:
    when = issued.good_until({"issued_at": issued_at, "expires_at": expires_at}, 1000.0)
    assert when == (None if after is None else pytest.approx(1000 + after))


def test_a_login_does_not_tell_its_token(password_login: Options) -> None:
    access = Client({**DEFAULTS, **password_login}).access()
    assert access.token
    assert access.token not in repr(access)
