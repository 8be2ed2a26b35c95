# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the collection into build/, and check the content of the tarball.

It is built in the checkout itself, which contains .venv and the like, so a missing entry in build_ignore is found.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

from machine import ROOT

REQUIRED = {
    ".ansible-lint",
    "CHANGELOG.md",
    "FILES.json",
    "LICENSE",
    "LICENSES",
    "MANIFEST.json",
    "README.md",
    "bindep.txt",
    "changelogs",
    "extensions",
    "meta",
    "plugins",
    "requirements.txt",
}
ALLOWED = {*REQUIRED, "SECURITY.md", "docs", "playbooks", "roles"}
UNWANTED_PARTS = {"__pycache__", "output", "fragments"}


def build(folder: Path) -> Path:
    """Build the collection into a folder, replacing earlier builds, and return the tarball's path."""
    for old in folder.glob("community-modelarts-*.tar.gz"):
        old.unlink()
    subprocess.run(["ansible-galaxy", "collection", "build", "--output-path", str(folder)], cwd=ROOT, check=True)
    (path,) = folder.glob("community-modelarts-*.tar.gz")
    return path


def main() -> int:
    """Build and check."""
    path = build(ROOT / "build")
    with tarfile.open(path) as archive:
        names = [member.name for member in archive.getmembers()]
    tops = {name.split("/")[0] for name in names}
    problems = [f"must not be in the tarball: {name}" for name in sorted(tops - ALLOWED)]
    problems += [f"missing in the tarball: {name}" for name in sorted(REQUIRED - tops)]
    problems += [f"must not be in the tarball: {name}" for name in names if UNWANTED_PARTS & set(name.split("/"))]
    print(*problems, f"{path.name}: {len(names)} entries, {', '.join(sorted(tops))}", sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
