# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that outlive a run, in one of Ansible's cache plugins: for the slices of a job, and for the next run.

Answers only. Logins never leave the run.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
import typing as t

from ansible.plugins.loader import cache_loader

from ansible_collections.community.modelarts.plugins.module_utils import options
from ansible_collections.community.modelarts.plugins.module_utils.auth import choice
from ansible_collections.community.modelarts.plugins.module_utils.errors import OptionsError
from ansible_collections.community.modelarts.plugins.module_utils.secrets import Secrets
from ansible_collections.community.modelarts.plugins.plugin_utils.run_cache import Made

# Where a connection holds a password: host:port:database:password, the same with several hosts, and addresses.
PASSWORD = re.compile(
    r"^(?:tls://)?(?:[^:]+|\[[^]]+\]):\d+:\d+:(.+)$"
    r"|;\d+:(.+)$"
    r"|^[^@]*?//[^/:@]*:(.+)@"
)


class SharedCache:
    """The cache plugin that the options name. Where it fails, the user is warned, and it is done without."""

    def __init__(self, parameters: t.Mapping[str, t.Any], warn: t.Callable[[str], None]) -> None:
        """Raises OptionsError if there is no such plugin."""
        self._name = parameters["cache_plugin"]
        self._connection = parameters["cache_connection"]
        self._timeout = parameters["cache_timeout"]
        self._warn = warn
        given = {"_uri": self._connection, "_timeout": self._timeout, "_prefix": parameters["cache_prefix"]}
        # Without the type of a text: Ansible takes none but its own and Python's.
        known = {name: str(value) for name, value in given.items() if value is not None}
        self._plugin: t.Any = None
        try:
            is_there = cache_loader.has_plugin(self._name)
            if is_there:
                self._plugin = cache_loader.get(self._name, **known)
        except Exception as error:
            self._complain(error)
        else:
            if not is_there:
                raise OptionsError(f"There is no cache plugin {self._name}: see 'ansible-doc -t cache -l'")

    def get(self, parameters: t.Mapping[str, t.Any]) -> Made | None:
        """The answer for parsed options, if there is one that is not too old. Raises OptionsError for bad ones."""
        if self._plugin is None:
            return None
        key = _key(parameters)
        try:
            # Nothing but what JSON holds: a plugin can give texts that Ansible would render, or that are encrypted.
            entry = json.loads(json.dumps(self._plugin.get(key)))
        except KeyError:
            return None
        except Exception as error:
            self._complain(error)
            return None
        return self._answer(entry)

    def _answer(self, entry: t.Any) -> Made | None:
        """What ``set`` kept, None if this is nothing of the kind, or too old."""
        if not isinstance(entry, dict) or entry.keys() != {"specs", "spec_total_count", "made"}:
            return None
        made = entry.pop("made")
        is_answer = (
            isinstance(entry["specs"], list)
            and all(isinstance(spec, dict) for spec in entry["specs"])
            and isinstance(entry["spec_total_count"], int)
            and isinstance(made, (int, float))
        )
        return Made(entry, made) if is_answer and 0 <= time.time() - made < self._timeout else None

    def set(self, parameters: t.Mapping[str, t.Any], answer: Made) -> None:
        """Keep an answer."""
        if self._plugin is not None:
            key = _key(parameters)
            try:
                self._plugin.set(key, {**answer.value, "made": answer.made})
            except Exception as error:
                self._complain(error)

    def _complain(self, error: Exception) -> None:
        """Tell of any failure: a plugin raises whatever its library does. What that quotes may hold a password."""
        found = PASSWORD.search(self._connection or "")
        reason = Secrets(password for password in (found.groups() if found else ()) if password).hide(str(error))
        self._warn(f"The cache plugin {self._name} failed, and is done without: {type(error).__name__}: {reason}")


def _key(parameters: t.Mapping[str, t.Any]) -> str:
    """What stands for a question in all runs: the options that make the answer, as far as they are no secrets.

    Of a token a hash goes into it: it says who asks, and nobody can guess it.
    """
    values = options.given(parameters)
    choice.choose(values)  # also puts what clouds.yaml says in the place of a cloud's name, which says little
    names = {*options.makes_the_answer(), *choice.IDENTITY} - set(options.SECRETS)
    parts = {name: str(values[name]) for name in names if name in values}
    if "token" in values:
        parts["token"] = hashlib.sha256(values["token"].encode()).hexdigest()
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
