# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure a login and a query in one task with the module, compared with two tasks with ansible.builtin.uri.

The first uri logs in with the same password and the second queries with its token. The plays run alternately, together
with a play without tasks, whose time is subtracted from both.
"""

from __future__ import annotations

import sys

from common import Plays, StandIn, Task, compare, play, show

ROUNDS = 5
TIMES = 5


def module_task(standin: StandIn) -> list[Task]:
    names = ("username", "user_domain_name", "password", "project_name")
    login = {"auth_url": standin.auth_url, **{name: standin.account[name] for name in names}}
    return [{"community.modelarts.modelarts_resource_specs_info": {**login, "job_type": "train"}}]


def uri_tasks(standin: StandIn) -> list[Task]:
    account = standin.account
    domain = {"name": account["user_domain_name"]}
    user = {"name": account["username"], "password": account["password"], "domain": domain}
    scope = {"project": {"name": account["project_name"], "domain": domain}}
    identity = {"methods": ["password"], "password": {"user": user}}
    login = {
        "url": f"{standin.auth_url}/auth/tokens",
        "method": "POST",
        "body_format": "json",
        "body": {"auth": {"identity": identity, "scope": scope}},
        "status_code": 201,
    }
    query = {
        "url": f"{standin.endpoint}/v1/{account['project_id']}/job/resource-specs?job_type=train",
        "headers": {"X-Auth-Token": "{{ login.x_subject_token }}"},
        "return_content": True,
    }
    return [{"ansible.builtin.uri": login, "register": "login"}, {"ansible.builtin.uri": query}]


def main() -> None:
    with StandIn() as standin:

        def check(name: str) -> None:
            counts = standin.counts()
            standin.reset()
            expected = 0 if name == "nothing" else TIMES
            if (counts["tokens"], counts["resource-specs"]) != (expected, expected):
                sys.exit(f"{name}: {expected} logins and queries were expected, the stand-in counted {counts}")

        ways = {"two uri": uri_tasks(standin), "module": module_task(standin)}
        plays = Plays({"nothing": play([]), **{name: play(tasks * TIMES) for name, tasks in ways.items()}})
        plays.warm_up()
        standin.reset()
        plays.run(ROUNDS, after=check)
    for name in ways:
        show(name, plays.costs[name], plays.costs["nothing"], TIMES)
    compare(
        "module", "two uri", plays.costs, "at most 0.50", plays.costs["nothing"], "login and query: module over two uri"
    )


if __name__ == "__main__":
    main()
