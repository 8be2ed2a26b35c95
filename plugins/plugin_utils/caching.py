# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking only when nobody has: the run's cache, then one across runs where the user names it, then the cloud."""

from __future__ import annotations

import threading
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import options
from ansible_collections.community.modelarts.plugins.module_utils.ambient import Ambient
from ansible_collections.community.modelarts.plugins.module_utils.errors import OptionsError
from ansible_collections.community.modelarts.plugins.plugin_utils import run_cache

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.plugin_utils.asking import Asker

# The options that only plugins on the controller have.
ARGUMENTS: dict[str, dict[str, t.Any]] = {
    "cache": {"type": "bool", "default": True},
    "cache_timeout": {"type": "int", "default": 300},
    "cache_plugin": {"type": "str", **options.fallback("cache_plugin")},
    # Redis and its like are told a password there.
    "cache_connection": {"type": "str", "no_log": True, **options.fallback("cache_connection")},
    "cache_prefix": {"type": "str", "default": "modelarts_", **options.fallback("cache_prefix")},
}

# All other options of connection and query make the answer what it is. Those of TLS too, or one that came over a
# connection that was not checked would be given to a task that wants it checked.
NOT_IN_THE_ANSWER = {"timeout", "retries"}


class Source:
    """Where one evaluation has its answers from; its ``cache*`` options are the same for all of them."""

    def __init__(self, parameters: t.Mapping[str, t.Any]) -> None:
        """Raises OptionsError for caching options that make no sense."""
        self._timeout = parameters["cache_timeout"]
        if self._timeout < 1:
            raise OptionsError("cache_timeout must be at least 1 (seconds): to ask each time, set cache to false")
        self._cache = run_cache.of_this_run() if parameters["cache"] else None
        self._asker: Asker | None = None
        self._lock = threading.Lock()

    def fetch(self, parameters: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """``specs`` and ``spec_total_count`` for the parsed options of one connection and query.

        Raises what ``resource_specs.query`` raises; a failure that another process met is a ModelArtsError with the same
        message and fields.
        """
        if self._cache is None:
            return self._ask(parameters)
        answer: dict[str, t.Any] = self._cache.obtain(
            ["answer", _name(parameters)], self._timeout, lambda: self._ask(parameters)
        )
        return answer

    def _ask(self, parameters: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        with self._lock:
            if self._asker is None:
                # Not at the top: who finds an answer does not pay for loading the HTTP stack.
                from ansible_collections.community.modelarts.plugins.plugin_utils.asking import Asker

                self._asker = Asker(self._cache, self._timeout)
        return self._asker.ask(parameters)


def _name(parameters: t.Mapping[str, t.Any]) -> list[t.Any]:
    """What the answer depends on. Whether a value was written matters, because a login that was written goes first."""
    counting = {**options.connection(), **options.query()}.keys() - NOT_IN_THE_ANSWER
    return [
        [name, value, isinstance(value, Ambient)]
        for name, value in sorted(options.given(parameters).items())
        if name in counting
    ]
