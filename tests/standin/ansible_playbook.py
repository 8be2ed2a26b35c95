# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of ansible-playbook that use a stand-in as a user does: logged in by the environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from launcher import StandIn

COLLECTIONS = Path(__file__).resolve().parents[5]


def start(standin: StandIn, folder: Path, *arguments: str | Path, **environment: str) -> subprocess.Popen[str]:
    """Start ansible-playbook in ``folder``, with ``arguments`` and a few more variables of the environment."""
    own = {
        # Not that of ansible-test, which leads Python to an ansible-core without commands.
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_SHOW_CUSTOM_STATS": "true",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "ansible", "playbook", *map(str, arguments)],
        cwd=folder,
        env={**own, **standin.login_environment(), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process: subprocess.Popen[str], status: int = 0) -> str:
    """Return what a playbook has written once it has ended, which it must with ``status``."""
    output = process.communicate()[0]
    assert process.returncode == status, output
    return output
