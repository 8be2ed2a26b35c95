# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong credentials do not lock a user or key out, however many sessions use them."""

from __future__ import annotations

import threading
import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import resource_specs
from ansible_collections.community.modelarts.plugins.module_utils.client import Client
from ansible_collections.community.modelarts.plugins.module_utils.errors import ModelArtsError, ServiceError
from ansible_collections.community.modelarts.plugins.module_utils.logins import Logins
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.asking import DEFAULTS, failed, query

Options = dict[str, t.Any]


def ask_for_many_projects(login: Options) -> list[ModelArtsError]:
    """Ask in threads that share logins, each for a project of its own; gives the errors."""
    logins = Logins()
    errors: list[ModelArtsError] = []

    def ask(project_id: str) -> None:
        try:
            resource_specs.query(Client({**DEFAULTS, **login, "project_id": project_id}, logins), {})
        except ModelArtsError as error:
            errors.append(error)

    threads = [threading.Thread(target=ask, args=(f"project{number}",)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_a_wrong_password_for_many_projects(standin: StandIn, password_login: Options) -> None:
    standin.latency(0.05)
    del password_login["project_name"]
    errors = ask_for_many_projects({**password_login, "password": "wrong-password"})
    assert len(errors) == 20
    assert {str(error).partition(" Request id")[0] for error in errors} == {str(errors[0]).partition(" Request id")[0]}
    assert all(isinstance(error, ServiceError) and error.http_status == 401 for error in errors)
    assert standin.counts()["tokens"] == 3
    assert query({**password_login, "project_id": standin.account["project_id"]})["specs"]


def test_a_wrong_key_for_many_projects(standin: StandIn, key_login: Options) -> None:
    standin.latency(0.05)
    errors = ask_for_many_projects({**key_login, "secret_key": "wrong-secret-key"})
    assert [error.error_code for error in errors] == ["APIGW.0301"] * 20
    assert standin.counts()["resource-specs"] == 3
    assert query(key_login)["specs"]


def test_a_right_key_is_used_for_all_of_them(standin: StandIn, key_login: Options) -> None:
    assert [error.error_code for error in ask_for_many_projects(key_login)] == ["ModelArts.0210"] * 20
    assert standin.counts()["resource-specs"] == 20


def test_a_wrong_project_does_not_keep_the_right_one_out(standin: StandIn, password_login: Options) -> None:
    logins = Logins()
    with pytest.raises(ServiceError) as caught:
        Client({**DEFAULTS, **password_login, "project_name": "unknown"}, logins).access()
    assert caught.value.http_status == 401
    assert Client({**DEFAULTS, **password_login}, logins).access().token


def test_what_says_nothing_of_the_password_is_not_kept(standin: StandIn, password_login: Options) -> None:
    logins = Logins()
    standin.fault("unavailable", operation="tokens")
    for _each in range(3):
        with pytest.raises(ServiceError):
            Client({**DEFAULTS, **password_login, "retries": 0}, logins).access()
    standin.clear()
    assert Client({**DEFAULTS, **password_login}, logins).access().token


def test_each_way_to_be_wrong_counts_once(standin: StandIn, password_login: Options, key_login: Options) -> None:
    agency = {name: standin.account[name] for name in ("agency_name", "agency_domain_name")}
    wrong_password = {**password_login, "password": "wrong-password"}
    failed(wrong_password)
    failed({**wrong_password, **agency})
    named = {"auth_url": standin.auth_url, "project_name": standin.account["project_name"], "project_id": None}
    wrong_key = {**key_login, "secret_key": "wrong-secret-key"}
    failed(wrong_key)
    failed({**wrong_key, **named})
    failed({**wrong_key, **named, **agency})
    assert standin.counts() == {"tokens": 3, "projects": 1, "resource-specs": 1}
    assert query(password_login)["specs"]
    assert query(key_login)["specs"]
