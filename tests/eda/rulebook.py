# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A running ansible-rulebook."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import typing as t
from pathlib import Path

from demo import environment_for
from launcher import StandIn

# It starts a Java virtual machine and playbooks, and the machine may be busy.
PATIENCE = 240

INVENTORY = {"all": {"hosts": {"localhost": {"ansible_connection": "local"}}}}


class Rulebook:
    """``ansible-rulebook`` with a rulebook of the collection, as a context manager.

    It works in ``folder``, asks ``standin``, and gets ``variables``, and ``more`` in its environment.
    """

    def __init__(
        self, name: str, folder: Path, standin: StandIn, variables: dict[str, t.Any], more: dict[str, str] | None = None
    ) -> None:
        for file, content in {"inventory.json": INVENTORY, "variables.json": variables}.items():
            (folder / file).write_text(json.dumps(content), encoding="utf-8")
        self._output = folder / "output"
        # It needs ansible-galaxy on its path. What it keeps for the time of a playbook is in the folder.
        scripts = str(Path(sys.executable).parent)
        path = os.pathsep.join([scripts, os.environ["PATH"]])
        self._environment = {**environment_for(standin), "PATH": path, "TMPDIR": str(folder), **(more or {})}
        self._command = [f"{scripts}/ansible-rulebook", "--rulebook", f"community.modelarts.{name}", "--print-events"]
        self._command += ["--inventory", "inventory.json", "--vars", "variables.json", "--shutdown-delay", "1"]
        self._folder = folder

    def __enter__(self) -> Rulebook:
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        return self

    def __exit__(self, *_exception: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def output(self) -> str:
        """What it has said so far."""
        return self._output.read_text(encoding="utf-8", errors="replace")

    def says(self, text: str) -> str:
        """Wait until it has said ``text``; gives all that it said."""
        self.wait(lambda: text in self.output())
        return self.output()

    def wait(self, condition: t.Callable[[], bool]) -> None:
        """Wait until ``condition`` holds, while it runs."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert self._process.poll() is None and time.monotonic() < deadline, self.output()
            time.sleep(0.1)

    def ends(self) -> int:
        """Wait until it ends by itself; gives its exit status."""
        return self._process.wait(PATIENCE)
