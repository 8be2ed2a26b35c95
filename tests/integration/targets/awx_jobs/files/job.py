# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job as AWX runs it, with ansible-runner: what AWX writes is sent to a worker, and what comes back is read."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import ansible_runner

FILES = Path(__file__).parent
IDENT = "1"


# What AWX's demo inventory has for its one host.
LOCAL = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}


def inventory_of(variables):
    """AWX's own inventory file, a program: each host with its variables."""
    inventory = {"all": {"hosts": list(variables)}, "_meta": {"hostvars": variables}}
    return f"#! /usr/bin/env python3\n# -*- coding: utf-8 -*-\nprint({json.dumps(inventory)!r})\n"


def slices_of(hosts, count):
    """The hosts of each slice, dealt out as AWX deals them."""
    return [hosts[number::count] for number in range(count)]


def unsafe(value):
    """An answer of a survey as AWX writes it for Ansible: no text in it is ever a template."""
    if isinstance(value, list):
        return f"[{', '.join(map(unsafe, value))}]"
    return f"{'!unsafe ' if isinstance(value, str) else ''}{json.dumps(value)}"


class Job:
    """One job of a template: its private data, where it runs, and what is read back."""

    def __init__(self, folder, collections, others=()):
        """``collections`` is where AWX has installed what the project requires, ``others`` what the image brings."""
        self.private = folder / "private"  # on AWX's side
        self.runner = folder / "runner"  # the same in the container, where it is /runner
        self.read = folder / "read"
        self.answers = {}
        # AWX tells each job something about itself.
        self.variables = {"awx_job_id": 1, "awx_job_launch_type": "manual"}
        self.hosts = ["localhost"]
        self.host_variables = {}  # of hosts that are not like localhost
        self.verbosity = 0
        self.events = []
        (self.private / "env").mkdir(parents=True)
        shutil.copytree(FILES / "project", self.private / "project")
        (self.private / "requirements_collections").symlink_to(collections)
        found = os.pathsep.join([f"{self.runner}/requirements_collections", *others])
        self.environment = {
            "ANSIBLE_COLLECTIONS_PATH": found,
            "ANSIBLE_FORCE_COLOR": "True",
            "ANSIBLE_HOST_KEY_CHECKING": "False",
            "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
            "ANSIBLE_RETRY_FILES_ENABLED": "False",
            "AWX_PRIVATE_DATA_DIR": str(self.runner),
            "JOB_ID": IDENT,
        }

    def credential(self, kind, inputs):
        """Attach a credential: of AWX's own type of that name, or of the type that a mapping describes."""
        wanted = {"type": kind, "inputs": inputs, "private_data_dir": str(self.private)}
        done = subprocess.run(
            [os.environ["PYTEST_AWX_PYTHON"], str(FILES / "inject.py")],
            input=json.dumps({**wanted, "container_root": str(self.runner)}),
            env={"PATH": os.environ["PATH"]},
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        given = json.loads(done.stdout)
        assert given["args"] == []
        self.environment.update(given["env"])
        return given

    def start(self, playbook):
        """Write what the worker needs, and let it begin."""
        variables = [f"{name}: {json.dumps(value)}" for name, value in self.variables.items()]
        answers = [f"!unsafe {json.dumps(name)}: {unsafe(value)}" for name, value in self.answers.items()]
        self._write("env/extravars", "\n".join(["---", *variables, *answers, ""]))
        self._write("env/settings", json.dumps({"suppress_ansible_output": True, "suppress_output_file": True}))
        self._write("env/cmdline", f"-{'v' * self.verbosity}" if self.verbosity else "")
        self._write(
            "inventory/hosts", inventory_of({host: self.host_variables.get(host, LOCAL) for host in self.hosts}), 0o700
        )
        sent = self.private.with_name("sent")
        with sent.open("wb") as stream:
            ansible_runner.run(
                streamer="transmit",
                _output=stream,
                private_data_dir=str(self.private),
                ident=IDENT,
                playbook=playbook,
                envvars=self.environment,
                suppress_env_files=True,
            )
        home = self.private.with_name("home")
        home.mkdir()
        path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
        with sent.open("rb") as stdin, self._received.open("wb") as stdout:
            self._worker = subprocess.Popen(
                [sys.executable, "-m", "ansible_runner", "worker", "--private-data-dir", str(self.runner)],
                env={"PATH": path, "HOME": str(home), "LC_ALL": "C.UTF-8"},
                stdin=stdin,
                stdout=stdout,
            )
        return self

    def finish(self):
        """Wait for the worker, and read back what it has sent: ``status``, ``events``, ``output``, ``artifacts``."""
        self._worker.wait(300)
        with self._received.open("rb") as stream:
            processed = ansible_runner.run(
                streamer="process",
                _input=stream,
                private_data_dir=str(self.read),
                ident=IDENT,
                quiet=True,
                event_handler=self._keep,
            )
        self.status = processed.status
        self.output = "\n".join(event["stdout"] for event in self.events)
        statistics = [event["event_data"] for event in self.events if event["event"] == "playbook_on_stats"]
        assert len(statistics) == 1, self.output
        self.artifacts = statistics[0]["artifact_data"]
        return self

    def run(self, playbook, status="successful"):
        """Start it, and wait until it has that status."""
        self.start(playbook).finish()
        assert self.status == status, self.output
        return self

    def texts(self):
        """What is kept of the job, by the file's path: all of its files on either side that ansible-runner writes.

        Of the command that was run, ansible-runner keeps the environment that it was given as well. That is how
        credentials arrive, so it is left out, and AWX removes the file with the job.
        """
        texts = {}
        for folder in (self.runner / "artifacts", self.read / "artifacts"):
            for file in (path for path in folder.rglob("*") if path.is_file()):
                text = file.read_text()
                if file.name == "command":
                    text = json.dumps({name: value for name, value in json.loads(text).items() if name != "env"})
                texts[file] = text
        return texts

    def _keep(self, event):
        self.events.append(event)
        return True  # for a file of it in artifacts/

    @property
    def _received(self):
        return self.private.with_name("received")

    def _write(self, name, text, mode=0o600):
        file = self.private / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        file.chmod(mode)
