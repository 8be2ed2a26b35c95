# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluate a lookup whose result is not cached: parse options, get responses, and return how long they are valid.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import threading
import time
import typing as t

from ansible import constants as C

from ansible_collections.community.modelarts.plugins.module_utils import _connection, _errors, _options, _resource_specs
from ansible_collections.community.modelarts.plugins.plugin_utils import _cache
from ansible_collections.community.modelarts.plugins.plugin_utils._plain import is_empty, plain

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils._connection import Connection
    from ansible_collections.community.modelarts.plugins.module_utils._tokens import Tokens

# Turns parsed options, a query that returns what ``query_all`` does, and a function for warnings into a result. It may
# raise ModelArtsError.
Select = t.Callable[["dict[str, t.Any]", t.Callable[[], "dict[str, t.Any]"], t.Callable[[str], None]], "list[t.Any]"]


def arguments() -> dict[str, t.Any]:
    """Return the arguments of ``ArgumentSpecValidator``: the module's options, and those of caching."""
    result = _options.resource_specs_arguments()
    result["argument_spec"].update(_options.caching_spec())
    return result


def evaluate(
    job_types: list[t.Any], written: dict[str, t.Any], name: str, select: Select, display: t.Callable[[str], None]
) -> dict[str, t.Any]:
    """Return the ``result``, when it was ``created``, and when it ``expires``: 0 if it must not be cached.

    ``written`` are the unparsed options from keywords and variables; ``name`` is the name of the plugin. Raises
    ModelArtsError.
    """
    if job_types and "job_type" in written:
        raise _errors.OptionsError("job_type is given twice: as a term and as an option")
    configured = _configured(name, written)
    # ``resolve`` reads the connection options of the environment.
    first = {"job_type": job_types[0]} if job_types else {}
    parameters = _options.parse(
        arguments(), {**configured, **_options.environment(_options.CACHING), **written, **first}
    )
    job_type = {"argument_spec": {"job_type": _options.query_spec()["job_type"]}}
    queries = [{**parameters, **_options.parse(job_type, {"job_type": term})} for term in job_types] or [parameters]
    for each in queries:
        _resource_specs.check(each)
    warnings: list[str] = []
    source = Source(queries, warnings.append)

    def query() -> dict[str, t.Any]:
        connections = _connection.resolve(parameters, configured)
        return _resource_specs.query_all(connections, parameters["on_target_error"], source.fetch, warnings.append)

    try:
        result = select(parameters, query, warnings.append)
    except _errors.MachineError as error:
        raise error.on_controller() from None
    finally:
        for message in warnings:
            display(message)
    # A failed target may succeed soon.
    is_cached = parameters["cache"] and not warnings and not source.has_failed
    expires = source.created + parameters["cache_timeout"] if is_cached else 0
    return {"result": result, "created": source.created, "expires": expires}


def _configured(name: str, written: t.Container[str]) -> dict[str, t.Any]:
    """Return the options that only the section ``modelarts`` of ansible.cfg sets. It has no secrets."""
    options = [
        option for table in (_options.CONNECTION, _options.CACHING) for option in table if not table[option].secret
    ]
    sources = {option: {"ini": [{"section": "modelarts", "key": option}]} for option in options}
    place = {"plugin_type": "lookup", "plugin_name": name}
    C.config.initialize_plugin_configuration_definitions(*place.values(), sources)
    values = {option: C.config.get_config_value(option, **place) for option in sources if option not in written}
    return {option: plain(value) for option, value in values.items() if not is_empty(value)}


class Source:
    """The sources of an evaluation's responses: the cache of the run, the shared cache, the cloud."""

    def __init__(self, queries: t.Sequence[t.Mapping[str, t.Any]], warn: t.Callable[[str], None]) -> None:
        """``queries`` are parsed options that differ in their query only. Raises OptionsError for bad options."""
        self._queries = queries
        self._options = queries[0]
        self._timeout: int = queries[0]["cache_timeout"]
        if self._timeout < 1 and self._options["cache"]:
            raise _errors.OptionsError("cache_timeout must be at least 1 second. Set cache to false to query each time")
        self._warn = warn
        self.has_failed = False
        # When the oldest of the responses was received, in seconds since the epoch.
        self.created: float = time.time()
        # With targets, ``fetch`` is called in several threads at once.
        self._lock = threading.Lock()
        self._shared: _cache.SharedCache | None = None
        self._tokens: Tokens | None = None

    def fetch(self, connection: Connection) -> dict[str, t.Any]:
        """Return ``specs`` and ``spec_total_count`` of all queries for ``connection``; see ``Fetch``."""
        try:
            # all queries of a target together, so that a refused login is sent only once
            entries = [self._entry(connection, query) for query in self._queries]
        except _errors.ModelArtsError as error:
            self.has_failed = True
            raise (error.on_controller() if isinstance(error, _errors.MachineError) else error) from None
        with self._lock:
            self.created = min(self.created, *(entry.created for entry in entries))
        return {
            **entries[0].value,
            "specs": [spec for entry in entries for spec in entry.value["specs"]],
            "spec_total_count": sum(entry.value["spec_total_count"] for entry in entries),
        }

    def _entry(self, connection: Connection, parameters: t.Mapping[str, t.Any]) -> _cache.Entry:
        query = [[name, parameters[name]] for name in _options.query_spec()]

        def create() -> _cache.Entry:
            shared = self._shared_cache()
            if shared:
                key = _cache.shared_key(connection, query)
                return shared.get_or_create(key, connection.timeout, request)
            return _cache.Entry(request(), time.time())

        def request() -> dict[str, t.Any]:
            # imported lazily: cached responses do not need ``requests``
            from ansible_collections.community.modelarts.plugins.module_utils import _client

            return _resource_specs.query(_client.Client(connection, self._run_tokens()), parameters)

        if not self._options["cache"]:
            return create()
        return _cache.get_or_create(["specs", connection.key(), query], self._timeout, create)

    def _shared_cache(self) -> _cache.SharedCache | None:
        with self._lock:
            if self._shared is None and self._options["cache"] and self._options["cache_plugin"]:
                self._shared = _cache.SharedCache(self._options, self._warn)
            return self._shared

    def _run_tokens(self) -> Tokens:
        # imported lazily, as above
        from ansible_collections.community.modelarts.plugins.module_utils._tokens import Tokens

        with self._lock:
            if self._tokens is None:
                self._tokens = Tokens(_cache.RunStore(self._options["cache"], self._timeout))
            return self._tokens
