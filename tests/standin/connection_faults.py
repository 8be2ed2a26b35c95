# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What faults do with a connection in place of sending a response."""

from __future__ import annotations

import base64
import json
import os
import select
import socket
import struct
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import gateway
from exchange import Answer, documented

if TYPE_CHECKING:
    from handler import Handler

HANG_SECONDS = 60

# What no client should take in: 2 GiB, in pieces of 32 MiB.
HUGE_PIECE = 32 * 1024 * 1024
HUGE_PIECES = 64


def right_specs(encoding: str = "utf-8", before: bytes = b"") -> Answer:
    """A right answer, in some encoding."""
    body = {**documented("rs_doc_two_specs_cpu_v100", 200).body, "region": "Zürich"}
    return Answer(200, before + json.dumps(body, ensure_ascii=False).encode(encoding))


def base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def begin(handler: Handler, status: int, **headers: str) -> None:
    """Send the head of an answer whose body is sent by hand, or not at all."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.flush()


def begin_body(handler: Handler) -> None:
    """Send half of a body."""
    body = right_specs().payload("")
    begin(handler, 200, Content_Type="application/json", Content_Length=str(len(body)))
    handler.connection.sendall(body[: len(body) // 2])


def drip(handler: Handler) -> None:
    begin(handler, 200, Content_Type="application/json", Content_Length="1000000")
    end = time.monotonic() + HANG_SECONDS
    while time.monotonic() < end:
        handler.connection.sendall(b" ")
        time.sleep(0.1)


def pour(handler: Handler) -> None:
    begin(handler, 200, Content_Type="application/json", Content_Length=str(HUGE_PIECE * HUGE_PIECES))
    _pour_body(handler)


def negative_chunk(handler: Handler) -> None:
    """Send a chunk that claims to be of negative size, and then more than any client should take in."""
    begin(handler, 200, Content_Type="application/json", Transfer_Encoding="chunked")
    handler.connection.sendall(b"-1\r\n")
    _pour_body(handler)
    handler.close_connection = True


def _pour_body(handler: Handler) -> None:
    piece = b" " * HUGE_PIECE
    for _piece in range(HUGE_PIECES):
        handler.connection.sendall(piece)


def redirect(handler: Handler) -> None:
    # This very program by another name, so that its log tells whether somebody follows, and with what.
    port = handler.connection.getsockname()[1]
    begin(handler, 307, Location=f"http://localhost:{port}/redirected{handler.path}", Content_Length="0")


def echo(form: Callable[[str], str], handler: Handler) -> None:
    """Refuse the request, and repeat all of it, as gateways do with what they have to sign anew."""
    asked = handler.asked
    headers = [f"{name}:{value}" for name, value in asked.headers.items()]
    canonical = "|".join([asked.method, asked.whole_path, asked.query_string, *headers, asked.body.decode()])
    answer = gateway.error(401, "APIGW.0301", f"verify aksk signature fail, canonicalRequest:{form(canonical)}")
    body = answer.payload("")
    begin(handler, 401, Content_Type=answer.content_type, Content_Length=str(len(body)))
    handler.wfile.write(body)


def reset_in_body(handler: Handler) -> None:
    begin_body(handler)
    # Else the reset may overtake what was sent.
    time.sleep(0.2)
    reset(handler)


def hang(handler: Handler) -> None:
    # Becomes readable when the client leaves.
    select.select([handler.connection], [], [], HANG_SECONDS)


def reset(handler: Handler) -> None:
    # Without lingering, closing sends RST; a shutdown, which the server does for the sockets it knows, would send FIN.
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(handler.connection.detach())
