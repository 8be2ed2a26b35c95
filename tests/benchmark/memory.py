# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure the peak memory of the module's process, compared with ansible.builtin.ping.

The module logs in with a password, queries, and picks. Ansible starts both with a wrapper, which runs the real
interpreter and records the peak that the kernel reports.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from common import Plays, StandIn, Task, add_row, play
from login import module_task

TIMES = 5
KIB_A_MIB = 1024

# A process inherits the peak of the one that started it. So the wrapper loads as little as possible, and fails if it is
# not the smaller one.
INTERPRETER = """#!{python} -IS
import os, resource, sys
process = os.posix_spawn({python!r}, [{python!r}, *sys.argv[1:]], os.environ)
status, usage = os.wait4(process, 0)[1:]
if usage.ru_maxrss <= resource.getrusage(resource.RUSAGE_SELF).ru_maxrss:
    sys.exit("The wrapper takes more memory than the measured process.")
with open({peaks!r}, "a") as file:
    print(usage.ru_maxrss, file=file)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def peaks(task: Task) -> list[float]:
    """Return the peaks in MiB of several runs of ``task``."""
    with tempfile.TemporaryDirectory() as folder:
        written, interpreter = Path(folder, "peaks"), Path(folder, "python")
        interpreter.write_text(INTERPRETER.format(python=sys.executable, peaks=str(written)), encoding="utf-8")
        interpreter.chmod(0o700)
        Plays({"play": play([task] * TIMES, ansible_python_interpreter=str(interpreter))}).run(1)
        found = [int(line) / KIB_A_MIB for line in written.read_text(encoding="utf-8").splitlines()]
    if len(found) != TIMES:
        sys.exit(f"{TIMES} processes were expected, {len(found)} were measured")
    return found


def main() -> None:
    with StandIn() as standin:
        [task] = module_task(standin)
        for parameters in task.values():
            parameters["requirements"] = {"min_gpus": 1, "nodes": 2}
        measured = {"ping": peaks({"ansible.builtin.ping": {}}), "module": peaks(task)}
    for name, found in measured.items():
        print(f"{name:>16}: {statistics.median(found):.1f} MiB at its peak (median of {TIMES}; up to {max(found):.1f})")
    ping, module = (statistics.median(found) for found in measured.values())
    print(f"module over ping: {module / ping:.2f}, which is {module - ping:.1f} MiB more; wanted: at most 25 MiB more")
    add_row("peak memory: module over ping", "at most +25 MiB", f"+{module - ping:.1f} MiB", "")


if __name__ == "__main__":
    main()
