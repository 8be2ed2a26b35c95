# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Training jobs, version 1 of the API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from catalogues import Catalogues
from exchange import Answer, Request
from job_errors import Refusals, RefusedJob
from job_store import Job, JobStore
from modelarts import ModelArts
from shown_jobs_v1 import ShownJobs, as_strings, status_of, version_of

_NAME = re.compile("[A-Za-z0-9_-]{1,64}")
_FIRST_ID = 567001


class TrainingJobsV1:
    def __init__(self, store: JobStore, refusals: Refusals, catalogues: Catalogues, modelarts: ModelArts) -> None:
        self._store = store
        self._refusals = refusals
        self._modelarts = modelarts
        self._shown = ShownJobs(store.clock, catalogues, modelarts)

    def serve(self, operation: str, request: Request) -> Answer:
        """Do an operation of operations.JOB_OPERATIONS. Raises RefusedJob."""
        answer = self._serve(operation, request)
        return replace(answer, body=as_strings(answer.body)) if self._store.settings.v1_strings else answer

    def _serve(self, operation: str, request: Request) -> Answer:
        if operation == "create-job":
            return self._create(request)
        if operation == "search-jobs":
            return self._refusals.take("v1", operation) or self._list(request)
        job = self._find(request)
        refusal = self._refusals.take("v1", operation, job.spec)
        if refusal:
            return refusal
        if operation == "show-job":
            return Answer(200, self._shown.show(job))
        if operation == "list-versions":
            return Answer(200, self._shown.versions(job))
        if operation == "stop-job":
            if not self._store.stop(job):
                raise RefusedJob("v1", "0105", "The operation is not allowed: the job is not running.")
        else:
            self._store.delete(job)
        return Answer(200, {"is_success": True})

    def _create(self, request: Request) -> Answer:
        body = _object(request)
        config = body.get("config")
        if not isinstance(config, dict):
            raise RefusedJob("v1", "0105", "The operation is not allowed: config is missing.")
        spec, spec_id = self._spec_of(config)
        code = str(spec.get("spec_code") or spec_id) if spec else spec_id
        refusal = self._refusals.take("v1", "create-job", code)
        if refusal:
            return refusal
        name, workspace_id = body.get("job_name"), str(body.get("workspace_id") or "0")
        if not isinstance(name, str) or not _NAME.fullmatch(name) or len(body.get("job_desc") or "") > 256:
            raise RefusedJob("v1", "0105", "The operation is not allowed: job_name or job_desc.")
        nodes = _number(config.get("worker_server_num", 1), "worker_server_num", lowest=1)
        _check_sources(config)
        if spec is None and not config.get("pool_id"):
            raise RefusedJob("v1", "2763")
        if spec and nodes > spec.get("max_num", nodes):
            raise RefusedJob(
                "v1", "2793", f"The number of flavor instances ({nodes}) exceeds the maximum ({spec['max_num']})."
            )
        project_id = _project_id(request)
        if self._store.name_taken("v1", project_id, workspace_id, name):
            raise RefusedJob("v1", "0103", f"Job name:{name} is existed")
        if self._store.quota_used_up(project_id):
            raise RefusedJob("v1", "0118", "The expected job num exceeds the quota limit.")
        return Answer(200, self._shown.created(self.add(project_id, name, workspace_id, code, nodes, body)))

    def add(
        self, project_id: str, name: str, workspace_id: str, spec: str, nodes: int, body: dict[str, Any] | None = None
    ) -> Job:
        """Add a job without any check."""
        config = {"worker_server_num": nodes, "flavor": {"code": spec}, "train_url": "/bucket/out/"}
        body = body or {"job_name": name, "workspace_id": workspace_id, "config": config}
        number = _FIRST_ID + len(self._store.jobs)
        now = self._store.clock.now()
        job = Job("v1", project_id, str(number), name, workspace_id, spec, nodes, body, now, now)
        self._store.add(job)
        return job

    def _spec_of(self, config: Mapping[str, Any]) -> tuple[dict[str, Any] | None, str]:
        """Return the spec, None if it is unknown or a pool, and what the request names."""
        flavor = config.get("flavor") or {}
        if not isinstance(flavor, dict):
            raise RefusedJob("v1", "0105", "The operation is not allowed: flavor.")
        named = [config[key] for key in ("spec_id", "pool_id") if config.get(key)] + [flavor[key] for key in flavor]
        if len(named) != 1:
            raise RefusedJob("v1", "0105", "The operation is not allowed: either spec_id or pool_id.")
        specs = self._modelarts.specs()
        if config.get("spec_id"):
            spec_id = _number(config["spec_id"], "spec_id")
            return next((spec for spec in specs if spec.get("spec_id") == spec_id), None), str(spec_id)
        code = flavor.get("code")
        return next((spec for spec in specs if code and spec.get("spec_code") == code), None), str(named[0])

    def _list(self, request: Request) -> Answer:
        query, project_id = request.query, _project_id(request)
        per_page = _number(query.get("per_page", "10"), "per_page", lowest=1, most=1000)
        page = _number(query.get("page", "1"), "page", lowest=1)
        workspace_id = query.get("workspace_id") or "0"
        jobs = [job for job in self._store.live("v1", project_id) if job.workspace_id == workspace_id]
        content = query.get("search_content", "").lower()
        jobs = [job for job in jobs if content in job.name.lower()]
        if query.get("status"):
            jobs = [job for job in jobs if str(status_of(job)) in query["status"].split("|")]
        if query.get("sortBy") == "job_name":
            jobs.sort(key=lambda job: job.name)
        if query.get("order", "desc") == "desc":
            jobs.reverse()
        shown = [self._shown.listed(job) for job in jobs[(page - 1) * per_page : page * per_page]]
        quota = self._store.settings.quota
        return Answer(
            200,
            {
                "is_success": True,
                "quotas": 10000 if quota is None else quota,
                "job_total_count": len(jobs),
                "job_count_limit": 10000 if quota is None else max(0, quota - self._store.active(project_id)),
                "jobs": shown,
            },
        )

    def _find(self, request: Request) -> Job:
        parts = request.path.split("/")
        jobs = self._store.live("v1", _project_id(request))
        job = next((job for job in jobs if job.job_id == parts[4]), None)
        if job is None or parts[6:7] not in ([], [str(version_of(job))]):
            # What v1 says of a job that is gone is not documented.
            raise RefusedJob("v1", "0105", "The operation is not allowed: the job does not exist.")
        return job


def _check_sources(config: Mapping[str, Any]) -> None:
    preset = all(config.get(key) for key in ("engine_id", "app_url", "boot_file_url"))
    if preset == bool(config.get("user_image_url") and config.get("user_command")):
        raise RefusedJob(
            "v1", "0105", "The operation is not allowed: either an engine with code, or an image with a command."
        )
    data = [key for key in ("data_url", "data_source", "dataset_id") if config.get(key)]
    if len(data) != 1:
        raise RefusedJob(
            "v1", "0105", "The operation is not allowed: exactly one of data_url, data_source and dataset_id."
        )


def _project_id(request: Request) -> str:
    return request.path.split("/")[2]


def _object(request: Request) -> dict[str, Any]:
    try:
        body = request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RefusedJob("v1", "0105", "The operation is not allowed: the body is not a JSON object.")
    return body


def _number(value: Any, name: str, lowest: int = 0, most: int = 2**63) -> int:
    """Return a number that may come as a string."""
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = -1
    if not lowest <= number <= most:
        raise RefusedJob("v1", "0105", f"The operation is not allowed: {name}.")
    return number
