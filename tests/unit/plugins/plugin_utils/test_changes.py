# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told from one answer to the next."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.plugin_utils._changes import Watch

Spec = dict[str, t.Any]


def spec(code: str = "v100", sold_out: t.Any = False, **others: t.Any) -> Spec:
    return {"spec_code": code, "spec_id": 1, "no_resource": sold_out, **others}


def answer(*specs: Spec) -> dict[str, t.Any]:
    return {"specs": list(specs)}


def answer_of(targets: dict[str, list[Spec] | None]) -> dict[str, t.Any]:
    """That of targets, some of which failed."""
    return {
        "specs": [{**one, "target": name} for name, specs in targets.items() for one in specs or ()],
        "targets": [{"name": name, **({"failed": True} if specs is None else {})} for name, specs in targets.items()],
    }


def told(*answers: dict[str, t.Any], initial: bool = True) -> list[tuple[str, str]]:
    """Change and code of what the last of the answers changes."""
    watch = Watch(initial)
    changes = [watch.changes(one) for one in answers][-1]
    return [(change.change, change.spec["spec_code"]) for change in changes]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        pytest.param([], [], [], id="nothing there"),
        pytest.param([spec()], [spec()], [], id="still available"),
        pytest.param([spec(sold_out=True)], [spec(sold_out=True)], [], id="still sold out"),
        pytest.param([spec(sold_out=True)], [spec()], [("available", "v100")], id="becomes available"),
        pytest.param([spec()], [spec(sold_out=True)], [("sold_out", "v100")], id="sells out"),
        pytest.param([], [spec()], [("appeared", "v100"), ("available", "v100")], id="appears and can be had"),
        pytest.param([], [spec(sold_out=True)], [("appeared", "v100")], id="appears sold out"),
        pytest.param([spec()], [], [("gone", "v100")], id="goes while available"),
        pytest.param([spec(sold_out=True)], [], [("gone", "v100")], id="goes while sold out"),
        pytest.param([spec()], [spec(max_num=8, core="16")], [], id="says something else of itself"),
        pytest.param([spec()], [spec(sold_out=None)], [], id="does not state it any more"),
        pytest.param([spec(sold_out="true")], [spec(sold_out="false")], [("available", "v100")], id="states text"),
        pytest.param(
            [spec("a"), spec("b", True)],
            [spec("c"), spec("b")],
            [("appeared", "c"), ("available", "c"), ("available", "b"), ("gone", "a")],
            id="several, in the order of the answer, and what is gone last",
        ),
        pytest.param([spec("a"), spec("b")], [spec("b"), spec("a")], [], id="in another order"),
        pytest.param(
            [spec(spec_id=1)], [spec(spec_id=2)], [("appeared", "v100"), ("available", "v100"), ("gone", "v100")],
            id="another ID",
        ),
        pytest.param([spec(), spec(sold_out=True)], [spec(sold_out=True), spec()], [], id="twins in another order"),
        pytest.param([spec(), spec(sold_out=True)], [spec(sold_out=True)] * 2, [("sold_out", "v100")], id="both twins"),
        pytest.param([{"spec_code": "v100", "spec_id": [1]}], [{"spec_code": "v100"}], [], id="no ID that is one"),
    ],
)  # fmt: skip
def test_what_changed(before: list[Spec], now: list[Spec], expected: list[tuple[str, str]]) -> None:
    assert told(answer(*before), answer(*now)) == expected


def test_the_first_response_reports_what_is_available() -> None:
    first = answer(spec("a"), spec("b", True))
    assert told(first) == [("available", "a")]
    assert told(first, initial=False) == []


@pytest.mark.parametrize("initial", [True, False])
def test_an_empty_first_response_is_compared_with_the_next(initial: bool) -> None:
    assert told(answer(), answer(spec()), initial=initial) == [("appeared", "v100"), ("available", "v100")]


def test_a_spec_that_is_gone_is_reported_as_last_seen() -> None:
    watch = Watch(True)
    for one in (answer(spec(max_num=1)), answer(spec(max_num=2))):
        watch.changes(one)
    assert [change.spec["max_num"] for change in watch.changes(answer())] == [2]


def test_a_target_that_fails_changes_no_spec() -> None:
    both = answer_of({"here": [spec("a")], "there": [spec("b")]})
    one_failed = answer_of({"here": [spec("a", True)], "there": None})
    assert told(both, one_failed) == [("sold_out", "a")]
    assert told(both, one_failed, both) == [("available", "a")]
    assert told(both, one_failed, answer_of({"here": [spec("a", True)], "there": []})) == [("gone", "b")]


@pytest.mark.parametrize(("initial", "expected"), [(True, [("available", "b")]), (False, [])])
def test_the_first_response_of_a_target_may_come_late(initial: bool, expected: list[tuple[str, str]]) -> None:
    early = answer_of({"here": [spec("a")], "there": None})
    late = answer_of({"here": [spec("a")], "there": [spec("b"), spec("c", True)]})
    assert told(early, late, initial=initial) == expected


def test_the_same_spec_in_two_targets_is_two() -> None:
    before = answer_of({"here": [spec()], "there": [spec()]})
    watch = Watch(False)
    watch.changes(before)
    (change,) = watch.changes(answer_of({"here": [spec()], "there": [spec(sold_out=True)]}))
    assert (change.change, change.spec["target"]) == ("sold_out", "there")
