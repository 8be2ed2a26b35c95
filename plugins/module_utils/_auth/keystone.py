# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request to IAM, which speaks Keystone's API v3: log in, assume an agency, look up a project.

The requests are those that the clouds document: "Obtaining a User Token Through Password Authentication", "... and
Virtual MFA", "Obtaining an Agency Token", "Querying Project Information".

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import datetime
import time
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import _errors, _response
from ansible_collections.community.modelarts.plugins.module_utils._auth.base import (
    PASSCODE_USED,
    AuthState,
    PasswordAuth,
)

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils._auth.base import AuthBase, Iam
    from ansible_collections.community.modelarts.plugins.module_utils._connection import Connection

# Seconds before its expiry at which a token is renewed; a short-lived token after nine tenths of its lifetime.
RENEWED_BEFORE = 300

# Number of projects that a message lists.
MOST_PROJECTS = 10


def log_in(connection: Connection, iam: Iam) -> AuthState:
    """Obtain a token with a password, and a passcode if there is one.

    Raises ServiceError if IAM refuses, ResponseError if the response has no token, TransportError if there is none.
    """
    body = password_body(connection)
    auth = PasswordAuth(repr((connection.auth_url, body["auth"]["identity"])))
    # A passcode works once.
    retries = 0 if connection.passcode else None
    try:
        state = _issued(*iam("log in", "POST", "/auth/tokens", json=body, auth=auth, retries=retries))
    except _errors.ModelArtsError as error:
        if connection.passcode and not isinstance(error, _errors.OptionsError):
            raise error.with_hint(PASSCODE_USED) from None
        raise
    # Without another passcode it cannot be renewed: it is used until the service refuses it.
    return state._replace(renewable=False, renew_at=None) if connection.passcode else state


def assume_agency(connection: Connection, auth: AuthBase, iam: Iam) -> AuthState:
    """Obtain a token of the agency with the caller's own login, ``auth``. Raises as ``log_in`` does."""
    try:
        response = iam("assume the agency", "POST", "/auth/tokens", json=agency_body(connection), auth=auth)
    except _errors.ServiceError as error:
        if error.http_status == 403:
            raise error.with_hint(
                "Check agency_name and agency_domain_name: the agency must delegate to the account that logs in, "
                "whose user needs the permission Agent Operator."
            ) from None
        raise
    return _issued(*response)


def find_project(name: str, auth: AuthBase, iam: Iam) -> str:
    """Return the ID of the project with a name.

    Raises OptionsError if no project has it, or more than one; ServiceError, ResponseError or TransportError if IAM
    does not list them.
    """
    try:
        response, document = iam("look up the project", "GET", "/projects", params={"name": name}, auth=auth)
    except _errors.ServiceError as error:
        raise error.with_hint("With project_id in place of project_name this request is not needed.") from None
    projects = _response.objects(response, document, "projects")
    found = [project for project in projects if project.get("name") == name]
    if not found:
        raise _errors.OptionsError(
            f"{response.where}: project {name!r} is not visible to this login. Check project_name, or give project_id"
        )
    if len(found) > 1:
        shown = [f"{project.get('id')} (below {project.get('parent_id')})" for project in found[:MOST_PROJECTS]]
        rest = f" and {len(found) - len(shown)} more" if len(found) > len(shown) else ""
        raise _errors.OptionsError(
            f"{response.where}: {len(found)} projects are named {name!r}: {', '.join(shown)}{rest}. "
            "Give project_id to choose one"
        )
    if not isinstance(found[0].get("id"), str):
        raise _response.unexpected(response, "the project has no id")
    return t.cast("str", found[0]["id"])


def password_body(connection: Connection) -> dict[str, t.Any]:
    """Return the body of ``POST /v3/auth/tokens``: scoped to the project, or to the user's domain if there is none.

    IDs take precedence over names.
    """
    user: dict[str, t.Any] = {"id": connection.user_id}
    if not connection.user_id:
        user = {"name": connection.username, "domain": _user_domain(connection)}
    identity: dict[str, t.Any] = {
        "methods": ["password"],
        "password": {"user": {**user, "password": connection.password}},
    }
    if connection.passcode:
        identity["methods"].append("totp")
        identity["totp"] = {"user": {**user, "passcode": connection.passcode}}
    domain = _user_domain(connection)
    if not connection.project_id and not connection.project_name:
        return {"auth": {"identity": identity, "scope": {"domain": domain}}}
    # A cloud of clouds.yaml may have the project in another domain than the user.
    project_domain = _reference(connection.project_domain_id, connection.project_domain_name) or domain
    return {"auth": {"identity": identity, "scope": {"project": _project(connection, project_domain)}}}


def agency_body(connection: Connection) -> dict[str, t.Any]:
    """Return the body of ``POST /v3/auth/tokens``: the method assume_role, scoped to the other account's project."""
    domain = {"name": connection.agency_domain_name}
    assume_role = {"domain_name": connection.agency_domain_name, "xrole_name": connection.agency_name}
    return {
        "auth": {
            "identity": {"methods": ["assume_role"], "assume_role": assume_role},
            "scope": {"project": _project(connection, domain)},
        }
    }


def _user_domain(connection: Connection) -> dict[str, t.Any]:
    return _reference(connection.user_domain_id, connection.user_domain_name)


def _reference(identifier: str | None, name: str | None) -> dict[str, t.Any]:
    """Return a Keystone reference by ID or by name; empty if neither is given."""
    if identifier:
        return {"id": identifier}
    return {"name": name} if name else {}


def _project(connection: Connection, domain: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the reference to the project. Its name is unique only in a domain, which Keystone requires."""
    project = _reference(connection.project_id, connection.project_name)
    return {**project, "domain": domain} if domain and "name" in project else project


def _issued(response: _response.Response, document: t.Any) -> AuthState:
    """Read the token from a response of IAM."""
    token = _response.part(document).get("token")
    subject_token = response.headers.get("x-subject-token")
    if not subject_token or not isinstance(token, dict):
        lacking = "the object token" if subject_token else "the header X-Subject-Token"
        raise _response.unexpected(response, f"{lacking} is missing")
    project_id = _response.part(token, "project").get("id")
    catalog = token.get("catalog")
    return AuthState(
        token=subject_token,
        renewable=True,
        project_id=project_id if isinstance(project_id, str) else None,
        catalog=tuple(catalog) if isinstance(catalog, list) else (),
        renew_at=renew_at(token, time.time()),
    )


def renew_at(token: t.Mapping[str, t.Any], now: float) -> float | None:
    """Return when to renew a token that was issued ``now``; None if IAM does not state its lifetime.

    Only the difference of IAM's two times counts: its clock may differ from this machine's.
    """
    issued_at, expires_at = (_seconds(token.get(name)) for name in ("issued_at", "expires_at"))
    if issued_at is None or expires_at is None:
        return None
    lifetime = expires_at - issued_at
    return now + lifetime - min(RENEWED_BEFORE, lifetime / 10)


def _seconds(text: t.Any) -> float | None:
    """Parse a time as Keystone writes it, ``2026-01-02T03:04:05.000000Z``, into seconds since the epoch."""
    try:
        # strptime would load the locale, and Python before 3.11 does not take a Z here.
        moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (AttributeError, ValueError):
        return None
    return moment.timestamp() if moment.tzinfo else None
