# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins that are made once and shared by all sessions of the same identity."""

from __future__ import annotations

import threading
import time
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils.errors import OptionsError

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.auth.access import Access

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

    def obtain(self, identity: Identity, log_in: LogIn, refused: Access | None = None) -> Access:
        """The login of ``identity``: one that stands and has not run out, or else what ``log_in`` makes.

        ``refused`` is one that the service did not accept; that one is not given again. Raises what ``log_in`` raises.
        """
        key = repr(sorted(identity.items()))
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            access = self._made.get(key)
            if access is None or not usable(access, refused):
                access = self._made[key] = log_in()
            return access

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


def usable(access: Access, refused: Access | None) -> bool:
    """Whether a login that was made before can be used still."""
    if refused is not None and access.token == refused.token:
        return False
    return access.good_until is None or time.time() < access.good_until
