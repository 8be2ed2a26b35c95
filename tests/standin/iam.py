# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM: version discovery, tokens and projects, in Keystone's ways."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import gateway
from account import ACCOUNT, DOMAIN, PROJECTS, REGION
from exchange import Answer, Request, documented


@dataclass(frozen=True)
class Token:
    project_id: str | None
    expires: float

    @property
    def expired(self) -> bool:
        return time.time() >= self.expires


def error(status: int, title: str, message: str) -> Answer:
    return Answer(status, {"error": {"code": status, "message": message, "title": title}})


class Iam:
    def __init__(self, url: str, token_lifetime: float) -> None:
        self._url = url
        self._token_lifetime = token_lifetime
        self._tokens: dict[str, Token] = {}

    def token(self, value: str) -> Token | None:
        """The token of that value, expired or not."""
        return self._tokens.get(value)

    def expire_tokens(self) -> None:
        """Expire every token issued so far."""
        self._tokens = {value: Token(token.project_id, 0) for value, token in self._tokens.copy().items()}

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
        """Issue a token to the user, for the scope asked for."""
        try:
            auth = request.json()["auth"]
            identity = auth["identity"]
            methods = identity["methods"]
            if methods != ["password"]:
                return error(401, "Unauthorized", "Attempted to authenticate with an unsupported method.")
            if not _is_user(identity["password"]["user"]):
                return documented("err_iam_401_documented")
            scope = _scope(auth.get("scope"))
        except (ValueError, KeyError, TypeError, AttributeError):
            return error(400, "Bad Request", "The request body is invalid: it is not JSON, or lacks what is required.")
        if scope is None:
            return documented("err_iam_401_keystone_style")

        issued = time.time()
        expires = issued + self._token_lifetime
        project_id = scope.get("project", {}).get("id")
        # As long as the real ones, which do not fit everywhere.
        value = "stand-in-token-" + secrets.token_urlsafe(1500)
        self._tokens[value] = Token(project_id, expires)
        token = {
            "methods": methods,
            "issued_at": _timestamp(issued),
            "expires_at": _timestamp(expires),
            "user": {
                "id": ACCOUNT["user_id"],
                "name": ACCOUNT["username"],
                "password_expires_at": "",
                "domain": DOMAIN,
            },
            "catalog": [] if request.query.get("nocatalog") == "true" else self._catalog(project_id),
            "roles": [{"id": "0", "name": "te_admin"}],
            **scope,
        }
        return Answer(201, {"token": token}, {"X-Subject-Token": value})

    def list_projects(self, request: Request) -> Answer:
        """List the projects of the account, all of them or those of one name."""
        if request.header("X-Auth-Token"):
            token = self.token(request.header("X-Auth-Token"))
            if token is None or token.expired:
                return documented("err_iam_401_keystone_style")
        elif gateway.is_signed(request):
            refusal = gateway.refuse_signature(request)
            if refusal:
                return refusal
        else:
            return documented("err_iam_401_keystone_style")

        name = request.query.get("name")
        projects = [
            {
                "id": project_id,
                "name": project_name,
                "domain_id": DOMAIN["id"],
                "parent_id": DOMAIN["id"],
                "is_domain": False,
                "enabled": True,
                "description": "",
                "links": {"self": f"{self._url}/v3/projects/{project_id}"},
            }
            for project_id, project_name in PROJECTS.items()
            if name in (None, project_name)
        ]
        links = {"self": f"{self._url}/v3/projects", "previous": None, "next": None}
        return Answer(200, {"projects": projects, "links": links})

    def _catalog(self, project_id: str | None) -> list[dict[str, Any]]:
        services = [("iam", "identity", "*", f"{self._url}/v3")]
        if project_id:
            services.append(("modelarts", "modelarts", REGION, f"{self._url}/v1/{project_id}"))
        return [
            {
                "id": f"standin-service-{name}",
                "name": name,
                "type": service_type,
                "endpoints": [
                    {
                        "id": f"standin-endpoint-{name}",
                        "interface": "public",
                        "region": region,
                        "region_id": region,
                        "url": url,
                    }
                ],
            }
            for name, service_type, region, url in services
        ]


def _is_user(user: Mapping[str, Any]) -> bool:
    """Whether that is the user of the account, with the right password. Raises KeyError for a half-given user."""
    if "id" in user:
        known = user["id"] == ACCOUNT["user_id"]
    else:
        known = user["name"] == ACCOUNT["username"] and _is_domain(user["domain"])
    return bool(user["password"] == ACCOUNT["password"]) and known


def _is_domain(domain: Mapping[str, Any]) -> bool:
    return bool(domain["id"] == DOMAIN["id"]) if "id" in domain else bool(domain["name"] == DOMAIN["name"])


def _scope(scope: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What the token says about its scope, None for a scope that the user has nothing to do with."""
    if not scope or "unscoped" in scope:
        return {}
    if "domain" in scope:
        return {"domain": DOMAIN} if _is_domain(scope["domain"]) else None
    asked = scope["project"]
    if "domain" in asked and not _is_domain(asked["domain"]):
        return None
    key, column = ("id", 0) if "id" in asked else ("name", 1)
    for project in PROJECTS.items():
        if project[column] == asked[key]:
            return {"project": {"id": project[0], "name": project[1], "domain": DOMAIN}}
    return None


def _timestamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
