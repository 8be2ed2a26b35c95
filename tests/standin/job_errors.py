# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors of the training jobs: each documented code in the shape of v1 or v2, and codes that tests inject."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from exchange import Answer, sample
from operations import JOB_OPERATIONS

_TABLE = sample("failover_codes")
# Bodies of v2 as the documentation words them; the others say what the table of codes does.
_SAMPLES = {
    "2751": "v2_err_2751_duplicate_name",
    "2755": "v2_create_algorithm_not_found_400",
    "2763": "v2_err_2763_no_flavor",
    "2775": "v2_err_2775_job_not_found",
    "2781": "v2_err_2781_flavor_not_found",
    "2785": "v2_err_2785_not_authorized_403",
    "2788": "v2_err_2788_invalid_param",
    "2793": "v2_err_2793_too_many_nodes",
    "2796": "v2_err_2796_not_terminable_409",
    "2799": "v2_err_2799_too_many_429",
    "2815": "v2_err_2815_quota",
    "2840": "v2_err_2840_engine_not_on_flavor",
    "2878": "v2_err_2878_status_changed_409",
}
_DUPLICATE = sample("v1_create_duplicate_name")
_GROUPS = ("next_candidate", "next_candidate_maybe", "sold_out_elsewhere", "stop", "retry_same")
_TEXTS = {code: text for group in _GROUPS for code, text in _TABLE[group].items()}

# Every documented code.
CODES = tuple(sorted({*_TEXTS, *_SAMPLES, "0105"}))


def v2_error(code: str, message: str | None = None, status: int | None = None) -> Answer:
    """Return an error of v2. The code goes without "ModelArts."."""
    known = sample(_SAMPLES[code]) if code in _SAMPLES else None
    body = {
        "error_msg": message or (known["body"]["error_msg"] if known else _text(code)),
        "error_code": f"ModelArts.{code}",
        "error_solution": known["body"]["error_solution"] if known else "Check the request.",
    }
    return Answer(status or _status(code), body)


def v1_error(code: str, message: str | None = None, status: int | None = None) -> Answer:
    """Return an error of v1, which is_success marks: a duplicate name with HTTP status 200."""
    duplicate = _DUPLICATE["body"]
    text = message or (duplicate["error_message"] if code == "0103" else _text(code))
    body = {"is_success": False, "error_message": text, "error_code": f"ModelArts.{code}"}
    return Answer(status or (_DUPLICATE["http_status"] if code == "0103" else _status(code)), body)


def error(api: str, code: str, message: str | None = None, status: int | None = None) -> Answer:
    return (v1_error if api == "v1" else v2_error)(code, message, status)


class RefusedJob(Exception):
    """A request that is refused; the response says why."""

    def __init__(self, api: str, code: str, message: str | None = None) -> None:
        super().__init__(api, code, message)
        self.answer = error(api, code, message)


def _text(code: str) -> str:
    if code in _SAMPLES:
        return str(sample(_SAMPLES[code])["body"]["error_msg"])
    return f"The request is refused: {_TEXTS.get(code, 'unknown reason')}."


def _status(code: str) -> int:
    return int(sample(_SAMPLES[code])["http_status"]) if code in _SAMPLES else 400


@dataclass
class Refusal:
    """An error to inject: so many times (None: always), and only for a spec where one is given."""

    code: str
    operation: str = "create-job"
    times: int | None = 1
    spec: str | None = None
    message: str | None = None
    status: int | None = None


class Refusals:
    """The errors that tests inject, the first that fits is the one that happens."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ordered: list[Refusal] = []

    def clear(self) -> None:
        with self._lock:
            self._ordered.clear()

    def order(self, arguments: dict[str, Any]) -> None:
        """Inject one more error. Raises ValueError or TypeError."""
        refusal = Refusal(**arguments)
        if not isinstance(refusal.code, str) or not refusal.code.isdigit():
            raise ValueError('code must be digits in a string, without "ModelArts."')
        if refusal.operation not in JOB_OPERATIONS:
            raise ValueError(f"operation must be one of {', '.join(JOB_OPERATIONS)}")
        if refusal.times is not None and (not isinstance(refusal.times, int) or refusal.times < 1):
            raise ValueError("times must be a number from 1 on, or null")
        with self._lock:
            self._ordered.append(refusal)

    def take(self, api: str, operation: str, spec: str | None = None) -> Answer | None:
        """Return the error that happens now, if any."""
        with self._lock:
            for refusal in self._ordered:
                if refusal.operation == operation and refusal.spec in (None, spec):
                    if refusal.times is not None:
                        refusal.times -= 1
                        if not refusal.times:
                            self._ordered.remove(refusal)
                    return error(api, refusal.code, refusal.message, refusal.status)
        return None
