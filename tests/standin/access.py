# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may use ModelArts in a project: a token of that project, or a signature."""

from __future__ import annotations

from typing import Protocol

import gateway
from account import DOMAIN, projects_of
from exchange import Answer, Request
from iam import Token


def refused(status: int, code: str, message: str) -> Answer:
    """A request that is refused before the API proper looks at it. Observed without "is_success"."""
    return Answer(status, {"error_code": code, "error_msg": message})


# Which code says what is documented only for 0201, 0203 and 0212; the others are a likely choice among those that are
# documented for the status.
def token_missing() -> Answer:
    return refused(401, "ModelArts.0201", "Token header cannot be empty.")


def token_invalid() -> Answer:
    return refused(401, "ModelArts.0203", "Invalid token.")


def token_expired() -> Answer:
    return refused(401, "ModelArts.0205", "The token has expired.")


def token_not_scoped() -> Answer:
    return refused(401, "ModelArts.0212", "Invalid Token header. The Token not contain project item. ")


def other_project() -> Answer:
    return refused(403, "ModelArts.0210", "The project ID in the URL does not match the project ID in the token.")


class Tokens(Protocol):
    """Who knows the tokens."""

    def token(self, value: str) -> Token | None:
        """The token of that value."""


class Access:
    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def refuse(self, request: Request) -> Answer | None:
        """Return the error for a request that may not use the project in its path, None for one that may."""
        project_id = request.path.split("/")[2]
        value = request.header("X-Auth-Token")
        if value:
            token = self._tokens.token(value)
            if token is None:
                return token_invalid()
            if token.expired:
                return token_expired()
            if token.project_id is None:
                return token_not_scoped()
            return None if token.project_id == project_id else other_project()
        if gateway.is_signed(request):
            known = project_id in (project.id for project in projects_of(DOMAIN["id"]))
            matches = known and request.header("X-Project-Id") in ("", project_id)
            return gateway.refuse_signature(request) or (None if matches else other_project())
        return token_missing()
