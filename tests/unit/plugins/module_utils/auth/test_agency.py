# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Acting for another account, on top of each way to log in."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import resource_specs
from ansible_collections.community.modelarts.plugins.module_utils.client import Client
from ansible_collections.community.modelarts.plugins.module_utils.errors import ServiceError
from ansible_collections.community.modelarts.plugins.module_utils.logins import Logins
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.asking import DEFAULTS, failed, query

Options = dict[str, t.Any]


@pytest.fixture
def agency(standin: StandIn) -> Options:
    """Options that are added to a login."""
    names = ("agency_name", "agency_domain_name")
    return {"auth_url": standin.auth_url, **{name: standin.account[name] for name in names}}


def asked(standin: StandIn) -> list[tuple[str, str, t.Any]]:
    """Each request with how it was proven, and the methods that it named."""
    return [
        (request["path"], request["auth"], request["login"] and request["login"]["methods"])
        for request in standin.requests()
    ]


def test_on_top_of_a_password(standin: StandIn, password_login: Options, agency: Options) -> None:
    assert query({**password_login, **agency}) == query(password_login)
    path = f"/v1/{standin.account['agency_project_id']}/job/resource-specs"
    assert asked(standin)[:3] == [
        ("/v3/auth/tokens", "none", ["password"]),
        ("/v3/auth/tokens", "token", ["assume_role"]),
        (path, "token", None),
    ]
    own, assumed = (request["login"]["scope"] for request in standin.requests()[:2])
    assert own == {"domain": {"name": standin.account["user_domain_name"]}}
    other_domain = {"name": standin.account["agency_domain_name"]}
    assert assumed == {"project": {"name": standin.account["agency_project_name"], "domain": other_domain}}


def test_on_top_of_a_key_without_a_word_on_the_other_project(
    standin: StandIn, key_login: Options, agency: Options
) -> None:
    assert query({**key_login, **agency, "project_id": standin.account["agency_project_id"]})["specs"]
    assert [entry[1:] for entry in asked(standin)] == [("signature", ["assume_role"]), ("token", None)]


def test_on_top_of_a_token(standin: StandIn, password_login: Options, agency: Options) -> None:
    token = Client({**DEFAULTS, **password_login}).access().token
    standin.reset()
    login = {"token": token, **agency, "project_name": standin.account["agency_project_name"]}
    assert query(login)["specs"]
    assert [entry[1:] for entry in asked(standin)] == [("token", ["assume_role"]), ("token", None)]


def test_on_top_of_a_passcode(standin: StandIn, passcode_login: Options, agency: Options) -> None:
    assert query({**passcode_login, **agency})["specs"]
    assert [entry[2] for entry in asked(standin)] == [["password", "totp"], ["assume_role"], None]


def test_its_token_is_renewed_with_the_login_below_it(
    standin: StandIn, password_login: Options, agency: Options
) -> None:
    session = Client({**DEFAULTS, **password_login, **agency})
    resource_specs.query(session, {})
    standin.fault("unauthorized", times=1)
    resource_specs.query(session, {})
    methods = [entry[2] for entry in asked(standin)]
    assert methods == [["password"], ["assume_role"], None, None, ["assume_role"], None]


def test_both_are_renewed_once(standin: StandIn, password_login: Options, agency: Options) -> None:
    session = Client({**DEFAULTS, **password_login, **agency})
    resource_specs.query(session, {})
    standin.expire_tokens()
    standin.reset()
    resource_specs.query(session, {})
    assert [entry[2] for entry in asked(standin)] == [None, ["assume_role"], ["password"], ["assume_role"], None]


def test_a_passcode_below_it_is_not_sent_again(standin: StandIn, passcode_login: Options, agency: Options) -> None:
    session = Client({**DEFAULTS, **passcode_login, **agency})
    resource_specs.query(session, {})
    standin.expire_tokens()
    standin.reset()
    with pytest.raises(ServiceError, match="The passcode is used up"):
        resource_specs.query(session, {})
    assert [entry[2] for entry in asked(standin)] == [None, ["assume_role"]]


def test_agencies_and_sessions_share_the_login_below(
    standin: StandIn, password_login: Options, agency: Options
) -> None:
    logins = Logins()
    login = {**DEFAULTS, **password_login, **agency}
    project_id = standin.account["agency_project_id"]
    for more in ({}, {}, {"project_id": project_id}):
        resource_specs.query(Client({**login, **more}, logins), {})
    Client({**DEFAULTS, **password_login}, logins).access()
    methods = [entry[2] for entry in asked(standin) if entry[2]]
    assert methods == [["password"], ["assume_role"], ["assume_role"], ["password"]]


@pytest.mark.parametrize("change", [{"agency_name": "unknown"}, {"agency_domain_name": "unknown"}])
def test_an_agency_that_there_is_not(
    change: Options, standin: StandIn, password_login: Options, agency: Options
) -> None:
    error = failed({**password_login, **agency, **change})
    assert error.http_status == 403
    assert "Cannot assume the agency at 127.0.0.1" in str(error)
    assert "Check agency_name and agency_domain_name" in str(error)
    assert standin.counts()["tokens"] == 2


def test_a_key_that_is_refused_is_used_once(standin: StandIn, key_login: Options, agency: Options) -> None:
    error = failed({**key_login, **agency, "secret_key": "wrong-secret-key"})
    assert (error.http_status, error.error_code) == (401, "APIGW.0301")
    assert standin.counts() == {"tokens": 1, "projects": 0, "resource-specs": 0}
