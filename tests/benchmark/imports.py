# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the module's process imports what, as ``python -X importtime`` says from inside Ansible's archive.

Ansible starts the module with an interpreter that runs the real one with that option. The files of collections are in a
zip archive and compiled at each run; those of Python and of ``requests`` are compiled once.
"""

from __future__ import annotations

import re
import sys
import tempfile
import typing as t
from pathlib import Path

from common import Plays, StandIn, add_row, obtain_token, play

TIMES = 10
MICROSECONDS = 1000

INTERPRETER = """#!/bin/sh
exec {python} -X importtime "$@" 2> {folder}/$$.log
"""

COLLECTION = "ansible_collections.community.modelarts."
LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| ( *)(\S+)")


class Times(t.NamedTuple):
    """What one process has imported, in milliseconds, and the number of the collection's files."""

    collection: float
    requests: float
    ansible: float
    files: int


def read(log: str) -> Times:
    """Add up the lines of ``log``: the collection's and Ansible's own files, and ``requests`` with all it imports."""
    own = {"collection": 0.0, "ansible": 0.0}
    requests, files = 0.0, 0
    for alone, together, _depth, name in LINE.findall(log):
        if name.startswith(COLLECTION):
            own["collection"] += int(alone) / MICROSECONDS
            files += 1
        elif name.partition(".")[0] == "ansible":
            own["ansible"] += int(alone) / MICROSECONDS
        elif name == "requests":
            requests = int(together) / MICROSECONDS
    return Times(own["collection"], requests, own["ansible"], files)


def main() -> None:
    with StandIn() as standin, tempfile.TemporaryDirectory() as folder:
        options = {
            "endpoint": standin.endpoint,
            "project_id": standin.account["project_id"],
            "token": obtain_token(standin),
        }
        interpreter = Path(folder, "python")
        interpreter.write_text(INTERPRETER.format(python=sys.executable, folder=folder), encoding="utf-8")
        interpreter.chmod(0o700)
        tasks = [{"community.modelarts.modelarts_resource_specs_info": options}] * TIMES
        Plays({"play": play(tasks, ansible_python_interpreter=str(interpreter))}).run(1)
        found = [read(log.read_text(encoding="utf-8")) for log in Path(folder).glob("*.log")]
    found = [times for times in found if times.files]
    if len(found) != TIMES:
        sys.exit(f"{TIMES} processes were expected to import the collection, {len(found)} did")
    least = Times(*(min(column) for column in zip(*found)))
    print(
        f"Importing, the least of {TIMES}: {least.collection:.1f} ms the collection's {least.files} files, "
        f"{least.requests:.1f} ms requests, {least.ansible:.1f} ms Ansible's own files"
    )
    add_row(f"importing the collection's {least.files} files", "", f"{least.collection:.0f} ms", "")
    add_row("importing requests", "", f"{least.requests:.0f} ms", "")


if __name__ == "__main__":
    main()
