# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of the specs between two responses of the cloud.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import _spec

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils._spec import RawSpec

    # The specs of one target, by code and ID.
    Known = dict[tuple[t.Any, t.Any], RawSpec]

AVAILABLE = "available"
SOLD_OUT = "sold_out"
APPEARED = "appeared"
GONE = "gone"


class Change(t.NamedTuple):
    """A change, and the spec as it is now, or as last seen if it is gone."""

    change: str
    spec: RawSpec


class Watch:
    """Compares each target's response with its previous one.

    If ``initial`` is true, the specs available in a target's first response are reported.
    """

    def __init__(self, initial: bool) -> None:
        self._initial = initial
        self._known: dict[str | None, Known] = {}

    def changes(self, result: t.Mapping[str, t.Any]) -> list[Change]:
        """Return the changes since the previous ``result`` of ``query_all``.

        The specs of a failed target count as unchanged.
        """
        changes: list[Change] = []
        for target in _successful_targets(result):
            now = _by_key(spec for spec in result["specs"] if target is None or spec["target"] == target)
            if self._initial or target in self._known:
                changes += _compare(self._known.get(target), now)
            self._known[target] = now
        return changes


def _successful_targets(result: t.Mapping[str, t.Any]) -> list[str | None]:
    """Return the names of the targets that did not fail; without targets, the connection counts as one named None."""
    if "targets" not in result:
        return [None]
    return [target["name"] for target in result["targets"] if not target.get("failed")]


def _by_key(specs: t.Iterable[RawSpec]) -> Known:
    """Return the specs by code and ID. If several have the same, an available one represents them."""
    known: Known = {}
    for spec in specs:
        parsed = _spec.read(spec)
        key = (parsed.spec_code, parsed.spec_id)
        if key not in known or not parsed.sold_out:
            known[key] = spec
    return known


def _compare(before: Known | None, now: Known) -> t.Iterator[Change]:
    for key, spec in now.items():
        old = (before or {}).get(key)
        if old is None and before is not None:
            yield Change(APPEARED, spec)
        is_sold_out = _spec.read(spec).sold_out
        # A new spec counts as previously unavailable.
        if is_sold_out != (old is None or _spec.read(old).sold_out):
            yield Change(SOLD_OUT if is_sold_out else AVAILABLE, spec)
    for key, old in (before or {}).items():
        if key not in now:
            yield Change(GONE, old)
