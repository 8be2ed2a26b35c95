# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a run: who can read them, and what counts as absent."""

from __future__ import annotations

import os
import pathlib
import re
import resource
import stat
import time
import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.plugin_utils import _cache, _run_files

ENTRY: dict[str, t.Any] = {"value": ["a", 1, None, {"b": 2.5}], "created": 1.5}


@pytest.fixture
def file() -> pathlib.Path:
    """A file that holds ``ENTRY``."""
    path = _run_files.path("name")
    _run_files.write(path, ENTRY)
    assert _run_files.read(path) == ENTRY
    return pathlib.Path(path)


def get_or_create(number: int) -> t.Any:
    """Return the value that is valid, which is ``number`` unless there is another one."""
    return _cache.get_or_create("name", 100, lambda: _cache.Entry(number, time.time())).value


def test_only_the_owner_can_access_them(file: pathlib.Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_file_names_differ_and_reveal_nothing() -> None:
    names: list[t.Any] = ["secret", "Secret", ["secret"], {"secret": None}, 7, "7", True, {7: 1}, {"7": 1}, "\udcff"]
    paths = [_run_files.path(name) for name in names]
    assert len(set(paths)) == len(paths)
    assert all(re.fullmatch("[0-9a-f]{64}", os.path.basename(path)) for path in paths)
    assert paths == [_run_files.path(name) for name in names]


def test_an_entry_is_written_completely_or_not_at_all(file: pathlib.Path) -> None:
    with pytest.raises(TypeError):
        _run_files.write(str(file), {"value": [1, 2, object()]})
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))  # as on a full disk
    try:
        _run_files.write(str(file), {"value": "x" * 10000})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert _run_files.read(str(file)) == ENTRY
    assert list(file.parent.iterdir()) == [file]


def _link(path: pathlib.Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def _folder(path: pathlib.Path) -> None:
    path.unlink()
    path.mkdir(0o700)


def _pipe(path: pathlib.Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(pathlib.Path.unlink, id="absent"),
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-2]), id="truncated"),
        pytest.param(lambda path: path.write_bytes(b"[1]"), id="a list"),
        pytest.param(lambda path: path.write_bytes(b"[" * 100_000), id="nested"),
        pytest.param(lambda path: path.write_bytes(b"\xff\xfe\x00"), id="not text"),
        pytest.param(lambda path: path.chmod(0o640), id="readable to others"),
        pytest.param(lambda path: path.chmod(0o602), id="writable to others"),
        pytest.param(_link, id="link"),
        pytest.param(_folder, id="folder"),
        pytest.param(_pipe, id="pipe"),
        pytest.param(
            lambda path: os.chown(path, 65534, -1),
            id="of another user",
            marks=pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away"),
        ),
    ],
)
def test_what_is_incomplete_or_not_private_counts_as_absent(
    file: pathlib.Path, spoil: t.Callable[[pathlib.Path], object]
) -> None:
    spoil(file)
    descriptors = len(os.listdir("/proc/self/fd"))
    assert _run_files.read(str(file)) == {}
    assert len(os.listdir("/proc/self/fd")) == descriptors


def _open_to_others(folder: pathlib.Path) -> None:
    folder.mkdir()
    folder.chmod(0o755)


def _link_to_folder(folder: pathlib.Path) -> None:
    (folder.parent / "elsewhere").mkdir(0o700)
    folder.symlink_to("elsewhere")


@pytest.mark.parametrize(
    "prepare",
    [
        pytest.param(_open_to_others, id="open to others"),
        pytest.param(_link_to_folder, id="link"),
        pytest.param(pathlib.Path.touch, id="file"),
        pytest.param(lambda folder: folder.parent.rmdir(), id="nowhere"),
    ],
)
def test_without_a_private_folder_nothing_is_cached(prepare: t.Callable[[pathlib.Path], object]) -> None:
    path = _run_files.path("name")
    prepare(pathlib.Path(path).parent)
    _run_files.write(path, ENTRY)
    assert not os.path.exists(path)
    assert [get_or_create(number) for number in (1, 2)] == [1, 2]


def test_without_locks_nobody_waits() -> None:
    lock = pathlib.Path(f"{_run_files.path('name')}.lock")
    _run_files.write(_run_files.path("other"), ENTRY)
    lock.mkdir()
    assert [get_or_create(number) for number in (1, 2)] == [1, 1]


def test_readers_find_the_old_or_the_new_entry(file: pathlib.Path) -> None:
    entries = [{"value": letter * 100_000} for letter in "ab"]
    _run_files.write(str(file), entries[0])
    writer = os.fork()
    if not writer:
        for number in range(300):
            _run_files.write(str(file), entries[number % 2])
        os._exit(0)
    found = [_run_files.read(str(file))]
    while os.waitpid(writer, os.WNOHANG) == (0, 0):
        found.append(_run_files.read(str(file)))
    assert all(entry in entries for entry in found)
