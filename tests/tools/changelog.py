# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check changelogs/changelog.yaml and CHANGELOG.md for the version in galaxy.yml, or write them:
``python changelog.py [write]``.

They are generated from the fragments and the ``version_added`` of plugins and roles. The entry of a version is written
from scratch each time, because antsibull-changelog would only add to it.
"""

from __future__ import annotations

import datetime
import shutil
import subprocess
import sys
import tempfile
import typing as t
from pathlib import Path

import yaml
from ansible_test import copy_tree

from machine import ROOT

CHANGES = Path("changelogs/changelog.yaml")
WRITTEN = (CHANGES, Path("CHANGELOG.md"))


def version() -> str:
    """Return the version in galaxy.yml."""
    return str(_load(ROOT / "galaxy.yml")["version"])


def releases() -> dict[str, dict[str, t.Any]]:
    """Return the entries of the changelog by version."""
    found: dict[str, dict[str, t.Any]] = _load(ROOT / CHANGES)["releases"]
    return found


def _load(path: Path) -> dict[str, t.Any]:
    loaded: dict[str, t.Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def make(tree: Path, date: str) -> None:
    """Write the entry of this version in a copy of the checkout, from scratch."""
    changes = _load(tree / CHANGES)
    changes["releases"].pop(version(), None)
    (tree / CHANGES).write_text(yaml.safe_dump(changes, sort_keys=False), encoding="utf-8")
    subprocess.run(["antsibull-changelog", "release", "--reload-plugins", "--date", date], cwd=tree, check=True)
    subprocess.run(["antsibull-changelog", "lint-changelog-yaml", CHANGES], cwd=tree, check=True)


def outdated() -> list[str]:
    """Return the files that are out of date; none before this version has an entry."""
    if version() not in releases():
        return []
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        copy_tree(tree)
        make(tree, releases()[version()]["release_date"])
        return [str(path) for path in WRITTEN if (tree / path).read_bytes() != (ROOT / path).read_bytes()]


def write() -> None:
    """Write the files."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        copy_tree(tree)
        make(tree, datetime.datetime.now(datetime.timezone.utc).date().isoformat())
        for path in WRITTEN:
            shutil.copyfile(tree / path, ROOT / path)


def main() -> int:
    """Write or check."""
    if sys.argv[1:] == ["write"]:
        write()
    old = outdated()
    for path in old:
        print(f"{path} is out of date: run 'make changelog'")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
