# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Training jobs in both versions of the API: what a job is, and how it is found.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import json
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import _response
from ansible_collections.community.modelarts.plugins.module_utils._errors import OptionsError, ServiceError

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils._client import Client

PHASES = ("creating", "pending", "running", "stopping", "completed", "failed", "stopped")


class Job(t.NamedTuple):
    """A training job. Values that the response does not state are None.

    ``phase`` is one of creating, pending, running, stopping, completed, failed, stopped, or unknown for what is not
    documented. ``started`` says whether it ever ran, ``reason`` why it failed; ``raw`` is the API's own object.
    """

    job_id: str
    name: str
    phase: str
    raw: dict[str, t.Any]
    version_id: str | None = None
    spec_code: str | None = None
    spec_id: str | None = None
    nodes: int | None = None
    started: bool = False
    reason: str | None = None

    def __str__(self) -> str:
        return f"Training job {self.name} (ID {self.job_id})"


class Candidate(t.NamedTuple):
    """A spec that a job can be created with: what the API calls it, and the spec as it was given."""

    spec_code: str | None = None
    spec_id: str | None = None
    spec: t.Any = None

    def is_spec_of(self, job: Job) -> bool:
        """Tell whether the job was created with it. Without a spec, the pool decides: any job was."""
        if self.spec_id and job.spec_id:
            return self.spec_id == job.spec_id
        return (self.spec_code or self.spec_id) in (None, job.spec_code)


class Api:
    """What both versions have in common. Methods raise what ``Client.send`` raises."""

    version = duplicate_name = ""

    def __init__(self, client: Client, workspace_id: str | None) -> None:
        self._client = client
        self._scope = {"workspace_id": workspace_id} if workspace_id else {}

    def candidate(self, given: t.Any) -> Candidate:
        """Parse a spec of one of the sources, or a code or ID. Raises OptionsError."""
        raise NotImplementedError

    def candidates(self, options: t.Mapping[str, t.Any]) -> list[Candidate]:
        """Return the candidates, each once; with only a pool, one that leaves the spec to it. Raises OptionsError."""
        if not options["candidates"] and not options["pool_id"]:
            raise OptionsError("There are no candidates: give at least one, or a pool_id")
        given = [one.strip() if isinstance(one, str) else one for one in options["candidates"] or []]
        parsed = [self.candidate(one) for one in given] or [Candidate()]
        names = [one.spec_id or one.spec_code for one in parsed]
        return [one for place, one in enumerate(parsed) if names.index(names[place]) == place]

    def body(self, options: t.Mapping[str, t.Any], candidate: Candidate) -> dict[str, t.Any]:
        """Return the body that creates a job. Raises OptionsError for what this version does not take."""
        raise NotImplementedError

    def search(self, name: str | None = None) -> t.Iterator[Job]:
        """Yield the workspace's jobs, newest first, each once; with ``name`` only those of exactly this name.

        The v2 offset counts pages on some sites and records on others: if the second page mostly
        repeats the first, it counts records.
        """
        seen: set[str] = set()
        offset, counts_records = 0, False
        while True:
            page, limit = self._page(name, offset)
            repeated = sum(job.job_id in seen for job in page)
            yield from (job for job in page if job.job_id not in seen and name in (None, job.name))
            seen.update(job.job_id for job in page)
            if repeated == len(page) or len(page) < limit:
                return
            counts_records = counts_records or 2 * repeated > len(page)
            offset = len(seen) if counts_records else offset + 1

    def find(self, name: str) -> Job | None:
        """Return the newest job of exactly this name, None if there is none."""
        return next(self.search(name), None)

    def get(self, job_id: str) -> Job | None:
        """Return the job with this ID, None if there is none."""
        job = next((job for job in self.search() if job.job_id == job_id), None)
        return self.show(job) if job else None

    def create(self, body: dict[str, t.Any]) -> Job:
        """Create a job, in a single attempt."""
        return self._job(*self._send("create the training job", "POST", json=body, retries=0))

    def stop(self, job: Job) -> None:
        """Begin to stop a job, in a single attempt."""
        raise NotImplementedError

    def delete(self, job: Job) -> None:
        """Begin to delete a job that has ended, in a single attempt."""
        self._send("delete the training job", "DELETE", f"/{job.job_id}", retries=0)

    def show(self, job: Job) -> Job | None:
        """Return the job as it is now, None if it is gone."""
        raise NotImplementedError

    def is_gone(self, job: Job) -> bool:
        """Tell whether a deleted job is gone."""
        return self.show(job) is None

    def _page(self, name: str | None, offset: int) -> tuple[list[Job], int]:
        raise NotImplementedError

    def _job(self, response: _response.Response, raw: t.Any) -> Job:
        raise NotImplementedError

    def _send(
        self, operation: str, method: str, path: str = "", resource: str = "/training-jobs", **content: t.Any
    ) -> _response.Exchange:
        try:
            return self._client.send(operation, method, f"{resource}{path}", version=self.version, **content)
        except ServiceError as error:
            if error.http_status != 404 or error.is_from_iam:
                raise
            other = {"v1": "v2", "v2": "v1"}[self.version]
            raise error.with_hint(f"Where the site has no {self.version} training jobs, set api to {other}") from None

    def _jobs(self, response: _response.Response, document: t.Any, key: str) -> list[Job]:
        return [self._job(response, job) for job in _response.objects(response, document, key)]


def fields(job: Job | None, *more: str) -> dict[str, t.Any]:
    """Return what the modules return of a job beside ``job``, and ``more`` of its fields; None where it is unknown."""
    return {name: getattr(job, name, None) for name in ("job_id", "version_id", "phase", "spec_code", *more)}


def nest(places: t.Mapping[str, str], values: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Put the given values at their dotted paths in a body."""
    body: dict[str, t.Any] = {}
    for name, place in places.items():
        if values.get(name) not in (None, "", [], {}):
            *parents, key = place.split(".")
            part = body
            for parent in parents:
                part = part.setdefault(parent, {})
            part[key] = values[name]
    return body


def merge_definition(body: dict[str, t.Any], definition: dict[str, t.Any], path: str = "") -> dict[str, t.Any]:
    """Merge the option ``definition`` into a body. Raises OptionsError where both have the same key."""
    merged = dict(body)
    for key, value in definition.items():
        if key not in body:
            merged[key] = value
        elif isinstance(body[key], dict) and isinstance(value, dict):
            merged[key] = merge_definition(body[key], value, f"{path}{key}.")
        else:
            raise OptionsError(f"definition sets {path}{key}, which an option sets as well: give one of them")
    return merged


def named(key: str, values: t.Mapping[str, t.Any] | None) -> list[dict[str, str]]:
    """Return parameters in the form of the API: a list of pairs of ``key`` and ``value``, without null."""
    return [{key: name, "value": text_of(value)} for name, value in (values or {}).items() if value is not None]


def text_of(value: t.Any) -> str:
    """Return a value as text, lists and dictionaries as JSON."""
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def number(value: t.Any) -> int | None:
    """Return a number that may be text, or None if it is not a number."""
    try:
        return int(value)
    except (OverflowError, TypeError, ValueError):
        return None
