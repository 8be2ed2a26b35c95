# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why nothing matched, in words that a person can act on: short, however long the list of specs is."""

from __future__ import annotations

import collections
import difflib
import itertools
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import checks, wording

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.checks import Check
    from ansible_collections.community.modelarts.plugins.module_utils.offer import Offer
    from ansible_collections.community.modelarts.plugins.module_utils.selection import Attempt, Selection

# How much of each kind is told before the rest is only counted, or left out.
MOST_CODES = 5
MOST_TYPES = 10
MOST_NEAR_MISSES = 3
MOST_FALLBACKS = 5
MOST_TARGETS = 3

# Codes share long prefixes, so that difflib's own threshold would call nearly all of them similar.
SIMILARITY = 0.85

# Comparing names is slow; no real catalogue comes near this number.
MOST_COMPARED = 2000


def explain(selection: Selection) -> str:
    """The reasons why no spec was selected; an empty string where one was.

    One paragraph; with fallbacks a line for the requirements and each fallback. Each says how many specs each
    requirement turns away, which single one would have to go, which specs are merely sold out, and which names are
    close to one that nobody offers.
    """
    if selection.met_by is not None:
        return ""
    first, *fallbacks = selection.attempts
    total = len(first.rejected)
    if not total:
        return "There is no spec to choose from: the list of specs is empty."
    head = "The one spec looked at does not meet" if total == 1 else f"None of the {total} specs looked at meets"
    if not fallbacks:
        return f"{head} the requirements. {_attempt(first)}"
    lines = [f"{head} the requirements or a fallback."]
    lines += [f"{attempt.place}: {_attempt(attempt)}" for attempt in (first, *fallbacks[:MOST_FALLBACKS])]
    if len(fallbacks) > MOST_FALLBACKS:
        lines.append(f"And {len(fallbacks) - MOST_FALLBACKS} more fallbacks.")
    return "\n".join(lines)


def _attempt(attempt: Attempt) -> str:
    """The sentences on one set of requirements that no spec meets."""
    turned_away = collections.Counter(check.key for dummy, failed in attempt.rejected for check in failed)
    wanted = {check.key: check.wanted for check in attempt.checks}
    # The specs that only one requirement turns away, by that requirement.
    alone: dict[str, list[Offer]] = {}
    for offer, failed in attempt.rejected:
        if len(failed) == 1:
            alone.setdefault(failed[0].key, []).append(offer)
    sold_out = alone.pop("available", [])

    sentences = [
        "Turned away: "
        + ", ".join(f"{number} by {key} ({wanted[key]})" for key, number in turned_away.most_common())
        + "."
    ]
    for key, offers in sorted(alone.items(), key=lambda item: -len(item[1])):
        sentences.append(f"Without {key}, {len(offers)} would match: {_codes(offers)}.")
    if sold_out:
        sentences.append(f"Sold out, but would match otherwise: {_codes(sold_out)}.")
    if not alone and not sold_out:
        sentences.append("No single requirement is in the way: each spec misses two or more.")
    sentences += _near_misses(attempt)
    return " ".join(sentences)


def _codes(offers: list[Offer]) -> str:
    """The codes; those of many targets with the targets that have them."""
    targets: dict[str, list[str]] = {}
    for offer in offers:
        targets.setdefault(offer.spec_code or "one without spec_code", []).extend(filter(None, [offer.target]))

    def at(code: str) -> str:
        return f" ({wording.listed(targets[code], MOST_TARGETS, 'other targets')})" if targets[code] else ""

    return wording.listed(targets, MOST_CODES, "other codes", at)


def _near_misses(attempt: Attempt) -> t.Iterator[str]:
    """For the GPU types and codes wanted that no spec has: what there is instead."""
    offers = [offer for offer, dummy in attempt.rejected]
    for check in attempt.checks:
        if check.key == "gpu_types":
            types = list(_unknown(check, offers))
            if types:
                yield f"{wording.listed(types, MOST_NEAR_MISSES)}: {_types_instead(offers)}."
        elif check.key == "spec_codes":
            for glob in itertools.islice(_unknown(check, offers), MOST_NEAR_MISSES):
                yield f"{wording.name(glob)}: {_codes_instead(glob, offers)}."


def _unknown(check: Check, offers: list[Offer]) -> t.Iterator[str]:
    """Those of the names wanted that no spec answers to."""
    for name in check.names:
        if not any(map(checks.check(check.key, (name,)).passes, offers)):
            yield name


def _types_instead(offers: list[Offer]) -> str:
    types = _different(offer.gpu_type for offer in offers)
    return f"the types offered are {wording.listed(types, MOST_TYPES)}" if types else "no GPU type is offered"


def _codes_instead(glob: str, offers: list[Offer]) -> str:
    codes = _different(offer.spec_code for offer in offers)
    by_lower = {code.lower(): code for code in codes[:MOST_COMPARED]}
    similar = difflib.get_close_matches(glob.lower(), by_lower, MOST_NEAR_MISSES, SIMILARITY)
    if similar:
        return f"similar codes are {wording.listed((by_lower[code] for code in similar), MOST_NEAR_MISSES)}"
    return f"the codes offered are {wording.listed(codes, MOST_CODES)}" if codes else "no code is offered"


def _different(names: t.Iterable[str | None]) -> list[str]:
    """The names in alphabetical order, each once whatever its case."""
    by_lower = {name.lower(): name for name in sorted(filter(None, names), reverse=True)}
    return [by_lower[lower] for lower in sorted(by_lower)]
