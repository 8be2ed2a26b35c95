# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Install the tarball from build/ offline into an empty folder, and run the demo from there against the stand-in."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from machine import ROOT

sys.path.insert(0, str(ROOT / "tests/standin"))
from launcher import StandIn

NAME = "community.modelarts"


def environment(folder: Path) -> dict[str, str]:
    """Return an environment in which Ansible finds only collections in ``folder`` and no user settings."""
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "LC_ALL": "C.UTF-8",
        "HOME": str(folder),
        "ANSIBLE_COLLECTIONS_PATH": str(folder),
    }


def main() -> int:
    """Return the exit status."""
    (tarball,) = (ROOT / "build").glob("community-modelarts-*.tar.gz")
    with tempfile.TemporaryDirectory(prefix="modelarts-") as name, StandIn() as standin:
        folder = Path(name)
        env = {**environment(folder), **standin.login_environment()}
        for command in (
            ["ansible-galaxy", "collection", "install", str(tarball), "--offline", "--collections-path", name],
            ["ansible-galaxy", "collection", "verify", NAME, "--offline", "--collections-path", name],
            ["ansible-playbook", "--inventory", "localhost,", f"{NAME}.demo"],
        ):
            print("+", *command, flush=True)
            subprocess.run(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, check=True)
        queries = standin.counts()["resource-specs"]
    print(f"The demo of the installed copy sent {queries} queries.")
    return 0 if queries else 1


if __name__ == "__main__":
    sys.exit(main())
