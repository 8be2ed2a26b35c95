# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of the API of AWX as ansible-rulebook needs to launch a job template, on a free port."""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
import typing as t

TEMPLATE = {
    "id": 7,
    "type": "job_template",
    "name": "ModelArts: pick a spec",
    "related": {"launch": "/api/v2/job_templates/7/launch/"},
    "summary_fields": {"organization": {"name": "Default"}},
    **{f"ask_{what}_on_launch": False for what in ("limit", "labels", "inventory", "variables")},
}
JOB = {"id": 8, "url": "/api/v2/jobs/8/", "status": "successful", "created": "2026-01-01T00:00:00Z", "artifacts": {}}

PAGES: dict[str, dict[str, t.Any]] = {
    "/api/v2/config/": {"version": "24.6.1"},
    "/api/v2/unified_job_templates/": {"count": 1, "next": None, "results": [TEMPLATE]},
    "/api/v2/jobs/": {"count": 1, "next": None, "results": [JOB]},
    "/api/v2/jobs/8/": JOB,
}


class Controller(t.NamedTuple):
    """Where it listens, and with what its job template was launched."""

    url: str
    launched: list[dict[str, t.Any]]


@contextlib.contextmanager
def controller() -> t.Iterator[Controller]:
    """One that runs."""
    launched: list[dict[str, t.Any]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = PAGES.get(self.path.partition("?")[0])
            self._answer(200 if page else 404, page or {"detail": "Not found."})

        def do_POST(self) -> None:
            assert self.path == TEMPLATE["related"]["launch"]  # type: ignore[index]
            launched.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self._answer(201, JOB)

        def _answer(self, status: int, content: dict[str, t.Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Says nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Controller(f"http://127.0.0.1:{server.server_port}", launched)
        server.shutdown()
