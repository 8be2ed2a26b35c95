# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which login the options mean, and what it lacks. Nothing is loaded or sent for that.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import typing as t

# Names the file with the clouds instead of those at the usual places.
CONFIG_FILE = "OS_CLIENT_CONFIG_FILE"

# The methods in the order in which they are chosen, as messages call them.
METHODS = {"token": "a token", "aksk": "an access key", "password": "a password"}

# The options that choose each method.
_CREDENTIALS = {
    "token": ("token",),
    "aksk": ("access_key", "secret_key", "security_token"),
    "password": ("username", "user_id", "password", "passcode"),
}

# The options that make up each login. A passcode is none: it may complete a login from elsewhere.
LOGINS = tuple(tuple(name for name in names if name != "passcode") for names in _CREDENTIALS.values())

NO_LOGIN = (
    "No login is given. Give one of: token; access_key and secret_key; username or user_id and password (with "
    "user_domain_name or user_domain_id, and passcode where the user needs one); cloud. "
    "Each can also come from the environment, for example OS_TOKEN"
)


def choose(options: t.Mapping[str, t.Any]) -> str | None:
    """Return the first method of ``METHODS`` that the options choose, or None."""
    return next((method for method, names in _CREDENTIALS.items() if any(name in options for name in names)), None)


def issues_token(method: str, options: t.Mapping[str, t.Any]) -> bool:
    """Tell whether IAM issues a token, with a catalog, for this login."""
    return method == "password" or "agency_name" in options


def missing(method: str, options: t.Mapping[str, t.Any]) -> list[str]:
    """Return what the login lacks, in words."""
    lacking = _missing_credentials(method, options)
    agency = ("agency_name", "agency_domain_name")
    if any(name in options for name in agency):
        lacking += [name for name in agency if name not in options]
    if "project_id" not in options and "project_name" not in options:
        lacking.append("project_id or project_name (the project to query)")
    looks_up_project = "project_name" in options and "project_id" not in options
    if "auth_url" not in options and (issues_token(method, options) or looks_up_project):
        lacking.append("auth_url (the address of IAM)")
    return lacking


def _missing_credentials(method: str, options: t.Mapping[str, t.Any]) -> list[str]:
    if method == "token":
        return []
    if method == "aksk":
        lacking = [name for name in ("access_key", "secret_key") if name not in options]
        return [" and ".join(lacking)] if lacking else []
    lacking = [] if "username" in options or "user_id" in options else ["username or user_id"]
    lacking += [] if "password" in options else ["password"]
    # A token that assumes an agency must be of the user's domain.
    needs_domain = "user_id" not in options or "agency_name" in options
    if needs_domain and "user_domain_name" not in options and "user_domain_id" not in options:
        lacking.append("user_domain_name or user_domain_id (the account that the user belongs to)")
    return lacking
