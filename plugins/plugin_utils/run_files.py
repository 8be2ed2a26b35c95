# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that all forks of one ansible run share, and nobody else reads.

Ansible evaluates a lookup anew for every host, task and loop item, in processes that share no memory. They share the
run's private temporary folder, which Ansible removes when the run ends.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import stat
import tempfile
import typing as t

from ansible import constants as C

FORMS = ("yaml", "yml", "json")


def path(name: t.Any) -> str:
    """The file for what ``name`` stands for, which JSON can hold. It says nothing about ``name``, be it a secret.

    There is another one as soon as the environment or a clouds.yaml, from which options can come, is another.
    """
    text = json.dumps([name, dict(os.environ), _clouds_files()], sort_keys=True, default=str)
    return os.path.join(_folder(), _sealed(text.encode()))


def read(file: str) -> dict[str, t.Any]:
    """What was written to ``file`` in this run; empty if there is none, or anything else."""
    try:
        with open(file, "rb", opener=_open) as stream:
            content = stream.read() if _is_private(os.fstat(stream.fileno()), stat.S_ISREG) else b""
        seal, _line_end, text = content.partition(b"\n")
        entry: dict[str, t.Any] = json.loads(text) if hmac.compare_digest(seal, _seal(file, text)) else {}
    except (OSError, RecursionError):
        entry = {}
    return entry


def write(file: str, entry: dict[str, t.Any]) -> None:
    """Write ``file``, whole or not at all. Where that cannot be done, as on a full disk, nothing is shared."""
    with contextlib.suppress(OSError, RecursionError):
        text = json.dumps(entry).encode()
        make_folder()
        descriptor, unfinished = tempfile.mkstemp(dir=_folder())  # readable to the owner only
        try:
            with open(descriptor, "wb") as stream:
                stream.write(_seal(file, text) + b"\n" + text)
            os.replace(unfinished, file)
        except OSError:
            os.unlink(unfinished)
            raise


def make_folder() -> None:
    """Make the folder, if it is not there. Raises OSError if that cannot be done, or if others can look into it."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(_folder(), 0o700)
    if not _is_private(os.lstat(_folder()), stat.S_ISDIR):
        raise PermissionError(f"{_folder()} is not private")


def _open(file: str, _flags: int) -> int:
    """Follows no link, and does not wait, as it would for somebody to write into a pipe."""
    return os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)


def _seal(file: str, text: bytes) -> bytes:
    """What shows that one of this run wrote ``text`` to this very file."""
    return _sealed(os.path.basename(file).encode() + b"\n" + text).encode()


def _sealed(text: bytes) -> str:
    """What only a process of this run makes of ``text``, and says nothing about it.

    The key that makes it so is in no file: it is the seed of Python's string hashes, which forks inherit.
    """
    key = b"".join(hash(f"{__name__}{number}").to_bytes(8, "big", signed=True) for number in range(4))
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def _clouds_files() -> list[tuple[str, int, int]]:
    """The files in which openstacksdk looks for a cloud, as far as they exist, and their state."""
    named = [os.environ[name] for name in ("OS_CLIENT_CONFIG_FILE", "OS_CLIENT_SECURE_FILE") if os.environ.get(name)]
    folders = (os.curdir, os.path.expanduser("~/.config/openstack"), "/etc/openstack")
    usual = [f"{folder}/{kind}.{form}" for folder in folders for kind in ("clouds", "secure") for form in FORMS]
    found = []
    for file in (*named, *usual):
        with contextlib.suppress(OSError):
            status = os.stat(file)
            found.append((file, status.st_mtime_ns, status.st_size))
    return found


def _folder() -> str:
    return os.path.join(C.DEFAULT_LOCAL_TMP, "community.modelarts")


def _is_private(status: os.stat_result, kind: t.Callable[[int], bool]) -> bool:
    return kind(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077
