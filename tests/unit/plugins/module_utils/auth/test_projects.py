# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The project is given by its name, where the login is not scoped to one."""

from __future__ import annotations

import json
import socket
import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import resource_specs
from ansible_collections.community.modelarts.plugins.module_utils.client import Client
from ansible_collections.community.modelarts.plugins.module_utils.errors import AnswerError, OptionsError
from ansible_collections.community.modelarts.plugins.module_utils.logins import Logins
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.asking import DEFAULTS, failed, query
from ansible_collections.community.modelarts.tests.unit.wire import server

Options = dict[str, t.Any]


@pytest.fixture
def named(standin: StandIn, key_login: Options) -> Options:
    """A login with a key that names the project."""
    del key_login["project_id"]
    return {**key_login, "auth_url": standin.auth_url, "project_name": standin.account["other_project_name"]}


@pytest.fixture
def token_named(named: Options, password_login: Options) -> Options:
    """A login with a token that names the project."""
    del named["access_key"], named["secret_key"]
    login = {**DEFAULTS, **password_login, "project_name": named["project_name"]}
    return {**named, "token": Client(login).access().token}


def test_its_id_is_looked_up_with_a_signature(standin: StandIn, named: Options) -> None:
    assert query(named)["specs"]
    looked_up, asked = standin.requests()
    assert (looked_up["path"], looked_up["query"]) == ("/v3/projects", {"name": named["project_name"]})
    assert asked["path"] == f"/v1/{standin.account['other_project_id']}/job/resource-specs"
    assert [request["auth"] for request in standin.requests()] == ["signature", "signature"]


def test_its_id_is_looked_up_with_a_token(standin: StandIn, token_named: Options) -> None:
    standin.reset()
    assert query(token_named)["specs"]
    assert [request["auth"] for request in standin.requests()] == ["token", "token"]


def test_its_id_is_looked_up_once_for_all_that_share_the_login(standin: StandIn, named: Options) -> None:
    logins = Logins()
    for _each in range(2):
        session = Client({**DEFAULTS, **named}, logins)
        resource_specs.query(session, {})
        resource_specs.query(session, {})
    assert standin.counts() == {"tokens": 0, "projects": 1, "resource-specs": 4}


def test_an_id_needs_no_look_up(standin: StandIn, named: Options) -> None:
    assert query({**named, "project_id": standin.account["project_id"]})["specs"]
    assert standin.counts()["projects"] == 0


def test_no_project_of_that_name(standin: StandIn, named: Options) -> None:
    error = failed({**named, "project_name": "nowhere"}, OptionsError)
    host = standin.url.partition("//")[2]
    assert str(error) == (
        f"Cannot look up the project at {host}: no project that this login may see is named 'nowhere'. "
        "Check project_name, or give project_id"
    )
    assert standin.counts() == {"tokens": 0, "projects": 1, "resource-specs": 0}


def test_two_projects_of_that_name_are_listed(standin: StandIn, named: Options) -> None:
    account = standin.account
    error = failed({**named, "project_name": account["twin_project_name"]}, OptionsError)
    assert (
        f"2 projects are named '{account['twin_project_name']}': "
        f"{account['twin_project_id']} (below {account['user_domain_id']}), "
        f"{account['twin_subproject_id']} (below {account['other_project_id']}). Give project_id to choose one"
    ) in str(error)
    assert standin.counts()["resource-specs"] == 0


def test_who_may_not_look_is_told_the_way_round(standin: StandIn, named: Options) -> None:
    standin.fault("forbidden", operation="projects")
    error = failed(named)
    assert error.http_status == 403
    assert str(error).endswith("With project_id in place of project_name this request is not needed.")


def test_a_wrong_key_is_used_once(standin: StandIn, named: Options) -> None:
    assert failed({**named, "secret_key": "wrong-secret-key"}).http_status == 401
    assert standin.counts() == {"tokens": 0, "projects": 1, "resource-specs": 0}


@pytest.mark.parametrize(
    ("document", "what"),
    [
        ([], "the list projects is missing"),
        ({"projects": {}}, "the list projects is missing"),
        ({"projects": ["project"]}, "the list projects is missing"),
        ({"projects": [{"name": "project"}]}, "the project has no id"),
    ],
)
def test_an_answer_that_is_not_documented(document: t.Any, what: str, named: Options) -> None:
    body = json.dumps(document).encode()

    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    with server(answer) as url:
        assert what in str(failed({**named, "project_name": "project", "auth_url": url}, AnswerError))


def test_only_the_exact_name_counts(named: Options) -> None:
    projects = [{"name": "project_2", "id": "2"}, {"name": "project", "id": "1"}, {"name": "Project", "id": "3"}]
    body = json.dumps({"projects": projects}).encode()

    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    with server(answer) as url:
        login = {**DEFAULTS, **named, "project_name": "project", "auth_url": url}
        assert Client(login).access().project_id == "1"
