# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Training jobs, version 2 of the API."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any

from catalogues import Catalogues
from exchange import Answer, Request
from job_errors import Refusals, RefusedJob
from job_store import ACTIVE, Job, JobStore
from shown_jobs_v2 import ShownJobs, phase_of

_NAME = re.compile("[A-Za-z0-9_-]{1,64}")
# A flavor of a dedicated pool.
_POOL_FLAVOR = "modelarts.pool."


class TrainingJobsV2:
    def __init__(self, store: JobStore, refusals: Refusals, catalogues: Catalogues) -> None:
        self._store = store
        self._refusals = refusals
        self._catalogues = catalogues
        self._show = ShownJobs(store.clock, catalogues).show

    def serve(self, operation: str, request: Request) -> Answer:
        """Do an operation of operations.JOB_OPERATIONS. Raises RefusedJob."""
        if operation == "create-job":
            return self._create(request)
        if operation == "search-jobs":
            return self._refusals.take("v2", operation) or self._search(request)
        job = self._find(request)
        return self._refusals.take("v2", operation, job.spec) or self._of_one(operation, request, job)

    def _create(self, request: Request) -> Answer:
        body = _object(request)
        metadata, resource = _part(body, "metadata"), _part(_part(body, "spec"), "resource")
        spec = str(resource.get("pool_id") or resource.get("flavor_id") or "")
        refusal = self._refusals.take("v2", "create-job", spec)
        if refusal:
            return refusal
        name = metadata.get("name")
        if body.get("kind") != "job" or not isinstance(name, str) or not _NAME.fullmatch(name):
            raise RefusedJob("v2", "2788", "Invalid parameter(kind or metadata.name).")
        self._check_algorithm(_part(body, "algorithm"))
        nodes = self._check_resource(resource, _part(_part(body, "algorithm"), "engine", {}))
        project_id, workspace_id = _project_id(request), str(metadata.get("workspace_id") or "0")
        if self._store.name_taken("v2", project_id, workspace_id, name):
            raise RefusedJob("v2", "2751", f"Duplicate training job (name {name}).")
        if self._store.quota_used_up(project_id):
            raise RefusedJob("v2", "2815")
        job = self.add(project_id, name, workspace_id, spec, nodes, body)
        return Answer(201, self._show(job))

    def add(
        self, project_id: str, name: str, workspace_id: str, spec: str, nodes: int, body: dict[str, Any] | None = None
    ) -> Job:
        """Add a job without any check."""
        body = body or {
            "kind": "job",
            "metadata": {"name": name, "workspace_id": workspace_id},
            "algorithm": {"engine": {"image_url": "made-up/image:1"}, "command": "true"},
            "spec": {"resource": {"flavor_id": spec, "node_count": nodes}},
        }
        now = self._store.clock.now()
        job = Job("v2", project_id, str(uuid.uuid4()), name, workspace_id, spec, nodes, body, now, now)
        self._store.add(job)
        return job

    def _check_algorithm(self, algorithm: Mapping[str, Any]) -> None:
        engine = _part(algorithm, "engine", {})
        if algorithm.get("id"):
            return
        if engine.get("image_url"):
            if not algorithm.get("command"):
                raise RefusedJob("v2", "2806")
            return
        if not algorithm.get("code_dir"):
            raise RefusedJob("v2", "2757")
        if not algorithm.get("boot_file"):
            raise RefusedJob("v2", "2758")
        if self._catalogues.engine_v2(engine) is None:
            raise RefusedJob("v2", "2780")

    def _check_resource(self, resource: Mapping[str, Any], engine: Mapping[str, Any]) -> int:
        """Return the number of nodes."""
        nodes, flavor_id = resource.get("node_count", 1), resource.get("flavor_id")
        if not isinstance(nodes, int) or isinstance(nodes, bool) or nodes < 1:
            raise RefusedJob("v2", "2788", "Invalid parameter(spec.resource.node_count must be at least 1).")
        if resource.get("pool_id"):
            if flavor_id and not str(flavor_id).startswith(_POOL_FLAVOR):
                raise RefusedJob("v2", "2781", f"Flavor ({flavor_id}) not found.")
            return nodes
        if not flavor_id:
            raise RefusedJob("v2", "2763")
        flavor = self._catalogues.flavor(flavor_id)
        if flavor is None:
            raise RefusedJob("v2", "2781", f"Flavor ({flavor_id}) not found.")
        most = flavor.get("max_num", flavor.get("flavor_info", {}).get("max_num", nodes))
        if nodes > most:
            raise RefusedJob("v2", "2793", f"The number of flavor instances ({nodes}) exceeds the maximum ({most}).")
        known = self._catalogues.engine_v2(engine) if engine else None
        supported = flavor.get("support_engines")
        if known and supported and known["engine_id"] not in json.loads(supported):
            raise RefusedJob("v2", "2840")
        return nodes

    def _search(self, request: Request) -> Answer:
        body = _object(request)
        limit, offset = body.get("limit", 10), body.get("offset", 0)
        if not isinstance(limit, int) or not isinstance(offset, int) or not 1 <= limit <= 50 or offset < 0:
            raise RefusedJob("v2", "2788", "Invalid parameter(limit must be 1 to 50, offset at least 0).")
        jobs = self._store.live("v2", _project_id(request))
        workspace_id = str(body.get("workspace_id") or "0")
        found = [job for job in jobs if job.workspace_id == workspace_id]
        for condition in body.get("filters") or []:
            found = [job for job in found if self._matches(job, condition)]
        if body.get("sort_by") == "name":
            found.sort(key=lambda job: job.name)
        if body.get("order", "desc") == "desc":
            found.reverse()
        start = offset * limit if self._store.settings.search_offset == "page" else offset
        echoed = {"limit": limit, "offset": offset, "sort_by": body.get("sort_by", "create_time")}
        return Answer(
            200,
            {
                "total": len(jobs),
                "count": len(found),
                **echoed,
                "order": body.get("order", "desc"),
                "group_by": "",
                "workspace_id": workspace_id,
                "ai_project": "default-ai-project",
                "items": [self._show(job) for job in found[start : start + limit]],
            },
        )

    def _matches(self, job: Job, condition: Any) -> bool:
        try:
            key, operator, wanted = condition["key"], condition["operator"], condition["value"]
            value = {"name": job.name, "phase": phase_of(job), "id": job.job_id}[key]
        except (KeyError, TypeError):
            raise RefusedJob("v2", "2788", "Invalid parameter(filters).") from None
        if operator == "like":
            # Contains, in any case.
            return any(str(text).lower() in str(value).lower() for text in wanted)
        if operator in ("in", "not"):
            return bool((value in wanted) == (operator == "in"))
        raise RefusedJob("v2", "2788", "Invalid parameter(filters.operator).")

    def _find(self, request: Request) -> Job:
        job_id = request.path.split("/")[4]
        jobs = self._store.live("v2", _project_id(request))
        job = next((job for job in jobs if job.job_id == job_id), None)
        if job is None:
            raise RefusedJob("v2", "2775", f"Training job (ID: {job_id}) not found.")
        return job

    def _of_one(self, operation: str, request: Request, job: Job) -> Answer:
        if operation == "show-job":
            return Answer(200, self._show(job))
        if operation == "stop-job":
            if _object(request).get("action_type") != "terminate":
                raise RefusedJob("v2", "2788")
            if not self._store.stop(job):
                raise RefusedJob("v2", "2796")
            shown = self._show(job)
            return Answer(202, {key: shown[key] for key in ("kind", "metadata", "status")})
        if job.deleted is None and job.state in ACTIVE:
            # The documentation says to terminate first, not what happens otherwise: the code is made up.
            raise RefusedJob(
                "v2", "2878" if job.state == "stopping" else "2788", "Job status does not allow to delete it."
            )
        self._store.delete(job)
        return Answer(202, "")


def _project_id(request: Request) -> str:
    return request.path.split("/")[2]


def _object(request: Request) -> dict[str, Any]:
    try:
        body = request.json()
    except ValueError:
        raise RefusedJob("v2", "2787") from None
    if not isinstance(body, dict):
        raise RefusedJob("v2", "2787")
    return body


def _part(body: Mapping[str, Any], name: str, default: Any = None) -> dict[str, Any]:
    """Return the object in an object. Raises RefusedJob where it is something else, or missing without a default."""
    part = body.get(name, default)
    if not isinstance(part, dict):
        raise RefusedJob("v2", "2788", f"Invalid parameter({name}).")
    return part
