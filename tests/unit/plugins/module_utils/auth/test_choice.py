# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which way to log in is chosen, and what half a login is told."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils.auth import agency, aksk, choice, password, token
from ansible_collections.community.modelarts.plugins.module_utils.errors import OptionsError
from ansible_collections.community.modelarts.tests.unit.conftest import sample

TOKEN = {"token": "x", "project_id": "p"}
KEY = {"access_key": "x", "secret_key": "x", "project_id": "p"}
AGENCY = {"agency_name": "agency", "agency_domain_name": "other domain"}
USER = {
    "username": "user",
    "password": "x",
    "user_domain_name": "domain",
    "project_name": "project",
    "auth_url": "https://iam.test",
}


@pytest.mark.parametrize(
    ("options", "way"),
    [
        (TOKEN, token),
        (KEY, aksk),
        (USER, password),
        ({**USER, **KEY, **TOKEN}, token),
        ({**USER, **KEY}, aksk),
    ],
)
def test_the_order(options: dict[str, t.Any], way: choice.Way) -> None:
    assert choice.choose(dict(options)) is way


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ({"access_key": "x"}, "secret_key"),
        ({"secret_key": "x"}, "access_key"),
        ({"security_token": "x"}, "access_key and secret_key"),
        *((({name: USER[name] for name in USER if name != left_out}), left_out) for left_out in USER),
        ({"passcode": "x"}, "username or user_id; password"),
        ({"token": "x"}, "project_id or project_name"),
        ({"access_key": "x", "secret_key": "x"}, "project_id or project_name"),
        ({"token": "x", "project_name": "project"}, "auth_url"),
        *(({**USER, name: value}, other) for (name, value), other in zip(AGENCY.items(), reversed(AGENCY))),
        ({**KEY, **AGENCY}, "auth_url"),
        ({"token": "x", "auth_url": "https://iam.test", **AGENCY}, "project_id or project_name"),
        ({"user_id": "u", "password": "x", "auth_url": "https://iam.test", "project_id": "p", **AGENCY}, "user_domain"),
    ],
)
def test_half_a_login_names_what_is_missing(options: dict[str, t.Any], missing: str) -> None:
    with pytest.raises(OptionsError, match=f"is incomplete: .*{missing}.* missing"):
        choice.choose(options)


def test_no_login_lists_the_four_ways() -> None:
    with pytest.raises(OptionsError) as caught:
        choice.choose({"auth_url": "https://iam.test"})
    for way in ("token;", "access_key and secret_key;", "username or user_id and password", "cloud."):
        assert way in str(caught.value)


def test_a_user_id_needs_no_domain() -> None:
    options = {name: value for name, value in USER.items() if name not in ("username", "user_domain_name")}
    assert choice.choose({**options, "user_id": "id"}) is password


@pytest.mark.parametrize(
    ("given", "user", "project"),
    [
        ({}, {"name": "user", "domain": {"name": "domain"}}, {"name": "project", "domain": {"name": "domain"}}),
        (
            {"user_domain_id": "d1", "project_id": "p1"},
            {"name": "user", "domain": {"id": "d1"}},
            {"id": "p1"},
        ),
        ({"user_id": "u1"}, {"id": "u1"}, {"name": "project", "domain": {"name": "domain"}}),
    ],
)
def test_the_body_that_iam_documents(given: dict[str, str], user: dict[str, t.Any], project: dict[str, t.Any]) -> None:
    assert password.request_body({**USER, **given}) == {
        "auth": {
            "identity": {"methods": ["password"], "password": {"user": {**user, "password": "x"}}},
            "scope": {"project": project},
        }
    }


def test_a_passcode_is_a_second_method() -> None:
    documented = sample("iam_token_password_totp_request")["auth"]
    asked = password.request_body({**USER, "passcode": "123456"})["auth"]
    assert asked["identity"] == {
        "methods": documented["identity"]["methods"],
        "password": {"user": {"name": "user", "domain": {"name": "domain"}, "password": "x"}},
        "totp": {"user": {"name": "user", "domain": {"name": "domain"}, "passcode": "123456"}},
    }
    by_id = password.request_body({**USER, "user_id": "u1", "passcode": "123456"})["auth"]["identity"]
    assert by_id["totp"] == {"user": {"id": "u1", "passcode": "123456"}}


def test_a_project_of_another_domain_as_clouds_yaml_can_name_it() -> None:
    scope = password.request_body({**USER, "project_domain_name": "third domain"})["auth"]["scope"]
    assert scope == {"project": {"name": "project", "domain": {"name": "third domain"}}}


@pytest.mark.parametrize(
    ("project", "scope"),
    [
        ({"project_name": "project"}, {"name": "project", "domain": {"name": "other domain"}}),
        ({"project_name": "project", "project_id": "p1"}, {"id": "p1"}),
    ],
)
def test_the_body_that_assumes_an_agency(project: dict[str, str], scope: dict[str, t.Any]) -> None:
    documented = sample("iam_agency_token_request")["auth"]["identity"]
    names = {"domain_name": "other domain", "xrole_name": "agency"}
    assert documented["assume_role"].keys() == names.keys()
    assert agency.request_body({**AGENCY, **project}) == {
        "auth": {"identity": {**documented, "assume_role": names}, "scope": {"project": scope}}
    }


def test_the_login_below_an_agency_is_scoped_to_the_domain_of_the_user() -> None:
    assert password.request_body(agency.base({**USER, **AGENCY}))["auth"]["scope"] == {"domain": {"name": "domain"}}


def test_all_that_makes_up_a_login_tells_two_apart() -> None:
    given = {**USER, **KEY, **TOKEN, **AGENCY, "passcode": "x", "user_id": "x", "security_token": "x"}
    assert choice.identity({**given, "timeout": 30, "endpoint": "https://modelarts.test"}) == given
