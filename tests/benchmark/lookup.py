# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lookup costs in three tasks over many hosts, and how often the cloud is asked.

The tasks are those of three plays, each with a variable ``specs`` and ``{{ (specs | first).spec_code }}`` in each task:

- constant: ``specs`` is the list that the lookup gives, written into the play,
- lookup: ``specs`` is the lookup, which logs in with a password,
- url: ``specs`` is ``ansible.builtin.url`` doing the same GET, with a token that it is given.

Whole plays are compared, start-up and all. A wrong count of logins or queries is a failure.
"""

from __future__ import annotations

import sys
import typing as t

from common import Plays, StandIn, compare, compare_memory, login_environment, obtain_token, play, show

TASKS = 3
FORKS = 20
# How often each pair is run, by the number of hosts.
ROUNDS = {200: 3, 1000: 1}

# What the stand-in counts in a run: logins and queries. ``url`` asks each time.
ASKED = {"constant": (0, 0), "lookup": (1, 1)}


def texts(standin: StandIn) -> dict[str, str]:
    """The plays, by their names."""
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
    """The play in which the variable ``specs`` is this."""
    task = {"ansible.builtin.debug": {"msg": "{{ (specs | first).spec_code }}"}}
    return play([task] * TASKS, hosts="all", specs=specs, **variables)


def main() -> None:
    with StandIn() as standin:
        plays = texts(standin)

        def count(name: str) -> None:
            counts = standin.counts()
            standin.reset()
            asked = (counts["tokens"], counts["resource-specs"])
            if asked != ASKED.get(name, asked):
                sys.exit(f"{name}: {ASKED[name]} logins and queries were expected, the stand-in counted {asked}")
            print(f"{name:>16}: {asked[0]} logins, {asked[1]} queries", flush=True)

        for hosts, rounds in ROUNDS.items():
            print(f"{hosts} hosts, {TASKS} tasks, {FORKS} forks:")
            measured = Plays(
                plays,
                [f"host{number}" for number in range(hosts)],
                ANSIBLE_FORKS=str(FORKS),
                **login_environment(standin),
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
