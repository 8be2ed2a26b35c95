# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lookup of the collection, as Ansible calls it: the same question is answered once in a run.

What is needed only for a question that is new is not loaded here: each evaluation would pay for it.
"""

from __future__ import annotations

import abc
import time
import typing as t

from ansible.plugins.lookup import LookupBase

from ansible_collections.community.modelarts.plugins.plugin_utils import run_files

# Gives what ``resource_specs.query`` gives for the parsed options of one connection and query.
Fetch = t.Callable[[t.Mapping[str, t.Any]], "dict[str, t.Any]"]


class ModelArtsLookup(LookupBase):
    """A lookup whose terms are job types. A subclass says in ``ask`` what is done with the options."""

    has_warned = False

    @abc.abstractmethod
    def ask(self, queries: list[dict[str, t.Any]], fetch: Fetch) -> list[t.Any]:
        """The lookup's result; ``queries`` has the parsed options for each term, or once where there is none.

        ``fetch`` obtains an answer for such options. May raise ModelArtsError.
        """

    def run(self, terms: list[t.Any], variables: t.Any = None, **kwargs: t.Any) -> list[t.Any]:
        """Ansible's entry. Every failure is an AnsibleLookupError."""
        known = run_files.read(run_files.path("options")).get("names")
        if known:
            written = self.written(known, variables or {}, kwargs)
            entry = run_files.read(self.result_file(terms, written))
            if entry and entry["made"] <= time.time() < entry["good_until"]:
                return t.cast("list[t.Any]", entry["result"])
        from ansible_collections.community.modelarts.plugins.plugin_utils import evaluation

        return evaluation.evaluate(self, terms, variables or {}, kwargs)

    def written(
        self, known: t.Iterable[str], variables: t.Mapping[str, t.Any], keywords: t.Mapping[str, t.Any]
    ) -> dict[str, t.Any]:
        """The options that keywords and variables give, unparsed, without empty ones; ``known`` are the names of all.

        ``set_options`` of Ansible is not used, because it does not render templates in variables, parses before they
        are rendered, and lets an environment variable win that is set but empty.
        """
        written = {name: value for name, value in keywords.items() if not _is_empty(value)}
        for option in known:
            if option not in written and f"modelarts_{option}" in variables:
                value = self._templar.template(variables[f"modelarts_{option}"])
                if not _is_empty(value):
                    written[option] = value
        return written

    def result_file(self, terms: list[t.Any], written: dict[str, t.Any]) -> str:
        """The file of this run that keeps the result of a question. ansible.cfg is the same for all of a run."""
        return run_files.path([self._load_name, _rendered(terms), _rendered(written)])

    def warn(self, message: str) -> None:
        """Warn the user. A result that was warned of is not kept, or the next evaluation would keep silent."""
        self.has_warned = True
        self._display.warning(message)


def _is_empty(value: t.Any) -> bool:
    return value is None or (isinstance(value, str) and not value)


def _rendered(value: t.Any) -> t.Any:
    """What JSON can hold of the value, with the templates in it rendered.

    Since ansible-core 2.19, containers render what is taken out of them. The keys of a dictionary can be of any type,
    those of JSON cannot.
    """
    if isinstance(value, dict):
        return {"items": [[_rendered(name), _rendered(item)] for name, item in value.items()]}
    return [_rendered(item) for item in value] if isinstance(value, (list, tuple)) else value
