# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Training jobs: what both versions of the API have in common."""

from __future__ import annotations

from access import Access
from catalogues import Catalogues
from clock import Clock
from exchange import Answer, Request
from job_errors import Refusals, RefusedJob
from job_store import JobStore
from modelarts import ModelArts
from training_jobs_v1 import TrainingJobsV1
from training_jobs_v2 import TrainingJobsV2


class TrainingJobs:
    def __init__(self, access: Access, catalogues: Catalogues, modelarts: ModelArts, clock: Clock) -> None:
        self._access = access
        self.store = JobStore(clock)
        self.refusals = Refusals()
        self.versions: dict[str, TrainingJobsV1 | TrainingJobsV2] = {
            "v1": TrainingJobsV1(self.store, self.refusals, catalogues, modelarts),
            "v2": TrainingJobsV2(self.store, self.refusals, catalogues),
        }

    def tick(self) -> None:
        """Advance the clock for one more request."""
        self.store.clock.advance(self.store.clock.tick)

    def serve(self, operation: str, request: Request) -> Answer:
        """Do an operation of operations.JOB_OPERATIONS, in the version that the path names."""
        refusal = self._access.refuse(request)
        if refusal:
            return refusal
        with self.store.lock:
            self.store.settle()
            try:
                return self.versions[request.path.split("/")[1]].serve(operation, request)
            except RefusedJob as refused:
                return refused.answer

    def reset(self) -> None:
        """Forget all jobs and injected errors."""
        self.store.reset()
        self.refusals.clear()
