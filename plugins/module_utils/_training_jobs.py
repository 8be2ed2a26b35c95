# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Training jobs: create with the first candidate that has a machine, wait, stop, delete.

A full pool queues jobs and refuses none, so a job that does not start in time is stopped, deleted and created again
with the next candidate. The API has no idempotency key. The name serves as one: it is searched before a request is sent
a second time.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import itertools
import re
import time
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import _errors, _response
from ansible_collections.community.modelarts.plugins.module_utils._attempts import Attempts
from ansible_collections.community.modelarts.plugins.module_utils._training_jobs_api import api_of
from ansible_collections.community.modelarts.plugins.module_utils._training_jobs_base import (
    Candidate,
    Job,
    fields,
    merge_definition,
)

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils._client import Client

Options = t.Mapping[str, t.Any]

# Seconds between two polls of a job: the first pause, and the longest. Each is 1.5 times the one before.
SHORTEST_PAUSE, LONGEST_PAUSE = 2.0, 30.0

# Seconds for which a name may count as taken while there is no job: it was just deleted, or is not listed yet.
NAME_RELEASE = 60.0

# Number of times that a stop or a deletion is sent that the state of the job does not allow.
MOST_REFUSALS = 5

# Polls in a row that may fail, and stops or deletions, so that a short outage does not end a wait of hours.
MOST_FAILED_POLLS = 10

ENDED = ("completed", "failed", "stopped")

_NAME = re.compile("[A-Za-z0-9_-]{1,64}")

_T = t.TypeVar("_T")


class TrainingJob:
    """The training job of a name, which ``ensure`` brings into the state that the options describe.

    ``report`` is called with a line for each change of phase; ``timer`` has ``monotonic`` and ``sleep``.
    """

    def __init__(
        self, client: Client, options: Options, check_mode: bool, report: t.Callable[[str], None], timer: t.Any = time
    ) -> None:
        self._api = api_of(client, options)
        self._options, self._check_mode, self._report = options, check_mode, report
        self._clock, self._sleep = timer.monotonic, timer.sleep
        self._history = Attempts(self._clock, report)
        self._deadline = self._clock() + options["wait_timeout"]
        self._codes = {str(code).rpartition(".")[2] for code in options["failover_on"]}
        # Candidates that were not tried yet, IDs of jobs that were deleted.
        self._left: list[Candidate] = []
        self._deleted: set[str] = set()
        self._job: Job | None = None
        self._changed, self._failed_polls = False, 0
        self._spec: t.Any = None
        self._diff: dict[str, t.Any] = {"before": {}, "after": {}}

    def ensure(self) -> dict[str, t.Any]:
        """Return what the module returns, with ``failed`` and ``msg`` if something failed."""
        name = self._options["name"]
        if not _NAME.fullmatch(name):
            raise _errors.OptionsError(f"name {name!r} is not valid: 1 to 64 letters, digits, hyphens and underscores")
        for option in ("wait_timeout", "pending_timeout"):
            if self._options[option] < 0:
                raise _errors.OptionsError(f"{option} must not be negative")
        state = self._options["state"]
        try:
            # Before the first request, as it finds what is wrong with the options.
            candidates = self._api.candidates(self._options) if state == "present" else []
            if candidates:
                self._body(candidates[0])
            self._job = self._api.find(name)
            if state == "present":
                self._be_present(self._job, candidates)
            elif self._job:
                (self._be_stopped if state == "stopped" else self._be_absent)(self._job)
        except _errors.ModelArtsError as error:
            return {**self._result(), **error.result(), "failed": True}
        return self._result()

    def _result(self) -> dict[str, t.Any]:
        job = self._job
        attempts, phases = self._history.attempts, self._history.phases
        if job and attempts:
            # The response to a creation does not state the spec in every version.
            job = job._replace(spec_code=job.spec_code or attempts[-1]["spec_code"])
        spec = self._spec if job else None
        history = {"changed": self._changed, "spec": spec, "attempts": attempts, "phases": phases}
        shown = {"job": job.raw if job else None, "diff": self._diff}
        return {**history, **fields(job), **_response.mask(shown)}

    # The states

    def _be_absent(self, job: Job) -> None:
        self._change(job, {})
        if not self._check_mode:
            self._remove(job)

    def _be_stopped(self, job: Job) -> None:
        if job.phase not in ENDED:
            self._change(job, {**fields(job, "name"), "phase": "stopped"})
            self._changed = self._check_mode and job.phase != "stopping"
            if not self._check_mode:
                self._stop(job)

    def _be_present(self, job: Job | None, candidates: list[Candidate]) -> None:
        self._left = candidates
        if job:
            current = next((candidate for candidate in candidates if candidate.is_spec_of(job)), None)
            self._spec = current.spec if current else None
            # An interrupted run already tried the candidates before this one. It may have had others.
            self._left = candidates[candidates.index(current) + 1 :] if current else candidates
            self._history.begin(job.spec_code)
            self._note(job)
        outcome = self._outcome_before(job) if job else None
        self._left = candidates if outcome == "deleted" else self._left
        if job is None or outcome:
            self._change(job, self._body(self._left[0]))
        if self._check_mode:
            return
        if job and outcome:
            self._remove(job)
            self._history.update(outcome)
            job = None
        while not self._wait(job or self._create_next()):
            job = None

    def _outcome_before(self, job: Job) -> str | None:
        """Return the outcome of an existing job that is to be replaced, or None if it is kept."""
        on_existing = self._options["on_existing"]
        moves_on = self._options["pending_timeout"] and self._options["wait_for"] != "created" and self._left
        if on_existing != "replace" and moves_on and not job.started and job.phase in ("stopping", "stopped"):
            # An interrupted run stopped it to try the next candidate.
            return "no_machine"
        ended_badly = on_existing == "replace_failed" and job.phase in ("failed", "stopped")
        return "deleted" if on_existing == "replace" or ended_badly else None

    # Creating

    def _body(self, candidate: Candidate) -> dict[str, t.Any]:
        return merge_definition(self._api.body(self._options, candidate), self._options["definition"] or {})

    def _create_next(self) -> Job:
        """Create the job with the next candidate that the service does not refuse."""
        while True:
            candidate = self._left.pop(0)
            self._history.begin(candidate.spec_code or candidate.spec_id)
            try:
                job = self._note(self._create(self._body(candidate)))
            except _errors.ServiceError as error:
                is_final = not self._history.is_refused or error.is_final or error.http_status == 409
                if not self._left or is_final or error.short_code not in self._codes:
                    raise
                self._report(f"{candidate.spec_code}: {error}")
            else:
                # Somebody else may have created it with another spec.
                self._spec = candidate.spec if job.spec_code is None or candidate.is_spec_of(job) else None
                return job

    def _create(self, body: dict[str, t.Any]) -> Job:
        """Create a job; if the outcome is unknown, search for the name before sending the request again."""
        self._diff["after"] = body
        released_by = self._clock() + NAME_RELEASE
        pause, unknowns = SHORTEST_PAUSE, 0
        while True:
            try:
                job = self._api.create(body)
                self._changed = True
                return job
            except _errors.ModelArtsError as error:
                failure = error
            is_taken = failure.short_code == self._api.duplicate_name
            if is_taken or failure.is_transient:
                unknowns += not is_taken
                # It may have been created nevertheless.
                self._changed = self._changed or unknowns > 0
                pause = self._pause(pause)
                found = self._api.find(self._options["name"])
                if found and found.job_id not in self._deleted:
                    return found
                if self._clock() < released_by if is_taken else unknowns <= self._options["retries"]:
                    continue
            if is_taken:
                failure.with_hint("This user sees no job of that name: use another one")
            if is_taken or not failure.is_transient:
                self._history.update("refused", msg=str(failure), error_code=failure.error_code)
            raise failure

    # Waiting

    def _wait(self, job: Job) -> bool:
        """Wait as ``wait_for`` says. Return False if the job got no machine in time, and was deleted for the next."""
        pending_timeout = self._options["pending_timeout"]
        give_up_at = self._clock() + pending_timeout if pending_timeout and self._left else None
        pause = SHORTEST_PAUSE
        while not self._is_reached(job):
            # Once it has run, it is kept, whatever comes.
            give_up_at = None if job.started or job.phase == "running" else give_up_at
            # Only on a phase that was read just now: it may have started since an earlier one.
            if give_up_at and self._clock() >= give_up_at and not self._failed_polls:
                give_up_at = None
                ended, is_stopped = self._stop(job, keeps_started=True)
                if ended and (ended.phase == "completed" or (ended.phase != "stopped" and not is_stopped)):
                    job = ended
                    continue
                if ended:
                    self._delete(ended)
                self._history.update("no_machine", msg=f"It had not started after {pending_timeout} seconds")
                return False
            pause = self._pause(pause, give_up_at)
            job = self._look(job)
        return True

    def _is_reached(self, job: Job) -> bool:
        """Tell whether the job has reached ``wait_for``. Raises ModelArtsError if it never will."""
        wait_for = self._options["wait_for"]
        if wait_for == "created" or job.phase == "completed" or (wait_for, job.phase) == ("running", "running"):
            return True
        if job.phase in ENDED:
            how = "was stopped" if job.phase == "stopped" else f"failed: {job.reason or 'the API states no reason'}"
            raise _errors.ModelArtsError(
                f"{job} {how}. To run it again, set on_existing to replace_failed; its log is at log_url"
            )
        return False

    def _look(self, job: Job) -> Job:
        found = self._poll(self._api.show, job, self._job)
        if found is None:
            self._job = None
            raise _errors.ModelArtsError(f"{job} is gone: somebody else deleted it")
        return self._note(found)

    def _poll(self, read: t.Callable[[Job], _T], job: Job, otherwise: _T) -> _T:
        """Read something of a job, or return ``otherwise`` while the service fails to answer."""
        try:
            result = read(job)
        except _errors.ModelArtsError as error:
            self._failed_polls += 1
            if not error.is_transient or self._failed_polls > MOST_FAILED_POLLS:
                raise
            self._report(str(error))
            return otherwise
        self._failed_polls = 0
        return result

    def _pause(self, seconds: float, until: float | None = None) -> float:
        """Sleep, at most until a deadline; return the next pause. Raises ModelArtsError after ``wait_timeout``."""
        now = self._clock()
        if now >= self._deadline:
            what = f"{self._job} is {self._job.phase}" if self._job else "No job is there yet"
            raise _errors.ModelArtsError(
                f"{what} after {_errors.counted(self._options['wait_timeout'], 'second', 'seconds')} (wait_timeout). "
                "Run the task again to continue waiting. "
                "A job that is still there can run, and costs money then: state absent removes it"
            )
        self._sleep(min(seconds, self._deadline - now, until - now if until and until > now else seconds))
        return min(1.5 * seconds, LONGEST_PAUSE)

    # Stopping and deleting

    def _remove(self, job: Job) -> None:
        ended = self._stop(job)[0]
        if ended:
            self._delete(ended)

    def _stop(self, job: Job, keeps_started: bool = False) -> tuple[Job | None, bool]:
        """Stop a job and wait until it has ended; return it, None if it is gone, and whether this stopped it.

        With ``keeps_started``, a job that turns out to run when the service refuses to stop it is left alone.
        """
        pause, sends, is_sent = SHORTEST_PAUSE, 0, False
        current: Job | None = job
        while current and current.phase not in ENDED:
            if current.phase != "stopping" and not is_sent and not self._failed_polls:
                sends += 1
                is_sent = self._try(self._api.stop, current, sends)
            current = self._poll(self._api.show, current, self._job)
            if current and self._note(current).phase not in ENDED:
                if keeps_started and not is_sent and current.phase == "running":
                    break
                pause = self._pause(pause)
        self._job = current
        return current, is_sent

    def _delete(self, job: Job) -> None:
        """Delete a job and wait until it is gone."""
        self._deleted.add(job.job_id)
        pause, is_sent = SHORTEST_PAUSE, False
        for number in itertools.count(1):
            is_sent = is_sent or self._try(self._api.delete, job, number)
            if self._poll(self._api.is_gone, job, False):
                self._job = None
                return
            pause = self._pause(pause)

    def _try(self, send: t.Callable[[Job], None], job: Job, sends: int) -> bool:
        """Send a request that the job's state may not allow yet. Return whether it was accepted."""
        try:
            send(job)
        except (_errors.ServiceError, _errors.TransportError, _errors.ResponseError) as error:
            if sends >= (MOST_FAILED_POLLS if error.is_transient else MOST_REFUSALS) or error.is_final:
                raise
            # It may have been accepted nevertheless.
            self._changed = self._changed or error.is_transient
            return False
        self._changed = True
        return True

    # The result

    def _change(self, job: Job | None, after: dict[str, t.Any]) -> None:
        self._changed = self._check_mode
        self._diff = {"before": fields(job, "name") if job else {}, "after": after}

    def _note(self, job: Job) -> Job:
        """Record the current state of a job, and return it."""
        self._job = job
        self._history.note(job)
        return job
