# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The version of the training job API that the options name, and the list of its jobs.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import _response
from ansible_collections.community.modelarts.plugins.module_utils._training_jobs_base import Api, fields

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils._client import Client


def api_of(client: Client, options: t.Mapping[str, t.Any]) -> Api:
    """Return the version of the API that the options name. The other one is not loaded."""
    if options["api"] == "v1":
        from ansible_collections.community.modelarts.plugins.module_utils._training_jobs_v1 import V1

        return V1(client, options["workspace_id"])
    from ansible_collections.community.modelarts.plugins.module_utils._training_jobs_v2 import V2

    return V2(client, options["workspace_id"])


def list_jobs(client: Client, options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return ``jobs``: the one with ``job_id``, those with exactly ``name``, or all of the workspace."""
    api = api_of(client, options)
    if options["job_id"]:
        found = [api.get(options["job_id"])]
    else:
        found = [api.show(job) if options["name"] else job for job in api.search(options["name"])]
    return {"jobs": [{**fields(job, "name", "nodes"), "job": _response.mask(job.raw)} for job in found if job]}
