# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The login of one session: made in the way that was chosen, shared with all that have the same, renewed once."""

from __future__ import annotations

import typing as t

from ansible_collections.community.modelarts.plugins.module_utils.auth import agency, choice, password
from ansible_collections.community.modelarts.plugins.module_utils.errors import ServiceError

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.auth.access import Access, Iam
    from ansible_collections.community.modelarts.plugins.module_utils.logins import Logins

    Result = t.TypeVar("Result")

    class Obtain(t.Protocol):
        """Gives a login; a new one where ``refused`` was not accepted."""

        def __call__(self, refused: Access | None = None) -> Access:
            """May send requests, and raises what they raise."""


class Login:
    """Logs in with ``options`` in the ``way`` that ``choice.choose`` chose for them.

    ``logins`` are those that are shared, ``iam`` sends to IAM, and ``learn`` is told each token that is in use.
    """

    def __init__(
        self,
        options: t.Mapping[str, t.Any],
        way: choice.Way,
        logins: Logins,
        iam: Iam,
        learn: t.Callable[[str], None],
    ) -> None:
        self._options = options
        self._way = way
        self._logins = logins
        self._iam = iam
        self._learn = learn

    def use(self, request: t.Callable[[Access], Result]) -> Result:
        """What ``request`` gives with this login, or raises; tried once more where the service refuses a token."""
        return _renewed_once(self.access, request)

    def access(self, refused: Access | None = None) -> Access:
        """The login; a new one where the service ``refused`` the last."""
        if agency.is_given(self._options):
            return self._obtain(self._options, self._assume_agency, refused)
        return self._own(self._options, refused)

    def _assume_agency(self) -> Access:
        options = agency.base(self._options)

        def own(refused: Access | None = None) -> Access:
            return self._own(options, refused)

        return _renewed_once(own, lambda caller: agency.assume(self._options, caller, self._iam))

    def _own(self, options: t.Mapping[str, t.Any], refused: Access | None) -> Access:
        """The login of the user or key itself."""

        def log_in() -> Access:
            if self._way is password and "passcode" in options:
                self._logins.spend(options["passcode"])
            return self._way.authenticate(options, self._iam)

        return self._obtain(options, log_in, refused)

    def _obtain(self, options: t.Mapping[str, t.Any], log_in: t.Callable[[], Access], refused: Access | None) -> Access:
        access = self._logins.obtain(choice.identity(options), log_in, refused)
        if access.token:
            self._learn(access.token)
        return access


def _renewed_once(obtain: Obtain, request: t.Callable[[Access], Result]) -> Result:
    access = obtain()
    try:
        return request(access)
    except ServiceError as error:
        # It may have been revoked, or be one of an earlier session. Any other proof would be refused again, and too
        # many refusals lock a key.
        if error.http_status != 401 or access.token is None:
            raise
        if access.once:
            raise error.with_hint(password.USED_UP) from None
    return request(obtain(access))
