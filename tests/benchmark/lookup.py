# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure the lookup in three tasks over many hosts, and count the requests.

The tasks are those of three plays, each with a variable ``specs`` and ``{{ (specs | first).spec_code }}`` in each task:

- constant: ``specs`` is the list that the lookup returns, written into the play,
- lookup: ``specs`` is the lookup, which logs in with a password,
- url: ``specs`` is ``ansible.builtin.url`` with the same GET, with a given token.

Whole plays are compared, including start-up. A wrong count of logins or queries is a failure.
"""

from __future__ import annotations

import sys
import typing as t

from common import Plays, StandIn, compare, compare_memory, obtain_token, play, show

TASKS = 3
FORKS = 20
# Number of rounds by the number of hosts.
ROUNDS = {200: 3, 1000: 1}

# Expected logins and queries in a run. ``url`` sends a request each time.
EXPECTED = {"constant": (0, 0), "lookup": (1, 1)}


def texts(standin: StandIn) -> dict[str, str]:
    """Return the plays by name."""
    import requests

    token = obtain_token(standin)
    address = f"{standin.endpoint}/v1/{standin.account['project_id']}/job/resource-specs?job_type=train"
    url = "query('ansible.builtin.url', address, headers={'X-Auth-Token': token}, split_lines=false)"
    return {
        "constant": over_hosts(requests.get(address, headers={"X-Auth-Token": token}, timeout=30).json()["specs"]),
        "lookup": over_hosts("{{ query('community.modelarts.modelarts_resource_specs', 'train') }}"),
        "url": over_hosts(f"{{{{ ({url} | first | from_json).specs }}}}", address=address, token=token),
    }


def over_hosts(specs: t.Any, **variables: t.Any) -> str:
    """Return the play with this variable ``specs``."""
    task = {"ansible.builtin.debug": {"msg": "{{ (specs | first).spec_code }}"}}
    return play([task] * TASKS, hosts="all", specs=specs, **variables)


def main() -> None:
    with StandIn() as standin:
        plays = texts(standin)

        def count(name: str) -> None:
            counts = standin.counts()
            standin.reset()
            counted = (counts["tokens"], counts["resource-specs"])
            if counted != EXPECTED.get(name, counted):
                sys.exit(f"{name}: {EXPECTED[name]} logins and queries were expected, the stand-in counted {counted}")
            print(f"{name:>16}: {counted[0]} logins, {counted[1]} queries", flush=True)

        for hosts, rounds in ROUNDS.items():
            print(f"{hosts} hosts, {TASKS} tasks, {FORKS} forks:")
            measured = Plays(
                plays,
                [f"host{number}" for number in range(hosts)],
                ANSIBLE_FORKS=str(FORKS),
                **standin.login_environment(),
            )
            standin.reset()
            measured.run(rounds, ("constant", "lookup"), count)
            if hosts == min(ROUNDS):
                measured.run(1, ("url",), count)
            ran = {name: costs for name, costs in measured.costs.items() if costs}
            for name, costs in ran.items():
                show(name, costs)
            work = f"{TASKS} tasks, {hosts} hosts: lookup over constant"
            compare("lookup", "constant", ran, "at most 1.15", work=work)
            compare_memory("lookup", "constant", ran, "at most 1.05", work)
            if "url" in ran:
                compare("url", "constant", ran, work=f"{TASKS} tasks, {hosts} hosts: ansible.builtin.url over constant")


if __name__ == "__main__":
    main()
