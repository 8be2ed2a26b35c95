# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that all forks of one ansible run share, and that no other user can read.

They are in the run's private temporary folder, which Ansible removes when the run ends. Each fork compiles this file
from source, as Ansible does with all files of collections, so it contains only what a cached result needs.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import stat
import tempfile
import typing as t

from ansible import constants as C

Value = t.TypeVar("Value")


def path(name: t.Any) -> str:
    """Return the file of this run for ``name``, which consists of plain values; the file name does not reveal them."""
    return os.path.join(folder(), hashlib.sha256(repr(name).encode("utf-8", "surrogatepass")).hexdigest())


def read(file: str) -> dict[str, t.Any]:
    """Return what ``write`` wrote to ``file``; empty if it is absent, incomplete, or accessible to other users."""
    try:
        with open(file, "rb", opener=_open) as stream:
            entry = json.load(stream) if _is_private(os.fstat(stream.fileno()), stat.S_ISREG) else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return entry if isinstance(entry, dict) else {}


def write(file: str, entry: dict[str, t.Any]) -> None:
    """Write ``file``, completely or not at all. If that fails, for example on a full disk, nothing is cached."""
    with contextlib.suppress(OSError, RecursionError):
        text = json.dumps(entry)
        make_folder()
        descriptor, unfinished = tempfile.mkstemp(dir=folder())  # only the owner can read it
        try:
            with open(descriptor, "w", encoding="utf-8") as stream:
                stream.write(text)
            os.replace(unfinished, file)
        except OSError:
            os.unlink(unfinished)
            raise


def read_or_create(
    file: str,
    usable: t.Callable[[dict[str, t.Any]], Value | None],
    create: t.Callable[[], Value],
    waits_once: bool = False,
) -> Value:
    """Return what ``usable`` finds in the content of ``file``, or else what ``create`` returns, which writes the file.

    One process creates it while the others wait. With ``waits_once``, those that waited in vain go on together, and
    nobody waits if the file has content that is not usable.
    """
    entry = read(file)
    value = usable(entry)
    if value is None:
        with contextlib.nullcontext() if waits_once and entry else _locked(f"{file}.lock", waits_once):
            value = usable(read(file))
            if value is None:
                value = create()
    return value


@contextlib.contextmanager
def _locked(file: str, waits_once: bool) -> t.Iterator[None]:
    """Hold an exclusive lock on ``file``. The system releases it if this process is killed.

    With ``waits_once``, a process that had to wait does not hold it afterwards.
    If the file system has no locks, nobody waits.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            make_folder()
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            stack.callback(os.close, descriptor)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | (fcntl.LOCK_NB if waits_once else 0))
            except BlockingIOError:
                fcntl.flock(descriptor, fcntl.LOCK_SH)
                fcntl.flock(descriptor, fcntl.LOCK_UN)
        yield


def _open(file: str, _flags: int) -> int:
    """Open a file without following links, and without waiting for a writer if it is a pipe."""
    return os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)


def folder() -> str:
    """Return the folder of the files."""
    return os.path.join(C.DEFAULT_LOCAL_TMP, "community.modelarts")


def make_folder() -> None:
    """Create the folder unless it exists. Raises OSError if that fails, or if other users can access it."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder(), 0o700)
    if not _is_private(os.lstat(folder()), stat.S_ISDIR):
        raise PermissionError(f"{folder()} is not private")


def _is_private(status: os.stat_result, kind: t.Callable[[int], bool]) -> bool:
    return kind(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077
