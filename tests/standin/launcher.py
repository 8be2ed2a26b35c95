# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts a stand-in, and speaks to its control API."""

from __future__ import annotations

import json
import os
import select
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

SERVER = Path(__file__).resolve().parent / "server.py"


class StandIn:
    """A running stand-in, as a context manager. The arguments are those of its command line."""

    url: str
    auth_url: str
    endpoint: str
    region: str
    pid: int
    account: dict[str, str]

    def __init__(self, *arguments: str, timeout: float = 120) -> None:
        self._arguments = arguments
        self._timeout = timeout

    def __enter__(self) -> StandIn:
        self._stderr = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            # Tests that are forked end without a chance to stop it: then the pipe ends, and it stops by itself.
            [sys.executable, str(SERVER), "--stop-with-stdin", "--port", "0", *self._arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
        )
        try:
            line = json.loads(self._first_line())
        except BaseException:
            self.stop()
            raise
        for name, value in line.items():
            setattr(self, name, value)
        # Control calls neither go through a proxy nor test the certificate.
        tls = ssl.create_default_context()
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=tls)
        )
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def login(self) -> dict[str, str]:
        """Return the options of a login with a password."""
        names = ("user_domain_name", "username", "password", "project_name")
        return {"auth_url": self.auth_url, **{name: self.account[name] for name in names}}

    def login_environment(self) -> dict[str, str]:
        """Return the variables that a user exports to log in with a password."""
        return {f"OS_{name.upper()}": value for name, value in self.login().items()}

    def stop(self) -> int:
        """Stop it, if it still runs, and return its exit status."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._stderr.close()
        return self._process.wait()

    def stderr(self) -> str:
        """What it has said on stderr."""
        # Its own position in the file stays where it is.
        descriptor = self._stderr.fileno()
        return os.pread(descriptor, os.fstat(descriptor).st_size, 0).decode(errors="replace")

    def counts(self) -> dict[str, int]:
        """How many requests of each operation there were."""
        counts: dict[str, int] = self._control("GET", "requests")["counts"]
        return counts

    def requests(self) -> list[dict[str, Any]]:
        """All requests, in order."""
        requests: list[dict[str, Any]] = self._control("GET", "requests")["requests"]
        return requests

    def reset(self) -> None:
        """Forget all requests."""
        self._control("DELETE", "requests")

    def restore(self) -> None:
        """Go back to how it started: take all changes of the control API back, and forget requests and jobs."""
        self._control("DELETE", "changes")

    def fault(self, name: str, times: int | None = None, operation: str = "resource-specs") -> None:
        """Let an operation fail, in place of what was ordered for it before."""
        self._control("PUT", "fault", {"fault": name, "times": times, "operation": operation})

    def clear(self) -> None:
        """Take back all faults."""
        self._control("DELETE", "fault")

    def latency(self, seconds: float) -> None:
        """Let each answer wait so long."""
        self._control("PUT", "latency", {"seconds": seconds})

    def expire_tokens(self) -> None:
        """Expire every token issued so far."""
        self._control("POST", "tokens/expire")

    def unlock(self) -> None:
        """Let users and keys in again that were locked for wrong passwords and signatures."""
        self._control("DELETE", "locks")

    def passcode(self) -> str:
        """A one-time code for the user that needs one."""
        passcode: str = self._control("POST", "passcodes")["passcode"]
        return passcode

    def specs(self, specs: list[dict[str, Any]] | None) -> None:
        """Serve these specs, or with None those of the start again."""
        if specs is None:
            self._control("DELETE", "specs")
        else:
            self._control("PUT", "specs", {"specs": specs})

    def reads(self) -> dict[str, int]:
        """How many requests that only read there were, for each path; logins are not among them."""
        reads: dict[str, int] = self._control("GET", "requests")["reads"]
        return reads

    def writes(self) -> dict[str, int]:
        """How many requests that change something there were, for each path; logins are not among them."""
        writes: dict[str, int] = self._control("GET", "requests")["writes"]
        return writes

    def clock(self, **changes: float) -> dict[str, float]:
        """Turn the clock of training jobs: ``advance``, ``scale``, ``tick``. Returns ``now``, ``scale``, ``tick``."""
        clock: dict[str, float] = self._control("PUT", "clock", changes)
        return clock

    def advance(self, seconds: float) -> None:
        """Advance the clock of training jobs."""
        self.clock(advance=seconds)

    def jobs(self) -> list[dict[str, Any]]:
        """All training jobs in the order of their creation, also those that are gone (``alive`` is false)."""
        jobs: list[dict[str, Any]] = self._control("GET", "jobs")["jobs"]
        return jobs

    def reset_jobs(self) -> None:
        """Forget all training jobs, with the stock, the settings, the injected errors and the clock."""
        self._control("DELETE", "jobs")

    def job_settings(self, **settings: Any) -> None:
        """Change how jobs behave: the fields of job_store.Settings."""
        self._control("PUT", "jobs/settings", settings)

    def stock(self, spec: str, nodes: int | None) -> None:
        """Let so many nodes of a v2 flavor, a v1 spec code or a pool be free now, None for any number."""
        self._control("PUT", "jobs/stock", {"spec": spec, "nodes": nodes})

    def phase(self, name: str, phase: Any, **more: Any) -> dict[str, Any]:
        """Force the phase of the newest job of that name; ``hold``, ``exit_code``, ``message``. Returns the job."""
        job: dict[str, Any] = self._control("PUT", "jobs/phase", {"name": name, "phase": phase, **more})
        return job

    def refuse(self, code: str, **more: Any) -> None:
        """Inject an error: ``operation`` (create-job), ``times`` (1), ``spec``, ``message``, ``status``."""
        self._control("PUT", "jobs/refuse", {"code": code, **more})

    def add_job(self, name: str, **more: Any) -> dict[str, Any]:
        """Add a job without a request: ``api``, ``spec``, ``nodes``, ``phase``, ``workspace_id``... Returns it."""
        job: dict[str, Any] = self._control("PUT", "jobs/add", {"name": name, **more})
        return job

    def trigger(self, operation: str, method: str, path: str, body: Any = None, **when: Any) -> None:
        """Do a control request at a coming request: ``moment`` ("before"), ``count`` (1, the next one)."""
        self._control("PUT", "trigger", {"operation": operation, "do": [method, path, body], **when})

    def clear_triggers(self) -> None:
        """Take back all triggers."""
        self._control("DELETE", "trigger")

    def catalogues(self, **changes: Any) -> None:
        """Change the other catalogues (fields of catalogues.Shape, or lists); without changes, those of the start."""
        if changes:
            self._control("PUT", "catalogues", changes)
        else:
            self._control("DELETE", "catalogues")

    def catalog(self, mode: str = "one", entries: list[dict[str, str]] | None = None) -> None:
        """Have these entries of ModelArts in the catalog of tokens, or those of a mode of service_catalog.MODES."""
        self._control("PUT", "catalog", {"mode": mode} if entries is None else {"entries": entries})

    def without(self, *versions: str) -> None:
        """Do not publish these versions of training ("v1", "v2"); publish the others."""
        self._control("PUT", "without", {"versions": versions})

    def _first_line(self) -> bytes:
        assert self._process.stdout
        # The line comes whole, or, when the server ends, not at all.
        readable = select.select([self._process.stdout], [], [], self._timeout)[0]
        line = self._process.stdout.readline() if readable else b""
        if not line:
            raise RuntimeError(f"the stand-in did not start:\n{self.stderr()}")
        return line

    def _control(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/standin/{path}", data=data, method=method)
        try:
            with self._opener.open(request, timeout=10) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                raise RuntimeError(f"the stand-in refused {method} {path}: {error.read().decode()}") from None
