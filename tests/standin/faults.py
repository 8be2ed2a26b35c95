# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults to order: one table, from a name to what happens instead of the right answer."""

from __future__ import annotations

import dataclasses
import functools
import gzip
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from email.utils import formatdate
from typing import Any
from urllib.parse import quote

import access
import connection_faults
import gateway
from connection_faults import HUGE_PIECE, HUGE_PIECES, right_specs
from exchange import Answer, documented
from operations import OPERATIONS

# Where an address holds a fault: /fault/NAME[:TIMES]/LABEL/...
ADDRESS = re.compile(r"(?P<prefix>/fault/(?P<name>[^/:]+)(?::(?P<times>\d+))?/[^/]+)(?P<path>/.*)")
NO_FAULT = "none"

DEFAULT_OPERATION = "resource-specs"

_PAGE = """<!DOCTYPE html PUBLIC "-//IETF//DTD HTML 2.0//EN">
<html>
<head><title>502 Bad Gateway</title><style>h1 { color: red }</style></head>
<body bgcolor="white"><h1>502 Bad Gateway</h1><p>Sorry for the inconvenience &amp; try again.</p></body>
</html>
"""


def _lost(answer: Answer) -> Answer:
    return dataclasses.replace(answer, after_serving=True)


def _throttled(retry_after: str) -> Answer:
    return documented("err_apigw_0308_throttled", Retry_After=retry_after)


def _connection(instead: Callable[[Any], None]) -> Answer:
    return Answer(None, instead=instead)


def _text(status: int, text: str, content_type: str = "text/plain") -> Answer:
    return Answer(status, text.encode(), content_type=content_type)


def _compressed(body: bytes, encoding: str = "gzip") -> Answer:
    return Answer(200, body, {"Content-Encoding": encoding})


@functools.cache
def _bomb() -> bytes:
    # Of many parts, as making one of that size takes seconds.
    return gzip.compress(b" " * HUGE_PIECE, 1) * HUGE_PIECES


# Answers are made anew for each request: some depend on the time.
FAULTS: dict[str, Callable[[], Answer]] = {
    # The API says that the call failed.
    "failed-200": lambda: documented("rs_doc_failed_error_message", 200),
    "failed-400": lambda: documented("rs_doc_failed_error_message", 400),
    "failed-500": lambda: documented("rs_doc_failed_error_message", 500),
    "failed-error-msg": lambda: documented("rs_doc_failed_error_msg_variant", 200),
    # Refused.
    "unauthorized": access.token_expired,
    "not-scoped": access.token_not_scoped,
    "project-mismatch": access.other_project,
    "forbidden": lambda: access.refused(403, "ModelArts.0108", "Insufficient permissions."),
    "bad-key": lambda: access.refused(403, "ModelArts.0206", "Invalid AK or SK."),
    "iam-401": lambda: documented("err_iam_401_documented"),
    "iam-401-keystone": lambda: documented("err_iam_401_keystone_style"),
    "gateway-no-such-key": lambda: documented("err_apigw_0301_ak_not_exist"),
    "gateway-not-published": gateway.not_published,
    "echo": lambda: _connection(functools.partial(connection_faults.echo, str)),
    "echo-base64": lambda: _connection(functools.partial(connection_faults.echo, connection_faults.base64_of)),
    "echo-url": lambda: _connection(functools.partial(connection_faults.echo, quote)),
    "bad-request": lambda: Answer(400, {"badRequest": {"message": "The project is frozen.", "code": 400}}),
    # The API says with HTTP status 200 that the call failed.
    "error-200": lambda: Answer(200, {"error": {"code": "ModelArts.0108", "message": "Insufficient permissions."}}),
    "token-200": lambda: Answer(200, {**access.token_expired().body, "is_success": False}),
    # Throttled.
    "gateway-throttled": lambda: documented("err_apigw_0308_throttled"),
    "throttled-retry-after": lambda: _throttled("1"),
    "throttled-retry-date": lambda: _throttled(formatdate(time.time() + 2, usegmt=True)),
    "throttled-retry-long": lambda: _throttled("86400"),
    # Broken on the way.
    "html-502": lambda: _text(502, "<html><body><h1>502 Bad Gateway</h1></body></html>\n", "text/html"),
    "html-doctype": lambda: _text(502, _PAGE, "text/html; charset=utf-8"),
    "error-500": lambda: gateway.error(500, "APIGW.0201", "Internal error of the backend."),
    "unavailable": lambda: _text(503, "Service Unavailable\n"),
    "gateway-timeout": lambda: gateway.error(504, "APIGW.0201", "Backend timeout."),
    "hang": lambda: _connection(connection_faults.hang),
    "drip": lambda: _connection(connection_faults.drip),
    "reset": lambda: _connection(connection_faults.reset),
    "reset-in-body": lambda: _connection(connection_faults.reset_in_body),
    "truncated": lambda: _connection(connection_faults.begin_body),
    "redirect": lambda: _connection(connection_faults.redirect),
    "huge": lambda: _connection(connection_faults.pour),
    "negative-chunk": lambda: _connection(connection_faults.negative_chunk),
    "gzip-bomb": lambda: _compressed(_bomb()),
    "gzip-in-gzip": lambda: _compressed(gzip.compress(_bomb()), "gzip, gzip"),
    "gzip-broken": lambda: _compressed(right_specs().payload("")),
    # Right, in an unusual form.
    "gzip": lambda: _compressed(gzip.compress(right_specs().payload(""))),
    "byte-order-mark": lambda: right_specs(before=b"\xef\xbb\xbf"),
    # Success, with a body that is not what it should be.
    "latin-1": lambda: right_specs("latin-1"),
    "utf-16": lambda: right_specs("utf-16"),
    "not-a-number": lambda: _text(200, '{"specs": [{"core": NaN}], "is_success": true}', "application/json"),
    "nested": lambda: _text(200, "[" * 200_000 + "]" * 200_000, "application/json"),
    "empty": lambda: Answer(200),
    "not-json": lambda: _text(200, "It works!\n"),
    "json-list": lambda: Answer(200, []),
    "no-specs": lambda: Answer(200, {"is_success": True}),
    "specs-not-list": lambda: Answer(200, {"specs": {"spec_id": 2}, "is_success": True, "spec_total_count": 1}),
    "spec-not-object": lambda: Answer(200, {"specs": ["spec"], "is_success": True, "spec_total_count": 1}),
    "empty-specs": lambda: Answer(200, {"specs": [], "is_success": True, "spec_total_count": 0}),
    "no-subject-token": lambda: documented("iam_token_response"),
    # The request is served, only its response is lost.
    "lost": lambda: _lost(_connection(connection_faults.reset)),
    "lost-hang": lambda: _lost(_connection(connection_faults.hang)),
    "lost-502": lambda: _lost(_text(502, _PAGE, "text/html; charset=utf-8")),
    "lost-504": lambda: _lost(gateway.error(504, "APIGW.0201", "Backend timeout.")),
}


class Faults:
    """The faults that are ordered: for each operation a queue, whose first one happens until it is used up."""

    def __init__(self) -> None:
        self._queues: dict[str, list[tuple[str, int | None]]] = {}
        self._happened: Counter[str] = Counter()
        self._lock = threading.Lock()

    def order(
        self, name: str, times: int | None = None, operation: str = DEFAULT_OPERATION, *, replace: bool = False
    ) -> None:
        """Order one more fault, for some times or for ever, or replace the operation's others. Raises ValueError."""
        if name not in FAULTS:
            raise ValueError(f"unknown fault {name!r}, there are: {', '.join(sorted(FAULTS))}")
        if operation not in OPERATIONS:
            raise ValueError(f"unknown operation {operation!r}, there are: {', '.join(OPERATIONS)}")
        if times is not None and (not isinstance(times, int) or times < 1):
            raise ValueError("times must be a number from 1 on")
        with self._lock:
            if replace:
                self._queues[operation] = []
            self._queues.setdefault(operation, []).append((name, times))

    def order_text(self, text: str) -> None:
        """Order a fault that is given as NAME[:TIMES][@OPERATION]. Raises ValueError."""
        match = re.fullmatch(r"(?P<name>[^:@]+)(?::(?P<times>\d+))?(?:@(?P<operation>.+))?", text)
        if not match:
            raise ValueError(f"{text!r} is not NAME[:TIMES][@OPERATION]")
        times = int(match["times"]) if match["times"] else None
        self.order(match["name"], times, match["operation"] or DEFAULT_OPERATION)

    def clear(self) -> None:
        with self._lock:
            self._queues.clear()
            self._happened.clear()

    def take(self, operation: str) -> Answer | None:
        """The fault that happens now, if any."""
        with self._lock:
            queue = self._queues.get(operation)
            if not queue:
                return None
            name, times = queue.pop(0)
            if times is None or times > 1:
                queue.insert(0, (name, times and times - 1))
        return FAULTS[name]()

    def take_from(self, address: re.Match[str]) -> Answer | None:
        """The fault that an address holds (a match of ADDRESS), as often as it says, each address for itself."""
        name = address["name"]
        if name == NO_FAULT:
            return None
        if name not in FAULTS:
            return Answer(400, {"error": f"unknown fault {name!r}"})
        with self._lock:
            self._happened[address["prefix"]] += 1
            used_up = address["times"] and self._happened[address["prefix"]] > int(address["times"])
        return None if used_up else FAULTS[name]()
