# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run all benchmarks, or those that are named, and print one table of what they found, and the machine.

python tests/benchmark/run_all.py [NAME ...]
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from common import ROWS
from demo import collections_path

FOLDER = Path(__file__).parent

# In the order of the table. ``slices`` is left out without a Redis.
BENCHMARKS = (
    "module",
    "login",
    "imports",
    "lookup",
    "role",
    "targets",
    "selection",
    "training_job",
    "memory",
    "slices",
)
TITLES = ("Work", "Wanted", "Elapsed time", "CPU time")


def can_run(name: str) -> bool:
    """Tell whether a benchmark can run on this machine."""
    return name != "slices" or shutil.which("redis-server") is not None


def table(rows: list[list[str]]) -> str:
    """Format ``rows`` in columns, with their titles."""
    lines = [list(TITLES), ["-" * len(title) for title in TITLES], *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(TITLES))]
    return "\n".join(" | ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip() for line in lines)


def machine() -> str:
    """Describe the machine in a line."""
    load = os.getloadavg()[0]
    return (
        f"Python {platform.python_version()}, ansible-core {importlib.metadata.version('ansible-core')}, "
        f"{os.cpu_count()} cores ({platform.machine()}, {platform.system()}), load at the end {load:.1f}"
    )


def main(names: list[str]) -> int:
    """Return the exit status: 1 if a benchmark failed; the others run nevertheless."""
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder, "rows")
        rows.touch()
        environment = {**os.environ, ROWS: str(rows), "PYTHONPATH": str(collections_path())}
        for name in names or filter(can_run, BENCHMARKS):
            print(f"\n== {name}", flush=True)
            if subprocess.run([sys.executable, FOLDER / f"{name}.py"], env=environment, check=False).returncode:
                failed.append(name)
        print(f"\n{table([json.loads(line) for line in rows.read_text(encoding='utf-8').splitlines()])}\n")
    print(machine())
    print("".join(f"FAILED: {name}\n" for name in failed), end="")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
