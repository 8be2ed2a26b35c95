# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Base class of the lookups.

Ansible evaluates a lookup for each host, task and loop item, and each fork compiles the files of collections from
source. Code that only uncached evaluations need is therefore in other files, which are imported lazily.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import abc
import time
import typing as t

from ansible.plugins.lookup import LookupBase

from ansible_collections.community.modelarts.plugins.plugin_utils import _run_files
from ansible_collections.community.modelarts.plugins.plugin_utils._plain import is_empty, plain

# Keywords of Ansible itself, which some versions pass on to the lookup.
ANSIBLE_KEYWORDS = ("wantlist", "allow_unsafe", "errors")


class ModelArtsLookup(LookupBase):
    """A lookup whose terms are job types. A subclass implements ``result``.

    Variables ``modelarts_<option>`` do not set the options in ``only_as_keywords``.
    """

    only_as_keywords: tuple[str, ...] = ()

    @abc.abstractmethod
    def result(self, specs: list[dict[str, t.Any]], pick: dict[str, t.Any]) -> list[t.Any]:
        """Return the lookup's result for all specs and what was picked from them, empty without ``requirements``.

        A result with a warning is not cached, so that each evaluation warns.
        """

    def run(self, terms: list[t.Any], variables: t.Any = None, **kwargs: t.Any) -> list[t.Any]:
        """Return the result for ``terms``, from the cache of the run if it is there. Raises AnsibleLookupError."""
        job_types = [term for term in self._flatten(plain(terms)) if not is_empty(term)]
        file, written = self._question(job_types, _names(), variables or {}, kwargs)
        # Of the processes that need a result at the same moment, one evaluates, and the others load nothing for it.
        # Nobody waits for a result that was not cached the last time.
        return _run_files.read_or_create(
            file, _valid_result, lambda: self._evaluate(file, job_types, written), waits_once=True
        )

    def _evaluate(self, file: str, job_types: list[t.Any], written: dict[str, t.Any]) -> list[t.Any]:
        """Return a new result, and write it to ``file`` if it can be cached."""
        # imported lazily: cache hits skip it
        from ansible.errors import AnsibleLookupError

        from ansible_collections.community.modelarts.plugins.module_utils._errors import ModelArtsError
        from ansible_collections.community.modelarts.plugins.plugin_utils import _evaluation

        cached = {"created": 0, "expires": 0}
        try:
            entry = _evaluation.evaluate(job_types, written, self._load_name, self._select, self._display.warning)
            cached = entry if entry["expires"] else cached
        except ModelArtsError as error:
            raise AnsibleLookupError(str(error)) from None
        finally:
            _run_files.write(file, cached)
        return t.cast("list[t.Any]", entry["result"])

    def _select(
        self, parameters: dict[str, t.Any], query: t.Callable[[], dict[str, t.Any]], warn: t.Callable[[str], None]
    ) -> list[t.Any]:
        from ansible_collections.community.modelarts.plugins.module_utils import _picking

        _picking.check(parameters)
        response = query()
        specs, targets = response["specs"], response.get("targets", ())
        return self.result(specs, _picking.pick(specs, parameters, warn, targets=targets))

    def _question(
        self, job_types: list[t.Any], names: t.Iterable[str], variables: t.Mapping[str, t.Any], keywords: t.Any
    ) -> tuple[str, dict[str, t.Any]]:
        """Return the file of the run for the result, and the options from keywords and variables.

        ``names`` are those of all options. ``set_options`` of Ansible is not used: it does not render templates in
        variables, and lets an environment variable that is empty take precedence over ansible.cfg.
        """
        given = {name: plain(value) for name, value in keywords.items() if name not in ANSIBLE_KEYWORDS}
        written = {name: value for name, value in given.items() if not is_empty(value)}
        missing = [name for name in names if name not in written and name not in self.only_as_keywords]
        written.update(self.given("modelarts_", missing, variables))
        return _run_files.path([self._load_name, job_types, sorted(written.items())]), written

    def given(self, prefix: str, names: t.Iterable[str], variables: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """Return the variables ``prefix`` + ``names`` that are given, rendered and as plain values, by name."""
        defined = [name for name in names if f"{prefix}{name}" in variables]
        # one by one in a list, because ``omit`` alone is an error since ansible-core 2.19, and is removed from the list
        values = {name: plain(self._templar.template([variables[f"{prefix}{name}"]])) for name in defined}
        return {name: value[0] for name, value in values.items() if value and not is_empty(value[0])}


def _valid_result(entry: dict[str, t.Any]) -> list[t.Any] | None:
    return entry["result"] if entry and entry["created"] <= time.time() < entry["expires"] else None


def _names() -> list[str]:
    """Return the names of all options. One process of the run finds them out for all."""
    file = _run_files.path("options")

    def find_out() -> list[str]:
        from ansible_collections.community.modelarts.plugins.plugin_utils import _evaluation

        names = list(_evaluation.arguments()["argument_spec"])
        _run_files.write(file, {"names": names})
        return names

    return _run_files.read_or_create(file, lambda entry: entry.get("names"), find_out)
