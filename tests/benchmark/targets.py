# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One task with 50 targets beside a loop of 50 tasks with one each, where each answer takes 200 ms.

Each logs in with a password and asks once. Both are run in turn, and with them a play without either, whose time is
taken off both. The ratio of what remains is printed; nothing is asserted, as times differ between machines.
"""

from __future__ import annotations

import statistics
import tempfile
import typing as t
from pathlib import Path

from common import StandIn, play, seconds

ROUNDS = 3
TARGETS = 50
LATENCY = 0.2

MODULE = "community.modelarts.modelarts_resource_specs_info"


def main() -> None:
    with StandIn("--latency", str(LATENCY)) as standin, tempfile.TemporaryDirectory() as folder:
        account = standin.account
        login = {
            "auth_url": standin.auth_url,
            **{name: account[name] for name in ("username", "password", "user_domain_name")},
        }
        projects = (account["project_name"], account["other_project_name"])
        targets = [{"name": str(number), "project_name": projects[number % 2]} for number in range(TARGETS)]
        plays: dict[str, list[dict[str, t.Any]]] = {
            "nothing": [],
            "loop": [{MODULE: {**login, "project_name": "{{ item.project_name }}"}, "loop": targets}],
            "targets": [{MODULE: {**login, "targets": targets}}],
        }
        times: dict[str, list[float]] = {name: [] for name in plays}
        for name, tasks in plays.items():
            (Path(folder) / f"{name}.yml").write_text(play(tasks), encoding="utf-8")
        for _round in range(ROUNDS):
            for name, measured in times.items():
                standin.reset()
                measured.append(seconds(Path(folder) / f"{name}.yml"))
                asked = standin.counts()
                print(f"{name:>8}: {measured[-1]:6.2f} s, {asked['tokens']} logins, {asked['resource-specs']} queries")
    ratios = [
        (loop - nothing) / (targets - nothing)
        for loop, targets, nothing in zip(times["loop"], times["targets"], times["nothing"])
    ]
    print(
        f"loop over targets: {statistics.median(ratios):.1f} "
        f"(median of {ROUNDS}; {min(ratios):.1f} to {max(ratios):.1f}); at least 10 is wanted"
    )


if __name__ == "__main__":
    main()
