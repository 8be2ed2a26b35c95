# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the API gateway in front of the services decides: what is published, who signed, who asks too often."""

from __future__ import annotations

import threading
import time

import signature
from account import ACCOUNT
from exchange import Answer, Request, documented
from lockout import Lockout

_SECRET_KEYS = {
    ACCOUNT["access_key"]: ACCOUNT["secret_key"],
    ACCOUNT["temporary_access_key"]: ACCOUNT["temporary_secret_key"],
}
_SECURITY_TOKENS = {ACCOUNT["temporary_access_key"]: ACCOUNT["security_token"]}

LOCKOUT = Lockout()


def error(status: int, code: str, message: str) -> Answer:
    return Answer(status, {"error_msg": message, "error_code": code, "request_id": ""})


def not_published() -> Answer:
    return documented("err_apigw_0101_api_gone")


def is_signed(request: Request) -> bool:
    return request.header("Authorization").startswith(signature.ALGORITHM)


def refuse_signature(request: Request) -> Answer | None:
    """The answer to a request whose signature does not hold, None when it does."""
    try:
        access_key = signature.verify(
            request.method,
            request.whole_path,
            request.query_string,
            dict(request.headers.items()),
            request.body,
            _SECRET_KEYS,
        )
    except signature.WrongSignature as refusal:
        locked = LOCKOUT.judge(refusal.access_key, proven=False)
        return _not_authenticated("the AK is locked" if locked else str(refusal))
    except signature.Refused as refusal:
        return _not_authenticated(str(refusal))
    if LOCKOUT.judge(access_key, proven=True):
        return _not_authenticated("the AK is locked")
    if request.header("X-Security-Token") != _SECURITY_TOKENS.get(access_key, ""):
        return _not_authenticated("the security token is missing or does not belong to the AK")
    return None


def _not_authenticated(reason: str) -> Answer:
    return error(401, "APIGW.0301", f"Incorrect IAM authentication information: {reason}")


class Throttle:
    """Lets some requests of an operation pass in a window of time, which begins with the first of them."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._windows: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def refuse(self, operation: str) -> Answer | None:
        """The answer to a request that is one too many, None to one that may pass."""
        now = time.monotonic()
        with self._lock:
            start, passed = self._windows.get(operation, (now, 0))
            if now - start >= self._seconds:
                start, passed = now, 0
            if passed < self._limit:
                self._windows[operation] = (start, passed + 1)
                return None
        body = documented("err_apigw_0308_throttled").body
        policy = body["error_msg"].partition(",")[0]
        return error(429, body["error_code"], f"{policy},limit:{self._limit},time:{self._seconds:g} second")
