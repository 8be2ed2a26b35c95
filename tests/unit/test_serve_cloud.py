# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``make cloud`` prints lets any shell, and so any playbook, log in to the simulated cloud."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import pytest

from ansible_collections.community.modelarts.tests.unit.faces import module

PROGRAM = pathlib.Path(__file__).parents[1] / "tools" / "serve_cloud.py"


def test_a_shell_that_sources_the_file_has_a_login(monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen([sys.executable, str(PROGRAM)], stdout=subprocess.PIPE, text=True) as cloud:
        assert cloud.stdout
        try:
            command = next(line for line in iter(cloud.stdout.readline, "") if line.startswith("  source "))
            shell = subprocess.run(["bash", "-ec", f"{command}env -0"], capture_output=True, text=True, check=True)
            exported = dict(line.split("=", 1) for line in shell.stdout.split("\0") if "=" in line)
            for name, value in exported.items():
                if name.startswith("OS_"):
                    monkeypatch.setenv(name, value)
            assert module(job_type="train")["specs"]
        finally:
            cloud.terminate()
    first = exported["ANSIBLE_COLLECTIONS_PATH"].split(os.pathsep)[0]
    assert (pathlib.Path(first) / "ansible_collections/community/modelarts/galaxy.yml").is_file()
    assert cloud.returncode == 0
