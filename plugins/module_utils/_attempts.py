# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The history of a training job: the candidates that were tried, and the phases that were seen.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils._training_jobs_base import Job


class Attempts:
    """Records the attempts of a run: ``attempts`` and ``phases``, as the module returns them.

    ``clock`` returns seconds; ``report`` is called with a line for each change of phase.
    """

    def __init__(self, clock: t.Callable[[], float], report: t.Callable[[str], None]) -> None:
        self._clock, self._report = clock, report
        self._since = clock()
        self.attempts: list[dict[str, t.Any]] = []
        self.phases: list[dict[str, t.Any]] = []

    def begin(self, spec_code: str | None) -> None:
        """Begin an attempt with a spec."""
        self._since = self._clock()
        self.attempts.append({"spec_code": spec_code, "outcome": "unknown", "seconds": 0})

    def update(self, outcome: str, **more: t.Any) -> None:
        """Record what became of the current attempt so far."""
        self.attempts[-1].update(outcome=outcome, seconds=round(self._clock() - self._since), **more)

    @property
    def is_refused(self) -> bool:
        """Whether the service refused the current attempt."""
        return bool(self.attempts[-1]["outcome"] == "refused")

    def note(self, job: Job) -> None:
        """Record the state of the job of the current attempt. Does nothing before the first one."""
        if not self.attempts:
            return
        before = dict(self.attempts[-1])
        code = job.spec_code or before["spec_code"]
        self.update(job.phase, job_id=job.job_id, spec_code=code)
        if (before.get("job_id"), before["outcome"]) != (job.job_id, job.phase):
            seconds = self.attempts[-1]["seconds"]
            self.phases.append({"spec_code": code, "phase": job.phase, "seconds": seconds})
            self._report(f"{job}: {job.phase} on {code} after {seconds} seconds")
