# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task that finds its training job running, over one that lists specs: neither logs in, and each sends one request.

The plays run in turn with one that has neither task. Its time is subtracted from both.
"""

from __future__ import annotations

import typing as t

from common import Plays, StandIn, compare, obtain_token, play, show

ROUNDS = 5
TASKS = 10
SPEC = "modelarts.vm.cpu.2u"


def main() -> None:
    with StandIn() as standin:
        standin.job_settings(running_seconds=None)
        standin.add_job("mnist", spec=SPEC, phase="running")
        login = {
            "endpoint": standin.endpoint,
            "project_id": standin.account["project_id"],
            "token": obtain_token(standin),
        }
        tasks: dict[str, dict[str, t.Any]] = {
            "info": {"community.modelarts.modelarts_resource_specs_info": {**login, "job_type": "train"}},
            "job": {
                "community.modelarts.modelarts_training_job": {**login, "name": "mnist", "candidates": [SPEC]},
                "failed_when": "result is changed",
                "register": "result",
            },
        }
        repeated = {name: play([{**task, "loop": list(range(TASKS))}]) for name, task in tasks.items()}
        plays = Plays({"nothing": play([]), **repeated})
        plays.warm_up()
        standin.reset()
        plays.run(ROUNDS)
        counts = standin.counts()
        assert counts["search-jobs"] == counts["resource-specs"] == ROUNDS * TASKS, counts
        assert not standin.writes()
    for name in tasks:
        show(f"{name}, a task", plays.costs[name], plays.costs["nothing"], TASKS)
    compare("job", "info", plays.costs, "at most 1.05", plays.costs["nothing"])


if __name__ == "__main__":
    main()
