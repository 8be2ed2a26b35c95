# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a run: what they tell, who can read them, and what counts as absent."""

from __future__ import annotations

import json
import os
import pathlib
import re
import resource
import stat
import subprocess
import sys
import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.plugin_utils import run_files

ENTRY: dict[str, t.Any] = {"value": ["a", 1, None, {"b": 2.5}], "made": 1.5}


@pytest.fixture
def file() -> str:
    """A file that was written, with ``ENTRY`` in it."""
    path = run_files.path("name")
    run_files.write(path, ENTRY)
    assert run_files.read(path) == ENTRY
    return path


def folder_of(file: str) -> pathlib.Path:
    return pathlib.Path(file).parent


def test_only_the_owner_can_look_into_them(file: str) -> None:
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert stat.S_IMODE(folder_of(file).stat().st_mode) == 0o700


def test_a_name_says_nothing_of_what_it_stands_for(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [run_files.path(name) for name in ("secret", "Secret", ["secret"], {"secret": None})]
    assert len(set(paths)) == len(paths)
    assert all(re.fullmatch("[0-9a-f]{64}", os.path.basename(path)) for path in paths)
    assert paths[0] == run_files.path("secret")
    monkeypatch.setenv("SOME_VARIABLE", "another environment")
    assert paths[0] != run_files.path("secret")


def test_another_run_has_other_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or somebody who guesses a password could find it in the names of files that were left."""
    monkeypatch.setenv("PYTHONPATH", str(pathlib.Path(run_files.__file__).parents[5]))
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    code = f"from {run_files.__name__} import path; print(path('secret'))"
    names = set()
    for _run in range(2):
        done = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True)
        names.add(os.path.basename(done.stdout))
    assert len(names) == 2


def test_of_an_unfinished_file_nothing_is_left(file: str) -> None:
    with pytest.raises(TypeError):
        run_files.write(file, {"value": [1, 2, object()]})
    assert run_files.read(file) == ENTRY
    assert os.listdir(folder_of(file)) == [os.path.basename(file)]


def test_a_full_disk(file: str) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        run_files.write(file, {"value": "x" * 10000})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert run_files.read(file) == ENTRY
    assert os.listdir(folder_of(file)) == [os.path.basename(file)]


def test_what_json_cannot_nest_is_not_kept(file: str) -> None:
    nested: list[t.Any] = []
    for _level in range(100_000):
        nested = [nested]
    run_files.write(file, {"value": nested})
    assert run_files.read(file) in (ENTRY, {})


def _rewrite(change: t.Callable[[bytes], bytes]) -> t.Callable[[pathlib.Path], object]:
    return lambda path: path.write_bytes(change(path.read_bytes()))


def _link(path: pathlib.Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def _make_folder(path: pathlib.Path) -> None:
    path.unlink()
    path.mkdir(0o700)


def _make_pipe(path: pathlib.Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(pathlib.Path.unlink, id="absent"),
        pytest.param(_rewrite(lambda content: b""), id="empty"),
        pytest.param(_rewrite(lambda content: content[:-2]), id="truncated"),
        pytest.param(_rewrite(lambda content: content + b" "), id="longer"),
        pytest.param(_rewrite(lambda content: content.replace(b"2.5", b"3.5")), id="changed"),
        pytest.param(_rewrite(lambda content: content.replace(b"1.5", b'"x"')), id="of another type"),
        pytest.param(_rewrite(lambda content: json.dumps(ENTRY).encode()), id="not by us"),
        pytest.param(_rewrite(lambda content: b"[" * 100_000), id="nested"),
        pytest.param(_rewrite(lambda content: b"\xff\xfe\x00" + content), id="not text"),
        pytest.param(lambda path: path.chmod(0o640), id="readable to others"),
        pytest.param(lambda path: path.chmod(0o602), id="writable to others"),
        pytest.param(_link, id="link"),
        pytest.param(_make_folder, id="folder"),
        pytest.param(_make_pipe, id="pipe"),
    ],
)
def test_what_is_not_whole_or_not_ours_counts_as_absent(file: str, spoil: t.Callable[[pathlib.Path], object]) -> None:
    spoil(pathlib.Path(file))
    descriptors = len(os.listdir("/proc/self/fd"))
    assert run_files.read(file) == {}
    assert len(os.listdir("/proc/self/fd")) == descriptors


def test_the_content_of_another_file_counts_as_absent(file: str) -> None:
    other = run_files.path("other")
    os.rename(file, other)
    assert run_files.read(other) == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_file_of_another_user_counts_as_absent(file: str) -> None:
    os.chown(file, 65534, -1)
    assert run_files.read(file) == {}


def _is_open(folder: pathlib.Path) -> None:
    folder.mkdir()
    folder.chmod(0o755)


def _is_a_link(folder: pathlib.Path) -> None:
    (folder.parent / "elsewhere").mkdir(0o700)
    folder.symlink_to("elsewhere")


@pytest.mark.parametrize(
    "prepare",
    [
        pytest.param(_is_open, id="open to others"),
        pytest.param(_is_a_link, id="link"),
        pytest.param(pathlib.Path.touch, id="file"),
        pytest.param(lambda folder: folder.parent.rmdir(), id="nowhere"),
    ],
)
def test_nothing_is_kept_where_no_private_folder_is_to_be_had(prepare: t.Callable[[pathlib.Path], object]) -> None:
    path = run_files.path("name")
    prepare(folder_of(path))
    run_files.write(path, ENTRY)
    assert run_files.read(path) == {}
    assert not os.path.exists(path)


def test_readers_find_the_old_or_the_new_and_nothing_between(file: str) -> None:
    entries = [{"value": letter * 100_000} for letter in "ab"]
    run_files.write(file, entries[0])
    writer = os.fork()
    if not writer:
        for number in range(300):
            run_files.write(file, entries[number % 2])
        os._exit(0)
    found = [run_files.read(file)]
    while os.waitpid(writer, os.WNOHANG) == (0, 0):
        found.append(run_files.read(file))
    assert all(entry in entries for entry in found)
