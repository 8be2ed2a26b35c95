# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cache of one Ansible run, shared by its forks, and the cache that runs share.

Ansible evaluates a lookup for every host, task and loop item, in processes that share no memory. They share files of
the run instead. Tokens are stored only there.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import threading
import time
import typing as t

from ansible.errors import AnsibleError
from ansible.plugins.loader import cache_loader

from ansible_collections.community.modelarts.plugins.module_utils._errors import (
    ModelArtsError,
    OptionsError,
    refuses_credential,
)
from ansible_collections.community.modelarts.plugins.module_utils._options import CONNECTION
from ansible_collections.community.modelarts.plugins.plugin_utils import _run_files

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils._connection import Connection

# Seconds for which a failure is shared: long enough for the hosts that waited for it.
FAILURE_TIMEOUT = 5

# Seconds for which the refusals of a credential count: as long as clouds lock a user or a key.
REFUSAL_TIMEOUT = 300

# Seconds until a claim is valid, and between two checks of a claim. A run that took longer to claim may have replaced a
# valid claim: it waits this many times as long as it took, for the response of the run that queries.
CLAIM_SETTLES = 0.2
LATE_CLAIM_FACTOR = 10

# Seconds by which the clocks of the machines that share a cache may differ.
CLOCK_SKEW = 30

# The password in a connection string: "host:port:database:password", the same with several hosts, and URLs.
PASSWORD = (
    r"^(?:tls://)?(?:[^:]+|\[[^]]+\]):\d+:\d+:(.+)$"
    r"|;\d+:(.+)$"
    r"|^[^@]*?//[^/:@]*:(.+)@"
)


class Entry(t.NamedTuple):
    """A cache entry: a value that JSON can hold, and when it was created, in seconds since the epoch."""

    value: t.Any
    created: float


def get_or_create(
    name: t.Any, timeout: float, create: t.Callable[[], Entry], is_usable: t.Callable[[t.Any], bool] | None = None
) -> Entry:
    """Return the entry of this run for ``name``, or else store and return what ``create`` returns.

    One process creates it while the others wait. It is valid for ``timeout`` seconds, or as long as its value
    ``is_usable``. If ``create`` raises ModelArtsError, the others get the same failure for ``FAILURE_TIMEOUT``, or for
    ``timeout`` if it refuses a credential, because repeated refusals lock the user or the key.
    """
    file = _run_files.path(name)
    return _run_files.read_or_create(
        file, lambda stored: _valid(stored, timeout, is_usable), lambda: _create(file, create)
    )


class RunStore:
    """Keeps tokens for all forks of this run: the ``Store`` of ``_tokens``.

    A login is stored only if ``cache`` is true. Refused credentials are stored in any case; otherwise each
    evaluation would send them again.
    """

    def __init__(self, cache: bool, refusal_timeout: float) -> None:
        from ansible_collections.community.modelarts.plugins.module_utils._tokens import MemoryStore

        self._refusal_timeout = refusal_timeout
        self._memory = None if cache else MemoryStore()

    def get_or_create(
        self, name: t.Sequence[t.Any], create: t.Callable[[], t.Any], is_usable: t.Callable[[t.Any], bool]
    ) -> t.Any:
        """See ``Store``."""
        is_login = name[0] == "login"
        if is_login and self._memory:
            return self._memory.get_or_create(name, create, is_usable)
        timeout = self._refusal_timeout if is_login else REFUSAL_TIMEOUT
        return get_or_create(name, timeout, lambda: Entry(create(), time.time()), is_usable).value


class SharedCache:
    """Responses in one of Ansible's cache plugins, shared by runs. Failures of the plugin only cause a warning.

    A key of the plugin holds either a response or the claim of a run that is about to query, so that runs that start
    at the same moment query once. Cache plugins have no atomic update: a claim is valid once nobody has replaced it for
    ``CLAIM_SETTLES``, or longer if its run was held up between reading and writing.
    """

    def __init__(self, parameters: t.Mapping[str, t.Any], warn: t.Callable[[str], None]) -> None:
        """Take the caching options of ``parameters``. Raises OptionsError if the plugin does not exist."""
        self._name = parameters["cache_plugin"]
        self._connection = parameters["cache_connection"]
        self._timeout = parameters["cache_timeout"]
        self._warn = warn
        self._has_failed = False
        self._lock = threading.Lock()
        # The plugin forgets claims as well, which are valid as long as a request can take.
        longest = max(self._timeout, parameters["timeout"])
        options = {"_uri": self._connection, "_timeout": longest, "_prefix": parameters["cache_prefix"]}
        self._given = {name: str(value) for name, value in options.items() if value is not None}
        if self._try(lambda: cache_loader.has_plugin(self._name), True) is False:
            raise OptionsError(f"There is no cache plugin {self._name}: see 'ansible-doc -t cache -l'")

    def get_or_create(self, key: str, patience: float, create: t.Callable[[], dict[str, t.Any]]) -> Entry:
        """Return the response for ``key``, or else store and return what ``create`` returns.

        A claim is valid for ``patience`` seconds; this waits for other runs twice as long. Raises what ``create`` does.
        """
        claim = os.urandom(16).hex()
        entry = self._wait(key, claim, patience)
        if entry:
            return entry
        try:
            entry = Entry(create(), time.time())
        except Exception:
            plugin = self._plugin()
            if _claimed_by(self._get(plugin, key), patience) == claim:
                self._set(plugin, key, {"claimed_by": None, "made": time.time()})
            raise
        self._set(self._plugin(), key, {**entry.value, "made": entry.created})
        return entry

    def _wait(self, key: str, claim: str, patience: float) -> Entry | None:
        """Return the response of another run, or None if this run has to query."""
        deadline = time.monotonic() + 2 * patience  # if the first run was killed, the next one takes over
        has_claimed, settles_at = False, 0.0
        while time.monotonic() < deadline:
            plugin, began = self._plugin(), time.monotonic()
            stored = self._get(plugin, key)
            entry = self._response(stored)
            owner = _claimed_by(stored, patience)
            # The plugin stores nothing, or this run's claim has expired.
            is_lost = has_claimed and owner is None
            if entry or self._has_failed or is_lost or (owner == claim and began >= settles_at):
                return entry
            has_claimed = owner in (None, claim)
            if owner is None:
                # with the same instance, because loading another one takes long on a busy machine
                self._set(plugin, key, {"claimed_by": claim, "made": time.time()})
                took = time.monotonic() - began
                settles_at = time.monotonic() + (CLAIM_SETTLES if took < CLAIM_SETTLES else LATE_CLAIM_FACTOR * took)
            time.sleep(CLAIM_SETTLES)
        return None

    def _response(self, stored: t.Any) -> Entry | None:
        """Return the stored response, or None if the entry is invalid or too old."""
        if not isinstance(stored, dict) or not {"specs", "spec_total_count", "made"} <= stored.keys():
            return None
        response = {name: value for name, value in stored.items() if name != "made"}
        created = stored["made"]
        is_response = (
            isinstance(response["specs"], list)
            and all(isinstance(spec, dict) for spec in response["specs"])
            and isinstance(response["spec_total_count"], int)
            and isinstance(created, (int, float))
        )
        now = time.time()
        is_valid = is_response and -CLOCK_SKEW <= now - created < self._timeout
        return Entry(response, min(created, now)) if is_valid else None

    def _plugin(self) -> t.Any:
        """Return a new instance, because plugins remember what they have read; None if it cannot be loaded."""
        with self._lock:
            return self._try(self._load)

    def _load(self) -> t.Any:
        try:
            return cache_loader.get(self._name, **self._given)
        except AnsibleError:
            # A plugin that stores files fails when another run creates its folder at the same moment.
            return cache_loader.get(self._name, **self._given)

    def _get(self, plugin: t.Any, key: str) -> t.Any:
        def get() -> t.Any:
            with contextlib.suppress(KeyError):
                # Only JSON values: a plugin may return text that Ansible would render, or encrypted text.
                return json.loads(json.dumps(plugin.get(key)))
            return None

        return self._try(get)

    def _set(self, plugin: t.Any, key: str, value: dict[str, t.Any]) -> None:
        self._try(lambda: plugin.set(key, value))

    def _try(self, call: t.Callable[[], t.Any], otherwise: t.Any = None) -> t.Any:
        """Return the result of ``call``. Warn about the first failure: plugins raise exceptions of their libraries."""
        try:
            return call()
        except Exception as error:
            if not self._has_failed:
                self._has_failed = True
                self._warn(
                    f"The cache plugin {self._name} failed and is not used: {type(error).__name__}: "
                    f"{self._redacted(str(error))}"
                )
            return otherwise

    def _redacted(self, text: str) -> str:
        from ansible_collections.community.modelarts.plugins.module_utils._response import Redactor

        found = re.search(PASSWORD, self._connection or "")
        return Redactor(password for password in (found.groups() if found else ()) if password).hide(text)


def shared_key(connection: Connection, query: t.Sequence[t.Any]) -> str:
    """Return the key of a response in the shared cache: a hash of what the response depends on, without secrets.

    The hash of a token is included: it identifies the user, and cannot be guessed.
    """
    secrets = [name for name, option in CONNECTION.items() if option.secret]
    parts = {name: str(value) for name, value in connection.key().items() if name not in secrets}
    if connection.token:
        parts["token"] = hashlib.sha256(connection.token.encode()).hexdigest()
    return hashlib.sha256(json.dumps([parts, query], sort_keys=True).encode()).hexdigest()


def _claimed_by(stored: t.Any, timeout: float) -> t.Any:
    """Return the owner of a valid claim, or None if there is none within ``timeout`` seconds."""
    try:
        return stored["claimed_by"] if abs(time.time() - stored["made"]) < timeout else None
    except (KeyError, TypeError):
        return None


def _create(file: str, create: t.Callable[[], Entry]) -> Entry:
    try:
        entry = create()
    except ModelArtsError as error:
        _run_files.write(file, {"created": time.time(), "failure": error.result()})
        raise
    _run_files.write(file, entry._asdict())
    return entry


def _valid(stored: dict[str, t.Any], timeout: float, is_usable: t.Callable[[t.Any], bool] | None) -> Entry | None:
    """Return the stored entry if it is valid, else None. Raises the failure that was stored."""
    try:
        age = time.time() - stored["created"]
        if "failure" not in stored:
            is_valid = is_usable(stored["value"]) if is_usable else 0 <= age < timeout
            return Entry(stored["value"], stored["created"]) if is_valid else None
        fields = dict(stored["failure"])
        failure = ModelArtsError(fields.pop("msg"), **fields)
    except (KeyError, TypeError, ValueError):
        return None
    if 0 <= age < (timeout if refuses_credential(fields) else FAILURE_TIMEOUT):
        raise failure
    return None
