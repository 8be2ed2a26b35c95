# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/tools/ansible_test.py fails a run that did nothing or that causes a deprecation warning."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import pytest

TOOLS = pathlib.Path(__file__).parents[1] / "tools"
RAN = "Running faults integration test role\n"
WARNED = RAN + "TASK [faults : Ask] ****\n[DEPRECATION WARNING]: The `x` option is deprecated.\n"


@pytest.mark.parametrize(
    ("printed", "newest", "succeeds", "said"),
    [
        (RAN, True, True, ""),
        ("WARNING: All targets skipped.\n", True, False, "ran no test"),
        (WARNED, True, False, "FAILED: deprecation warning in TASK [faults : Ask]: The `x` option is deprecated."),
        (WARNED, False, True, ""),
    ],
    ids=["ran", "nothing done", "deprecated on the newest core", "deprecated on an older core"],
)
def test_a_run_counts(printed: str, newest: bool, succeeds: bool, said: str, tmp_path: pathlib.Path) -> None:
    program = tmp_path / "ansible-test"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{printed}END\n", encoding="utf-8")
    program.chmod(0o755)
    code = (
        "import os, pathlib, ansible_test\n"
        f"ok = ansible_test.run([{str(program)!r}, 'integration'], pathlib.Path(), dict(os.environ), {newest})\n"
        "raise SystemExit(0 if ok else 1)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=TOOLS, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0 if succeeds else 1, "")
    assert said in done.stdout
    assert bool(said) == ("FAILED" in done.stdout)
