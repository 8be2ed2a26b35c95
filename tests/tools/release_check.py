# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check that version, changelog and tag agree, and that everything to be released is committed.

changelog.py checks the changelog against the fragments.
"""

from __future__ import annotations

import re
import subprocess
import sys

import changelog
from packaging.version import Version

from machine import ROOT


def git(*arguments: str) -> list[str]:
    """Return the lines that git prints."""
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def problems(version: str) -> list[str]:
    """Return the reasons why the current commit cannot be released as ``version``."""
    found = [f"not committed: {line[3:]}" for line in git("status", "--porcelain")]
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        found.append(f"galaxy.yml: {version} is not a version of the form 1.2.3")
    newest = max(changelog.releases(), key=Version, default=None)
    if newest != version:
        found.append(
            f"{changelog.CHANGES}: the newest release is {newest}, but galaxy.yml says {version}: run 'make changelog'"
        )
    names = {version, f"v{version}"}
    here = {tag for tag in git("tag", "--points-at", "HEAD") if re.match(r"v?\d+\.\d+", tag)}
    found += [f"this commit has the tag {tag}, but galaxy.yml says {version}" for tag in sorted(here - names)]
    elsewhere = names & set(git("tag")) - here
    found += [f"the tag {tag} belongs to another commit: a release does not change" for tag in sorted(elsewhere)]
    if not here:
        print(f"This commit has no tag yet: it would be {version}.")
    return found


def main() -> int:
    """Return the exit status."""
    version = changelog.version()
    found = problems(version)
    for problem in found:
        print(problem)
    if not found:
        print(f"galaxy.yml, {changelog.CHANGES} and the tags agree on {version}.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
