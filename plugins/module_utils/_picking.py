# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apply the options of the fragment ``picking`` to the specs of a response, and explain why nothing matches.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import collections
import contextlib
import gc
import itertools
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import _selection
from ansible_collections.community.modelarts.plugins.module_utils._errors import NoMatchError, listed, shorten

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils._selection import Attempt, Check
    from ansible_collections.community.modelarts.plugins.module_utils._spec import RawSpec, Spec

Parameters = t.Mapping[str, t.Any]

# How many items of each kind are listed; the rest is only counted, or omitted.
MOST_CODES = 5
MOST_TYPES = 10
MOST_NEAR_MISSES = 3
MOST_FALLBACKS = 5
MOST_TARGETS = 3
MOST_FAILED_TARGETS = 5

# Codes share long prefixes, so nearly all would be similar by difflib's own threshold.
SIMILARITY = 0.85

# Comparing names is slow; real catalogs are far smaller.
MOST_COMPARED = 2000


def check(parameters: Parameters) -> None:
    """Raise OptionsError for options that contradict themselves, before anything is requested."""
    if parameters.get("requirements") is not None:
        _selection.tries(parameters)


def pick(
    specs: t.Iterable[RawSpec],
    parameters: Parameters,
    warn: t.Callable[[str], None],
    *,
    targets: t.Sequence[Parameters] = (),
) -> dict[str, t.Any]:
    """Return ``selected``, ``candidates``, ``rejected`` and ``met_by``, and ``explanation`` if nothing matches.

    ``parameters`` are parsed; without ``requirements`` nothing is picked and the result is empty. ``targets`` are
    the outcome of each, as ``query_all`` returns it. ``warn`` is called for each option that is ignored. If nothing
    matches, ``on_no_match`` decides between NoMatchError, a warning, and silence, which is the default for callers
    without that option. Raises OptionsError as ``check`` does.
    """
    if parameters.get("requirements") is None:
        ignored = [name for name in ("fallbacks", "order_by", "prices") if parameters.get(name)]
        if ignored:
            warn(f"Ignored without requirements, as nothing is picked: {', '.join(ignored)}")
        return {}
    with _without_collector():
        attempts = _selection.select(specs, parameters)
        result = _selection.result(attempts)
    _warn_about_prices(attempts[0], parameters, warn)
    if result["selected"] is None:
        result["explanation"] = explain(attempts) + _not_searched(targets)
        on_no_match = parameters.get("on_no_match")
        if on_no_match == "error":
            more = {"targets": list(targets)} if targets else {}
            raise NoMatchError(result.pop("explanation"), {**result, **more})
        if on_no_match == "warn":
            warn(result["explanation"])
    return result


@contextlib.contextmanager
def _without_collector() -> t.Iterator[None]:
    """Pause Python's garbage collector: it would look through 100,000 specs so often that this takes a third longer."""
    is_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_enabled:
            gc.enable()


def explain(attempts: list[Attempt]) -> str:
    """Say why no spec was selected, in a paragraph that stays short however long the list of specs is.

    With fallbacks, there is a line for the requirements and for each fallback. Each says how many specs each
    requirement rejects, which single one would have to be dropped, which specs are merely sold out, and which names are
    similar to one that no spec has.
    """
    first, *fallbacks = attempts
    total = len(first.rejected)
    if not total:
        return "There is no spec to choose from: the list of specs is empty."
    head = "The only spec does not meet" if total == 1 else f"None of the {total} specs meets"
    if not fallbacks:
        return f"{head} the requirements. {_explain_attempt(first)}"
    lines = [f"{head} the requirements or a fallback."]
    lines += [f"{attempt.place}: {_explain_attempt(attempt)}" for attempt in (first, *fallbacks[:MOST_FALLBACKS])]
    if len(fallbacks) > MOST_FALLBACKS:
        lines.append(f"And {len(fallbacks) - MOST_FALLBACKS} more fallbacks.")
    return "\n".join(lines)


def _warn_about_prices(attempt: Attempt, parameters: Parameters, warn: t.Callable[[str], None]) -> None:
    prices = _selection.prices(parameters)
    if prices and not any(key.lstrip("-") == "price" for key in parameters.get("order_by") or ()):
        warn("prices is ignored, as order_by does not have price")
    elif prices:
        specs = itertools.chain(attempt.passed, (spec for spec, dummy in attempt.rejected))
        unknown = prices.keys() - {spec.spec_code for spec in specs}
        if unknown:
            warn(f"Ignored in prices, as no spec has these codes: {listed(sorted(unknown), MOST_CODES)}")


def _not_searched(targets: t.Sequence[Parameters]) -> str:
    """List the targets that failed, whose specs might have matched."""
    names = [target["name"] for target in targets if target.get("failed")]
    listing = listed(names, MOST_FAILED_TARGETS, "other targets")
    return f" Not searched because they failed: {listing}." if names else ""


def _explain_attempt(attempt: Attempt) -> str:
    """Explain one set of requirements that no spec meets."""
    rejections = collections.Counter(check.key for dummy, failed in attempt.rejected for check in failed)
    required = {check.key: check.required for check in attempt.checks}
    # The specs that only one requirement rejects, by that requirement.
    alone: dict[str, list[Spec]] = {}
    for spec, failed in attempt.rejected:
        if len(failed) == 1:
            alone.setdefault(failed[0].key, []).append(spec)
    sold_out = alone.pop("available", [])

    counts = ", ".join(f"{number} by {key} ({required[key]})" for key, number in rejections.most_common())
    sentences = [f"Rejected: {counts}."]
    for key, specs in sorted(alone.items(), key=lambda item: -len(item[1])):
        sentences.append(f"Without {key}, {len(specs)} would match: {_codes(specs)}.")
    if sold_out:
        sentences.append(f"Sold out, but would match otherwise: {_codes(sold_out)}.")
    if not alone and not sold_out:
        sentences.append("Dropping one requirement is not enough: each spec fails two or more.")
    return " ".join([*sentences, *_near_misses(attempt)])


def _codes(specs: list[Spec]) -> str:
    """List the codes, with the targets that have them if there are targets."""
    targets: dict[str, list[str]] = {}
    for spec in specs:
        targets.setdefault(spec.spec_code or "one without spec_code", []).extend(filter(None, [spec.target]))

    def at(code: str) -> str:
        return f" ({listed(targets[code], MOST_TARGETS, 'other targets')})" if targets[code] else ""

    return listed(targets, MOST_CODES, "other codes", at)


def _near_misses(attempt: Attempt) -> t.Iterator[str]:
    """List the existing types and codes for each required one that no spec has."""
    specs = [spec for spec, dummy in attempt.rejected]
    for check in attempt.checks:
        if check.key in _selection.TYPES:
            types = list(_unknown(check, specs))
            if types:
                yield f"{listed(types, MOST_NEAR_MISSES)}: {_types_instead(check.key, specs)}."
        elif check.key == "spec_codes":
            for glob in itertools.islice(_unknown(check, specs), MOST_NEAR_MISSES):
                yield f"{shorten(glob)}: {_codes_instead(glob, specs)}."


def _unknown(check: Check, specs: list[Spec]) -> t.Iterator[str]:
    """Yield the required names that no spec matches."""
    for name in check.names:
        if not any(map(_selection.check(check.key, (name,)).passes, specs)):
            yield name


def _types_instead(key: str, specs: list[Spec]) -> str:
    kind = _selection.TYPES[key]
    types = _different(getattr(spec, key.removesuffix("s")) for spec in specs)
    return f"the listed {kind}s are {listed(types, MOST_TYPES)}" if types else f"no {kind} is listed"


def _codes_instead(glob: str, specs: list[Spec]) -> str:
    import difflib  # slow to import, and rarely needed

    codes = _different(spec.spec_code for spec in specs)
    by_lower = {code.lower(): code for code in codes[:MOST_COMPARED]}
    similar = difflib.get_close_matches(glob.lower(), by_lower, MOST_NEAR_MISSES, SIMILARITY)
    if similar:
        return f"similar codes are {listed((by_lower[code] for code in similar), MOST_NEAR_MISSES)}"
    return f"the listed codes are {listed(codes, MOST_CODES)}" if codes else "no code is listed"


def _different(names: t.Iterable[str | None]) -> list[str]:
    """Sort the names, each once whatever its case."""
    by_lower = {name.lower(): name for name in sorted(filter(None, names), reverse=True)}
    return [by_lower[lower] for lower in sorted(by_lower)]
