# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a lookup has its answers from: the run's cache, and only where that has none, the cloud."""

from __future__ import annotations

import threading
import time
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import options
from ansible_collections.community.modelarts.plugins.module_utils.ambient import Ambient
from ansible_collections.community.modelarts.plugins.module_utils.errors import ModelArtsError, OptionsError
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


class Source:
    """Where one evaluation has its answers from. Its ``cache*`` options hold for all of them."""

    def __init__(self, parameters: t.Mapping[str, t.Any], warn: t.Callable[[str], None]) -> None:
        """Raises OptionsError for caching options that make no sense."""
        self._parameters = parameters
        self._warn = warn
        self.has_failed = False
        self._timeout: int = parameters["cache_timeout"]
        if self._timeout < 1:
            raise OptionsError("cache_timeout must be at least 1 (seconds): to ask each time, set cache to false")
        # When the first of the answers that were given was made, in seconds since the epoch.
        self.made: float = time.time()
        self._lock = threading.Lock()
        self._asker: Asker | None = None

    def fetch(self, parameters: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """``specs`` and ``spec_total_count`` for the parsed options of one connection and query.

        Raises what ``resource_specs.query`` raises; a failure that another process met is a ModelArtsError with the
        same message and fields.
        """
        try:
            if self._parameters["cache"]:
                answer = run_cache.obtain(["answer", _name(parameters)], self._timeout, lambda: self._ask(parameters))
            else:
                answer = self._ask(parameters)
        except ModelArtsError:
            self.has_failed = True
            raise
        with self._lock:
            self.made = min(self.made, answer.made)
        result: dict[str, t.Any] = answer.value
        return result

    def _ask(self, parameters: t.Mapping[str, t.Any]) -> run_cache.Made:
        with self._lock:
            if self._asker is None:
                # Not at the top: who finds an answer does not pay for loading what asks.
                from ansible_collections.community.modelarts.plugins.plugin_utils.asking import Asker

                self._asker = Asker(self._parameters, self._warn)
        return self._asker.ask(parameters)


def _name(parameters: t.Mapping[str, t.Any]) -> list[t.Any]:
    """What the answer depends on. Whether a value was written matters, because a login that was written goes first."""
    values = sorted(options.given(parameters).items())
    return [[name, value, isinstance(value, Ambient)] for name, value in values if name in options.makes_the_answer()]
