# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of training jobs share: the options of a job, and a clock that turns that of the stand-in."""

from __future__ import annotations

import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import (
    _connection,
    _options,
    _training_jobs,
    _training_jobs_api,
    _training_jobs_options,
)
from ansible_collections.community.modelarts.plugins.module_utils._client import Client
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn

NAME = "mnist-nightly"
# Specs that the stand-in knows by these names in both versions of the API.
SPECS = {
    "v1": ["modelarts.vm.cpu.2u", "modelarts.vm.gpu.v100", "modelarts.vm.cpu.8u"],
    "v2": ["modelarts.vm.cpu.2u", "modelarts.vm.cpu.8u", "modelarts.p3.large.public.free"],
}
JOBS: dict[str, dict[str, t.Any]] = {
    "v1": {"api": "v1", "engine_id": "4", "code_dir": "/bucket/code/", "boot_file": "/bucket/code/train.py"},
    "v2": {"api": "v2", "image": "group/image:1", "command": "python train.py"},
}
PATHS = {"inputs": {"data_url": "/bucket/data/"}, "outputs": {"train_url": "/bucket/out/"}}


class Time:
    """The seconds of a test. Sleeping turns the clock of the stand-in and takes no time."""

    def __init__(self, standin: StandIn) -> None:
        self._standin = standin
        self.now = 0.0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.pauses.append(seconds)
        self.now += seconds
        self._standin.advance(seconds)


class Runs:
    """Runs the core as the module does, with one login for all runs."""

    def __init__(self, standin: StandIn, api: str) -> None:
        names = ("access_key", "secret_key", "project_id")
        self.login = {"endpoint": standin.endpoint, **{name: standin.account[name] for name in names}}
        self.standin = standin
        self.api = api
        self.specs = SPECS[api]
        self.time = Time(standin)
        self.lines: list[str] = []
        # In place of the client, for tests that fail between its requests.
        self.wrap: t.Callable[[Client], t.Any] = lambda client: client

    def options(self, **given: t.Any) -> dict[str, t.Any]:
        """Return the options of a job on the first spec, parsed as the module's."""
        job: dict[str, t.Any] = {}
        if given.get("state", "present") == "present":
            job = {**JOBS[self.api], **PATHS, "candidates": self.specs[:1]}
        if "pool_id" in given:
            del job["candidates"]
        arguments = {"name": NAME, "api": self.api, **job, **given}
        return _options.parse(_training_jobs_options.training_job_arguments(), {**self.login, **arguments})

    def __call__(self, *, check_mode: bool = False, **given: t.Any) -> dict[str, t.Any]:
        """Return the result of the module."""
        options = self.options(**given)
        client = self.wrap(Client(_connection.resolve(options)[0]))
        return _training_jobs.TrainingJob(client, options, check_mode, self.lines.append, self.time).ensure()

    def listed(self, **given: t.Any) -> list[dict[str, t.Any]]:
        """Return the jobs of the info module."""
        arguments = {**self.login, "api": self.api, **given}
        options = _options.parse(_training_jobs_options.training_job_info_arguments(), arguments)
        return _training_jobs_api.list_jobs(Client(_connection.resolve(options)[0]), options)["jobs"]  # type: ignore[no-any-return]

    def alive(self) -> list[dict[str, t.Any]]:
        """Return the jobs that are not gone."""
        return [job for job in self.standin.jobs() if job["alive"]]
