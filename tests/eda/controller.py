# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of the API of AWX as ansible-rulebook needs to launch a job template or a workflow, on a free port."""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
import typing as t
import urllib.parse


def _template(number: int, kind: str, name: str) -> dict[str, t.Any]:
    """A template as the list of unified job templates has it."""
    return {
        "id": number,
        "type": kind,
        "name": name,
        "related": {"launch": f"/api/v2/{kind}s/{number}/launch/"},
        "summary_fields": {"organization": {"name": "Default"}},
        **{f"ask_{what}_on_launch": False for what in ("limit", "labels", "inventory", "variables")},
    }


def _job(number: int, path: str) -> dict[str, t.Any]:
    """A job that has ended."""
    times = {"created": "2026-01-01T00:00:00Z", "finished": "2026-01-01T00:01:00Z"}
    return {"id": number, "url": f"/api/v2/{path}/{number}/", "status": "successful", "artifacts": {}, **times}


JOB_TEMPLATE = _template(7, "job_template", "ModelArts: pick a spec")
WORKFLOW = _template(17, "workflow_job_template", "ModelArts: pick a spec and use it")
# What launching each gives, by path.
JOBS = {
    JOB_TEMPLATE["related"]["launch"]: _job(8, "jobs"),
    WORKFLOW["related"]["launch"]: _job(18, "workflow_jobs"),
}


def _page(items: list[dict[str, t.Any]]) -> dict[str, t.Any]:
    return {"count": len(items), "next": None, "results": items}


def _content(path: str, query: dict[str, str]) -> dict[str, t.Any] | None:
    """What is at a path, if anything is."""
    if path == "/api/v2/config/":
        return {"version": "24.6.1"}
    if path == "/api/v2/unified_job_templates/":
        found = [template for template in (JOB_TEMPLATE, WORKFLOW) if template["name"] == query.get("name")]
        return _page([template for template in found if template["type"] == query.get("type", template["type"])])
    for job in JOBS.values():
        if path == job["url"]:
            return job
        if job["url"] == f"{path}{job['id']}/":
            return _page([job])
    return None


class Controller(t.NamedTuple):
    """Where it listens, and what was launched with what: the name of a template and the body of the request."""

    url: str
    launched: list[tuple[str, dict[str, t.Any]]]


@contextlib.contextmanager
def controller() -> t.Iterator[Controller]:
    """One that runs."""
    launched: list[tuple[str, dict[str, t.Any]]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urllib.parse.urlsplit(self.path)
            content = _content(address.path, dict(urllib.parse.parse_qsl(address.query)))
            self._answer(200 if content else 404, content or {"detail": "Not found."})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            for template in (JOB_TEMPLATE, WORKFLOW):
                if template["related"]["launch"] == self.path:
                    launched.append((template["name"], body))
                    return self._answer(201, JOBS[self.path])
            return self._answer(404, {"detail": "Not found."})

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
