# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of ansible-playbook that say all they can, and the search for secrets in whatever comes of them."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

COLLECTIONS = Path(__file__).resolve().parents[5]

# How each token begins that the stand-in issues.
ISSUED_TOKEN = "stand-in-token-"

# ansible-core's own debug lines show a module's arguments, whatever no_log says. See the guide "What is sent, stored
# and hidden". Nothing but these lines is left out of the search.
DEBUG_LINE_WITH_ARGUMENTS = re.compile(r"(?m)^ *\d+ [\d.]+: done with _execute_module \(.*\n")

# Takes the place of systemd's library, with which modules log: what they do is written to a file.
JOURNAL = """
import os
def sendv(*fields):
    with open(os.environ["WATCHED_JOURNAL"], "a") as log:
        log.write(f"{fields}\\n")
def send(MESSAGE, **fields):
    sendv(MESSAGE, fields)
"""


class WatchedRun:
    """A run of ansible-playbook in a folder of its own, where all files that it makes are kept.

    After the call ``output`` is what it wrote to the terminal, with nothing left out.
    """

    output: str

    def __init__(self, folder: Path, limit: Callable[[], None] | None = None) -> None:
        """``limit`` is called in the new process."""
        self._given = folder / "given"
        self._made = folder / "made"
        self._limit = limit
        shim = folder / "shim" / "systemd"
        for path in (self._given, self._made / "tmp", shim):
            path.mkdir(parents=True)
        for name, text in {"__init__": "", "daemon": "def booted(): return 1\n", "journal": JOURNAL}.items():
            (shim / f"{name}.py").write_text(text)
        made = str(self._made)
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(shim.parent),
            "LC_ALL": "C.UTF-8",
            "HOME": f"{made}/home",
            "TMPDIR": f"{made}/tmp",
            "WATCHED_JOURNAL": f"{made}/journal",
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_DEBUG": "true",
            "ANSIBLE_LOG_PATH": f"{made}/log",
            "ANSIBLE_INJECT_INVOCATION": "true",
            "ANSIBLE_SHOW_CUSTOM_STATS": "true",
            "ANSIBLE_CALLBACKS_ENABLED": "ansible.builtin.junit,ansible.builtin.tree",
            "JUNIT_OUTPUT_DIR": f"{made}/junit",
            "ANSIBLE_CALLBACK_TREE_DIR": f"{made}/tree",
            "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
            "ANSIBLE_CACHE_PLUGIN_CONNECTION": f"{made}/facts",
            "ANSIBLE_RETRY_FILES_ENABLED": "true",
            "ANSIBLE_RETRY_FILES_SAVE_PATH": f"{made}/retry",
            "ANSIBLE_FORKS": "8",
        }

    def give(self, name: str, content: Mapping[str, Any]) -> Path:
        """Write a file that holds secrets because it hands them to the run, as JSON, which is YAML as well."""
        path = self._given / name
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    def __call__(self, playbook: Path, inventory: str | Path, variables: Mapping[str, Any], *options: str) -> int:
        """Run the playbook, and give its exit status."""
        arguments = ["-i", str(inventory), "-e", f"@{self.give('variables.json', variables)}", "-vvvv", "--diff"]
        done = subprocess.run(
            [sys.executable, "-m", "ansible", "playbook", *arguments, *options, str(playbook)],
            env=self.environment,
            preexec_fn=self._limit,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        self.output = done.stdout
        return done.returncode

    def told(self, *, with_arguments: bool) -> dict[str, str]:
        """All that the run has told, by where: the output, and each file that it has left, with the file's name."""
        files = [path for path in self._made.rglob("*") if path.is_file()]
        told = {str(path.relative_to(self._made)): path.read_bytes().decode("utf-8", "replace") for path in files}
        output = self.output if with_arguments else DEBUG_LINE_WITH_ARGUMENTS.sub("", self.output)
        return {"output": output, "names": "\n".join(told), **told}

    def shown(self, secrets: Iterable[str], *, with_arguments: bool = False) -> list[str]:
        """Where the secrets are shown, with what stands before them.

        ``with_arguments`` says to search ansible-core's debug lines with a module's arguments as well.
        """
        patterns = [re.compile(pattern) for secret in secrets for pattern in forms(secret)]
        return [
            f"{where}: {text[max(match.start() - 200, 0) : match.start()]!r}"
            for where, text in self.told(with_arguments=with_arguments).items()
            for pattern in patterns
            for match in pattern.finditer(text)
        ]


def forms(secret: str) -> Iterator[str]:
    """Patterns for the secret, as it is and as it is encoded: by JSON, for a URL, or in base64 as a part of more."""
    text = re.escape(secret)
    # A number is part of other numbers by chance.
    yield rf"(?<![\w.]){text}(?!\w)" if secret.isdigit() else text
    for form in {json.dumps(secret)[1:-1], quote(secret), quote(secret, safe=""), quote_plus(secret)} - {secret}:
        yield re.escape(form)
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):
            # Without the characters that hold bits of a neighbour as well.
            encoded = encode(bytes(before) + secret.encode()).decode()
            yield re.escape(encoded[(before * 8 + 5) // 6 : (before + len(secret.encode())) * 8 // 6])
