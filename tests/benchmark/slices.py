# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count the queries of slices of one job that start at the same moment and share a Redis.

Each slice is an ansible-playbook with its own hosts, as in AWX. An argument sets the total number of hosts.
A wrong count of logins or queries is a failure.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from common import Plays, StandIn, add_row
from demo import CHECKOUT, collections_path
from lookup import FORKS, TASKS, over_hosts

sys.path.append(str(Path(__file__).parents[1] / "redis"))
import redis_server

SLICES = 10
HOSTS = 10_000


def main(hosts: int) -> None:
    # On a small machine all of it takes longer than the usual cache_timeout, after which a response is queried again.
    text = over_hosts("{{ query('community.modelarts.modelarts_resource_specs', 'train', cache_timeout=3600) }}")
    with StandIn() as standin, redis_server.RedisServer() as server:
        environment = {
            "ANSIBLE_FORKS": str(FORKS),
            "ANSIBLE_COLLECTIONS_PATH": f"{collections_path()}:{CHECKOUT}/.cache/other",  # community.general
            "MODELARTS_CACHE_PLUGIN": "community.general.redis",
            "MODELARTS_CACHE_CONNECTION": server.connection(),
            **standin.login_environment(),
        }
        names = [[f"host{number}" for number in range(start, hosts, SLICES)] for start in range(SLICES)]
        slices = [Plays({"slice": text}, part, **environment) for part in names]
        standin.reset()
        threads = [threading.Thread(target=one.run, args=(1,)) for one in slices]
        started = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wall = time.monotonic() - started
        counts = standin.counts()
    if any(len(one.costs["slice"]) != 1 for one in slices) or (counts["tokens"], counts["resource-specs"]) != (1, 1):
        sys.exit(f"Ten slices were expected to make one login and one query, the stand-in counted {counts}")
    cpu = sum(one.costs["slice"][0].cpu for one in slices)
    print(f"{hosts} hosts in {SLICES} slices, {TASKS} tasks: 1 login, 1 query; {wall:.0f} s, CPU {cpu:.0f} s")
    add_row(f"{hosts} hosts in {SLICES} slices with one Redis", "1 query", f"1 query, {wall:.0f} s", f"{cpu:.0f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else HOSTS)
