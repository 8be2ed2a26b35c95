# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults to order: one table, from a name to what happens instead of the right answer."""

from __future__ import annotations

import os
import re
import select
import socket
import struct
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler

import gateway
import modelarts
from exchange import Answer, documented

HANG_SECONDS = 60

OPERATIONS = ("tokens", "projects", "resource-specs")
DEFAULT_OPERATION = "resource-specs"


def _throttled(retry_after: str) -> Answer:
    return documented("err_apigw_0308_throttled", Retry_After=retry_after)


def _text(status: int, text: str, content_type: str = "text/plain") -> Answer:
    return Answer(status, text.encode(), content_type=content_type)


def _hang(handler: BaseHTTPRequestHandler) -> None:
    # Becomes readable when the client leaves.
    select.select([handler.connection], [], [], HANG_SECONDS)


def _reset(handler: BaseHTTPRequestHandler) -> None:
    # Without lingering, closing sends RST; a shutdown, which the server does for the sockets it knows, would send FIN.
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(handler.connection.detach())


# Answers are made anew for each request: some depend on the time.
FAULTS: dict[str, Callable[[], Answer]] = {
    # The API says that the call failed.
    "failed-200": lambda: documented("rs_doc_failed_error_message", 200),
    "failed-400": lambda: documented("rs_doc_failed_error_message", 400),
    "failed-500": lambda: documented("rs_doc_failed_error_message", 500),
    "failed-error-msg": lambda: documented("rs_doc_failed_error_msg_variant", 200),
    # Refused.
    "unauthorized": modelarts.token_expired,
    "not-scoped": modelarts.token_not_scoped,
    "forbidden": lambda: modelarts.refused(403, "ModelArts.0108", "Insufficient permissions."),
    "iam-401": lambda: documented("err_iam_401_documented"),
    "gateway-no-such-key": lambda: documented("err_apigw_0301_ak_not_exist"),
    "gateway-not-published": gateway.not_published,
    # Throttled.
    "gateway-throttled": lambda: documented("err_apigw_0308_throttled"),
    "throttled-retry-after": lambda: _throttled("1"),
    "throttled-retry-date": lambda: _throttled(formatdate(time.time() + 2, usegmt=True)),
    "throttled-retry-long": lambda: _throttled("86400"),
    # Broken on the way.
    "html-502": lambda: _text(502, "<html><body><h1>502 Bad Gateway</h1></body></html>\n", "text/html"),
    "unavailable": lambda: _text(503, "Service Unavailable\n"),
    "gateway-timeout": lambda: gateway.error(504, "APIGW.0201", "Backend timeout."),
    "hang": lambda: Answer(None, instead=_hang),
    "reset": lambda: Answer(None, instead=_reset),
    # Success, with a body that is not what it should be.
    "empty": lambda: Answer(200),
    "not-json": lambda: _text(200, "It works!\n"),
    "json-list": lambda: Answer(200, []),
    "no-specs": lambda: Answer(200, {"is_success": True}),
    "specs-not-list": lambda: Answer(200, {"specs": {"spec_id": 2}, "is_success": True, "spec_total_count": 1}),
    "spec-not-object": lambda: Answer(200, {"specs": ["spec"], "is_success": True, "spec_total_count": 1}),
    "empty-specs": lambda: Answer(200, {"specs": [], "is_success": True, "spec_total_count": 0}),
    "no-subject-token": lambda: documented("iam_token_response"),
}


class Faults:
    """The faults that are ordered: for each operation a queue, whose first one happens until it is used up."""

    def __init__(self) -> None:
        self._queues: dict[str, list[tuple[str, int | None]]] = {}
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
