# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role select_spec costs on 200 hosts, over three tasks with set_fact on the same hosts.

Whole plays are compared, start-up and all. The role logs in with a password. An argument sets the number of hosts.
"""

from __future__ import annotations

import sys

from common import Plays, StandIn, compare, play, show

HOSTS = 200
FORKS = 20
ROUNDS = 5
CODE = "modelarts.vm.gpu.v100"

ROLE = {
    "ansible.builtin.import_role": {"name": "community.modelarts.select_spec"},
    "vars": {"select_spec_job_type": "train", "select_spec_requirements": {"min_gpus": 1}},
}


def main(hosts: int) -> None:
    facts = [{"ansible.builtin.set_fact": {f"modelarts_spec_code_{number}": CODE}} for number in range(3)]
    with StandIn() as standin:

        def check(name: str) -> None:
            counts = standin.counts()
            standin.reset()
            expected = (1, 1) if name == "role" else (0, 0)
            if (counts["tokens"], counts["resource-specs"]) != expected:
                sys.exit(f"{name}: {expected} logins and queries were expected, the stand-in counted {counts}")

        plays = Plays(
            {"set_fact": play(facts, hosts="all"), "role": play([ROLE], hosts="all")},
            [f"host{number}" for number in range(hosts)],
            ANSIBLE_FORKS=str(FORKS),
            **standin.login_environment(),
        )
        standin.reset()
        plays.run(ROUNDS, after=check)
    for name in ("set_fact", "role"):
        show(name, plays.costs[name])
    work = f"{hosts} hosts: role select_spec over three set_fact"
    compare("role", "set_fact", plays.costs, "at most 1.30", work=work)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else HOSTS)
