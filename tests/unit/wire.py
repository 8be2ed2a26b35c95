# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stand-in does not do: a server whose every byte a test writes itself."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
import typing as t


@contextlib.contextmanager
def server(talk: t.Callable[[socket.socket], None]) -> t.Iterator[str]:
    """Serve on a free port; call ``talk`` with each connection, one after the other."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection = listener.accept()[0]
                    with connection, contextlib.suppress(OSError):
                        talk(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


class Saying:
    """Responds with the same bytes each time, and keeps the requests."""

    def __init__(self, response: bytes) -> None:
        self.response = response
        self.requests: list[bytes] = []

    def __call__(self, connection: socket.socket) -> None:
        """Receive a request and respond."""
        self.requests.append(receive(connection))
        connection.sendall(self.response)


def receive(connection: socket.socket) -> bytes:
    """Receive a whole request."""
    received = b""
    while piece := connection.recv(65536):
        received += piece
        head, end, body = received.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
        if end and len(body) >= (int(length[1]) if length else 0):
            break
    return received


def response(document: t.Any, status: str = "200 OK", *head: bytes) -> bytes:
    """Return a complete response; ``document`` is bytes, or becomes JSON."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    lines = (f"HTTP/1.1 {status}".encode(), *head, b"Content-Length: %d" % len(body), b"Connection: close")
    return b"\r\n".join((*lines, b"", body))
