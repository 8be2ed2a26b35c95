# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM: version discovery, tokens and projects, in Keystone's ways."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

import gateway
from account import ACCOUNT, AGENCY_DOMAIN, DOMAIN, USERS, User, projects_of
from exchange import Answer, Request, documented
from lockout import Lockout
from service_catalog import ServiceCatalog


@dataclass(frozen=True)
class Token:
    """``domain_id`` is that of the resources that it is good for; ``scoped`` says whether it is good for any."""

    project_id: str | None
    domain_id: str
    scoped: bool
    expires: float

    @property
    def expired(self) -> bool:
        return time.time() >= self.expires


class Refused(Exception):
    """No token is issued; the answer says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.answer = answer


def error(status: int, title: str, message: str) -> Answer:
    return Answer(status, {"error": {"code": status, "message": message, "title": title}})


class Iam:
    def __init__(self, url: str, token_lifetime: float) -> None:
        self._url = url
        self._token_lifetime = token_lifetime
        self._tokens: dict[str, Token] = {}
        self._passcodes: set[str] = set()
        self._lock = threading.Lock()
        self.lockout = Lockout()
        self.catalog = ServiceCatalog(url)

    def token(self, value: str) -> Token | None:
        """The token of that value, expired or not."""
        return self._tokens.get(value)

    def expire_tokens(self) -> None:
        """Expire every token issued so far."""
        self._tokens = {value: replace(token, expires=0) for value, token in self._tokens.copy().items()}

    def make_passcode(self) -> str:
        """A new one-time code for the user that needs one, as an authenticator shows it."""
        passcode = f"{secrets.randbelow(10**6):06}"
        with self._lock:
            self._passcodes.add(passcode)
        return passcode

    def discover(self, request: Request) -> Answer:
        """Tell which versions of the API there are."""
        version = {
            "id": "v3.6",
            "status": "stable",
            "updated": "2016-04-04T00:00:00Z",
            "links": [{"rel": "self", "href": f"{self._url}/v3/"}],
            "media-types": [{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}],
        }
        if request.path == "/":
            return Answer(300, {"versions": {"values": [version]}})
        return Answer(200, {"version": version})

    def issue_token(self, request: Request) -> Answer:
        """Issue a token to the user or the agency, for the scope asked for."""
        try:
            auth = request.json()["auth"]
            methods = auth["identity"]["methods"]
            if methods == ["assume_role"]:
                user, domain = self._agency(request, auth["identity"]["assume_role"]), AGENCY_DOMAIN
            elif methods in (["password"], ["password", "totp"]):
                user, domain = self._user(auth["identity"]), DOMAIN
            else:
                return error(401, "Unauthorized", "Attempted to authenticate with an unsupported method.")
            scope = _scope(auth.get("scope"), domain)
        except Refused as refused:
            return refused.answer
        except (ValueError, KeyError, TypeError, AttributeError):
            return error(400, "Bad Request", "The request body is invalid: it is not JSON, or lacks what is required.")
        if scope is None:
            return documented("err_iam_401_keystone_style")

        issued = time.time()
        expires = issued + self._token_lifetime
        project_id = scope.get("project", {}).get("id")
        # As long as the real ones, which do not fit everywhere.
        value = "stand-in-token-" + secrets.token_urlsafe(1500)
        self._tokens[value] = Token(project_id, domain["id"], bool(scope), expires)
        token = {
            "methods": methods,
            "issued_at": _timestamp(issued),
            "expires_at": _timestamp(expires),
            "user": {"password_expires_at": "", "domain": domain, **user},
            "catalog": [] if request.query.get("nocatalog") == "true" else self.catalog.entries(project_id),
            "roles": [{"id": "0", "name": "te_admin"}],
            **scope,
        }
        return Answer(201, {"token": token}, {"X-Subject-Token": value})

    def _user(self, identity: Mapping[str, Any]) -> dict[str, str]:
        """The user that proved to be one. Raises Refused, or KeyError where something is missing."""
        given = identity["password"]["user"]
        user = _find_user(given)
        if user is None:
            raise Refused(documented("err_iam_401_documented"))
        proven = bool(given["password"] == user.password)
        if user.needs_passcode:
            # Used up by the attempt, whatever comes of it.
            proven = self._take_passcode(user, identity.get("totp", {}).get("user", {})) and proven
        if self.lockout.judge(user.id, proven=proven):
            raise Refused(error(401, "Unauthorized", "The user is locked after too many failed logins."))
        if not proven:
            raise Refused(documented("err_iam_401_documented"))
        return {"id": user.id, "name": user.name}

    def _take_passcode(self, user: User, given: Mapping[str, Any]) -> bool:
        with self._lock:
            known = given.get("passcode") in self._passcodes
            self._passcodes.discard(given.get("passcode", ""))
        return known and _is_user(given, user)

    def _agency(self, request: Request, assumed: Mapping[str, Any]) -> dict[str, str]:
        """The agency that somebody with the right to it asks for. Raises Refused, or KeyError."""
        caller = self._caller(request)
        known = _is_domain(_domain_of(assumed), AGENCY_DOMAIN) and assumed["xrole_name"] == ACCOUNT["agency_name"]
        if not known or not caller.scoped or caller.domain_id != DOMAIN["id"]:
            raise Refused(error(403, "Forbidden", "You are not authorized to perform the requested action."))
        return {"id": "standin-agency", "name": f"{ACCOUNT['agency_domain_name']}/{ACCOUNT['agency_name']}"}

    def _caller(self, request: Request) -> Token:
        """Whoever sent the request, by token or signature. Raises Refused."""
        value = request.header("X-Auth-Token")
        if value:
            token = self.token(value)
            if token is not None and not token.expired:
                return token
        elif gateway.is_signed(request):
            refusal = gateway.refuse_signature(request)
            if refusal:
                raise Refused(refusal)
            return Token(None, DOMAIN["id"], True, 0)
        raise Refused(documented("err_iam_401_keystone_style"))

    def list_projects(self, request: Request) -> Answer:
        """List the projects of the account, all of them or those of one name."""
        try:
            caller = self._caller(request)
        except Refused as refused:
            return refused.answer

        name = request.query.get("name")
        projects = [
            {
                "id": project.id,
                "name": project.name,
                "domain_id": project.domain_id,
                "parent_id": project.parent_id,
                "is_domain": False,
                "enabled": True,
                "description": "",
                "links": {"self": f"{self._url}/v3/projects/{project.id}"},
            }
            for project in projects_of(caller.domain_id)
            if name in (None, project.name)
        ]
        links = {"self": f"{self._url}/v3/projects", "previous": None, "next": None}
        return Answer(200, {"projects": projects, "links": links})


def _find_user(given: Mapping[str, Any]) -> User | None:
    """The user that is named, by id or name. Raises KeyError for a half-given one."""
    return next((user for user in USERS if _is_user(given, user)), None)


def _is_user(given: Mapping[str, Any], user: User) -> bool:
    if "id" in given:
        return bool(given["id"] == user.id)
    return bool(given["name"] == user.name) and _is_domain(given["domain"], DOMAIN)


def _domain_of(assumed: Mapping[str, Any]) -> dict[str, Any]:
    return {key: assumed[f"domain_{key}"] for key in ("id", "name") if f"domain_{key}" in assumed}


def _is_domain(given: Mapping[str, Any], domain: Mapping[str, str]) -> bool:
    return bool(given["id"] == domain["id"]) if "id" in given else bool(given["name"] == domain["name"])


def _scope(scope: Mapping[str, Any] | None, domain: Mapping[str, str]) -> dict[str, Any] | None:
    """What the token says about its scope, None for a scope that is not of the domain."""
    if not scope or "unscoped" in scope:
        return {}
    if "domain" in scope:
        return {"domain": domain} if _is_domain(scope["domain"], domain) else None
    asked = scope["project"]
    if "domain" in asked and not _is_domain(asked["domain"], domain):
        return None
    key = "id" if "id" in asked else "name"
    for project in projects_of(domain["id"]):
        if getattr(project, key) == asked[key]:
            return {"project": {"id": project.id, "name": project.name, "domain": domain}}
    return None


def _timestamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
