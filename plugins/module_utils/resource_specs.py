# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The query: which machine specifications may a job use (API page "Querying Job Resource Specifications")."""

from __future__ import annotations

import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import answers

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.client import Client

OPERATION = "query job resource specifications"

PARAMETERS = ("job_type", "engine_id", "project_type")


def query(client: Client, parameters: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Ask for the specifications; of ``parameters`` those in ``PARAMETERS`` are sent, where they are not None.

    Gives ``specs``, the API's own objects untouched, and ``spec_total_count`` (the number of specs where the service
    does not state it). Raises what ``Client.get`` raises, and AnswerError if the answer has no list of specs.
    """
    wanted = {name: parameters[name] for name in PARAMETERS if parameters.get(name) is not None}
    answer, document = client.get(OPERATION, "/job/resource-specs", wanted)
    specs = document.get("specs") if isinstance(document, dict) else None
    if not isinstance(specs, list):
        raise answers.undocumented(answer, "it has no list named specs")
    if not all(isinstance(spec, dict) for spec in specs):
        raise answers.undocumented(answer, "an element of specs is not an object")
    total = document.get("spec_total_count")
    is_count = isinstance(total, int) and not isinstance(total, bool)
    return {"specs": specs, "spec_total_count": total if is_count else len(specs)}
