# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happened to specs from one answer of the cloud to the next."""

from __future__ import annotations

import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import _spec

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils._spec import RawSpec

    # What tells the specs of one target apart: code and ID.
    Known = dict[tuple[t.Any, t.Any], RawSpec]

AVAILABLE = "available"
SOLD_OUT = "sold_out"
APPEARED = "appeared"
GONE = "gone"


class Change(t.NamedTuple):
    """What happened to a spec, and the spec as it is now; one that is gone as it was last seen."""

    change: str
    spec: RawSpec


class Watch:
    """Remembers the last answer of each target, and tells what the next one changes.

    ``initial`` says whether the first answer of a target is told of: the specs that are available, as such.
    """

    def __init__(self, initial: bool) -> None:
        self._initial = initial
        self._known: dict[str | None, Known] = {}

    def changes(self, answer: t.Mapping[str, t.Any]) -> list[Change]:
        """What ``answer``, as ``targets.ask`` gives it, changes in the specs known so far.

        A target that failed has not said anything, so what is known of its specs stays.
        """
        told: list[Change] = []
        for target in _answered(answer):
            now = _known(spec for spec in answer["specs"] if target is None or spec["target"] == target)
            if self._initial or target in self._known:
                told += _changes(self._known.get(target), now)
            self._known[target] = now
        return told


def _answered(answer: t.Mapping[str, t.Any]) -> list[str | None]:
    """The names of the targets that answered; None is the connection of an answer without targets."""
    if "targets" not in answer:
        return [None]
    return [target["name"] for target in answer["targets"] if not target.get("failed")]


def _known(specs: t.Iterable[RawSpec]) -> Known:
    """The specs by what tells them apart. Of several with one code and ID, one that is available stands for all."""
    known: Known = {}
    for spec in specs:
        offered = _spec.read(spec)
        key = (offered.spec_code, offered.spec_id)
        if key not in known or not offered.sold_out:
            known[key] = spec
    return known


def _changes(before: Known | None, now: Known) -> t.Iterator[Change]:
    for key, spec in now.items():
        old = (before or {}).get(key)
        if old is None and before is not None:
            yield Change(APPEARED, spec)
        is_sold_out = _spec.read(spec).sold_out
        # What was not there was not to be had.
        if is_sold_out != (old is None or _spec.read(old).sold_out):
            yield Change(SOLD_OUT if is_sold_out else AVAILABLE, spec)
    for key, old in (before or {}).items():
        if key not in now:
            yield Change(GONE, old)
