# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of the control API for training jobs: the clock, the stock, the jobs themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import shown_jobs_v1
import shown_jobs_v2
from account import ACCOUNT
from cloud import Cloud
from exchange import sample
from job_store import Job

_SHOWN: dict[str, dict[str, Any]] = {"v1": shown_jobs_v1.STATUSES, "v2": shown_jobs_v2.PHASES}
_V1_STATES = {number: phase for number, phase in sample("phases")["v1"].items() if phase in shown_jobs_v1.STATUSES}


class ControlJobs:
    def __init__(self, cloud: Cloud) -> None:
        self._training = cloud.training
        self._store = cloud.training.store
        self.actions: dict[tuple[str, str], Callable[[Any], dict[str, Any] | None]] = {
            ("GET", "clock"): lambda _body: self._clock(),
            ("PUT", "clock"): self._set_clock,
            ("GET", "jobs"): lambda _body: self._content(),
            ("DELETE", "jobs"): lambda _body: cloud.training.reset(),
            ("PUT", "jobs/add"): self._add,
            ("PUT", "jobs/stock"): lambda body: self._store.set_stock(str(body["spec"]), body["nodes"]),
            ("PUT", "jobs/phase"): self._set_phase,
            ("PUT", "jobs/settings"): self._store.configure,
            ("PUT", "jobs/refuse"): cloud.training.refusals.order,
            ("DELETE", "jobs/refuse"): lambda _body: cloud.training.refusals.clear(),
        }

    def _clock(self) -> dict[str, Any]:
        clock = self._store.clock
        return {"now": clock.now(), "scale": clock.scale, "tick": clock.tick}

    def _set_clock(self, body: Any) -> dict[str, Any]:
        unknown = set(body) - {"advance", "scale", "tick"}
        if unknown:
            raise ValueError("the clock takes advance, scale and tick")
        clock = self._store.clock
        with self._store.lock:
            clock.advance(body.get("advance", 0))
            if "scale" in body:
                clock.run(body["scale"])
            if "tick" in body:
                clock.set_tick(body["tick"])
            self._store.settle()
        return self._clock()

    def _content(self) -> dict[str, Any]:
        with self._store.lock:
            self._store.settle()
            jobs = [_shown(job) for job in self._store.jobs]
            return {"jobs": jobs, "stock": dict(self._store.free), "settings": asdict(self._store.settings)}

    def _add(self, body: Any) -> dict[str, Any]:
        """Add jobs as they are, without a request."""
        arguments = {
            "project_id": ACCOUNT["project_id"],
            "workspace_id": "0",
            "spec": "modelarts.vm.cpu.2u",
            "nodes": 1,
        }
        jobs, phase = self._training.versions[body.get("api", "v2")], body.get("phase")
        given = {key: value for key, value in body.items() if key not in ("api", "phase")}
        with self._store.lock:
            self._store.settle()
            job = jobs.add(**{**arguments, **given})
            if phase is not None:
                self._force(job, phase, hold=True)
            return _shown(job)

    def _set_phase(self, body: Any) -> dict[str, Any]:
        """Force the phase of the newest job of a name, or of an ID."""
        key = "job_id" if "job_id" in body else "name"
        with self._store.lock:
            self._store.settle()
            jobs = [job for job in self._store.jobs if getattr(job, key) == str(body[key]) and job.gone is None]
            if not jobs:
                raise ValueError(f"no job with {key} {body[key]!r}")
            job = jobs[-1]
            self._force(job, body["phase"], hold=body.get("hold", True))
            job.exit_code = body.get("exit_code", job.exit_code)
            job.message = body.get("message", job.message)
            return _shown(job)

    def _force(self, job: Job, phase: Any, hold: bool) -> None:
        shown = _SHOWN[job.api]
        states = {name: state for state, name in shown.items()}
        by_number = _V1_STATES.get(str(phase)) if job.api == "v1" else None
        state = phase if phase in shown else by_number or states.get(phase)
        job.deleted = None
        if state:
            self._store.enter(job, state, self._store.clock.now())
        if phase not in shown and phase != shown[job.state]:
            job.shown = phase
        job.held = hold
        self._store.start_queued()


def _shown(job: Job) -> dict[str, Any]:
    """Return everything about a job. ``phase`` is what the API shows, ``alive`` whether it is not gone."""
    phase_of = shown_jobs_v1.status_of if job.api == "v1" else shown_jobs_v2.phase_of
    version_id = str(shown_jobs_v1.version_of(job)) if job.api == "v1" else None
    return {**asdict(job), "phase": phase_of(job), "version_id": version_id, "alive": job.gone is None}
