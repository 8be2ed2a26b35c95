# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all forks of one ansible run share: what one of them has obtained, the others read.

Ansible evaluates a lookup anew for every host, task and loop item, in processes that share no memory. They share the
run's private temporary folder, which Ansible removes when the run ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import json
import os
import stat
import tempfile
import time
import typing as t

from ansible import constants as C

from ansible_collections.community.modelarts.plugins.module_utils.errors import ModelArtsError

# How long a failure is told again instead of asking again, in seconds: long enough for those who waited for it.
FAILURE_TIMEOUT = 5

UNAUTHORIZED = 401


class RunCache:
    """Entries in files of one folder, each written whole or not at all, and made by one process at a time."""

    def __init__(self, folder: str) -> None:
        """``folder`` is made if it is not there. Raises OSError if it cannot be used, or is not private."""
        with contextlib.suppress(FileExistsError):
            os.mkdir(folder, 0o700)
        if not _is_private(os.lstat(folder), stat.S_ISDIR):
            raise PermissionError(f"{folder} is not private")
        self._folder = folder

    def obtain(
        self, name: t.Any, timeout: float, make: t.Callable[[], t.Any], usable: t.Callable[[t.Any], bool] | None = None
    ) -> t.Any:
        """The value of ``name``, both what JSON can hold: one that is there already, or else what ``make`` gives.

        It is there for ``timeout`` seconds, or as long as it is ``usable``. ``name`` has all that changes the value,
        secrets as well: no file shows it. Of several processes that want a value, one makes it while the others wait.
        ``make`` may raise ModelArtsError; then the others get the same failure, for some seconds or, since a password
        that is wrong and sent again and again locks the user, for ``timeout`` where it was not authorized.
        """
        path = os.path.join(self._folder, _digest(name))

        def entry() -> tuple[t.Any] | None:
            return _value(_read(f"{path}.json"), timeout, usable)

        value = entry()
        if value is None:
            with _locked(f"{path}.lock"):
                value = entry() or (self._make(f"{path}.json", make),)
        return value[0]

    def _make(self, path: str, make: t.Callable[[], t.Any]) -> t.Any:
        try:
            value = make()
        except ModelArtsError as error:
            self._write(path, {"failure": error.result()})
            raise
        self._write(path, {"value": value})
        return value

    def _write(self, path: str, entry: dict[str, t.Any]) -> None:
        """A disk that is full costs the cache, and nothing else."""
        with contextlib.suppress(OSError):
            descriptor, unfinished = tempfile.mkstemp(dir=self._folder)  # readable to the owner only
            try:
                with open(descriptor, "w", encoding="utf-8") as stream:
                    json.dump({"made": time.time(), **entry}, stream)
                os.replace(unfinished, path)
            except OSError:
                os.unlink(unfinished)
                raise


def of_this_run() -> RunCache | None:
    """The cache of this run, or None where there is no folder for it."""
    try:
        return RunCache(os.path.join(C.DEFAULT_LOCAL_TMP, "community.modelarts"))
    except OSError:
        return None


def _is_private(status: os.stat_result, kind: t.Callable[[int], bool]) -> bool:
    return kind(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077


def _digest(name: t.Any) -> str:
    """A file's name that says nothing about ``name``.

    Its key is in no file: it is made of the secret seed of Python's string hashes, which forks inherit.
    """
    key = b"".join(hash(f"{__name__}{number}").to_bytes(8, "big", signed=True) for number in range(4))
    return hmac.new(key, json.dumps(name, sort_keys=True).encode(), hashlib.sha256).hexdigest()


@contextlib.contextmanager
def _locked(path: str) -> t.Iterator[None]:
    """Alone among all processes that lock ``path``. The system takes the lock back from a process that was killed.

    Where locks are not to be had, nobody waits.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            stack.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


def _read(path: str) -> dict[str, t.Any]:
    """The entry in a file; an empty one if there is none, or none that one of us could have written."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), encoding="utf-8") as stream:
            entry = json.load(stream) if _is_private(os.fstat(stream.fileno()), stat.S_ISREG) else None
    except (OSError, ValueError, RecursionError):
        return {}
    return entry if isinstance(entry, dict) else {}


def _value(entry: dict[str, t.Any], timeout: float, usable: t.Callable[[t.Any], bool] | None) -> tuple[t.Any] | None:
    """The value of an entry, in a tuple; None if it has none or is too old. Raises its failure."""
    try:
        age = time.time() - entry["made"]
        failure = entry.get("failure")
        if failure:
            message, fields = failure["msg"], {name: value for name, value in failure.items() if name != "msg"}
            error = ModelArtsError(message, **fields)
        elif usable(entry["value"]) if usable else 0 <= age < timeout:
            return (entry["value"],)
        else:
            return None
    except (KeyError, TypeError):
        return None
    if 0 <= age < (timeout if error.http_status == UNAUTHORIZED else FAILURE_TIMEOUT):
        raise error
    return None
