# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A login with a one-time code: it works, and the code is sent once, whatever happens."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import resource_specs
from ansible_collections.community.modelarts.plugins.module_utils.client import Client
from ansible_collections.community.modelarts.plugins.module_utils.errors import (
    ModelArtsError,
    OptionsError,
    ServiceError,
    TransportError,
)
from ansible_collections.community.modelarts.plugins.module_utils.logins import Logins
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.asking import DEFAULTS, failed, query

Options = dict[str, t.Any]

USED_UP = "The passcode is used up, and is not sent again: give a new one."


def test_a_password_with_a_passcode(standin: StandIn, passcode_login: Options, password_login: Options) -> None:
    assert query(passcode_login) == query(password_login)
    login = standin.requests()[0]["login"]
    domain = {"name": standin.account["user_domain_name"]}
    assert login["methods"] == ["password", "totp"]
    assert login["scope"] == {"project": {"name": standin.account["project_name"], "domain": domain}}


def test_by_the_id_of_the_user(standin: StandIn, passcode_login: Options) -> None:
    login = {name: value for name, value in passcode_login.items() if name not in ("username", "user_domain_name")}
    assert query({**login, "user_id": standin.account["mfa_user_id"]})["specs"]


def test_from_the_environment(passcode_login: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_PASSCODE", passcode_login.pop("passcode"))
    assert query(passcode_login)["specs"]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("unavailable", ServiceError), ("gateway-throttled", ServiceError), ("reset", TransportError)],
)
def test_it_is_not_sent_again_when_iam_fails(
    fault: str, kind: type[ModelArtsError], standin: StandIn, passcode_login: Options
) -> None:
    standin.fault(fault, operation="tokens")
    assert str(failed(passcode_login, kind, retries=3)).endswith(USED_UP)
    assert standin.counts()["tokens"] <= 1  # a request that was reset is not always counted


def test_the_query_is_sent_again_all_the_same(standin: StandIn, passcode_login: Options) -> None:
    standin.fault("unavailable", times=1)
    assert query(passcode_login)["specs"]
    assert standin.counts() == {"tokens": 1, "projects": 0, "resource-specs": 2}


def test_a_wrong_one_is_sent_once(standin: StandIn, passcode_login: Options) -> None:
    error = failed({**passcode_login, "passcode": "wrong-passcode"})
    assert error.http_status == 401
    assert str(error).endswith(USED_UP)
    assert standin.counts()["tokens"] == 1


def test_without_it_the_user_is_refused(passcode_login: Options) -> None:
    del passcode_login["passcode"]
    error = failed(passcode_login)
    assert error.http_status == 401
    assert USED_UP not in str(error)


def test_its_token_is_not_renewed(standin: StandIn, passcode_login: Options) -> None:
    session = Client({**DEFAULTS, **passcode_login})
    resource_specs.query(session, {})
    standin.expire_tokens()
    with pytest.raises(ServiceError) as caught:
        resource_specs.query(session, {})
    assert caught.value.error_code == "ModelArts.0205"
    assert str(caught.value).endswith(USED_UP)
    assert standin.counts() == {"tokens": 1, "projects": 0, "resource-specs": 2}


def test_its_token_is_used_to_its_end(passcode_login: Options) -> None:
    with StandIn("--token-lifetime", "0.000001") as standin:
        session = Client({**DEFAULTS, **passcode_login, "auth_url": standin.auth_url, "passcode": standin.passcode()})
        assert session.access().token == session.access().token
        assert standin.counts()["tokens"] == 1


def test_sessions_of_one_identity_share_it(standin: StandIn, passcode_login: Options) -> None:
    logins = Logins()
    for _each in range(2):
        resource_specs.query(Client({**DEFAULTS, **passcode_login}, logins), {})
    assert standin.counts()["tokens"] == 1


@pytest.mark.parametrize("change", [{"project_name": "zz-standin-1_other"}, {"password": "wrong"}])
def test_no_second_login_sends_it(change: Options, standin: StandIn, passcode_login: Options) -> None:
    logins = Logins()
    Client({**DEFAULTS, **passcode_login}, logins).access()
    with pytest.raises(OptionsError, match="sent to IAM before, and works only once"):
        Client({**DEFAULTS, **passcode_login, **change}, logins).access()
    assert standin.counts()["tokens"] == 1


def test_nor_does_one_after_it_failed(standin: StandIn, passcode_login: Options) -> None:
    logins = Logins()
    standin.fault("unavailable", operation="tokens")
    for kind in (ServiceError, OptionsError):
        with pytest.raises(kind):
            Client({**DEFAULTS, **passcode_login}, logins).access()
    assert standin.counts()["tokens"] == 1
