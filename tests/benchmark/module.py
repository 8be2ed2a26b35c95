# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure a task with the module, compared with ansible.builtin.uri and the same GET with the same token.

Both run alternately, together with a play without tasks, whose time is subtracted from both.
"""

from __future__ import annotations

import typing as t

from common import Plays, StandIn, compare, obtain_token, play, show

ROUNDS = 5
TASKS = 10


def main() -> None:
    with StandIn() as standin:
        token, project_id = obtain_token(standin), standin.account["project_id"]
        module = {"endpoint": standin.endpoint, "project_id": project_id, "token": token, "job_type": "train"}
        uri = {
            "url": f"{standin.endpoint}/v1/{project_id}/job/resource-specs?job_type=train",
            "headers": {"X-Auth-Token": token},
            "return_content": True,
        }
        tasks: dict[str, dict[str, t.Any]] = {
            "uri": {"ansible.builtin.uri": uri},
            "module": {"community.modelarts.modelarts_resource_specs_info": module},
        }
        repeated = {name: play([{**task, "loop": list(range(TASKS))}]) for name, task in tasks.items()}
        plays = Plays({"nothing": play([]), **repeated})
        plays.warm_up()
        plays.run(ROUNDS)
    for name in tasks:
        show(f"{name}, a task", plays.costs[name], plays.costs["nothing"], TASKS)
    compare("module", "uri", plays.costs, "at most 1.10", plays.costs["nothing"])


if __name__ == "__main__":
    main()
