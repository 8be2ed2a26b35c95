# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lookup of the collection as Ansible calls it, and how it gets plain values from Ansible.

Ansible evaluates a lookup again for each host, task and loop item. What only the first of these evaluations needs is
imported where it is used.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import abc
import functools
import time
import typing as t
from collections.abc import Iterable, Mapping

from ansible.plugins.lookup import LookupBase

from ansible_collections.community.modelarts.plugins.plugin_utils import _cache

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils._connection import Connection

# Keywords of Ansible itself, which some versions of it hand on to the lookup.
ANSIBLE_KEYWORDS = ("wantlist", "allow_unsafe", "errors")

# What begins the text by which ansible-core up to 2.18 stands in for ``omit``; later versions have an object for it.
OMIT_PLACEHOLDER = "__omit_place_holder__"
OMIT_TYPE = "_OmitType"


def plain(value: t.Any) -> t.Any:
    """Return ``value`` as plain Python: None, bool, int, float, str, list, dict. Filters use this as well.

    Ansible hands over containers that render what is taken out of them, text with tags or marked as unsafe, and
    encrypted text. Whatever is neither number nor container becomes text, as the argument spec would have it. ``omit``
    becomes None, and is left out of containers.
    """
    if value is None or isinstance(value, bool) or _is_omitted(value):
        return None if _is_omitted(value) else value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (int, float)):
        return int(value) if isinstance(value, int) else float(value)
    if isinstance(value, Mapping):
        return {_plain_key(name): plain(item) for name, item in value.items() if not _is_omitted(item)}
    # Encrypted text is a sequence up to ansible-core 2.18.
    if isinstance(value, Iterable) and not isinstance(value, bytes) and not hasattr(type(value), "__ENCRYPTED__"):
        return [plain(item) for item in value if not _is_omitted(item)]
    return str(value)


class ModelArtsLookup(LookupBase):
    """A lookup whose terms are job types. A subclass says in ``select`` what becomes of the specs."""

    _has_warned = False

    @abc.abstractmethod
    def select(self, parameters: dict[str, t.Any], query: t.Callable[[], dict[str, t.Any]]) -> list[t.Any]:
        """Return the lookup's result. ``parameters`` are parsed; ``query`` returns what ``query_all`` does.

        May raise ModelArtsError.
        """

    def run(self, terms: list[t.Any], variables: t.Any = None, **kwargs: t.Any) -> list[t.Any]:
        """Return the result for ``terms``, from the cache of the run if it is there. Raises AnsibleLookupError."""
        job_types = [term for term in self._flatten(plain(terms)) if not _is_empty(term)]
        options_file = _cache.path("options")
        names = _cache.read(options_file).get("names")
        if names:
            file, _written = self._question(job_types, names, variables or {}, kwargs)
            entry = _cache.read(file)
            if entry and entry["created"] <= time.time() < entry["expires"]:
                return t.cast("list[t.Any]", entry["result"])
        # imported lazily: cache hits skip it
        from ansible.errors import AnsibleLookupError

        from ansible_collections.community.modelarts.plugins.module_utils._errors import ModelArtsError
        from ansible_collections.community.modelarts.plugins.module_utils._options import (
            caching_spec,
            resource_specs_arguments,
        )

        arguments = resource_specs_arguments()
        arguments["argument_spec"].update(caching_spec())
        names = list(arguments["argument_spec"])
        file, written = self._question(job_types, names, variables or {}, kwargs)
        try:
            entry = self._evaluate(job_types, arguments, written)
        except ModelArtsError as error:
            raise AnsibleLookupError(str(error)) from None
        if entry["expires"]:
            _cache.write(options_file, {"names": names})
            _cache.write(file, entry)
        return t.cast("list[t.Any]", entry["result"])

    def warn(self, message: str) -> None:
        """Warn the user. Such a result is not cached, so that each evaluation warns."""
        self._has_warned = True
        self._display.warning(message)

    def _question(
        self, job_types: list[t.Any], names: t.Iterable[str], variables: t.Mapping[str, t.Any], keywords: t.Any
    ) -> tuple[str, dict[str, t.Any]]:
        """Return the file of the run for the result, and the options that keywords and variables give.

        ``names`` are those of all options. ``set_options`` of Ansible is not used: it does not render templates in
        variables, and lets an environment variable that is empty take precedence over ansible.cfg.
        """
        given = {name: plain(value) for name, value in keywords.items() if name not in ANSIBLE_KEYWORDS}
        written = {name: value for name, value in given.items() if not _is_empty(value)}
        for name in names:
            if name not in written and f"modelarts_{name}" in variables:
                value = plain(self._templar.template(variables[f"modelarts_{name}"]))
                if not _is_empty(value):
                    written[name] = value
        return _cache.path([self._load_name, job_types, sorted(written.items())]), written

    def _evaluate(
        self, job_types: list[t.Any], arguments: dict[str, t.Any], written: dict[str, t.Any]
    ) -> dict[str, t.Any]:
        """Return the ``result``, when it was ``created``, and when it ``expires``: 0 if it must not be cached."""
        # imported lazily: cache hits skip it
        from ansible_collections.community.modelarts.plugins.module_utils import _connection, _resource_specs
        from ansible_collections.community.modelarts.plugins.module_utils._errors import MachineError, OptionsError
        from ansible_collections.community.modelarts.plugins.module_utils._options import CACHING, environment, parse

        if job_types and "job_type" in written:
            raise OptionsError("job_type is given twice: as a term and as an option")
        configured = self._configured(written)
        # The environment's connection options are read by ``resolve``.
        first = {"job_type": job_types[0]} if job_types else {}
        parameters = parse(arguments, {**configured, **environment(CACHING), **written, **first})
        job_type = {"argument_spec": {"job_type": arguments["argument_spec"]["job_type"]}}
        queries = [{**parameters, **parse(job_type, {"job_type": term})} for term in job_types] or [parameters]
        source = Source(queries, self.warn)

        def query() -> dict[str, t.Any]:
            connections = _connection.resolve(parameters, configured)
            return _resource_specs.query_all(connections, parameters["on_target_error"], source.fetch, self.warn)

        try:
            result = self.select(parameters, query)
        except MachineError as error:
            raise error.on_controller() from None
        # What a target lacks that failed may be there soon.
        is_cached = parameters["cache"] and not self._has_warned and not source.has_failed
        expires = source.created + parameters["cache_timeout"] if is_cached else 0
        return {"result": result, "created": source.created, "expires": expires}

    def _configured(self, written: t.Container[str]) -> dict[str, t.Any]:
        """Return the options that only the section ``modelarts`` of ansible.cfg gives. It gives no secrets."""
        # imported lazily: cache hits skip it
        from ansible import constants as C

        from ansible_collections.community.modelarts.plugins.module_utils._options import CACHING, CONNECTION

        options = [name for table in (CONNECTION, CACHING) for name, option in table.items() if not option.secret]
        sources = {name: {"ini": [{"section": "modelarts", "key": name}]} for name in options if name != "access_key"}
        place = {"plugin_type": self.plugin_type, "plugin_name": self._load_name}
        C.config.initialize_plugin_configuration_definitions(*place.values(), sources)
        values = {name: C.config.get_config_value(name, **place) for name in sources if name not in written}
        return {name: plain(value) for name, value in values.items() if not _is_empty(value)}


class Source:
    """Where one evaluation gets responses from: the cache of the run, the shared cache, the cloud."""

    def __init__(self, queries: t.Sequence[t.Mapping[str, t.Any]], warn: t.Callable[[str], None]) -> None:
        """``queries`` are parsed options that differ in their query only. Raises OptionsError for bad options."""
        # imported lazily: cache hits skip it
        from ansible_collections.community.modelarts.plugins.module_utils._errors import OptionsError

        self._queries = queries
        self._options = queries[0]
        self._timeout: int = queries[0]["cache_timeout"]
        if self._timeout < 1:
            raise OptionsError("cache_timeout must be at least 1 second. Set cache to false to query each time")
        self._warn = warn
        self.has_failed = False
        # When the oldest of the responses was received, in seconds since the epoch.
        self.created: float = time.time()

    def fetch(self, connection: Connection) -> dict[str, t.Any]:
        """Return ``specs`` and ``spec_total_count`` of all queries for ``connection``; see ``Fetch``."""
        # imported lazily: cache hits skip it
        from ansible_collections.community.modelarts.plugins.module_utils._errors import MachineError, ModelArtsError

        try:
            # All queries of a target together: a login that is refused is refused once.
            entries = [self._entry(connection, query) for query in self._queries]
        except ModelArtsError as error:
            self.has_failed = True
            raise (error.on_controller() if isinstance(error, MachineError) else error) from None
        self.created = min(self.created, *(entry.created for entry in entries))
        return {
            "specs": [spec for entry in entries for spec in entry.value["specs"]],
            "spec_total_count": sum(entry.value["spec_total_count"] for entry in entries),
        }

    def _entry(self, connection: Connection, parameters: t.Mapping[str, t.Any]) -> _cache.Entry:
        # imported lazily: cache hits skip it
        from ansible_collections.community.modelarts.plugins.module_utils._options import QUERY

        query = [[name, parameters[name]] for name in QUERY]

        def create() -> _cache.Entry:
            if self._shared:
                key = _cache.shared_key(connection, query)
                return self._shared.get_or_create(key, connection.timeout, request)
            return _cache.Entry(request(), time.time())

        def request() -> dict[str, t.Any]:
            # imported lazily: cache hits skip it
            from ansible_collections.community.modelarts.plugins.module_utils import _client, _resource_specs

            return _resource_specs.query(_client.Client(connection, self._tokens), parameters)

        if not self._options["cache"]:
            return create()
        return _cache.get_or_create(["specs", connection.key(), query], self._timeout, create)

    @functools.cached_property
    def _shared(self) -> _cache.SharedCache | None:
        is_used = self._options["cache"] and self._options["cache_plugin"]
        return _cache.SharedCache(self._options, self._warn) if is_used else None

    @functools.cached_property
    def _tokens(self) -> t.Any:
        # imported lazily: cache hits skip it
        from ansible_collections.community.modelarts.plugins.module_utils._tokens import Tokens

        return Tokens(_cache.RunStore(self._options["cache"], self._timeout))


def _is_omitted(value: t.Any) -> bool:
    return type(value).__name__ == OMIT_TYPE or (isinstance(value, str) and value.startswith(OMIT_PLACEHOLDER))


def _is_empty(value: t.Any) -> bool:
    return value is None or value == ""


def _plain_key(name: t.Any) -> t.Any:
    return str.__str__(name) if isinstance(name, str) else name
