# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One query of many targets: what comes of all of them together."""

from __future__ import annotations

import typing as t

from ansible_collections.community.modelarts.plugins.module_utils.errors import ModelArtsError, TargetsError

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.connections import Connection

# Asks with the full options of one connection, and those of the query; gives ``specs`` and ``spec_total_count``, or
# raises ModelArtsError. With targets it is called in several threads at once.
Fetch = t.Callable[[t.Mapping[str, t.Any]], dict[str, t.Any]]

# So many are asked at once. That a wrong password or key does not get locked is up to ``logins.Logins.prove``.
MOST_AT_ONCE = 16

# Of a failure so many characters are told where all are told together, and of failures so many.
LONGEST_FAILURE = 200
MOST_FAILURES = 10


def ask(parameters: t.Mapping[str, t.Any], fetch: Fetch, warn: t.Callable[[str], None]) -> dict[str, t.Any]:
    """``specs`` and ``spec_total_count`` of the connection, or those of all ``targets`` together.

    With targets each spec has the name of its own as ``target``, and the result says in ``targets`` what came of each,
    in the order given. What happens when some fail is decided by ``on_target_error``: it may be a call of ``warn`` for
    each, or TargetsError. Raises OptionsError before anything is asked, and without targets what ``fetch`` raises.
    """
    if not parameters.get("targets"):
        return fetch(parameters)
    # Not at the top: most tasks have one connection, and each of them would pay for loading these.
    from concurrent.futures import ThreadPoolExecutor

    from ansible_collections.community.modelarts.plugins.module_utils.connections import connections

    def outcome_of(connection: Connection) -> dict[str, t.Any] | ModelArtsError:
        try:
            return fetch(connection.parameters)
        except ModelArtsError as error:
            return error

    wanted = connections(parameters)
    with ThreadPoolExecutor(min(MOST_AT_ONCE, len(wanted))) as pool:
        outcomes = list(pool.map(outcome_of, wanted))
    specs: list[dict[str, t.Any]] = []
    total = 0
    targets: list[dict[str, t.Any]] = []
    for connection, outcome in zip(wanted, outcomes):
        if isinstance(outcome, ModelArtsError):
            targets.append({"name": connection.name, "failed": True, **outcome.result()})
        else:
            specs += [{**spec, "target": connection.name} for spec in outcome["specs"]]
            total += outcome["spec_total_count"]
            targets.append({"name": connection.name, "spec_total_count": outcome["spec_total_count"]})
    _judge(targets, parameters["on_target_error"], warn)
    return {"specs": specs, "spec_total_count": total, "targets": targets}


def _judge(targets: list[dict[str, t.Any]], on_target_error: str, warn: t.Callable[[str], None]) -> None:
    failures = [target for target in targets if target.get("failed")]
    is_failure = {"strict": bool(failures), "error": len(failures) == len(targets)}
    if is_failure.get(on_target_error):
        raise TargetsError(_told_together(failures, len(targets)), targets)
    if on_target_error != "skip":
        for failure in failures:
            warn(f"Target {failure['name']} failed: {failure['msg']}")


def _told_together(failures: list[dict[str, t.Any]], of: int) -> str:
    """All failures in one message: the whole text of a single one, the beginnings of several."""
    if len(failures) == 1:
        return f"Target {failures[0]['name']} failed: {failures[0]['msg']}"
    from ansible_collections.community.modelarts.plugins.module_utils import wording

    lines = [f"{'All' if len(failures) == of else f'{len(failures)} of'} {of} targets failed."]
    lines += [
        f"{failure['name']}: {wording.name(failure['msg'], LONGEST_FAILURE)}" for failure in failures[:MOST_FAILURES]
    ]
    if len(failures) > MOST_FAILURES:
        lines.append(f"And {len(failures) - MOST_FAILURES} more.")
    return "\n".join(lines)
