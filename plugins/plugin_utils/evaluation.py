# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluate a lookup whose result is not known yet: parse its options, ask, translate errors, keep the result."""

from __future__ import annotations

import typing as t

from ansible import constants as C
from ansible.errors import AnsibleLookupError

from ansible_collections.community.modelarts.plugins.module_utils import options
from ansible_collections.community.modelarts.plugins.module_utils.ambient import Ambient
from ansible_collections.community.modelarts.plugins.module_utils.errors import ModelArtsError, OptionsError
from ansible_collections.community.modelarts.plugins.plugin_utils import caching, run_files
from ansible_collections.community.modelarts.plugins.plugin_utils.validation import validated


class Lookup(t.Protocol):
    """What is asked of the plugin: see ``lookup.ModelArtsLookup``."""

    plugin_type: str
    _load_name: str
    has_warned: bool

    def written(
        self, known: t.Iterable[str], variables: t.Mapping[str, t.Any], keywords: t.Mapping[str, t.Any]
    ) -> dict[str, t.Any]:
        """The options that keywords and variables give."""

    def ask(self, queries: list[dict[str, t.Any]], fetch: t.Any) -> list[t.Any]:
        """What is done with the options of each query."""

    def warn(self, message: str) -> None:
        """Warn the user."""

    def result_file(self, terms: list[t.Any], written: dict[str, t.Any]) -> str:
        """The file of this run that keeps the result."""

    def _flatten(self, terms: list[t.Any]) -> list[t.Any]:
        """The terms as one list."""


def arguments() -> dict[str, t.Any]:
    """What ``ArgumentSpecValidator`` takes: the options of the module, and those that only a lookup has."""
    of_the_module = options.arguments()
    return {**of_the_module, "argument_spec": {**of_the_module["argument_spec"], **caching.ARGUMENTS}}


# What ansible.cfg can hold: how to reach the cloud and how to cache, but no secret.
CONFIGURABLE = tuple(
    option
    for spec in (options.connection(), caching.ARGUMENTS)
    for option, properties in spec.items()
    if not properties.get("no_log")
)


def evaluate(
    plugin: Lookup, terms: list[t.Any], variables: t.Mapping[str, t.Any], keywords: dict[str, t.Any]
) -> list[t.Any]:
    """The result of ``plugin``, which is kept for the other evaluations of this run.

    Every failure becomes an AnsibleLookupError here.
    """
    try:
        if terms and keywords.get("job_type") is not None:
            raise OptionsError("job_type is given twice: as a term and as a keyword")
        known = list(arguments()["argument_spec"])
        written = plugin.written(known, variables, keywords)
        queries = _queries(plugin._flatten(terms), _configured(plugin, written))
        source = caching.Source(queries[0], plugin.warn)
        result = plugin.ask(queries, source.fetch)
    except ModelArtsError as error:
        raise AnsibleLookupError(str(error)) from None
    # Not what a target lacks that failed: it may be asked again soon.
    if queries[0]["cache"] and not plugin.has_warned and not source.has_failed:
        run_files.write(run_files.path("options"), {"names": known})
        good_until = source.made + queries[0]["cache_timeout"]
        entry = {"made": source.made, "good_until": good_until, "result": result}
        run_files.write(plugin.result_file(terms, written), entry)
    return result


def _configured(plugin: Lookup, written: dict[str, t.Any]) -> dict[str, t.Any]:
    """The options with those of the section ``modelarts`` of ansible.cfg, where the environment does not give them."""
    sources = {option: {"ini": [{"section": "modelarts", "key": option}]} for option in CONFIGURABLE}
    place = {"plugin_type": plugin.plugin_type, "plugin_name": plugin._load_name}
    C.config.initialize_plugin_configuration_definitions(*place.values(), sources)
    configured = {
        option: Ambient(value)
        for option in CONFIGURABLE
        if option not in written and options.from_environment(option) is None
        for value in [C.config.get_config_value(option, **place)]
        if value is not None
    }
    return {**configured, **written}


def _queries(terms: list[t.Any], parameters: dict[str, t.Any]) -> list[dict[str, t.Any]]:
    each = [{**parameters, "job_type": term} for term in terms] or [parameters]
    return [validated(arguments(), one) for one in each]
