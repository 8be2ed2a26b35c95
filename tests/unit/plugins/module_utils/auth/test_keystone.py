# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bodies that IAM documents, and when a token is renewed."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils._auth import keystone
from ansible_collections.community.modelarts.plugins.module_utils._connection import Connection
from ansible_collections.community.modelarts.tests.unit.conftest import sample

USER: dict[str, t.Any] = {"username": "user", "password": "x", "user_domain_name": "domain", "project_name": "project"}
DOMAIN = {"name": "domain"}


def password_body(**options: t.Any) -> t.Any:
    return keystone.password_body(Connection("password", **{**USER, **options}))["auth"]


@pytest.mark.parametrize(
    ("given", "user", "scope"),
    [
        ({}, {"name": "user", "domain": DOMAIN}, {"project": {"name": "project", "domain": DOMAIN}}),
        (
            {"user_domain_id": "d1", "project_id": "p1"},
            {"name": "user", "domain": {"id": "d1"}},
            {"project": {"id": "p1"}},
        ),
        ({"user_id": "u1"}, {"id": "u1"}, {"project": {"name": "project", "domain": DOMAIN}}),
        (
            {"project_domain_name": "third"},
            {"name": "user", "domain": DOMAIN},
            {"project": {"name": "project", "domain": {"name": "third"}}},
        ),
        # Below an agency, the login is scoped to the user's own domain.
        ({"project_name": ""}, {"name": "user", "domain": DOMAIN}, {"domain": DOMAIN}),
    ],
)
def test_the_body_for_a_password(given: dict[str, str], user: dict[str, t.Any], scope: dict[str, t.Any]) -> None:
    assert password_body(**given) == {
        "identity": {"methods": ["password"], "password": {"user": {**user, "password": "x"}}},
        "scope": scope,
    }


def test_a_passcode_is_a_second_method() -> None:
    documented = sample("iam_token_password_totp_request")["auth"]["identity"]
    user = {"name": "user", "domain": DOMAIN}
    assert password_body(passcode="123456")["identity"] == {
        "methods": documented["methods"],
        "password": {"user": {**user, "password": "x"}},
        "totp": {"user": {**user, "passcode": "123456"}},
    }
    by_id = password_body(user_id="u1", passcode="123456")["identity"]
    assert by_id["totp"] == {"user": {"id": "u1", "passcode": "123456"}}


@pytest.mark.parametrize(
    ("project", "scope"),
    [
        ({"project_name": "project"}, {"name": "project", "domain": {"name": "other domain"}}),
        ({"project_name": "project", "project_id": "p1"}, {"id": "p1"}),
    ],
)
def test_the_body_for_an_agency(project: dict[str, t.Any], scope: dict[str, t.Any]) -> None:
    documented = sample("iam_agency_token_request")["auth"]["identity"]
    names = {"domain_name": "other domain", "xrole_name": "agency"}
    assert documented["assume_role"].keys() == names.keys()
    connection = Connection("token", agency_name="agency", agency_domain_name="other domain", **project)
    assert keystone.agency_body(connection) == {
        "auth": {"identity": {**documented, "assume_role": names}, "scope": {"project": scope}}
    }


@pytest.mark.parametrize(
    ("issued_at", "expires_at", "after"),
    [
        # The difference counts, however far the clocks are apart.
        ("2001-01-01T00:00:00.000000Z", "2001-01-02T00:00:00.000000Z", 86400 - 300),
        ("2001-01-01T00:00:00.000000Z", "2001-01-01T00:01:40.500000Z", 100.5 - 10.05),
        ("2001-01-01T00:00:00Z", "2001-01-02T01:00:00+01:00", 86400 - 300),
        ("2001-01-01T00:00:00", "2001-01-02T00:00:00", None),
        (None, "2001-01-02T00:00:00.000000Z", None),
        ("2001-01-01T00:00:00.000000Z", "tomorrow", None),
        ("2001-01-01T00:00:00.000000Z", 7, None),
    ],
)
def test_when_a_token_is_renewed(issued_at: t.Any, expires_at: t.Any, after: float | None) -> None:
    when = keystone.renew_at({"issued_at": issued_at, "expires_at": expires_at}, 1000.0)
    assert when == (None if after is None else pytest.approx(1000 + after))
