# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done when the run's cache has no answer: the cloud is asked, by a login that the whole run shares."""

from __future__ import annotations

import dataclasses
import time
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils.auth.access import Access, TokenAuth
from ansible_collections.community.modelarts.plugins.module_utils.errors import ModelArtsError
from ansible_collections.community.modelarts.plugins.module_utils.logins import Identity, LogIn, Logins, usable
from ansible_collections.community.modelarts.plugins.plugin_utils import run_cache
from ansible_collections.community.modelarts.plugins.plugin_utils.shared_cache import SharedCache

# How long a password or key that was refused is not tried again, in seconds: as long as clouds lock it.
PROOF_TIMEOUT = 300


class Asker:
    """Asks the cloud, unless an earlier run has; sessions of one identity share their login."""

    def __init__(self, parameters: t.Mapping[str, t.Any], warn: t.Callable[[str], None]) -> None:
        """``parameters`` are parsed options, of which those of caching hold for all that is asked."""
        self._logins = RunLogins(parameters["cache_timeout"]) if parameters["cache"] else OwnLogins()
        self._shared = SharedCache(parameters, warn) if parameters["cache"] and parameters["cache_plugin"] else None

    def ask(self, parameters: t.Mapping[str, t.Any]) -> run_cache.Made:
        """``specs`` and ``spec_total_count`` for parsed options. Raises what ``resource_specs.query`` raises."""
        answer = self._shared.get(parameters) if self._shared else None
        if answer is None:
            from ansible_collections.community.modelarts.plugins.module_utils import client, resource_specs

            session = client.Client(parameters, self._logins)
            answer = run_cache.Made(resource_specs.query(session, parameters), time.time())
            if self._shared:
                self._shared.set(parameters, answer)
        return answer


class OwnLogins(Logins):
    """The logins of one evaluation, in a run that sends each passcode once, and no wrong password again and again."""

    def _once(self, name: str, send: t.Callable[[], None]) -> None:
        failures: list[ModelArtsError] = []

        def make() -> run_cache.Made:
            try:
                send()
            except ModelArtsError as error:
                if error.http_status == run_cache.UNAUTHORIZED:
                    raise
                failures.append(error)
            # A failure that says nothing of the credential, such as of a host out of reach, is for this host only.
            return run_cache.Made(not failures, time.time())

        run_cache.obtain(["proof", name], PROOF_TIMEOUT, make, bool)
        if failures:
            raise failures[0]

    def _is_first_use(self, passcode: str) -> bool:
        sent = []

        def send() -> run_cache.Made:
            sent.append(True)
            return run_cache.Made(True, time.time())

        run_cache.obtain(["passcode", passcode], 0, send, bool)
        return bool(sent)


class RunLogins(OwnLogins):
    """The logins of one ansible run: a token that one of its forks has obtained serves all of them."""

    def __init__(self, failure_timeout: float) -> None:
        super().__init__()
        self._failure_timeout = failure_timeout

    def obtain(self, identity: Identity, log_in: LogIn, refused: Access | None = None) -> Access:
        """See ``Logins``. A login that IAM refused fails for some time, without asking again."""

        def through_cache() -> Access:
            own: list[Access] = []

            def make() -> run_cache.Made:
                own.append(log_in())
                return run_cache.Made(_stored(own[0]), time.time())

            def is_usable(stored: dict[str, t.Any] | None) -> bool:
                return stored is not None and usable(_restored(stored), refused)

            login = run_cache.obtain(["login", dict(identity)], self._failure_timeout, make, is_usable)
            return own[0] if own else _restored(login.value)

        return super().obtain(identity, through_cache, refused)


def _stored(access: Access) -> dict[str, t.Any] | None:
    """What JSON can hold of a login; None of one for which IAM issued nothing: anybody can make that."""
    fields = {field.name: getattr(access, field.name) for field in dataclasses.fields(access) if field.name != "auth"}
    return fields if access.token else None


def _restored(stored: dict[str, t.Any]) -> Access:
    """Raises TypeError or KeyError if this is none of ours."""
    return Access(TokenAuth(stored["token"]), **{**stored, "catalog": tuple(stored["catalog"])})
