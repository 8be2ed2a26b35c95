# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two versions of the training job API: requests, bodies and phases.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import json
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import _response
from ansible_collections.community.modelarts.plugins.module_utils._errors import OptionsError, ServiceError, listed

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils._client import Client

# The path of each option in the body of v2, and of v1.
_IN_ALGORITHM = ("code_dir", "boot_file", "command", "parameters", "environments", "inputs", "outputs")
V2_PLACES = {
    **{name: f"metadata.{name}" for name in ("name", "description", "workspace_id")},
    **{name: f"algorithm.{name}" for name in _IN_ALGORITHM},
    **{name: f"algorithm.engine.{name}" for name in ("engine_id", "engine_name", "engine_version")},
    **{name: f"spec.resource.{name}" for name in ("flavor_id", "pool_id")},
    "algorithm_id": "algorithm.id",
    "image": "algorithm.engine.image_url",
    "nodes": "spec.resource.node_count",
    "log_url": "spec.log_export_path.obs_url",
}
V1_PLACES = {
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

# Phases that v2 calls otherwise.
V2_PHASES = {"terminating": "stopping", "terminated": "stopped", "abnormal": "failed"}

PHASES = ("creating", "pending", "running", "stopping", "completed", "failed", "stopped")

# Statuses of v1, from its page "Job Statuses". 6 is a deletion that failed, 18 to 20 are reviews.
V1_STATUSES = {
    "creating": (1, 2, 4, 18, 19, 20),
    "pending": (7,),
    "running": (8, 15),
    "stopping": (9,),
    "completed": (10,),
    "failed": (3, 5, 6, 11, 14, 16, 17, 21, 22),
    "stopped": (12, 13),
}


class Job(t.NamedTuple):
    """A training job. Values that the response does not state are None.

    ``phase`` is one of creating, pending, running, stopping, completed, failed, stopped, or unknown for what is not
    documented. ``started`` says whether it ever ran, ``reason`` why it failed; ``raw`` is the API's own object.
    """

    job_id: str
    name: str
    phase: str
    raw: dict[str, t.Any]
    version_id: str | None = None
    spec_code: str | None = None
    spec_id: str | None = None
    nodes: int | None = None
    started: bool = False
    reason: str | None = None

    def __str__(self) -> str:
        return f"Training job {self.name} (ID {self.job_id})"


class Candidate(t.NamedTuple):
    """A spec that a job can be created with: what the API calls it, and the spec as it was given."""

    spec_code: str | None = None
    spec_id: str | None = None
    spec: t.Any = None

    def is_spec_of(self, job: Job) -> bool:
        """Tell whether the job was created with it. Without a spec, the pool decides: any job was."""
        if self.spec_id and job.spec_id:
            return self.spec_id == job.spec_id
        return (self.spec_code or self.spec_id) in (None, job.spec_code)


class _Api:
    """What both versions have in common. Methods raise what ``Client.send`` raises."""

    version = duplicate_name = ""

    def __init__(self, client: Client, workspace_id: str | None) -> None:
        self._client = client
        self._scope = {"workspace_id": workspace_id} if workspace_id else {}

    def search(self, name: str | None = None) -> t.Iterator[Job]:
        """Yield the workspace's jobs, newest first, each once; with ``name`` only those of exactly this name.

        The v2 offset counts pages on some sites and records on others: if the second page mostly
        repeats the first, it counts records.
        """
        seen: set[str] = set()
        offset, counts_records = 0, False
        while True:
            page, limit = self._page(name, offset)
            repeated = sum(job.job_id in seen for job in page)
            yield from (job for job in page if job.job_id not in seen and name in (None, job.name))
            seen.update(job.job_id for job in page)
            if repeated == len(page) or len(page) < limit:
                return
            counts_records = counts_records or 2 * repeated > len(page)
            offset = len(seen) if counts_records else offset + 1

    def find(self, name: str) -> Job | None:
        """Return the newest job of exactly this name, None if there is none."""
        return next(self.search(name), None)

    def get(self, job_id: str) -> Job | None:
        """Return the job with this ID, None if there is none."""
        job = next((job for job in self.search() if job.job_id == job_id), None)
        return self.show(job) if job else None

    def create(self, body: dict[str, t.Any]) -> Job:
        """Create a job, in a single attempt."""
        return self._job(*self._send("create the training job", "POST", json=body, retries=0))

    def delete(self, job: Job) -> None:
        """Begin to delete a job that has ended."""
        self._send("delete the training job", "DELETE", f"/{job.job_id}")

    def show(self, job: Job) -> Job | None:
        """Return the job as it is now, None if it is gone."""
        raise NotImplementedError

    def is_gone(self, job: Job) -> bool:
        """Tell whether a deleted job is gone."""
        return self.show(job) is None

    def _page(self, name: str | None, offset: int) -> tuple[list[Job], int]:
        raise NotImplementedError

    def _job(self, response: _response.Response, raw: t.Any) -> Job:
        raise NotImplementedError

    def _send(
        self, operation: str, method: str, path: str = "", resource: str = "/training-jobs", **content: t.Any
    ) -> _response.Exchange:
        try:
            return self._client.send(operation, method, f"{resource}{path}", version=self.version, **content)
        except ServiceError as error:
            if error.http_status != 404 or error.is_from_iam:
                raise
            other = next(version for version in APIS if version != self.version)
            raise error.with_hint(f"Where the site has no {self.version} training jobs, set api to {other}") from None

    def _jobs(self, response: _response.Response, document: t.Any, key: str) -> list[Job]:
        return [self._job(response, job) for job in _response.objects(response, document, key)]


class V2(_Api):
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
        texts = {key: _text(value) for key, value in (options["environments"] or {}).items()}
        more = {"flavor_id": candidate.spec_code, "engine_name": name or None, "engine_version": version or None}
        more["parameters"] = _named("name", options["parameters"])
        for kind in ("inputs", "outputs"):
            urls = (options[kind] or {}).items()
            more[kind] = [{"name": name, "remote": {"obs": {"obs_url": url}}} for name, url in urls]
        return {"kind": "job", **_nest(V2_PLACES, {**options, **more, "environments": texts})}

    def get(self, job_id: str) -> Job | None:
        """Return the job with this ID, None if there is none."""
        return self.show(Job(job_id, "", "unknown", {}))

    def show(self, job: Job) -> Job | None:
        """Return the job as it is now, None if it is gone: then the status is 400, not 404."""
        try:
            return self._job(*self._send("show the training job", "GET", f"/{job.job_id}"))
        except ServiceError as error:
            if error.short_code != self.not_found:
                raise
            return None

    def stop(self, job: Job) -> None:
        """Begin to stop a job."""
        self._send("stop the training job", "POST", f"/{job.job_id}/actions", json={"action_type": "terminate"})

    def _page(self, name: str | None, offset: int) -> tuple[list[Job], int]:
        # "like" is "contains".
        filters = [{"key": "name", "operator": "like", "value": [name]}] if name else []
        body = {"offset": offset, "limit": self.most_in_page, "sort_by": "create_time", "order": "desc"}
        body.update(self._scope, filters=filters)
        response, document = self._send("search training jobs", "POST", "", "/training-job-searches", json=body)
        limit = _number(_response.part(document).get("limit")) or self.most_in_page
        return self._jobs(response, document, "items"), limit

    def _job(self, response: _response.Response, raw: t.Any) -> Job:
        metadata, status = _response.part(raw, "metadata"), _response.part(raw, "status")
        resource = _response.part(raw, "spec", "resource")
        if not metadata.get("id"):
            raise _response.unexpected(response, "a job has no metadata.id")
        phase = str(status.get("phase")).lower()
        phase = V2_PHASES.get(phase, phase)
        return Job(
            job_id=str(metadata["id"]),
            name=str(metadata.get("name")),
            phase=phase if phase in PHASES else "unknown",
            raw=raw,
            spec_code=resource.get("flavor_id"),
            nodes=_number(resource.get("node_count")),
            started=bool(_number(status.get("start_time"))),
            reason=_reason(status.get("task_statuses")),
        )


class V1(_Api):
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
        more.update({name: _number(value) or value for name, value in ids.items()}, code=code)
        return _nest(V1_PLACES, {**options, **more, "parameters": _named("label", options["parameters"])})

    def find(self, name: str) -> Job | None:
        """Return the newest job of exactly this name with all details, which a list does not have."""
        job = super().find(name)
        return self.show(job) if job else None

    def show(self, job: Job) -> Job | None:
        """Return the job as it is now, None if it is gone: the response in that case is not documented."""
        try:
            return self._job(*self._send("show the training job", "GET", self._path(job)))
        except ServiceError as error:
            if error.is_transient or error.is_final or not self.is_gone(job):
                raise
            return None

    def is_gone(self, job: Job) -> bool:
        """Tell whether the list does not have the job any more."""
        return all(other.job_id != job.job_id for other in self.search(job.name))

    def stop(self, job: Job) -> None:
        """Begin to stop a job."""
        self._send("stop the training job", "POST", f"{self._path(job)}/stop")

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
        status = _number(job.get("status"))
        phases = (phase for phase, statuses in V1_STATUSES.items() if status in statuses)
        return Job(
            job_id=str(job["job_id"]),
            version_id=str(job["version_id"]),
            name=str(job.get("job_name")),
            phase=next(phases, "unknown"),
            raw=job,
            spec_code=job.get("spec_code") or job.get("flavor_code"),
            spec_id=str(job["spec_id"]) if job.get("spec_id") else None,
            nodes=_number(job.get("worker_server_num")),
            started=bool(_number(job.get("start_time")) or _number(job.get("duration"))),
        )


APIS: dict[str, type[V1] | type[V2]] = {"v1": V1, "v2": V2}


def _nest(places: t.Mapping[str, str], values: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Put the given values at their dotted paths in a body."""
    body: dict[str, t.Any] = {}
    for name, place in places.items():
        if values.get(name) not in (None, "", [], {}):
            *parents, key = place.split(".")
            part = body
            for parent in parents:
                part = part.setdefault(parent, {})
            part[key] = values[name]
    return body


def _named(key: str, values: t.Mapping[str, t.Any] | None) -> list[dict[str, str]]:
    return [{key: name, "value": _text(value)} for name, value in (values or {}).items()]


def _text(value: t.Any) -> str:
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def _number(value: t.Any) -> int | None:
    """Return a number that may be text, or None if it is not a number."""
    try:
        return int(value)
    except (OverflowError, TypeError, ValueError):
        return None


def _reason(tasks: t.Any) -> str | None:
    """Describe the failed tasks in ``task_statuses`` for a message."""
    failed = [task for task in tasks if _response.part(task).get("exit_code")] if isinstance(tasks, list) else []
    texts = [f"{task.get('task')}: exit code {task['exit_code']}: {task.get('message')}" for task in failed]
    return listed(texts, 3) if texts else None
