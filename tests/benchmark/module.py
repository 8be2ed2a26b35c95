# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task with the module costs over ansible.builtin.uri doing the same GET with the same token, and over ping.

They are run in turn, and with them a play without either, whose time is taken off all.
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
            "ping": {"ansible.builtin.ping": {}},
            "uri": {"ansible.builtin.uri": uri},
            "module": {"community.modelarts.modelarts_resource_specs_info": module},
        }
        repeated = {name: play([{**task, "loop": list(range(TASKS))}]) for name, task in tasks.items()}
        plays = Plays({"nothing": play([]), **repeated})
        plays.warm_up()
        plays.run(ROUNDS)
    for name in tasks:
        show(f"{name}, a task", plays.costs[name], plays.costs["nothing"], TASKS)
    compare("module", "uri", plays.costs, "at most 1.00", plays.costs["nothing"], "token given: module over uri")
    compare("module", "ping", plays.costs, without=plays.costs["nothing"], work="token given: module over ping")


if __name__ == "__main__":
    main()
