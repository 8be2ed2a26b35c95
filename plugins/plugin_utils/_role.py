# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The facts of the role select_spec.

They are made here rather than in templates, which each host would compile for itself.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import typing as t

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.community.modelarts.plugins.plugin_utils._lookup import ModelArtsLookup
from ansible_collections.community.modelarts.plugins.plugin_utils._plain import plain

PREFIX = "select_spec_"

# The variables of the role without prefix: options of the query and of picking, and its own.
OF_QUERY = ("job_type", "engine", "engine_id", "project_type", "source", "targets", "on_target_error")
OF_PICKING = ("requirements", "fallbacks", "order_by", "prices")
KNOWN = (*OF_QUERY, *OF_PICKING, "on_no_match", "specs", "wait_timeout", "wait_interval", "set_stats")


class SelectSpecLookup(ModelArtsLookup):
    """Returns a dictionary with the facts that the role sets: those of its page, and private ones for its tasks."""

    only_as_keywords = (*OF_QUERY, *OF_PICKING)

    def run(self, terms: list[t.Any], variables: t.Any = None, **kwargs: t.Any) -> list[t.Any]:
        """Return the facts of the pick in ``terms``, or else query and pick if the role's variables are valid."""
        names = [name[len(PREFIX) :] for name in variables or {} if name.startswith(PREFIX)]
        is_known = set(names) <= set(KNOWN)
        # Names are checked before variables are rendered: an error about a misspelled name is more helpful.
        given = self.given(PREFIX, names, variables) if is_known else {}
        given = {name: value for name, value in given.items() if not isinstance(value, str) or value.strip()}
        own = _own_options(given)
        if terms:
            pick = plain(terms[0])
        elif not is_known or not own["is_valid"]:
            pick = {"selected": None, "candidates": []}
        elif "specs" in given:
            pick = _pick(given)
        else:
            options = self.given("_select_spec_default_", ("source", "job_type"), variables or {})
            options.update({name: given[name] for name in self.only_as_keywords if name in given})
            options.setdefault("requirements", {"available": True})
            # While the role waits, a response that another host has caused may be as old as the pause.
            waiting = {"cache_timeout": own["pause"]} if own["timeout"] else {}
            (pick,) = super().run([], variables, on_no_match="skip", **options, **waiting)
        selected = pick["selected"]
        spec = selected or {}
        facts = {
            "modelarts_selected_spec": selected,
            "modelarts_spec_id": spec.get("spec_id"),
            "modelarts_spec_code": spec.get("spec_code"),
            "modelarts_max_num": spec.get("max_num"),
            "modelarts_target": spec.get("target"),
            "modelarts_candidates": pick["candidates"],
            "modelarts_selected_engine": spec.get("engine") if "engine" in given else None,
        }
        is_done = selected is not None and not own["set_stats"]
        # The rest only where a task needs it, because Ansible copies each fact several times.
        is_short = is_done and not own["timeout"] and not (variables or {}).get("_select_spec_keeps_facts")
        rest = {} if is_short else {"facts": facts, "pick": pick, "known": KNOWN, **own}
        private = {"is_done": is_done, **rest}
        return [{**facts, **{f"_select_spec_{name}": value for name, value in private.items()}}]

    def result(self, specs: list[dict[str, t.Any]], pick: dict[str, t.Any]) -> list[t.Any]:
        """Return the pick."""
        return [_without_reasons(pick)]


def _own_options(given: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the role's own options, in seconds where they are times, and whether they are valid."""
    on_no_match = given.get("on_no_match", "error")
    timeout, interval = str(given.get("wait_timeout", 0)).strip(), str(given.get("wait_interval", 30)).strip()
    are_numbers = (timeout + interval).isdigit() and (timeout + interval).isascii()
    # Pauses of the same length that end with the timeout.
    pauses = max(1, -(-int(timeout) // max(1, int(interval)))) if are_numbers else 1
    try:
        set_stats = boolean(given.get("set_stats", False))
    except TypeError:
        set_stats = None
    return {
        "is_valid": on_no_match in ("error", "warn", "skip") and are_numbers and set_stats is not None,
        "on_no_match": on_no_match,
        "timeout": int(timeout) if are_numbers and "specs" not in given else 0,
        "pause": max(1, int(timeout) // pauses) if are_numbers else 1,
        "set_stats": set_stats,
    }


def _pick(given: dict[str, t.Any]) -> dict[str, t.Any]:
    """Pick from the specs that were given."""
    # imported lazily: most calls query
    from ansible.errors import AnsibleLookupError

    from ansible_collections.community.modelarts.plugins.module_utils._errors import ModelArtsError
    from ansible_collections.community.modelarts.plugins.plugin_utils._given_specs import pick_from

    try:
        return _without_reasons(pick_from(given["specs"], **{name: given.get(name) for name in OF_PICKING}))
    except ModelArtsError as error:
        raise AnsibleLookupError(str(error)) from None


def _without_reasons(pick: dict[str, t.Any]) -> dict[str, t.Any]:
    """Leave out the reasons against each spec: these can be long, and there may be many hosts."""
    return {name: pick[name] for name in pick if name in ("selected", "candidates", "explanation")}
