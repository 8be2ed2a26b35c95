# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever fails, and whenever a run is killed: no two jobs of a name, no candidate twice, no job that nothing names.

Each example is a row of runs of the same task. All but the last meet faults, and phases change behind their back.
"""

from __future__ import annotations

import os
import typing as t

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.community.modelarts.plugins.module_utils import _client
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.plugins.module_utils.training import NAME, SPECS, Runs

# As in fuzzing.py. An example is 1 to 4 runs, and one more at the end: 2,000 and more with either profile.
EXAMPLES = 800 if os.environ.get("HYPOTHESIS_PROFILE", "bounded") == "bounded" else 10_000
LEAST_RUNS = 2_000

# Served or not, with a response or without one.
FAULTS = ("lost", "lost-502", "lost-504", "reset", "error-500", "unavailable", "gateway-throttled", "empty")
PHASES = ("pending", "running", "completed", "failed", "stopped", "unheard-of")
CODES = ("2781", "2793", "2755", "2878")


class Killed(BaseException):
    """The process is gone. No Exception, which the code could catch."""


class Event(t.NamedTuple):
    """What happens at a request of a run, counted from 0: a fault so many times, a kill, a phase, free stock."""

    request: int
    what: str
    value: t.Any = None
    times: int = 1


class World(t.NamedTuple):
    """What a row of runs meets."""

    api: str
    candidates: int
    full: tuple[bool, ...]
    refused: tuple[str | None, ...]
    settings: dict[str, t.Any]
    options: dict[str, t.Any]
    runs: list[list[Event]]


NUMBERS = st.integers(0, 25)
EVENTS = st.one_of(
    st.tuples(NUMBERS, st.just("fault"), st.sampled_from(FAULTS), st.integers(1, 7)),
    st.tuples(NUMBERS, st.sampled_from(["kill before", "kill after"])),
    st.tuples(NUMBERS, st.just("phase"), st.sampled_from(PHASES)),
    st.tuples(NUMBERS, st.just("stock"), st.integers(0, 2)),
    st.tuples(NUMBERS, st.just("refusal"), st.sampled_from(CODES)),
).map(lambda event: Event(*event))
SECONDS = st.sampled_from([0, 0, 7, 40])
WORLDS = st.builds(
    World,
    api=st.sampled_from(["v1", "v2"]),
    candidates=st.integers(1, 3),
    full=st.tuples(*[st.booleans()] * 3),
    refused=st.tuples(*[st.sampled_from([None, None, None, "2781"])] * 3),
    settings=st.fixed_dictionaries(
        {
            "creating_seconds": SECONDS,
            "stopping_seconds": SECONDS,
            "deleting_seconds": SECONDS,
            "name_seconds": SECONDS,
            # Without this, the service itself would keep a second job away.
            "unique_names": st.booleans(),
            "running_seconds": st.sampled_from([30, 600]),
        }
    ),
    options=st.fixed_dictionaries(
        {
            "wait_for": st.sampled_from(["created", "running", "running", "completed"]),
            "wait_timeout": st.sampled_from([30, 400]),
            "pending_timeout": st.sampled_from([0, 60, 60, 60]),
            "retries": st.integers(0, 2),
        }
    ),
    runs=st.lists(st.lists(EVENTS, max_size=5), min_size=1, max_size=4),
)


class Interrupted:
    """A client in the way of which events come."""

    def __init__(self, client: _client.Client, run: Runs, events: list[Event]) -> None:
        self._client = client
        self._run = run
        self._events = events
        self._requests = 0

    def send(self, operation: str, method: str, path: str, **content: t.Any) -> t.Any:
        events = [event for event in self._events if event.request == self._requests]
        self._requests += 1
        for event in events:
            self._happen(event)
        if any(event.what == "kill before" for event in events):
            raise Killed
        result = self._client.send(operation, method, path, **content)
        if any(event.what == "kill after" for event in events):
            raise Killed
        return result

    def _happen(self, event: Event) -> None:
        standin = self._run.standin
        if event.what == "fault":
            for operation in ("create-job", "search-jobs", "show-job", "stop-job", "delete-job"):
                standin.fault(event.value, times=event.times, operation=operation)
        elif event.what == "phase" and self._run.alive():
            standin.phase(NAME, event.value, hold=event.value == "unheard-of")
        elif event.what == "stock":
            standin.stock(self._run.specs[event.value % len(self._run.specs)], 1)
        elif event.what == "refusal":
            standin.refuse(event.value, operation="stop-job" if event.value == "2878" else "create-job")


def named(result: dict[str, t.Any], job: dict[str, t.Any]) -> bool:
    """Tell whether the attempts name a job: by its ID, or as one of whose creation nothing is known."""
    attempts = [attempt for attempt in result["attempts"] if attempt.get("job_id") in (job["job_id"], None)]
    return any("job_id" in attempt or attempt["outcome"] == "unknown" for attempt in attempts)


def drive(standin: StandIn, world: World) -> int:
    """Let the runs of a row happen, and check after each what must hold. Return their number."""
    standin.reset_jobs()
    standin.clear()
    run = Runs(standin, world.api)
    run.specs = SPECS[world.api][: world.candidates]
    standin.job_settings(**world.settings)
    for spec, is_full, code in zip(run.specs, world.full, world.refused):
        if is_full:
            standin.stock(spec, 0)
        if code:
            standin.refuse(code, spec=spec, times=None)
    # Where a run began with no job, it began with the first candidate.
    beginnings: list[t.Any] = []
    for events in [*world.runs, []]:
        before = {job["job_id"] for job in standin.jobs()}
        if not run.alive():
            beginnings.append(len(before))
        run.wrap = lambda client, events=events: Interrupted(client, run, events)  # type: ignore[misc]
        try:
            result = run(candidates=run.specs, **world.options)
        except Killed:
            result = None
        standin.clear()
        jobs = standin.jobs()
        # Never two at a time.
        for earlier, later in zip(jobs, jobs[1:]):
            assert earlier["gone"] is not None and earlier["gone"] <= later["created"]
        for job in jobs:
            if result and job["alive"] and (result["attempts"] or job["job_id"] not in before):
                assert named(result, job)
        for attempts in [result["attempts"]] if result else []:
            tried = [attempt["spec_code"] for attempt in attempts]
            assert len(tried) == len(set(tried))
        # In the order of the candidates, none twice.
        for start, end in zip(beginnings, [*beginnings[1:], len(jobs)]):
            places = [run.specs.index(job["spec"]) for job in jobs[start:end]]
            assert places == sorted(set(places))
    return len(world.runs) + 1


def test_no_fault_makes_two_jobs(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_client.Retry, "get_backoff_time", lambda self: 0.0)
    runs = 0

    @settings(
        max_examples=EXAMPLES,
        derandomize=EXAMPLES == 800,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(WORLDS)
    def check(world: World) -> None:
        nonlocal runs
        runs += drive(standin, world)

    check()
    standin.reset_jobs()
    print(f"{runs} runs")
    assert runs >= LEAST_RUNS
