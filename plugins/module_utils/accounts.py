# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking many targets at once without getting anybody locked out.

Clouds lock a user or a key after 5 refused logins or signatures. Many targets of one account with a wrong password are
as many refusals, unless one waits for the first answers before the rest is asked.
"""

from __future__ import annotations

import collections
import concurrent.futures
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils.errors import ModelArtsError

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.connections import Connection

# So many are asked at once.
MOST_AT_ONCE = 16

# So many refusals are risked for one user or key.
MOST_REFUSALS = 3

Outcome = t.Union[dict[str, t.Any], ModelArtsError]


class _Account:
    """One user or key: what is known of its logins, and how many refusals are had or can still come."""

    def __init__(self) -> None:
        self.accepted: set[tuple[t.Any, ...]] = set()
        self.uncertain = 0
        self.refusals: list[ModelArtsError] = []

    def may_ask(self, login: tuple[t.Any, ...]) -> bool:
        return login in self.accepted or self.uncertain + len(self.refusals) < MOST_REFUSALS


def ask_all(
    connections: t.Sequence[Connection], fetch: t.Callable[[t.Mapping[str, t.Any]], dict[str, t.Any]]
) -> list[Outcome]:
    """What ``fetch`` gives or raises for each of the connections, in their order.

    Of each account so few are asked at first that it stands even if all are refused (HTTP 401). Once one is accepted,
    the rest of the same login are asked all at once. If none is, they are not asked, and have an error that says so.
    Accounts do not wait for each other.
    """
    outcomes: dict[str, Outcome] = {}
    accounts: dict[tuple[t.Any, ...], _Account] = collections.defaultdict(_Account)
    waiting = list(connections)
    # Those under way, and whether their login was accepted before.
    under_way: dict[concurrent.futures.Future[dict[str, t.Any]], tuple[Connection, bool]] = {}
    with concurrent.futures.ThreadPoolExecutor(min(MOST_AT_ONCE, len(waiting))) as pool:
        while True:
            held_back = []
            for connection in waiting:
                account = accounts[connection.user]
                if not account.may_ask(connection.login):
                    held_back.append(connection)
                    continue
                is_accepted = connection.login in account.accepted
                account.uncertain += not is_accepted
                under_way[pool.submit(fetch, connection.parameters)] = connection, is_accepted
            waiting = held_back
            if not under_way:
                break
            done = concurrent.futures.wait(under_way, return_when=concurrent.futures.FIRST_COMPLETED).done
            for future in done:
                connection, was_accepted = under_way.pop(future)
                outcome = outcomes[connection.name] = _outcome(future)
                account = accounts[connection.user]
                account.uncertain -= not was_accepted
                if not isinstance(outcome, ModelArtsError):
                    account.accepted.add(connection.login)
                elif outcome.http_status == 401 and not was_accepted:
                    account.refusals.append(outcome)
    for connection in waiting:
        outcomes[connection.name] = _not_asked(accounts[connection.user].refusals)
    return [outcomes[connection.name] for connection in connections]


def _outcome(future: concurrent.futures.Future[dict[str, t.Any]]) -> Outcome:
    try:
        return future.result()
    except ModelArtsError as error:
        return error


def _not_asked(refusals: list[ModelArtsError]) -> ModelArtsError:
    last = refusals[-1]
    code = f", {last.error_code}" if last.error_code not in (None, str(last.http_status)) else ""
    return ModelArtsError(
        f"Not asked: {len(refusals)} targets with this user or key were refused, the last one with "
        f"HTTP {last.http_status}{code}, and more refusals could lock it"
    )
