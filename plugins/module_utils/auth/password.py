# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log in at IAM with user and password, and a one-time code where the user needs one, for a token of the project.

The request is Keystone's ``POST /v3/auth/tokens`` as the clouds document it ("Obtaining a User Token Through Password
Authentication", "... and Virtual MFA").
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils.auth import issued
from ansible_collections.community.modelarts.plugins.module_utils.auth.access import NoAuth
from ansible_collections.community.modelarts.plugins.module_utils.errors import ModelArtsError

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.auth.access import Access, Iam

NAME = "a password"

CREDENTIALS = ("username", "user_id", "password", "passcode")

OPERATION = "log in"

USED_UP = "The passcode is used up, and is not sent again: give a new one."


def missing(options: t.Mapping[str, t.Any]) -> list[str]:
    """What is missing for a login with a password."""
    lacking = []
    if "username" not in options and "user_id" not in options:
        lacking.append("username or user_id")
    if "password" not in options:
        lacking.append("password")
    # An agency is assumed with a token of the user's domain.
    if not user_domain(options) and ("user_id" not in options or "agency_name" in options):
        lacking.append("user_domain_name or user_domain_id (the account that the user belongs to)")
    return lacking


def authenticate(options: t.Mapping[str, t.Any], iam: Iam) -> Access:
    """Ask IAM for a token.

    Raises ServiceError if IAM refuses, AnswerError if its answer lacks the token, TransportError if none came.
    """
    with_passcode = "passcode" in options
    body = request_body(options)
    proof = NoAuth(locked_by=repr((options["auth_url"], body["auth"]["identity"])))
    try:
        access = issued.access(*iam(OPERATION, "POST", "/auth/tokens", body=body, auth=proof, once=with_passcode))
    except ModelArtsError as error:
        if with_passcode:
            raise error.with_hint(USED_UP) from None
        raise
    # It lasts until the service refuses it: there is nothing to renew it with.
    return dataclasses.replace(access, once=True, good_until=None) if with_passcode else access


def request_body(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The body of ``POST /v3/auth/tokens``: scoped to the project, or to the user's domain where none is given.

    Ids go before names.
    """
    user: dict[str, t.Any] = {"id": options["user_id"]} if "user_id" in options else {"name": options["username"]}
    if "user_id" not in options:
        user["domain"] = user_domain(options)
    identity: dict[str, t.Any] = {
        "methods": ["password"],
        "password": {"user": {**user, "password": options["password"]}},
    }
    if "passcode" in options:
        identity["methods"].append("totp")
        identity["totp"] = {"user": {**user, "passcode": options["passcode"]}}
    return {"auth": {"identity": identity, "scope": _scope(options)}}


def _scope(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    if "project_id" in options or "project_name" in options:
        return {"project": project_scope(options, _project_domain(options) or user_domain(options))}
    return {"domain": user_domain(options)}


def _project_domain(options: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Where clouds.yaml says that the project is in another domain than the user. The clouds have no such thing."""
    keys = ("id", "name")
    return next(({key: options[f"project_domain_{key}"]} for key in keys if f"project_domain_{key}" in options), {})


def user_domain(options: t.Mapping[str, t.Any]) -> dict[str, str]:
    """The user's domain as IAM wants it, by id or by name; empty if neither is given."""
    if "user_domain_id" in options:
        return {"id": options["user_domain_id"]}
    return {"name": options["user_domain_name"]} if "user_domain_name" in options else {}


def project_scope(options: t.Mapping[str, t.Any], domain: t.Mapping[str, str]) -> dict[str, t.Any]:
    """The project as IAM wants it. A name is unique only in a domain: Keystone asks for it, the clouds accept it."""
    if "project_id" in options:
        return {"id": options["project_id"]}
    return {"name": options["project_name"], **({"domain": domain} if domain else {})}
