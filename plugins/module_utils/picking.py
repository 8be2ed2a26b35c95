# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that pick a spec, applied to the specs of an answer: the same for modules and lookups."""

from __future__ import annotations

import typing as t

from ansible_collections.community.modelarts.plugins.module_utils._errors import NoMatchError

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.offer import Spec

# Of the targets that failed so many are named.
MOST_TARGETS = 5


def pick(specs: t.Iterable[Spec], **options: t.Any) -> dict[str, t.Any]:
    """``selected``, ``candidates``, ``rejected`` and ``met_by``; also ``explanation`` where nothing matched.

    ``options`` are those of ``selection.select``. Raises OptionsError.
    """
    # Not at the top: most tasks only list specs, and each of them would pay for compiling these.
    from ansible_collections.community.modelarts.plugins.module_utils.explanation import explain
    from ansible_collections.community.modelarts.plugins.module_utils.selection import select

    selection = select(specs, **options)
    explanation = explain(selection)
    return {**selection.result(), **({"explanation": explanation} if explanation else {})}


def pick_as_told(
    answer: t.Mapping[str, t.Any], parameters: t.Mapping[str, t.Any], warn: t.Callable[[str], None]
) -> dict[str, t.Any]:
    """What ``pick`` gives for the options of the fragment ``picking``; nothing without ``requirements``.

    ``answer`` is what ``targets.ask`` gave. Where nothing matched, ``on_no_match`` decides between a NoMatchError, a
    call of ``warn``, and silence.
    """
    if parameters.get("requirements") is None:
        return {}
    result = pick(answer["specs"], **_options(parameters))
    if result["selected"] is None:
        targets = {"targets": answer["targets"]} if "targets" in answer else {}
        result["explanation"] += _not_looked_at(**targets)
        if parameters["on_no_match"] == "error":
            message = result.pop("explanation")
            raise NoMatchError(message, {**result, **targets})
        if parameters["on_no_match"] == "warn":
            warn(result["explanation"])
    return result


def check(parameters: t.Mapping[str, t.Any]) -> None:
    """Raise OptionsError for options that contradict themselves, before anything is asked."""
    if parameters.get("requirements") is not None:
        pick((), **_options(parameters))


def _not_looked_at(targets: t.Sequence[t.Mapping[str, t.Any]] = ()) -> str:
    """The targets that failed, whose specs might have matched."""
    from ansible_collections.community.modelarts.plugins.module_utils import wording

    names = [target["name"] for target in targets if target.get("failed")]
    return f" Not looked at, as they failed: {wording.listed(names, MOST_TARGETS, 'other targets')}." if names else ""


def _options(parameters: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {name: parameters.get(name) for name in ("requirements", "fallbacks", "order_by", "prices")}
