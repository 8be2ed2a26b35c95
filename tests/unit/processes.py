# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forks, as ansible runs its workers: what they do at the same moment, and what comes of each."""

from __future__ import annotations

import multiprocessing
import time
import typing as t

FORK = multiprocessing.get_context("fork")

# Nothing here takes long, but the machine may be busy.
PATIENCE = 60


class Fork:
    """Does something in a process of its own, which has begun as soon as this was made."""

    def __init__(self, do: t.Callable[[], t.Any], begin: t.Callable[[], object] = lambda: None) -> None:
        self._receiver, sender = FORK.Pipe(duplex=False)

        def run() -> None:
            begin()
            try:
                result = do()
            except Exception as error:
                result = str(error)
            sender.send(result)

        self._process = FORK.Process(target=run, daemon=True)
        self._process.start()
        sender.close()

    def kill(self) -> None:
        """End it with SIGKILL."""
        self._process.kill()
        self._process.join()

    def result(self) -> t.Any:
        """What came of it: what was given, or the text of what was raised. Raises EOFError if it was killed."""
        if not self._receiver.poll(PATIENCE):
            self.kill()
            raise TimeoutError
        result = self._receiver.recv()
        self._process.join()
        return result


def at_once(*actions: t.Callable[[], t.Any]) -> list[t.Any]:
    """What came of each action, all of which were begun at the same moment."""
    barrier = FORK.Barrier(len(actions))
    forks = [Fork(action, barrier.wait) for action in actions]
    return [fork.result() for fork in forks]


def wait_until(condition: t.Callable[[], bool]) -> None:
    """Wait for what another process is about to do. Raises TimeoutError."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.01)
