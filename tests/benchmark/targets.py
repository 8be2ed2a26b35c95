# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare one task with 50 targets with a loop of 50 tasks with one target each; each response takes 200 ms.

Each target is queried once, with a password login. Both plays run alternately, together with a play without tasks,
whose time is subtracted from both. The ratio is printed, not asserted, because times differ between machines.
"""

from __future__ import annotations

import sys

from common import Plays, StandIn, Task, compare, play, show

ROUNDS = 3
TARGETS = 50
LATENCY = 0.2

MODULE = "community.modelarts.modelarts_resource_specs_info"


def main() -> None:
    with StandIn("--latency", str(LATENCY)) as standin:
        names = ("username", "password", "user_domain_name")
        login = {"auth_url": standin.auth_url, **{name: standin.account[name] for name in names}}
        projects = (standin.account["project_name"], standin.account["other_project_name"])
        targets = [{"name": str(number), "project_name": projects[number % 2]} for number in range(TARGETS)]
        tasks: dict[str, list[Task]] = {
            "nothing": [],
            "loop": [{MODULE: {**login, "project_name": "{{ item.project_name }}"}, "loop": targets}],
            "targets": [{MODULE: {**login, "targets": targets}}],
        }
        expected = {"nothing": (0, 0), "loop": (TARGETS, TARGETS), "targets": (len(projects), TARGETS)}

        def check(name: str) -> None:
            counts = standin.counts()
            standin.reset()
            if (counts["tokens"], counts["resource-specs"]) != expected[name]:
                sys.exit(f"{name}: logins and queries {expected[name]} were expected, the stand-in counted {counts}")

        plays = Plays({name: play(of_the_play) for name, of_the_play in tasks.items()})
        plays.run(ROUNDS, after=check)
    for name in ("loop", "targets"):
        show(name, plays.costs[name], plays.costs["nothing"])
    work = f"{TARGETS} targets: one task over a loop"
    compare("targets", "loop", plays.costs, "at most 0.05", plays.costs["nothing"], work)


if __name__ == "__main__":
    main()
