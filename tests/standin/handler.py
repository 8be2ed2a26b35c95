# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP: the server's socket, and a request's way from the wire to the cloud and back."""

from __future__ import annotations

import socketserver
import ssl
import sys
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import control
from cloud import Cloud
from exchange import Answer, Request
from gateway import error as gateway_error

MAX_BODY_BYTES = 12 * 1024 * 1024


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    cloud: Cloud
    control: control.Control

    def __init__(self, address: tuple[str, int], tls: ssl.SSLContext | None, verbose: bool) -> None:
        self._tls = tls
        self.verbose = verbose
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        # HTTPServer would look up the host's name, which can take seconds.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def get_request(self) -> tuple[Any, Any]:
        connection, address = super().get_request()
        if self._tls:
            # The handshake waits for the connection's own thread: a slow client must not keep others out.
            connection = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        # Clients that leave, or do not trust the certificate, are part of the tests.
        if not isinstance(sys.exc_info()[1], (ConnectionError, ssl.SSLError)):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "api-gateway"
    sys_version = ""
    disable_nagle_algorithm = True
    # Head and body leave in one go.
    wbufsize = -1

    asked: Request

    def _answer(self) -> None:
        path, _question_mark, query_string = self.path.partition("?")
        body = self._read_body()
        if body is None:
            self.close_connection = True
            self._send(gateway_error(400, "APIGW.0201", "The request body cannot be read."))
            return
        self.asked = request = Request(self.command, path, query_string, self.headers, body)
        answerer = self.server.control if path.startswith(control.PREFIX) else self.server.cloud
        self._send(answerer.answer(request))

    do_DELETE = do_GET = do_HEAD = do_PATCH = do_POST = do_PUT = _answer

    def _read_body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MAX_BODY_BYTES or self.headers.get("Transfer-Encoding"):
            return None
        return self.rfile.read(int(length))

    def _send(self, answer: Answer) -> None:
        if self.server.verbose:
            print(self.command, self.path, answer.status, file=sys.stderr, flush=True)
        if answer.status is None:
            self.close_connection = True
            if answer.instead:
                answer.instead(self)
            return
        request_id = uuid.uuid4().hex
        payload = answer.payload(request_id)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(payload)))
        self.send_header("X-Request-Id", request_id)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(payload)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: what --verbose shows comes from _send."""
