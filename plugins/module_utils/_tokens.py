# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared logins, renewed once, and never repeated so often that the cloud locks a user.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import copy
import functools
import json
import threading
import time
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils._auth.base import (
    PASSCODE_USED,
    AuthBase,
    AuthState,
    TokenAuth,
)
from ansible_collections.community.modelarts.plugins.module_utils._errors import (
    ModelArtsError,
    ServiceError,
    refuses_credential,
)
from ansible_collections.community.modelarts.plugins.module_utils._response import refuses_token

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils._auth.base import Iam
    from ansible_collections.community.modelarts.plugins.module_utils._connection import Connection

Result = t.TypeVar("Result")

# After this number of refusals a credential is not sent again: clouds lock users and keys after about five. The first
# refusal is not final, because IAM also responds with 401 if only the project is wrong.
MOST_REFUSALS = 3

NEW_TOKEN_REFUSED = "A new token was refused as well: check that auth_url and endpoint belong to the same cloud"

# Fields that do not affect a login: connections that differ only in these share one.
_NO_IDENTITY = ("endpoint", "region", "region_is_written", "allow_http")

_OF_PROJECT = ("project_id", "project_name", "project_domain_id", "project_domain_name")
_OF_AGENCY = ("agency_name", "agency_domain_name")


class Store(t.Protocol):
    """Keeps values by name: in this process, or in the cache of a run."""

    def get_or_create(
        self, name: t.Sequence[t.Any], create: t.Callable[[], t.Any], is_usable: t.Callable[[t.Any], bool]
    ) -> t.Any:
        """Return the value stored for ``name`` if it is usable, or else store and return what ``create`` returns.

        Only one caller at a time creates the value of a name; names and values are what JSON can hold. If ``create``
        raises ModelArtsError that refuses a credential, the same failure is raised for later callers.
        """


class MemoryStore:
    """Keeps values for the threads of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._values: dict[str, t.Any] = {}
        self._failures: dict[str, ModelArtsError] = {}

    def get_or_create(
        self, name: t.Sequence[t.Any], create: t.Callable[[], t.Any], is_usable: t.Callable[[t.Any], bool]
    ) -> t.Any:
        """See ``Store``."""
        key = json.dumps(name, sort_keys=True)
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key in self._failures:
                raise copy.copy(self._failures[key])
            if key not in self._values or not is_usable(self._values[key]):
                try:
                    self._values[key] = create()
                except ModelArtsError as error:
                    if refuses_credential(error.result()):
                        self._failures[key] = copy.copy(error)
                    raise
            return self._values[key]


class Tokens:
    """The logins of one process or run, kept in ``store``."""

    def __init__(self, store: Store | None = None) -> None:
        self._store = store or MemoryStore()

    def use(self, connection: Connection, iam: Iam, request: t.Callable[[AuthBase, AuthState], Result]) -> Result:
        """Run ``request`` with the login of ``connection``, and return its result.

        A token that the service refuses is renewed once, because it may have been revoked. Raises what logging in and
        ``request`` raise.
        """
        state = self._state(connection, iam)
        try:
            return request(_auth(connection, state), state)
        except ServiceError as error:
            is_refused = refuses_token(error.result())
            if not is_refused or not state.renewable:
                if is_refused and connection.passcode and connection.auth_method == "password":
                    raise error.with_hint(PASSCODE_USED) from None
                raise
        state = self._state(connection, iam, refused=state.token)
        try:
            return request(_auth(connection, state), state)
        except ServiceError as error:
            if refuses_token(error.result()) and not error.is_from_iam:
                error.with_hint(NEW_TOKEN_REFUSED)
            raise

    def guard(self, credential: str | None, request: t.Callable[[], Result]) -> Result:
        """Run ``request``, which sends a ``credential`` that gets locked if it is refused too often.

        Requests are serialized until the credential was accepted once. Raises what ``request`` raises. After
        ``MOST_REFUSALS``, raises the recorded refusal without sending anything.
        """
        if credential is None:
            return request()
        outcome: list[Result | ModelArtsError] = []
        for attempt in range(MOST_REFUSALS):
            try:
                send = functools.partial(_send, request, outcome)
                self._store.get_or_create(["accepted", attempt, credential], send, bool)
                break
            except ModelArtsError:
                # A recorded refusal allows another attempt, until there were too many.
                if outcome or attempt + 1 == MOST_REFUSALS:
                    raise
        if not outcome:
            return request()
        if isinstance(outcome[0], ModelArtsError):
            raise outcome[0]
        return outcome[0]

    def _state(self, connection: Connection, iam: Iam, refused: str | None = None) -> AuthState:
        """Log in, or return a known login that was not refused."""
        looks_up_project = connection.project_name and not connection.project_id
        if connection.auth_method != "password" and not connection.agency_name and not looks_up_project:
            return _given(connection)
        identity = {name: value for name, value in connection.key().items() if name not in _NO_IDENTITY}

        def is_usable(stored: t.Any) -> bool:
            state = _restored(stored)
            is_refused = refused is not None and state is not None and state.token == refused
            return state is not None and not is_refused and (state.renew_at is None or time.time() < state.renew_at)

        def log_in() -> dict[str, t.Any]:
            return self._log_in(connection, iam)._asdict()

        state = _restored(self._store.get_or_create(["login", identity], log_in, is_usable))
        if state is None:
            raise AssertionError("what was stored is usable")
        return state

    def _log_in(self, connection: Connection, iam: Iam) -> AuthState:
        from ansible_collections.community.modelarts.plugins.module_utils._auth import keystone

        if connection.agency_name:
            # The project belongs to the other account, so the caller's own login must not name it.
            nothing: dict[str, t.Any] = dict.fromkeys((*_OF_AGENCY, *_OF_PROJECT))
            caller = connection._replace(**nothing)
            return self.use(caller, iam, lambda auth, state: keystone.assume_agency(connection, auth, iam))
        if connection.auth_method == "password":
            return keystone.log_in(connection, iam)
        state = _given(connection)
        project_id = keystone.find_project(connection.project_name or "", _auth(connection, state), iam)
        return state._replace(project_id=project_id)


def _send(request: t.Callable[[], Result], outcome: list[Result | ModelArtsError]) -> bool:
    """Store the result or exception of ``request`` in ``outcome``; return whether it succeeded. Raises refusals."""
    try:
        outcome.append(request())
    except ModelArtsError as error:
        outcome.append(error)
        if refuses_credential(error.result()):
            raise
        # Other failures say nothing about the credential.
        return False
    return True


def _given(connection: Connection) -> AuthState:
    """Return the login that needs no request: the token that was given, or none if requests are signed."""
    return AuthState(token=connection.token if connection.auth_method == "token" else None)


def _auth(connection: Connection, state: AuthState) -> AuthBase:
    if state.token:
        return TokenAuth(state.token)
    from ansible_collections.community.modelarts.plugins.module_utils._auth.aksk import AkSkAuth

    return AkSkAuth(connection, connection.project_id or state.project_id)


def _restored(stored: t.Any) -> AuthState | None:
    """Return the stored login, or None if the value is not one."""
    try:
        return AuthState(**{**stored, "catalog": tuple(stored["catalog"])})
    except (KeyError, TypeError):
        return None
