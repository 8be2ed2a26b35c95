# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks of plays share: how a play is written, and how long it runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import typing as t
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / folder) for folder in ("standin", "tools")]
from demo import collections_path  # noqa: E402
from launcher import StandIn  # noqa: E402

__all__ = ("StandIn", "play", "seconds")


def play(tasks: list[dict[str, t.Any]]) -> str:
    """A play that runs ``tasks`` on this machine, as JSON, which is YAML too."""
    interpreter = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    return json.dumps(
        [{"hosts": "localhost", "connection": "local", "gather_facts": False, "vars": interpreter, "tasks": tasks}]
    )


def seconds(playbook: Path) -> float:
    """How long one run of ``playbook`` takes."""
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", str(playbook)]
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(collections_path())}
    started = time.monotonic()
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True)
    return time.monotonic() - started
