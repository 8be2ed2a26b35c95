# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log in at IAM with user and password, for a token scoped to the project.

The request is Keystone's ``POST /v3/auth/tokens`` as the clouds document it ("Obtaining a User Token Through Password
Authentication").
"""

from __future__ import annotations

import typing as t

from ansible_collections.community.modelarts.plugins.module_utils.auth import issued
from ansible_collections.community.modelarts.plugins.module_utils.errors import OptionsError

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.auth.access import Access, Iam

CREDENTIALS = ("username", "user_id", "password")

OPERATION = "log in"


def validate(options: t.Mapping[str, t.Any]) -> None:
    """Raises OptionsError that names what is missing for a login with a password."""
    missing = []
    if "username" not in options and "user_id" not in options:
        missing.append("username or user_id")
    if "password" not in options:
        missing.append("password")
    if "user_id" not in options and "user_domain_name" not in options and "user_domain_id" not in options:
        missing.append("user_domain_name or user_domain_id (the account that the user belongs to)")
    if "auth_url" not in options:
        missing.append("auth_url (the address of IAM)")
    if "project_id" not in options and "project_name" not in options:
        missing.append("project_id or project_name (ModelArts wants a token scoped to a project)")
    if missing:
        raise OptionsError(f"The login with a password is incomplete: {'; '.join(missing)} missing")


def authenticate(options: t.Mapping[str, t.Any], iam: Iam) -> Access:
    """Ask IAM for a token.

    Raises ServiceError if IAM refuses, AnswerError if its answer lacks the token, TransportError if none came.
    """
    return issued.access(*iam(OPERATION, "POST", "/auth/tokens", request_body(options)))


def request_body(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The body of ``POST /v3/auth/tokens``: the method password, scoped to the project. Ids go before names."""
    user: dict[str, t.Any] = {"password": options["password"]}
    if "user_id" in options:
        user["id"] = options["user_id"]
    else:
        user["name"] = options["username"]
        user["domain"] = user_domain(options)
    return {
        "auth": {
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": project_scope(options)},
        }
    }


def user_domain(options: t.Mapping[str, t.Any]) -> dict[str, str]:
    """The user's domain as IAM wants it, by id or by name; empty if neither is given."""
    if "user_domain_id" in options:
        return {"id": options["user_domain_id"]}
    return {"name": options["user_domain_name"]} if "user_domain_name" in options else {}


def project_scope(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The project as IAM wants it. A name is unique only in a domain: Keystone asks for it, the clouds accept it."""
    if "project_id" in options:
        return {"id": options["project_id"]}
    domain = user_domain(options)
    return {"name": options["project_name"], **({"domain": domain} if domain else {})}
