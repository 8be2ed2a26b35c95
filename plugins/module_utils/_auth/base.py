# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Base of the auth methods: the state after a login, and how a request carries it.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    import requests

    from ansible_collections.community.modelarts.plugins.module_utils._response import Exchange


PASSCODE_USED = "The passcode is used up, and is not sent again: give a new one."


class AuthBase:
    """Authenticates a request: what ``requests`` takes as ``auth``, without loading ``requests``.

    ``credential`` identifies a credential that clouds lock after several refusals, and ``token`` is the token that is
    sent. Both are None by default.
    """

    credential: str | None = None
    token: str | None = None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Return ``request`` with the credential added. By default there is none.

        Without this, ``requests`` would look for one in ``~/.netrc``.
        """
        return request


class TokenAuth(AuthBase):
    """Sends a token as ``X-Auth-Token``."""

    def __init__(self, token: str) -> None:
        self.token: str = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the token."""
        request.headers["X-Auth-Token"] = self.token
        return request


class PasswordAuth(AuthBase):
    """Adds nothing, because the credential is in the body of the request."""

    def __init__(self, credential: str) -> None:
        self.credential = credential


class AuthState(t.NamedTuple):
    """The result of a login: values that JSON can represent, so that they can be cached.

    ``token`` is sent to the service; without one, requests are signed. ``renewable`` says whether IAM issues
    another one for the same options. ``project_id`` is the project of the token, or the one that was looked up by its
    name, ``catalog`` Keystone's ``token.catalog``, and ``renew_at`` when to renew the token (seconds since the epoch
    by this machine's clock, None if unknown).
    """

    token: str | None = None
    renewable: bool = False
    project_id: str | None = None
    catalog: tuple[dict[str, t.Any], ...] = ()
    renew_at: float | None = None

    def __repr__(self) -> str:
        """Hide the token, since tracebacks and logs show what this returns."""
        return f"{type(self).__name__}({self.project_id})"


class Iam(t.Protocol):
    """Sends a request to IAM."""

    def __call__(self, operation: str, method: str, path: str, **content: t.Any) -> Exchange:
        """Return the response and its document; ``path`` is below ``/v3``. Raises ModelArtsError.

        ``operation`` completes "Cannot ..." in messages. ``content`` has ``auth``, can have ``json`` and ``params``,
        which are those of ``requests``, and ``retries``, which overrides the option.
        """
