# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Version 2 of the training job API, the current one: requests, bodies and phases.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import _response
from ansible_collections.community.modelarts.plugins.module_utils._errors import OptionsError, ServiceError, shorten
from ansible_collections.community.modelarts.plugins.module_utils._training_jobs_base import (
    PHASES,
    Api,
    Candidate,
    Job,
    named,
    nest,
    number,
    text_of,
)

# The path of each option in the body.
_IN_ALGORITHM = ("code_dir", "boot_file", "command", "parameters", "environments", "inputs", "outputs")
PLACES = {
    **{name: f"metadata.{name}" for name in ("name", "description", "workspace_id")},
    **{name: f"algorithm.{name}" for name in _IN_ALGORITHM},
    **{name: f"algorithm.engine.{name}" for name in ("engine_id", "engine_name", "engine_version")},
    **{name: f"spec.resource.{name}" for name in ("flavor_id", "pool_id")},
    "algorithm_id": "algorithm.id",
    "image": "algorithm.engine.image_url",
    "nodes": "spec.resource.node_count",
    "log_url": "spec.log_export_path.obs_url",
}

# Phases that this version calls otherwise.
OTHER_PHASES = {"terminating": "stopping", "terminated": "stopped", "abnormal": "failed"}

# Number of failed tasks that a message describes.
MOST_TASKS = 3

_ID = re.compile(r"[\w-]+")


class V2(Api):
    """Version 2, the current one."""

    version = "v2"
    duplicate_name = "2751"
    # Jobs per request: the maximum that the API allows.
    most_in_page = 50
    not_found = "2775"

    def candidate(self, given: t.Any) -> Candidate:
        """Parse a spec of one of the sources, or a flavor's ID. Raises OptionsError."""
        code = given.get("flavor_id") or given.get("spec_code") if isinstance(given, dict) else given
        if not isinstance(code, str) or not code:
            raise OptionsError(f"candidates: {given!r} has neither a flavor_id nor a spec_code")
        return Candidate(code, spec=given if isinstance(given, dict) else None)

    def body(self, options: t.Mapping[str, t.Any], candidate: Candidate) -> dict[str, t.Any]:
        """Return the body that creates a job."""
        name, _space, version = (options["engine"] or "").partition(" ")
        environments = (options["environments"] or {}).items()
        texts = {key: text_of(value) for key, value in environments if value is not None}
        more = {"flavor_id": candidate.spec_code, "engine_name": name or None, "engine_version": version or None}
        more["parameters"] = named("name", options["parameters"])
        for kind in ("inputs", "outputs"):
            urls = (options[kind] or {}).items()
            more[kind] = [{"name": name, "remote": {"obs": {"obs_url": url}}} for name, url in urls]
        return {"kind": "job", **nest(PLACES, {**options, **more, "environments": texts})}

    def get(self, job_id: str) -> Job | None:
        """Return the job with this ID, None if there is none."""
        return self.show(Job(job_id, "", "unknown", {})) if _ID.fullmatch(job_id) else None

    def show(self, job: Job) -> Job | None:
        """Return the job as it is now, None if it is gone: then the status is 400, not 404."""
        try:
            return self._job(*self._send("show the training job", "GET", f"/{job.job_id}"))
        except ServiceError as error:
            if error.short_code != self.not_found:
                raise
            return None

    def stop(self, job: Job) -> None:
        """Begin to stop a job, in a single attempt."""
        action = {"action_type": "terminate"}
        self._send("stop the training job", "POST", f"/{job.job_id}/actions", json=action, retries=0)

    def _page(self, name: str | None, offset: int) -> tuple[list[Job], int]:
        # "like" is "contains".
        filters = [{"key": "name", "operator": "like", "value": [name]}] if name else []
        body = {"offset": offset, "limit": self.most_in_page, "sort_by": "create_time", "order": "desc"}
        body.update(self._scope, filters=filters)
        response, document = self._send(
            "search training jobs", "POST", "", "/training-job-searches", json=body, only_reads=True
        )
        limit = number(_response.part(document).get("limit")) or self.most_in_page
        return self._jobs(response, document, "items"), limit

    def _job(self, response: _response.Response, raw: t.Any) -> Job:
        metadata, status = _response.part(raw, "metadata"), _response.part(raw, "status")
        resource = _response.part(raw, "spec", "resource")
        if not metadata.get("id"):
            raise _response.unexpected(response, "a job has no metadata.id")
        phase = str(status.get("phase")).lower()
        phase = OTHER_PHASES.get(phase, phase)
        return Job(
            job_id=str(metadata["id"]),
            name=str(metadata.get("name")),
            phase=phase if phase in PHASES else "unknown",
            raw=raw,
            spec_code=resource.get("flavor_id"),
            nodes=number(resource.get("node_count")),
            started=bool(number(status.get("start_time"))),
            reason=_reason(status.get("task_statuses"), response.redactor.hide),
        )


def _reason(tasks: t.Any, hide: t.Callable[[str], str]) -> str | None:
    """Describe the failed tasks in ``task_statuses``. Hides the secrets in their messages, in ``tasks`` as well."""
    tasks = [_response.part(task) for task in tasks] if isinstance(tasks, list) else []
    for task in tasks:
        if task.get("message"):
            task["message"] = hide(str(task["message"]))
    failed = [task for task in tasks if task.get("exit_code")][:MOST_TASKS]
    texts = [f"{task.get('task')}: exit code {task['exit_code']}: {task.get('message')}" for task in failed]
    return "; ".join(shorten(text, _response.LONGEST_MESSAGE) for text in texts) or None
