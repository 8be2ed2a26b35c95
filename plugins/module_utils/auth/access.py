# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a login gives: the proof that each request carries, and what was learnt on the way."""

from __future__ import annotations

import dataclasses
import typing as t

if t.TYPE_CHECKING:
    import requests

    from ansible_collections.community.modelarts.plugins.module_utils.answers import Answer


class AuthBase:
    """Puts a proof on a request: what ``requests`` takes as ``auth``, without loading ``requests``."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Give ``request`` with the proof on it."""
        raise NotImplementedError


@dataclasses.dataclass(frozen=True)
class Access:
    """``auth`` puts the proof on a request; the rest is known only where IAM issued a token for this login.

    ``token`` is what it issued: a secret, and a login that can be renewed, unless it was obtained ``once`` and for all,
    with a passcode. ``project_id`` is the project that it is scoped to, or that was looked up by its name. ``catalog``
    is its list of services as in Keystone's ``token.catalog``, ``good_until`` when to renew it (seconds since the epoch
    by this machine's clock).
    """

    auth: AuthBase
    token: str | None = dataclasses.field(default=None, repr=False)
    project_id: str | None = None
    catalog: tuple[dict[str, t.Any], ...] = ()
    good_until: float | None = None
    once: bool = False


class Iam(t.Protocol):
    """Sends one request to IAM: method, path below ``/v3``; gives the answer and its document, or raises."""

    def __call__(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        body: t.Any = None,
        query: t.Mapping[str, str] | None = None,
        auth: AuthBase | None = None,
        once: bool = False,
    ) -> tuple[Answer, t.Any]:
        """``operation`` completes "Cannot ..." in messages, ``body`` is sent as JSON, ``auth`` proves who asks.

        With ``once`` it is not sent again, whatever happens.
        """


class TokenAuth(AuthBase):
    """Sends a token as ``X-Auth-Token``."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["X-Auth-Token"] = self._token
        return request


class NoAuth(AuthBase):
    """Sends no proof. Without it ``requests`` would look for one in ``~/.netrc``.

    ``locked_by`` is the credential in the body, if any, that gets locked when it is refused too often.
    """

    def __init__(self, locked_by: str | None = None) -> None:
        self.locked_by = locked_by

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request
