# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins that are shared, renewed once, and never tried so often that the cloud locks a user out.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import threading
import time
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils._auth.base import AuthState, TokenAuth
from ansible_collections.community.modelarts.plugins.module_utils._errors import ModelArtsError, ServiceError

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils._auth.base import AuthBase, Iam
    from ansible_collections.community.modelarts.plugins.module_utils._connection import Connection

Result = t.TypeVar("Result")
Value = t.TypeVar("Value")

# A credential that was refused so often is not sent again: clouds lock users and keys after about five refusals. The
# first refusal does not count as final, because IAM also responds with 401 where only the project is wrong.
MOST_REFUSALS = 3

UNAUTHORIZED = 401

# The options that make up a login: connections that agree in them share one.
_IDENTITY = (
    *("auth_method", "auth_url", "token", "username", "user_id", "password", "passcode"),
    *("user_domain_name", "user_domain_id", "access_key", "secret_key", "security_token"),
    *("project_id", "project_name", "project_domain_id", "project_domain_name", "agency_name", "agency_domain_name"),
)


class Store(t.Protocol):
    """Keeps values by name: in this process, or in the cache of a run."""

    def get_or_create(
        self, name: t.Sequence[t.Any], create: t.Callable[[], t.Any], is_usable: t.Callable[[t.Any], bool]
    ) -> t.Any:
        """Return the value stored for ``name`` if it is usable, or else store and return what ``create`` returns.

        Only one caller at a time creates the value of a name; names and values are what JSON can hold. If ``create``
        raises ModelArtsError with HTTP status 401, the same failure is raised for later callers.
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
                    if error.http_status == UNAUTHORIZED:
                        self._failures[key] = copy.copy(error)
                    raise
            return self._values[key]


class Tokens:
    """The logins of one process or run, kept in ``store``."""

    def __init__(self, store: Store | None = None) -> None:
        self._store = store or MemoryStore()

    def use(self, connection: Connection, iam: Iam, request: t.Callable[[AuthBase, AuthState], Result]) -> Result:
        """Return what ``request`` returns with the login of ``connection``.

        A token that the service refuses is renewed once: it may have been revoked. Raises what logging in and
        ``request`` raise.
        """
        state = self._state(connection, iam)
        try:
            return request(_auth(connection, state), state)
        except ServiceError as error:
            # Any other credential would be refused again, and too many refusals lock it.
            if error.http_status != UNAUTHORIZED or state.token is None:
                raise
            if not state.renewable:
                if connection.passcode and connection.auth_method == "password":
                    from ansible_collections.community.modelarts.plugins.module_utils._auth import keystone

                    raise error.with_hint(keystone.PASSCODE_USED) from None
                raise
        state = self._state(connection, iam, refused=state.token)
        return request(_auth(connection, state), state)

    def guard(self, credential: str | None, request: t.Callable[[], Result]) -> Result:
        """Return what ``request`` returns, which sends a ``credential`` that gets locked if it is refused too often.

        Until it was accepted once, requests with it are serialized. Raises what ``request`` raises, or the recorded
        refusal, without sending anything, once there were ``MOST_REFUSALS``.
        """
        if credential is None:
            return request()
        for attempt in range(MOST_REFUSALS):
            attempts: list[Result | ModelArtsError] = []

            def send(attempts: list[Result | ModelArtsError] = attempts) -> bool:
                try:
                    attempts.append(request())
                except ModelArtsError as error:
                    attempts.append(error)
                    if error.http_status == UNAUTHORIZED:
                        raise
                # A failure that tells nothing about the credential is for this request only.
                return not isinstance(attempts[0], ModelArtsError)

            try:
                self._store.get_or_create(["accepted", attempt, credential], send, bool)
            except ModelArtsError:
                if attempts or attempt + 1 == MOST_REFUSALS:
                    raise
                continue
            if not attempts:
                return request()
            if isinstance(attempts[0], ModelArtsError):
                raise attempts[0]
            return attempts[0]
        raise AssertionError("the last attempt returns or raises")

    def _state(self, connection: Connection, iam: Iam, refused: str | None = None) -> AuthState:
        """Log in, or return a login that is known and was not refused."""
        if connection.auth_method != "password" and connection.project_id and not connection.agency_name:
            return AuthState(token=connection.token if connection.auth_method == "token" else None)
        identity = {name: getattr(connection, name) for name in _IDENTITY}

        def is_usable(stored: t.Any) -> bool:
            state = _restored(stored)
            is_refused = refused is not None and state is not None and state.token == refused
            return state is not None and not is_refused and (state.renew_at is None or time.time() < state.renew_at)

        def log_in() -> dict[str, t.Any]:
            return dataclasses.asdict(self._log_in(connection, iam))

        state = _restored(self._store.get_or_create(["login", identity], log_in, is_usable))
        if state is None:
            raise AssertionError("what was stored is usable")
        return state

    def _log_in(self, connection: Connection, iam: Iam) -> AuthState:
        from ansible_collections.community.modelarts.plugins.module_utils._auth import keystone

        if connection.agency_name:
            # The project belongs to the other account: the caller's own login must not name it.
            caller = dataclasses.replace(
                connection,
                **dict.fromkeys(("agency_name", "agency_domain_name")),
                **{name: None for name in _IDENTITY if name.startswith("project_")},
            )
            return self.use(caller, iam, lambda auth, state: keystone.assume_agency(connection, auth, iam))
        if connection.auth_method == "password":
            return keystone.log_in(connection, iam)
        state = AuthState(token=connection.token if connection.auth_method == "token" else None)
        if not connection.project_name:
            return state
        project_id = keystone.find_project(connection.project_name, _auth(connection, state), iam)
        return dataclasses.replace(state, project_id=project_id)


def _auth(connection: Connection, state: AuthState) -> AuthBase:
    if state.token:
        return TokenAuth(state.token)
    from ansible_collections.community.modelarts.plugins.module_utils._auth.aksk import AkSkAuth

    return AkSkAuth(connection, connection.project_id or state.project_id)


def _restored(stored: t.Any) -> AuthState | None:
    """Return the login that was stored, or None if that is not one."""
    try:
        return AuthState(**{**stored, "catalog": tuple(stored["catalog"])})
    except (KeyError, TypeError):
        return None
