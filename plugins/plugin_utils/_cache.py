# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make once what all forks of one ansible run want: one makes it, the others wait and have it too."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils.errors import ModelArtsError
from ansible_collections.community.modelarts.plugins.plugin_utils import run_files

# How long a failure is told again instead of asking again, in seconds: long enough for those who waited for it.
FAILURE_TIMEOUT = 5

UNAUTHORIZED = 401


class Made(t.NamedTuple):
    """A value that JSON can hold, and when it was made, in seconds since the epoch."""

    value: t.Any
    made: float


def obtain(
    name: t.Any, timeout: float, make: t.Callable[[], Made], usable: t.Callable[[t.Any], bool] | None = None
) -> Made:
    """What stands for ``name``: what another process has made, or else what ``make`` gives.

    A value stands for ``timeout`` seconds, or as long as it is ``usable``. ``name`` has all that changes the value.
    ``make`` may raise ModelArtsError; then the others get the same failure, for some seconds or, since a password that
    is wrong and sent again and again locks the user, for ``timeout`` where it was not authorized.
    """
    file = run_files.path(name)
    found = _standing(run_files.read(f"{file}.json"), timeout, usable)
    if found is None:
        with _locked(f"{file}.lock"):
            found = _standing(run_files.read(f"{file}.json"), timeout, usable)
            if found is None:
                found = _kept(f"{file}.json", make)
    return found


def _kept(file: str, make: t.Callable[[], Made]) -> Made:
    try:
        new = make()
    except ModelArtsError as error:
        run_files.write(file, {"made": time.time(), "failure": error.result()})
        raise
    run_files.write(file, new._asdict())
    return new


def _standing(entry: dict[str, t.Any], timeout: float, usable: t.Callable[[t.Any], bool] | None) -> Made | None:
    """What an entry holds, None if that is nothing or does not stand any more. Raises its failure."""
    try:
        age = time.time() - entry["made"]
        if "failure" not in entry:
            stands = usable(entry["value"]) if usable else 0 <= age < timeout
            return Made(entry["value"], entry["made"]) if stands else None
        fields = dict(entry["failure"])
        failure = ModelArtsError(fields.pop("msg"), **fields)
    except (KeyError, TypeError, ValueError):
        return None
    if 0 <= age < (timeout if failure.http_status == UNAUTHORIZED else FAILURE_TIMEOUT):
        raise failure
    return None


@contextlib.contextmanager
def _locked(file: str) -> t.Iterator[None]:
    """Alone among all processes that lock ``file``. The system takes the lock back from a process that was killed.

    Where locks are not to be had, nobody waits.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            run_files.make_folder()
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            stack.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
