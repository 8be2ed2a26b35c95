# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Version 1 of the training job API: requests, bodies and statuses.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import _response
from ansible_collections.community.modelarts.plugins.module_utils._errors import OptionsError, ServiceError, listed
from ansible_collections.community.modelarts.plugins.module_utils._training_jobs_base import (
    Api,
    Candidate,
    Job,
    named,
    nest,
    number,
)

# The path of each option in the body.
PLACES = {
    "name": "job_name",
    "description": "job_desc",
    "workspace_id": "workspace_id",
    "nodes": "config.worker_server_num",
    "spec_id": "config.spec_id",
    "code": "config.flavor.code",
    "pool_id": "config.pool_id",
    "engine_id": "config.engine_id",
    "code_dir": "config.app_url",
    "boot_file": "config.boot_file_url",
    "image": "config.user_image_url",
    "command": "config.user_command",
    "parameters": "config.parameter",
    "inputs": "config.data_url",
    "outputs": "config.train_url",
    "log_url": "config.log_url",
}

# From the page "Job Statuses". 6 is a deletion that failed, 18 to 20 are reviews.
STATUSES = {
    "creating": (1, 2, 4, 18, 19, 20),
    "pending": (7,),
    "running": (8, 15),
    "stopping": (9,),
    "completed": (10,),
    "failed": (3, 5, 6, 11, 14, 16, 17, 21, 22),
    "stopped": (12, 13),
}


class V1(Api):
    """Version 1, where a site still has it. Numbers may come as text."""

    version = "v1"
    duplicate_name = "0103"
    # Jobs per request: the maximum that the API allows.
    most_in_page = 1000

    def candidate(self, given: t.Any) -> Candidate:
        """Parse a spec, its code, or its ID. Raises OptionsError."""
        spec = given if isinstance(given, dict) else {"spec_id" if str(given).isdigit() else "spec_code": given}
        if not spec.get("spec_id") and not spec.get("spec_code"):
            raise OptionsError(f"candidates: {given!r} has neither a spec_id nor a spec_code")
        spec_id = str(spec["spec_id"]) if spec.get("spec_id") else None
        return Candidate(spec.get("spec_code"), spec_id, given if isinstance(given, dict) else None)

    def body(self, options: t.Mapping[str, t.Any], candidate: Candidate) -> dict[str, t.Any]:
        """Make the body that creates a job. Raises OptionsError."""
        unknown = [name for name in ("environments", "algorithm_id", "engine") if options[name]]
        unknown += [f"more than one of {kind}" for kind in ("inputs", "outputs") if len(options[kind] or {}) > 1]
        if unknown:
            raise OptionsError(f"The v1 API does not take {listed(unknown, 5)}")
        more = {kind: next(iter((options[kind] or {}).values()), None) for kind in ("inputs", "outputs")}
        # What is no number is sent as it is: the service says what is wrong with it.
        ids = {"spec_id": candidate.spec_id, "engine_id": options["engine_id"]}
        # The ID is what the reference has; the code is documented in a tutorial.
        code = None if candidate.spec_id else candidate.spec_code
        more.update({name: number(value) or value for name, value in ids.items()}, code=code)
        return nest(PLACES, {**options, **more, "parameters": named("label", options["parameters"])})

    def find(self, name: str) -> Job | None:
        """Return the newest job of exactly this name with all details, which a list does not have."""
        job = super().find(name)
        return self.show(job) if job else None

    def show(self, job: Job) -> Job | None:
        """Return the job as it is now, None if it is gone: the response in that case is not documented."""
        try:
            return self._job(*self._send("show the training job", "GET", self._path(job)))
        except ServiceError as error:
            is_about_login = error.is_final and error.http_status != 404
            if error.is_transient or is_about_login or not self.is_gone(job):
                raise
            return None

    def is_gone(self, job: Job) -> bool:
        """Tell whether the list does not have the job any more."""
        return all(other.job_id != job.job_id for other in self.search(job.name))

    def stop(self, job: Job) -> None:
        """Begin to stop a job, in a single attempt."""
        self._send("stop the training job", "POST", f"{self._path(job)}/stop", retries=0)

    def _path(self, job: Job) -> str:
        return f"/{job.job_id}/versions/{job.version_id}"

    def _page(self, name: str | None, offset: int) -> tuple[list[Job], int]:
        query = {"per_page": self.most_in_page, "page": offset + 1, "sortBy": "create_time", "order": "desc"}
        query.update(self._scope, **({"search_content": name} if name else {}))
        response, document = self._send("list training jobs", "GET", params=query)
        return self._jobs(response, document, "jobs"), self.most_in_page

    def _job(self, response: _response.Response, raw: t.Any) -> Job:
        job = _response.part(raw)
        if not job.get("job_id") or not job.get("version_id"):
            raise _response.unexpected(response, "a job has no job_id and version_id")
        status = number(job.get("status"))
        phases = (phase for phase, statuses in STATUSES.items() if status in statuses)
        return Job(
            job_id=str(job["job_id"]),
            version_id=str(job["version_id"]),
            name=str(job.get("job_name")),
            phase=next(phases, "unknown"),
            raw=job,
            spec_code=job.get("spec_code") or job.get("flavor_code"),
            spec_id=str(job["spec_id"]) if job.get("spec_id") else None,
            nodes=number(job.get("worker_server_num")),
            started=bool(number(job.get("start_time")) or number(job.get("duration"))),
        )
