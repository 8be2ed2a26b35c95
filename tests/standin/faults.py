# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults to order: one table, from a name to what happens instead of the right answer."""

from __future__ import annotations

import base64
import functools
import gzip
import json
import os
import re
import select
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from email.utils import formatdate
from typing import TYPE_CHECKING
from urllib.parse import quote

import gateway
import access
from exchange import Answer, documented
from operations import OPERATIONS

if TYPE_CHECKING:
    from handler import Handler

HANG_SECONDS = 60

# What no client should take in: 2 GiB, in pieces of 32 MiB.
HUGE_PIECE = 32 * 1024 * 1024
HUGE_PIECES = 64

# Where an address holds a fault: /fault/NAME[:TIMES]/LABEL/...
ADDRESS = re.compile(r"(?P<prefix>/fault/(?P<name>[^/:]+)(?::(?P<times>\d+))?/[^/]+)(?P<path>/.*)")
NO_FAULT = "none"

DEFAULT_OPERATION = "resource-specs"


def _throttled(retry_after: str) -> Answer:
    return documented("err_apigw_0308_throttled", Retry_After=retry_after)


def _text(status: int, text: str, content_type: str = "text/plain") -> Answer:
    return Answer(status, text.encode(), content_type=content_type)


def _specs(encoding: str = "utf-8", before: bytes = b"") -> Answer:
    """A right answer, in some encoding."""
    body = {**documented("rs_doc_two_specs_cpu_v100", 200).body, "region": "Zürich"}
    return Answer(200, before + json.dumps(body, ensure_ascii=False).encode(encoding))


def _compressed(body: bytes, encoding: str = "gzip") -> Answer:
    return Answer(200, body, {"Content-Encoding": encoding})


@functools.cache
def _bomb() -> bytes:
    # Of many parts, as making one of that size takes seconds.
    return gzip.compress(b" " * HUGE_PIECE, 1) * HUGE_PIECES


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _begin(handler: Handler, status: int, **headers: str) -> None:
    """Send the head of an answer whose body is sent by hand, or not at all."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.flush()


def _begin_body(handler: Handler) -> None:
    """Send half of a body."""
    body = _specs().payload("")
    _begin(handler, 200, Content_Type="application/json", Content_Length=str(len(body)))
    handler.connection.sendall(body[: len(body) // 2])


def _drip(handler: Handler) -> None:
    _begin(handler, 200, Content_Type="application/json", Content_Length="1000000")
    end = time.monotonic() + HANG_SECONDS
    while time.monotonic() < end:
        handler.connection.sendall(b" ")
        time.sleep(0.1)


def _pour(handler: Handler) -> None:
    _begin(handler, 200, Content_Type="application/json", Content_Length=str(HUGE_PIECE * HUGE_PIECES))
    piece = b" " * HUGE_PIECE
    for _piece in range(HUGE_PIECES):
        handler.connection.sendall(piece)


def _redirect(handler: Handler) -> None:
    # This very program by another name, so that its log tells whether somebody follows, and with what.
    port = handler.connection.getsockname()[1]
    _begin(handler, 307, Location=f"http://localhost:{port}/redirected{handler.path}", Content_Length="0")


def _echo(form: Callable[[str], str], handler: Handler) -> None:
    """Refuse the request, and repeat all of it, as gateways do with what they have to sign anew."""
    asked = handler.asked
    headers = [f"{name}:{value}" for name, value in asked.headers.items()]
    canonical = "|".join([asked.method, asked.whole_path, asked.query_string, *headers, asked.body.decode()])
    answer = gateway.error(401, "APIGW.0301", f"verify aksk signature fail, canonicalRequest:{form(canonical)}")
    body = answer.payload("")
    _begin(handler, 401, Content_Type=answer.content_type, Content_Length=str(len(body)))
    handler.wfile.write(body)


def _reset_in_body(handler: Handler) -> None:
    _begin_body(handler)
    # Else the reset may overtake what was sent.
    time.sleep(0.2)
    _reset(handler)


def _hang(handler: Handler) -> None:
    # Becomes readable when the client leaves.
    select.select([handler.connection], [], [], HANG_SECONDS)


def _reset(handler: Handler) -> None:
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
    "unauthorized": access.token_expired,
    "not-scoped": access.token_not_scoped,
    "project-mismatch": access.other_project,
    "forbidden": lambda: access.refused(403, "ModelArts.0108", "Insufficient permissions."),
    "bad-key": lambda: access.refused(403, "ModelArts.0206", "Invalid AK or SK."),
    "iam-401": lambda: documented("err_iam_401_documented"),
    "iam-401-keystone": lambda: documented("err_iam_401_keystone_style"),
    "gateway-no-such-key": lambda: documented("err_apigw_0301_ak_not_exist"),
    "gateway-not-published": gateway.not_published,
    "echo": lambda: Answer(None, instead=functools.partial(_echo, str)),
    "echo-base64": lambda: Answer(None, instead=functools.partial(_echo, _base64)),
    "echo-url": lambda: Answer(None, instead=functools.partial(_echo, quote)),
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
    "drip": lambda: Answer(None, instead=_drip),
    "reset": lambda: Answer(None, instead=_reset),
    "reset-in-body": lambda: Answer(None, instead=_reset_in_body),
    "truncated": lambda: Answer(None, instead=_begin_body),
    "redirect": lambda: Answer(None, instead=_redirect),
    "huge": lambda: Answer(None, instead=_pour),
    "gzip-bomb": lambda: _compressed(_bomb()),
    "gzip-in-gzip": lambda: _compressed(gzip.compress(_bomb()), "gzip, gzip"),
    "gzip-broken": lambda: _compressed(_specs().payload("")),
    # Right, in an unusual form.
    "gzip": lambda: _compressed(gzip.compress(_specs().payload(""))),
    "byte-order-mark": lambda: _specs(before=b"\xef\xbb\xbf"),
    # Success, with a body that is not what it should be.
    "latin-1": lambda: _specs("latin-1"),
    "utf-16": lambda: _specs("utf-16"),
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
