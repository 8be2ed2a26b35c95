# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Picking a spec: specs and requirements in; the pick, its rivals and the reasons against the others out.

Pure: it knows neither HTTP nor Ansible, and leaves what it is given as it is. The API states no prices and none are
assumed: a price is one that the user gave.
"""

from __future__ import annotations

import collections
import dataclasses
import json
import operator
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import checks, offer
from ansible_collections.community.modelarts.plugins.module_utils._errors import OptionsError
from ansible_collections.community.modelarts.plugins.module_utils.keys import ORDER_KEYS

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.checks import Check
    from ansible_collections.community.modelarts.plugins.module_utils.offer import Offer, Spec

# The smallest that fits comes first.
DEFAULT_ORDER = ("gpus", "cores", "memory_gb", "unit_num")


class Attempt(t.NamedTuple):
    """One set of requirements held against all specs, which stand in the order of preference.

    ``place`` is the name of the set, such as ``fallbacks[0]``; ``rejected`` has each spec that is turned away, with
    the checks that it fails.
    """

    place: str
    checks: list[Check]
    passed: list[Offer]
    rejected: list[tuple[Offer, list[Check]]]


@dataclasses.dataclass(frozen=True)
class Selection:
    """What came of a choice. ``attempts`` are the sets of requirements that were tried; only the last can be met."""

    attempts: tuple[Attempt, ...]

    @property
    def selected(self) -> Spec | None:
        """The best of the candidates, or None."""
        return next((candidate.spec for candidate in self.attempts[-1].passed), None)

    @property
    def candidates(self) -> list[Spec]:
        """The specs that meet the requirements, best first: the very objects that were given."""
        return [candidate.spec for candidate in self.attempts[-1].passed]

    @property
    def rejected(self) -> list[dict[str, t.Any]]:
        """The other specs: ``spec_id`` and ``spec_code`` as given, and ``reasons``, a text for each requirement missed.

        ``target`` is there as well where specs are labelled with it.
        They are measured by the requirements that were met; where none were, by the first ones, not by a fallback.
        """
        return [
            {
                "spec_id": rejected.spec.get("spec_id"),
                "spec_code": rejected.spec.get("spec_code"),
                **({"target": rejected.spec["target"]} if rejected.target else {}),
                "reasons": [check.reason(rejected) for check in failed],
            }
            for rejected, failed in self.attempts[-1 if self.met_by else 0].rejected
        ]

    @property
    def met_by(self) -> str | None:
        """Which requirements were met: ``requirements``, ``fallbacks[0]`` and so on, or None."""
        return self.attempts[-1].place if self.attempts[-1].passed else None

    def result(self) -> dict[str, t.Any]:
        """The four values as the faces of the collection return them."""
        return {name: getattr(self, name) for name in ("selected", "candidates", "rejected", "met_by")}


def select(
    specs: t.Iterable[Spec],
    requirements: t.Mapping[str, t.Any] | None,
    fallbacks: t.Sequence[t.Mapping[str, t.Any]] | None = None,
    order_by: t.Sequence[str] | str | None = None,
    prices: t.Mapping[str, float] | None = None,
) -> Selection:
    """Rank the specs that meet ``requirements``; where none does, those that meet the first fallback that any meets.

    ``specs`` are objects as the API lists them, maybe those of many targets, labelled with ``target`` and in the order
    of these; further keys in them make no difference. ``requirements`` and each of
    ``fallbacks`` have the keys of ``keys.REQUIREMENTS``; a fallback stands for itself and inherits nothing.
    ``order_by`` has keys of ``ORDER_KEYS``; ``prices`` are by ``spec_code``, in whatever currency and unit of time the
    user thinks in.
    The order is total: it depends on what the specs say, not on the order in which they come. Where all that is said
    ties, the target that comes first goes first.

    Raises OptionsError for anything among the options that is unknown, of a wrong type, or contradicts itself, also in
    a fallback that is not reached.
    """
    offers = [offer.read(spec) for spec in _specs(specs)]
    sets = [("requirements", {} if requirements is None else requirements)]
    sets += [(f"fallbacks[{number}]", fallback) for number, fallback in enumerate(_fallbacks(fallbacks))]
    tries = [(place, checks.read(place, wanted)) for place, wanted in sets]
    ranked = _ranked(offers, _order(order_by), _prices(prices))

    attempts: list[Attempt] = []
    for place, wanted in tries:
        attempts.append(_attempt(place, wanted, ranked))
        if attempts[-1].passed:
            break
    return Selection(tuple(attempts))


def _attempt(place: str, wanted: list[Check], ranked: list[Offer]) -> Attempt:
    attempt = Attempt(place, wanted, [], [])
    for candidate in ranked:
        failed = [check for check in wanted if not check.passes(candidate)]
        if failed:
            attempt.rejected.append((candidate, failed))
        else:
            attempt.passed.append(candidate)
    return attempt


def _specs(specs: t.Iterable[Spec]) -> list[Spec]:
    if isinstance(specs, t.Iterable) and not isinstance(specs, (str, bytes, t.Mapping)):
        specs = list(specs)
        if all(isinstance(spec, t.Mapping) for spec in specs):
            return specs
    raise OptionsError(f"specs must be a list of specs as the API gives them, not {checks.shown(specs)}")


def _fallbacks(fallbacks: t.Sequence[t.Mapping[str, t.Any]] | None) -> t.Sequence[t.Mapping[str, t.Any]]:
    if fallbacks is not None and not isinstance(fallbacks, (list, tuple)):
        raise OptionsError(f"fallbacks must be a list of requirements, not {checks.shown(fallbacks)}")
    return fallbacks or ()


def _order(order_by: t.Sequence[str] | str | None) -> tuple[str, ...]:
    order = checks.names("order_by", order_by) or DEFAULT_ORDER
    for key in order:
        if key.removeprefix("-") not in ORDER_KEYS:
            raise OptionsError(
                f"order_by has the unknown key {key}; allowed are {', '.join(ORDER_KEYS)}, each also with - in front"
            )
    return order


def _prices(prices: t.Mapping[str, float] | None) -> dict[str, float] | None:
    if prices is None:
        return None
    if not isinstance(prices, t.Mapping):
        raise OptionsError(f"prices must be a dictionary of spec_code and price, not {checks.shown(prices)}")
    numbers = {code: checks.number(f"prices[{code}]", price) for code, price in prices.items()}
    return {code: price for code, price in numbers.items() if price is not None}


def _ranked(offers: list[Offer], order: tuple[str, ...], prices: dict[str, float] | None) -> list[Offer]:
    """The offers in the order of preference, those that do not state a value behind those that do.

    Sorting is stable: what ties by one key keeps the order of the key after it, and in the end that of the names and
    of the targets.
    """
    ranked = _twins_in_order(offers)
    for key in reversed((*order, "spec_code", "spec_id")):
        value = _value_of(key.removeprefix("-"), prices)
        known = [candidate for candidate in ranked if value(candidate) is not None]
        unknown = [candidate for candidate in ranked if value(candidate) is None]
        ranked = sorted(known, key=value, reverse=key.startswith("-")) + unknown
    return ranked


def _twins_in_order(offers: list[Offer]) -> list[Offer]:
    """The offers, those that share code and ID by target, and within it in an order of their own: none is unique."""
    names = collections.Counter((candidate.spec_code, candidate.spec_id, candidate.target) for candidate in offers)
    twins: list[Offer] = []
    others: list[Offer] = []
    for candidate in offers:
        is_twin = names[candidate.spec_code, candidate.spec_id, candidate.target] > 1
        (twins if is_twin else others).append(candidate)
    targets = {target: number for number, target in enumerate(dict.fromkeys(candidate.target for candidate in offers))}
    return sorted(sorted(twins, key=_content) + others, key=lambda candidate: targets[candidate.target])


def _value_of(key: str, prices: dict[str, float] | None) -> t.Callable[[Offer], t.Any]:
    if key != "price":
        return operator.attrgetter(key)
    if not prices:
        raise OptionsError("order_by has price, but prices gives none, and the API states none")
    return lambda candidate: prices.get(candidate.spec_code or "")


def _content(candidate: Offer) -> str:
    """The spec as one text that does not depend on the order of its keys."""
    try:
        return json.dumps(candidate.spec, sort_keys=True, default=repr)
    except (TypeError, ValueError):  # keys that cannot be compared, or a loop: nothing that came as JSON
        return repr(candidate.spec)
    except RecursionError:
        return ""
