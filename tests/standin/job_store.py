# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The training jobs of both APIs: what becomes of each while the clock goes on, the queue and the stock."""

from __future__ import annotations

import threading
from dataclasses import dataclass, fields
from typing import Any

from clock import Clock

# States in which a job may be stopped, and those in which it counts against the quota.
STOPPABLE = ("creating", "pending", "running")
ACTIVE = (*STOPPABLE, "stopping")


@dataclass
class Settings:
    """How the jobs behave. Seconds are those of the clock; 0 is over at the next request."""

    creating_seconds: float = 0
    # None: a job runs until it is stopped.
    running_seconds: float | None = 60
    # How a job ends that nobody stops: 0 completes it, anything else fails it, with a message.
    exit_code: int = 0
    message: str | None = None
    stopping_seconds: float = 0
    # How long a deleted job is still there, and then how long its name still counts as taken.
    deleting_seconds: float = 0
    name_seconds: float = 0
    # Most jobs of a project that have not ended.
    quota: int | None = None
    # Whether a second job of a name is refused.
    unique_names: bool = True
    # What the offset of a v2 search counts: "page" or "record".
    search_offset: str = "page"
    # Whether v1 writes its numbers as strings.
    v1_strings: bool = False


@dataclass
class Job:
    """A job. ``spec`` is a v2 flavor_id, a v1 spec_code, or the ID of a pool; ``body`` is what was sent."""

    api: str
    project_id: str
    job_id: str
    name: str
    workspace_id: str
    spec: str
    nodes: int
    body: dict[str, Any]
    created: float
    since: float
    state: str = "creating"
    # The phase to show in place of that of the state.
    shown: Any = None
    # A held job does not go on by itself.
    held: bool = False
    # Whether it holds nodes of the stock.
    holds_stock: bool = False
    started: float | None = None
    ended: float | None = None
    exit_code: int | None = None
    message: str | None = None
    deleted: float | None = None
    gone: float | None = None


class JobStore:
    """All jobs, also those that are gone. Take ``lock`` and ``settle`` before looking at them."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        """Forget all jobs and go back to how it started."""
        with self.lock:
            self.clock.reset()
            self.jobs: list[Job] = []
            self.settings = Settings()
            # Free nodes of each spec; a spec that is missing has any number.
            self.free: dict[str, int] = {}

    def configure(self, changes: dict[str, Any]) -> None:
        """Change settings. Raises ValueError for an unknown one."""
        known = {field.name for field in fields(Settings)}
        unknown = sorted(set(changes) - known)
        if unknown:
            raise ValueError(f"unknown setting {unknown[0]!r}, there are: {', '.join(sorted(known))}")
        if changes.get("search_offset", "page") not in ("page", "record"):
            raise ValueError('search_offset must be "page" or "record"')
        with self.lock:
            self.settle()
            for name, value in changes.items():
                setattr(self.settings, name, value)

    def set_stock(self, spec: str, nodes: int | None) -> None:
        """Set how many nodes of a spec are free now, None for any number. Queued jobs start if they can."""
        if nodes is not None and (not isinstance(nodes, int) or nodes < 0):
            raise ValueError("nodes must be a number from 0 on, or null")
        with self.lock:
            self.settle()
            if nodes is None:
                self.free.pop(spec, None)
            else:
                self.free[spec] = nodes
            self.start_queued()

    def start_queued(self) -> None:
        """Start the queued jobs that can start now."""
        self._start_queued(self.clock.now())

    def settle(self) -> None:
        """Let everything happen that is due by now, in its order."""
        now = self.clock.now()
        while True:
            due = [(when, job) for job in self.jobs for when in self._due(job) if when <= now]
            if not due:
                return
            when, job = min(due, key=lambda entry: entry[0])
            self._go_on(job, when)
            self._start_queued(when)

    def live(self, api: str, project_id: str) -> list[Job]:
        """Return the jobs that are not gone, the oldest first."""
        return [job for job in self.jobs if (job.api, job.project_id, job.gone) == (api, project_id, None)]

    def add(self, job: Job) -> None:
        self.jobs.append(job)

    def name_taken(self, api: str, project_id: str, workspace_id: str, name: str) -> bool:
        """Return whether a new job of that name is refused."""
        identity = (api, project_id, workspace_id, name)
        return self.settings.unique_names and any(
            (job.api, job.project_id, job.workspace_id, job.name) == identity
            and (job.gone is None or self.clock.now() < job.gone + self.settings.name_seconds)
            for job in self.jobs
        )

    def quota_used_up(self, project_id: str) -> bool:
        return self.settings.quota is not None and self.active(project_id) >= self.settings.quota

    def active(self, project_id: str) -> int:
        """Return how many jobs of a project have not ended."""
        return sum(job.project_id == project_id and job.state in ACTIVE and job.gone is None for job in self.jobs)

    def stop(self, job: Job) -> bool:
        """Begin to stop a job. Return False if it cannot be stopped (any more)."""
        if job.state not in STOPPABLE or (job.held and job.shown is not None):
            return False
        self.enter(job, "stopping", self.clock.now())
        return True

    def delete(self, job: Job) -> None:
        """Begin to delete a job, which then takes its time."""
        if job.deleted is None:
            if job.state in ACTIVE:
                self.enter(job, "stopped", self.clock.now())
            job.deleted = self.clock.now()

    def enter(self, job: Job, state: str, when: float) -> None:
        """Bring a job into a state."""
        if job.holds_stock and state not in ("running", "stopping"):
            job.holds_stock = False
            if job.spec in self.free:
                self.free[job.spec] += job.nodes
        if state == "running" and job.state != "running":
            job.started = when
        if state not in ACTIVE and job.ended is None:
            job.ended = when
        job.state, job.since, job.shown, job.held = state, when, None, False

    def _due(self, job: Job) -> list[float]:
        """When the job goes on by itself: one time or none."""
        settings = self.settings
        seconds = {
            "creating": settings.creating_seconds,
            "running": settings.running_seconds,
            "stopping": settings.stopping_seconds,
        }.get(job.state)
        if job.gone is not None:
            return []
        if job.deleted is not None:
            return [job.deleted + settings.deleting_seconds]
        return [] if job.held or seconds is None else [job.since + seconds]

    def _go_on(self, job: Job, when: float) -> None:
        if job.deleted is not None:
            job.gone = when
            return
        if job.state == "running":
            job.exit_code, job.message = self.settings.exit_code, self.settings.message
        end = "failed" if job.exit_code else "completed"
        self.enter(job, {"creating": "pending", "running": end, "stopping": "stopped"}[job.state], when)

    def _start_queued(self, when: float) -> None:
        """Start jobs in the order in which they queue: a job that finds too few nodes keeps later ones waiting."""
        waiting_specs = set()
        for job in self.jobs:
            if job.state != "pending" or job.held or job.deleted is not None or job.spec in waiting_specs:
                continue
            free = self.free.get(job.spec)
            if free is not None and free < job.nodes:
                waiting_specs.add(job.spec)
                continue
            if free is not None:
                self.free[job.spec] -= job.nodes
                job.holds_stock = True
            self.enter(job, "running", when)
