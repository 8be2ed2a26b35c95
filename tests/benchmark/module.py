# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task with the module costs over ansible.builtin.uri doing the same GET.

Both are run in turn, and with them a play without either, whose time is taken off both. The ratio of what remains is
printed; nothing is asserted, as times differ between machines.
"""

from __future__ import annotations

import statistics
import tempfile
import typing as t
from pathlib import Path

from common import StandIn, play, seconds

ROUNDS = 7
TASKS = 10


def obtain_token(standin: StandIn) -> str:
    """A token for the stand-in's project, obtained as any client would."""
    import requests

    user = {"id": standin.account["user_id"], "password": standin.account["password"]}
    scope = {"project": {"id": standin.account["project_id"]}}
    identity = {"methods": ["password"], "password": {"user": user}}
    body = {"auth": {"identity": identity, "scope": scope}}
    return requests.post(f"{standin.auth_url}/auth/tokens", json=body, timeout=30).headers["X-Subject-Token"]


def repeated(task: dict[str, t.Any] | None) -> list[dict[str, t.Any]]:
    """The task TASKS times."""
    return [{**task, "loop": list(range(TASKS))}] if task else []


def main() -> None:
    with StandIn() as standin, tempfile.TemporaryDirectory() as folder:
        token, project_id = obtain_token(standin), standin.account["project_id"]
        module = {"endpoint": standin.endpoint, "project_id": project_id, "token": token, "job_type": "train"}
        uri = {
            "url": f"{standin.endpoint}/v1/{project_id}/job/resource-specs?job_type=train",
            "headers": {"X-Auth-Token": token},
            "return_content": True,
        }
        plays = {
            "nothing": None,
            "uri": {"ansible.builtin.uri": uri},
            "module": {"community.modelarts.modelarts_resource_specs_info": module},
        }
        times: dict[str, list[float]] = {name: [] for name in plays}
        for name, task in plays.items():
            (Path(folder) / f"{name}.yml").write_text(play(repeated(task)), encoding="utf-8")
        for number in range(ROUNDS + 1):
            for name, measured in times.items():
                measured.append(seconds(Path(folder) / f"{name}.yml"))
            if number == 0:  # the first round warms caches up, and is not counted
                times = {name: [] for name in plays}
    per_task = {
        name: [(one - nothing) / TASKS for one, nothing in zip(times[name], times["nothing"])]
        for name in ("uri", "module")
    }
    for name, measured in per_task.items():
        low, middle, high = min(measured), statistics.median(measured), max(measured)
        print(f"{name:>6}: {middle:.3f} s a task (median of {ROUNDS}; {low:.3f} to {high:.3f})")
    ratios = [module / uri for module, uri in zip(per_task["module"], per_task["uri"])]
    print(
        f"module over uri: {statistics.median(ratios):.2f} "
        f"(median of {ROUNDS}; {min(ratios):.2f} to {max(ratios):.2f}); at most 1.10 is wanted"
    )


if __name__ == "__main__":
    main()
