# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which way to log in is chosen, and what half a login is told."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils.auth import aksk, choice, password, token
from ansible_collections.community.modelarts.plugins.module_utils.errors import OptionsError

TOKEN = {"token": "x"}
KEY = {"access_key": "x", "secret_key": "x"}
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
    ],
)
def test_half_a_login_names_what_is_missing(options: dict[str, t.Any], missing: str) -> None:
    with pytest.raises(OptionsError, match=f"is incomplete: .*{missing}.* missing"):
        choice.choose(options)


def test_no_login_lists_the_four_ways() -> None:
    with pytest.raises(OptionsError) as caught:
        choice.choose({"auth_url": "https://iam.test"})
    for way in ("token;", "access_key and secret_key;", "username and password", "user_id and password"):
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
