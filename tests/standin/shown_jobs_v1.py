# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How version 1 of the API shows a job: after its creation, in a list, and its version in detail."""

from __future__ import annotations

from typing import Any

from catalogues import Catalogues
from clock import Clock
from job_store import Job
from modelarts import ModelArts

# The status of each state.
STATUSES = {
    "creating": 1,
    "pending": 7,
    "running": 8,
    "stopping": 9,
    "completed": 10,
    "failed": 11,
    "stopped": 12,
    "abnormal": 3,
}
_SPEC_FIELDS = ("spec_id", "spec_code", "core", "cpu", "gpu_num", "gpu_type", "max_num", "no_resource")


def status_of(job: Job) -> Any:
    return STATUSES[job.state] if job.shown is None else job.shown


def version_of(job: Job) -> int:
    """Return the ID of the job's one version."""
    return int(job.job_id) + 541_000


def as_strings(value: Any) -> Any:
    """Return the value with every number in it as a string."""
    if isinstance(value, dict):
        return {name: as_strings(part) for name, part in value.items()}
    if isinstance(value, list):
        return [as_strings(part) for part in value]
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


class ShownJobs:
    def __init__(self, clock: Clock, catalogues: Catalogues, modelarts: ModelArts) -> None:
        self._clock = clock
        self._catalogues = catalogues
        self._modelarts = modelarts

    def created(self, job: Job) -> dict[str, Any]:
        """Return the job as v1_create_response_ints has it."""
        return {"is_success": True, **self._version(job), "resource_id": f"job{int(job.job_id):x}"}

    def listed(self, job: Job) -> dict[str, Any]:
        """Return the job as v1_list_response has it."""
        version = self._version(job)
        del version["version_name"]
        return {**version, "duration": self._duration(job), "job_desc": self._description(job), "version_count": 1}

    def versions(self, job: Job) -> dict[str, Any]:
        """Return the list of the job's versions, which is one."""
        version = {**self._version(job), "duration": self._duration(job)}
        head = {"is_success": True, "job_id": int(job.job_id), "job_name": job.name}
        return {**head, "version_count": 1, "versions": [version]}

    def show(self, job: Job) -> dict[str, Any]:
        """Return the job as v1_version_detail_completed has it."""
        config = job.body["config"]
        engine = self._catalogues.engine_v1(int(config.get("engine_id") or 0)) or {}
        spec = next((spec for spec in self._modelarts.specs() if spec.get("spec_code") == job.spec), {})
        known = [spec for spec in self._modelarts.specs() if str(spec.get("spec_id")) == str(config.get("spec_id"))]
        spec = known[0] if known else spec
        return {
            "is_success": True,
            **self._version(job),
            "pre_version_id": None,
            "start_time": None if job.started is None else int(1000 * job.started),
            "duration": self._duration(job),
            **{name: spec[name] for name in _SPEC_FIELDS if name in spec},
            "flavor_code": spec.get("spec_code"),
            "npu_info": None,
            "worker_server_num": job.nodes,
            **{name: engine.get(name) for name in ("engine_type", "engine_id", "engine_name", "engine_version")},
            **{name: value for name, value in config.items() if name not in ("flavor", "spec_id", "engine_id")},
            "pool_type": "USER_DEFINED" if config.get("pool_id") else "SYSTEM_DEFINED",
            # Jobs of the public pool have one, too.
            "pool_id": config.get("pool_id") or "pool7d1e384a",
            "job_desc": self._description(job),
            "job_type": 1,
            "is_zombie": None,
        }

    def _version(self, job: Job) -> dict[str, Any]:
        number = int(job.job_id)
        return {
            "job_id": number,
            "job_name": job.name,
            "version_id": version_of(job),
            "version_name": "V0001",
            "status": status_of(job),
            "create_time": int(1000 * job.created),
        }

    def _duration(self, job: Job) -> int:
        end = self._clock.now() if job.ended is None else job.ended
        return 0 if job.started is None else int(1000 * (end - job.started))

    def _description(self, job: Job) -> str:
        return str(job.body.get("job_desc") or "")
