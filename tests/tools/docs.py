# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the documentation as a site below .cache/docs: plugin pages by antsibull-docs, then all of it by Sphinx."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from demo import collections_path

from machine import CACHE, ROOT

SOURCE = CACHE / "docs" / "rst"
SITE = CACHE / "docs" / "html"
SETTINGS = ROOT / "docs" / "site"


def main() -> int:
    """Build the site from scratch; a warning is a failure."""
    shutil.rmtree(SOURCE.parent, ignore_errors=True)
    # antsibull-docs requires a folder that nobody else can write to.
    SOURCE.mkdir(parents=True)
    SOURCE.chmod(0o755)
    subprocess.run(
        [
            *["antsibull-docs", "--config-file", str(SETTINGS / "antsibull-docs.cfg"), "collection", "--use-current"],
            *["--fail-on-error", "--squash-hierarchy", "--dest-dir", str(SOURCE), "community.modelarts"],
        ],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(collections_path())},
        check=True,
    )
    shutil.copytree(ROOT / "docs" / "pictures", SOURCE / "pictures")
    options = ["--builder", "html", "--fail-on-warning", "--nitpicky", "--quiet", "--conf-dir", str(SETTINGS)]
    subprocess.run(["sphinx-build", *options, str(SOURCE), str(SITE)], check=True)
    print(f"The site is {SITE / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
