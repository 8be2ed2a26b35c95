# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How version 2 of the API shows a job: what was sent, and the fields that the service adds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalogues import Catalogues
from clock import Clock
from job_store import Job

# The phase of each state.
PHASES = {
    "creating": "Creating",
    "pending": "Pending",
    "running": "Running",
    "stopping": "Terminating",
    "completed": "Completed",
    "failed": "Failed",
    "stopped": "Terminated",
    "abnormal": "Abnormal",
}
_SECONDARY = {"pending": "Queuing", "abnormal": "CreateFailed"}


def phase_of(job: Job) -> Any:
    return PHASES[job.state] if job.shown is None else job.shown


class ShownJobs:
    def __init__(self, clock: Clock, catalogues: Catalogues) -> None:
        self._clock = clock
        self._catalogues = catalogues

    def show(self, job: Job) -> dict[str, Any]:
        """Return the job as v2_create_response_201 and v2_show_running have it."""
        metadata, algorithm, spec = (job.body.get(name) or {} for name in ("metadata", "algorithm", "spec"))
        annotations = {"job_template": "Template DL", "key_task": "worker", **(metadata.get("annotations") or {})}
        return {
            "kind": "job",
            "metadata": {
                "description": "",
                **metadata,
                "id": job.job_id,
                "create_time": int(1000 * job.created),
                "workspace_id": job.workspace_id,
                "ai_project": "default-ai-project",
                "user_name": "",
                "annotations": annotations,
            },
            "status": self._status(job),
            "algorithm": {
                **algorithm,
                "inputs": _mounted(algorithm, "inputs"),
                "outputs": _mounted(algorithm, "outputs", mode="upload_periodically", period=30),
                "engine": self._engine(algorithm.get("engine") or {}),
            },
            "spec": {**spec, "resource": self._resource(spec.get("resource") or {}), "is_hosted_log": True},
        }

    def _status(self, job: Job) -> dict[str, Any]:
        phase = phase_of(job)
        end = self._clock.now() if job.ended is None else job.ended
        tasks = [f"worker-{number}" for number in range(job.nodes)]
        status: dict[str, Any] = {
            "phase": phase,
            "secondary_phase": phase if job.shown is not None else _SECONDARY.get(job.state, phase),
            "duration": 0 if job.started is None else int(1000 * (end - job.started)),
            "start_time": 0 if job.started is None else int(1000 * job.started),
            "node_count_metrics": None,
            "tasks": tasks,
        }
        if job.exit_code is not None or job.message:
            result = {"exit_code": job.exit_code or 0, "message": job.message or ""}
            status["task_statuses"] = [{"task": task, **result} for task in tasks]
        return status

    def _engine(self, engine: Mapping[str, Any]) -> dict[str, Any]:
        known = self._catalogues.engine_v2(engine) if engine and not engine.get("image_url") else None
        return {**engine, **{key: value for key, value in (known or {}).items() if key != "image_info"}}

    def _resource(self, resource: Mapping[str, Any]) -> dict[str, Any]:
        flavor = self._catalogues.flavor(resource.get("flavor_id", ""))
        if not flavor:
            return {"node_count": 1, **resource}
        detail = {key: flavor[key] for key in ("flavor_type", "billing", "flavor_info") if key in flavor}
        name = flavor.get("flavor_name", "")
        return {"node_count": 1, **resource, "flavor_name": name, "flavor_detail": detail}


def _mounted(algorithm: Mapping[str, Any], kind: str, **more: Any) -> list[dict[str, Any]]:
    """Return inputs or outputs with what the service adds to each."""
    return [
        {"description": "", "local_dir": f"/home/ma-user/modelarts/{kind}/{channel.get('name')}_0", **more, **channel}
        for channel in algorithm.get(kind) or []
    ]
