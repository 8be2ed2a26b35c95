# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins that are made once and shared by all sessions of the same identity."""

from __future__ import annotations

import copy
import threading
import time
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils.errors import ModelArtsError, OptionsError

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.auth.access import Access

Result = t.TypeVar("Result")

# A password or key that was refused so often is not sent any more: clouds lock who is refused about five times. Not
# after the first time, because IAM also says 401 where only the project is wrong.
MOST_REFUSALS = 3

UNAUTHORIZED = 401

# What an identity is made of: the options that say who logs in where, for which project.
Identity = t.Mapping[str, t.Any]
LogIn = t.Callable[[], "Access"]


class Logins:
    """The logins of one process. Threads that want the same one wait for the first of them to make it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._made: dict[str, Access] = {}
        self._spent: set[str] = set()
        self._outcomes: dict[str, ModelArtsError | None] = {}

    def obtain(self, identity: Identity, log_in: LogIn, refused: Access | None = None) -> Access:
        """The login of ``identity``: one that stands and has not run out, or else what ``log_in`` makes.

        ``refused`` is one that the service did not accept; that one is not given again. Raises what ``log_in`` raises.
        """
        key = repr(sorted(identity.items()))
        with self._lock_of(key):
            access = self._made.get(key)
            if access is None or not usable(access, refused):
                access = self._made[key] = log_in()
            return access

    def prove(self, credential: str, request: t.Callable[[], Result]) -> Result:
        """What ``request`` gives, which carries a ``credential`` that gets locked when it is refused too often.

        Until one request with it was accepted, they are sent one after the other. Raises what ``request`` raises, or
        the last refusal, without sending anything, where there were enough of them.
        """
        for attempt in range(MOST_REFUSALS):
            sending = _Sending(request)
            try:
                self._once(f"{attempt} {credential}", sending)
            except ModelArtsError as error:
                if sending.was_tried or error.http_status != UNAUTHORIZED or attempt + 1 == MOST_REFUSALS:
                    raise
            else:
                return sending.results[0] if sending.was_tried else request()
        raise AssertionError("the last attempt gives or raises something")

    def _once(self, name: str, send: t.Callable[[], None]) -> None:
        """Call ``send``, unless it was called for ``name`` before: then what came of it is told again.

        A failure that says nothing of the credential is not kept.
        """
        with self._lock_of(name):
            if name not in self._outcomes:
                try:
                    send()
                except ModelArtsError as error:
                    if error.http_status == UNAUTHORIZED:
                        self._outcomes[name] = copy.copy(error)
                    raise
                self._outcomes[name] = None
            outcome = self._outcomes[name]
        if outcome is not None:
            raise copy.copy(outcome)

    def _lock_of(self, name: str) -> threading.Lock:
        with self._lock:
            return self._locks.setdefault(name, threading.Lock())

    def spend(self, passcode: str) -> None:
        """Note that ``passcode`` is about to be sent. Raises OptionsError if it was sent before: it works only once."""
        if not self._is_first_use(passcode):
            raise OptionsError(
                "The passcode was sent to IAM before, and works only once. Give a new one for each login, "
                "or log in once and hand on the token"
            )

    def _is_first_use(self, passcode: str) -> bool:
        with self._lock:
            is_first = passcode not in self._spent
            self._spent.add(passcode)
        return is_first


class _Sending(t.Generic[Result]):
    """Sends a request when it is called, and keeps what came of it."""

    def __init__(self, request: t.Callable[[], Result]) -> None:
        self._request = request
        self.was_tried = False
        self.results: list[Result] = []

    def __call__(self) -> None:
        self.was_tried = True
        self.results.append(self._request())


def usable(access: Access, refused: Access | None) -> bool:
    """Whether a login that was made before can be used still."""
    if refused is not None and access.token == refused.token:
        return False
    return access.good_until is None or time.time() < access.good_until
