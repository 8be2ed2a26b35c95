# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Common code of the benchmarks of plays: write a play, run it alternately with others, compare them.

Times depend on the machine and its load, so they are printed, not asserted. Compared plays run alternately. Beside the
elapsed time, the CPU time is printed, which depends less on the load. The number of requests is exact, and asserted.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import typing as t
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / folder) for folder in ("standin", "tools")]
from demo import collections_path  # noqa: E402
from launcher import StandIn  # noqa: E402

__all__ = (
    "Cost",
    "Plays",
    "StandIn",
    "add_row",
    "compare",
    "compare_memory",
    "obtain_token",
    "play",
    "show",
)

Task = dict[str, t.Any]

# The environment variable with the file that the rows of the table are added to.
ROWS = "MODELARTS_BENCHMARK_ROWS"


class Cost(t.NamedTuple):
    """The cost of one run, in seconds and MiB. ``cpu`` is that of ansible-playbook and its child processes.

    ``peak`` is the peak memory of the largest process, which is ansible-playbook itself or one of its forks.
    """

    wall: float
    cpu: float
    peak: float = 0


def play(tasks: list[Task], hosts: str = "localhost", **variables: t.Any) -> str:
    """Return a play that runs ``tasks`` on this machine, as JSON, which is also YAML."""
    variables = {"ansible_python_interpreter": "{{ ansible_playbook_python }}", **variables}
    return json.dumps(
        [{"hosts": hosts, "connection": "local", "gather_facts": False, "vars": variables, "tasks": tasks}]
    )


class Plays:
    """Plays that run alternately, and the cost of each run."""

    def __init__(self, plays: dict[str, str], hosts: t.Iterable[str] = ("localhost",), **environment: str) -> None:
        """Take ``plays`` by name, and variables to add to the environment of ansible-playbook."""
        self.costs: dict[str, list[Cost]] = {name: [] for name in plays}
        self._plays = plays
        self._hosts = "".join(f"{host}\n" for host in hosts)
        self._environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(collections_path()), **environment}

    def warm_up(self) -> None:
        """Run the plays once without recording the cost, so that files are in the disk cache."""
        self.run(1)
        for measured in self.costs.values():
            measured.clear()

    def run(
        self, rounds: int, names: t.Collection[str] = (), after: t.Callable[[str], None] = lambda name: None
    ) -> None:
        """Run the plays, or those of these ``names``, alternately. ``after`` is called with the name of each one.

        Every second round is in reverse order, so that no play always follows the same other one.
        """
        order = [name for name in self._plays if not names or name in names]
        with tempfile.TemporaryDirectory() as folder:
            inventory = Path(folder, "inventory")
            inventory.write_text(self._hosts, encoding="utf-8")
            for name in order:
                Path(folder, f"{name}.yml").write_text(self._plays[name], encoding="utf-8")
            for number in range(rounds):
                for name in order[:: -1 if number % 2 else 1]:
                    self.costs[name].append(self._run(inventory, Path(folder, f"{name}.yml")))
                    after(name)

    def _run(self, inventory: Path, playbook: Path) -> Cost:
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(inventory), str(playbook)]
        with tempfile.TemporaryFile() as output:
            started = time.monotonic()
            process = subprocess.Popen(
                command, env=self._environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
            )
            _pid, status, usage = os.wait4(process.pid, 0)
            wall = time.monotonic() - started
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                output.seek(0)
                sys.exit(f"{playbook.name} failed:\n{output.read().decode(errors='replace')[-4000:]}")
        return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def obtain_token(standin: StandIn) -> str:
    """Return a token for the stand-in's project."""
    import requests

    user = {"id": standin.account["user_id"], "password": standin.account["password"]}
    scope = {"project": {"id": standin.account["project_id"]}}
    identity = {"methods": ["password"], "password": {"user": user}}
    body = {"auth": {"identity": identity, "scope": scope}}
    return requests.post(f"{standin.auth_url}/auth/tokens", json=body, timeout=30).headers["X-Subject-Token"]


def show(name: str, costs: list[Cost], without: list[Cost] | None = None, shares: int = 1) -> None:
    """Print the cost of one of ``shares`` equal parts of a run; the cost of the runs ``without`` is subtracted."""
    for kind, measured in _parts(costs, without).items():
        print(f"{name:>16}: {kind:>4} {_spread([one / shares for one in measured], '7.3f')} s")


def compare(
    name: str,
    over: str,
    costs: dict[str, list[Cost]],
    wanted: str = "",
    without: list[Cost] | None = None,
    work: str = "",
) -> None:
    """Print how many times as long the play ``name`` took as the play ``over``; see ``show`` for ``without``.

    ``work`` says in the table what was done, if the names of the plays do not.
    """
    mine, others = _parts(costs[name], without), _parts(costs[over], without)
    medians = {}
    for kind, measured in mine.items():
        ratios = [one / other for one, other in zip(measured, others[kind])]
        medians[kind] = statistics.median(ratios)
        print(f"{name} over {over}, {kind}: {_spread(ratios, '.2f')}{wanted and '; wanted: '}{wanted}")
    add_row(work or f"{name} over {over}", wanted, format(medians["wall"], ".2f"), format(medians["cpu"], ".2f"))


def add_row(work: str, wanted: str, wall: str, cpu: str) -> None:
    """Add a row to the table that ``run_all.py`` prints; nothing happens if that did not start this benchmark."""
    if ROWS in os.environ:
        with open(os.environ[ROWS], "a", encoding="utf-8") as file:
            file.write(json.dumps([work, wanted, wall, cpu]) + "\n")


def compare_memory(name: str, over: str, costs: dict[str, list[Cost]], wanted: str, work: str) -> None:
    """Print the peaks of two plays, and how many times as much memory the play ``name`` took; see ``compare``."""
    mine, other = (statistics.median(cost.peak for cost in costs[play]) for play in (name, over))
    print(f"{name} over {over}, memory: {mine / other:.2f} ({mine:.1f} and {other:.1f} MiB); wanted: {wanted}")
    add_row(f"{work}, peak memory", wanted, f"{mine / other:.2f}", "")


def _parts(costs: list[Cost], without: list[Cost] | None) -> dict[str, list[float]]:
    nothing = without or [Cost(0, 0)] * len(costs)
    pairs = list(zip(costs, nothing))
    return {
        "wall": [cost.wall - start.wall for cost, start in pairs],
        "cpu": [cost.cpu - start.cpu for cost, start in pairs],
    }


def _spread(values: list[float], form: str) -> str:
    middle, low, high = (format(value, form) for value in (statistics.median(values), min(values), max(values)))
    return middle if len(values) == 1 else f"{middle} (median of {len(values)}; {low.strip()} to {high.strip()})"
