# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for AWX: as much of its REST API as the modules of awx.awx need, in memory.

It does as AWX does where a second run could find something to change: it fills in defaults, hides secrets and drops
empty ones, takes the organization of a job template from its project, and accepts only playbooks that a project has
once it is synchronized. A project keeps the revision of its last successful sync until the next one, and a sync fails
while the git server is down or the project has a dead credential. What it does not know, it refuses.
"""

from __future__ import annotations

import base64
import copy
import itertools
import json
import ssl
import threading
import urllib.parse
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "awx-token-0001"
READ_ONLY_TOKEN = "awx-token-0002"
USER = "admin"
PASSWORD = "awx-password-0001"
PREFIX = "/api/v2/"
SECRET = "$encrypted$"

# Of each kind of resource the fields with their defaults, and those that together tell one from another.
COMMON = {"name": None, "description": "", "organization": None}
TEMPLATE = {"extra_vars": "", "survey_enabled": False, "allow_simultaneous": False, "ask_variables_on_launch": False}
FIELDS: dict[str, dict[str, Any]] = {
    "organizations": {"name": None, "description": ""},
    "credential_types": dict(name=None, description="", kind=None, managed=False, inputs={}, injectors={}),
    "credentials": dict(COMMON, credential_type=None, inputs={}),
    "execution_environments": dict(COMMON, image=None, credential=None, pull=""),
    "inventories": dict(COMMON, kind="", host_filter=None, variables=""),
    "hosts": dict(name=None, description="", inventory=None, enabled=True, variables=""),
    "projects": dict(COMMON, scm_type="", scm_url="", scm_branch="", credential=None, scm_revision=""),
    "job_templates": dict(
        COMMON, **TEMPLATE, job_type="run", inventory=None, project=None, playbook="", execution_environment=None
    ),
    "workflow_job_templates": {**COMMON, **TEMPLATE},
    "workflow_job_template_nodes": dict(identifier=None, workflow_job_template=None, unified_job_template=None),
    "project_updates": dict(status="running", project=None, finished=None, failed=False, scm_revision=""),
}
IDENTITY = {
    "credential_types": ("name", "kind"),
    "credentials": ("name", "organization", "credential_type"),
    "hosts": ("name", "inventory"),
    "organizations": ("name",),
    "workflow_job_template_nodes": ("identifier", "workflow_job_template"),
}
ASSOCIATIONS = {
    "job_templates": {"credentials": "credentials"},
    "workflow_job_template_nodes": {"success_nodes": "workflow_job_template_nodes"},
}
UNIFIED = ("projects", "job_templates", "workflow_job_templates")
# Kinds of resource that a field holds the ID of.
REFERENCES = {
    "organization": ("organizations",),
    "credential_type": ("credential_types",),
    "credential": ("credentials",),
    "inventory": ("inventories",),
    "project": ("projects",),
    "execution_environment": ("execution_environments",),
    "workflow_job_template": ("workflow_job_templates",),
    "unified_job_template": UNIFIED,
}
READ_ONLY = {"id", "type", "url", "related", "summary_fields", "scm_revision"}
QUESTION_TYPES = {"text": str, "multiplechoice": str, "integer": int, "float": float}


class Refusal(Exception):
    """A request that AWX would refuse."""

    def __init__(self, status: HTTPStatus, **body: Any) -> None:
        super().__init__(body)
        self.status = status
        self.body = body


def bad(**body: Any) -> Refusal:
    return Refusal(HTTPStatus.BAD_REQUEST, **body)


class AWX:
    """A running stand-in, as a context manager. Projects get the playbooks that are named.

    With ``certificate``, a PEM file that holds the key as well, it speaks HTTPS.
    """

    url: str

    def __init__(self, playbooks: list[str], certificate: str | None = None) -> None:
        self.playbooks = playbooks
        self._certificate = certificate
        # By their IDs, over all kinds.
        self.items: dict[int, dict[str, Any]] = {}
        self.kinds: dict[int, str] = {}
        self.surveys: dict[int, dict[str, Any]] = {}
        self.associated: dict[tuple[int, str], list[int]] = {}
        self.secrets: dict[int, dict[str, str]] = {}
        # The git server: whether it is up, the newest commit, and credentials that it refuses, by their IDs.
        self.git_is_up = True
        self.git_revision = "1" * 40
        self.dead_credentials: set[int] = set()
        # Method and path of each request that writes.
        self.writes: list[tuple[str, str]] = []
        self._ids = itertools.count(11)
        self._lock = threading.Lock()

    def __enter__(self) -> AWX:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"awx": self}))
        if self._certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http{'s' if self._certificate else ''}://127.0.0.1:{self._server.server_port}"
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def all(self, *kinds: str, **wanted: Any) -> list[dict[str, Any]]:
        """The resources of some kinds that have these values."""
        items = [item for number, item in self.items.items() if self.kinds[number] in kinds]
        return [item for item in items if all(item[name] == value for name, value in wanted.items())]

    def one(self, kind: str, /, **wanted: Any) -> dict[str, Any]:
        """The only one of them."""
        (item,) = self.all(kind, **wanted)
        return item

    def create(self, kind: str, /, **given: Any) -> dict[str, Any]:
        """Make a resource."""
        number = next(self._ids)
        url = f"{PREFIX}{kind}/{number}/"
        item = {"id": number, "type": kind.removesuffix("s"), "url": url, "summary_fields": {}, "related": {}}
        item.update(copy.deepcopy(FIELDS[kind]))
        if "survey_enabled" in item:
            item["related"] = {"survey_spec": f"{url}survey_spec/"}
        elif kind == "projects":
            item["related"] = {"update": f"{url}update/"}
        self._fill(kind, item, given)
        if missing := [name for name in IDENTITY.get(kind, ("name",)) if item.get(name, "") is None]:
            raise bad(**{name: ["This field is required."] for name in missing})
        self.items[number] = item
        self.kinds[number] = kind
        return item

    def update(self, item: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        """Change a resource."""
        changed = copy.deepcopy(item)
        self._fill(self.kinds[item["id"]], changed, given)
        item.update(changed)
        return item

    def answer(self, method: str, path: str, query: dict[str, str], given: dict[str, Any]) -> tuple[HTTPStatus, Any]:
        """Answer a request."""
        with self._lock:
            if path.startswith(f"{PREFIX}tokens/"):
                # awx.awx logs in with a user and a password once in each task, and out again.
                return (
                    (HTTPStatus.CREATED, {"id": 1, "token": TOKEN})
                    if method == "POST"
                    else (HTTPStatus.NO_CONTENT, None)
                )
            if method != "GET":
                self.writes.append((method, path))
            kind, *rest = path.removeprefix(PREFIX).strip("/").split("/")
            if not rest and method == "GET":
                return HTTPStatus.OK, self._page(self._matching(kind, query))
            if not rest and method == "POST" and kind in FIELDS:
                return HTTPStatus.CREATED, self.create(kind, **given)
            number = int(rest[0])
            if self.kinds.get(number) != kind:
                raise Refusal(HTTPStatus.NOT_FOUND, detail="Not found.")
            item = self.items[number]
            if len(rest) == 1:
                if method == "PATCH":
                    self.update(item, given)
                elif kind == "project_updates":
                    self._synchronize(item)
                return HTTPStatus.OK, item
            if (kind, rest[1], method) == ("projects", "update", "POST"):
                return HTTPStatus.ACCEPTED, self._start_update(item)
            if rest[1] == "survey_spec" and "survey_enabled" in item:
                return HTTPStatus.OK, self._survey(number, method, given)
            if rest[1] in ASSOCIATIONS.get(kind, ()):
                return self._associate(number, rest[1], method, given)
            raise Refusal(HTTPStatus.NOT_FOUND, detail="Not found.")

    def _page(self, items: list[dict[str, Any]]) -> dict[str, Any]:
        return {"count": len(items), "next": None, "previous": None, "results": items}

    def _matching(self, kind: str, query: dict[str, str]) -> list[dict[str, Any]]:
        if kind != "unified_job_templates" and kind not in FIELDS:
            raise Refusal(HTTPStatus.NOT_FOUND, detail="Not found.")
        known = {"id", "id__in", "organization__name", *FIELDS.get(kind, ("name", "organization"))}
        any_of = {name.removeprefix("or__"): value for name, value in query.items() if name.startswith("or__")}
        all_of = {name: value for name, value in query.items() if not name.startswith("or__")}
        if unknown := {*any_of, *all_of} - known:
            raise bad(detail=f"{kind} have no field named {', '.join(unknown)}")
        return [
            item
            for item in self.all(*UNIFIED if kind == "unified_job_templates" else [kind])
            if all(self._has(item, name, value) for name, value in all_of.items())
            and (not any_of or any(self._has(item, name, value) for name, value in any_of.items()))
        ]

    def _has(self, item: dict[str, Any], name: str, value: str) -> bool:
        """Whether a resource has what a query asks for."""
        if name == "id__in":
            return str(item["id"]) in value.split(",")
        if name == "organization__name":
            return item["organization"] is not None and self.items[item["organization"]]["name"] == value
        return str(item[name]) == value

    def _fill(self, kind: str, item: dict[str, Any], given: dict[str, Any]) -> None:
        """Put what is given into a resource, as AWX stores and shows it."""
        given = {name: value for name, value in given.items() if name not in READ_ONLY}
        if unknown := given.keys() - FIELDS[kind].keys():
            raise bad(detail=f"the stand-in knows no {', '.join(unknown)} of {kind}")
        for name, value in copy.deepcopy(given).items():
            item[name] = FIELDS[kind][name] if value is None else value
            if name in REFERENCES and value is not None and self.kinds.get(int(value)) not in REFERENCES[name]:
                raise bad(**{name: [f'Invalid pk "{value}" - object does not exist.']})
        identity = {name: item[name] for name in IDENTITY.get(kind, ("name", "organization")) if name in item}
        if kind != "project_updates" and any(other["id"] != item["id"] for other in self.all(kind, **identity)):
            raise bad(__all__=[f"{kind} with these {', '.join(identity)} already exists."])
        if kind == "credential_types":
            for field in item["inputs"].get("fields", []):
                field.setdefault("type", "string")
        elif kind == "credentials" and "inputs" in given:
            self._hide(item)
        elif kind == "projects" and given.keys() & {"scm_type", "scm_url", "scm_branch"}:
            self._start_update(item)
        elif kind == "job_templates":
            project = self.items[item["project"]]
            item["organization"] = project["organization"]
            if not project["scm_revision"] or item["playbook"] not in self.playbooks:
                raise bad(playbook=["Playbook not found for project."])

    def _hide(self, credential: dict[str, Any]) -> None:
        fields = {field["id"]: field for field in self.items[credential["credential_type"]]["inputs"]["fields"]}
        secrets = self.secrets.setdefault(credential["id"], {})
        for name, value in list(credential["inputs"].items()):
            if name not in fields:
                raise bad(inputs=[f"Additional properties are not allowed ('{name}' was unexpected)"])
            if not isinstance(value, bool if fields[name]["type"] == "boolean" else str):
                raise bad(inputs={name: [f"{value!r} is not of type {fields[name]['type']}"]})
            if fields[name].get("secret"):
                if not value:
                    del credential["inputs"][name]
                elif value != SECRET:
                    secrets[name] = value
                    credential["inputs"][name] = SECRET

    def _start_update(self, project: dict[str, Any]) -> dict[str, Any]:
        """Start a sync of a project."""
        update = self.create("project_updates")
        update["project"] = project["id"]  # which is stored only after this, where it is new
        project["summary_fields"] = {
            **project["summary_fields"],
            "current_update": {"id": update["id"], "status": update["status"]},
        }
        return update

    def _synchronize(self, update: dict[str, Any]) -> None:
        """Let a sync end when it was asked for twice."""
        if update["summary_fields"] and not update["finished"]:
            project = self.items[update["project"]]
            update["failed"] = not self.git_is_up or project["credential"] in self.dead_credentials
            update["status"] = "failed" if update["failed"] else "successful"
            update["finished"] = "2026-01-01T00:00:00Z"
            if not update["failed"]:
                update["scm_revision"] = project["scm_revision"] = self.git_revision
            project["summary_fields"] = {"last_job": {name: update[name] for name in ("id", "status", "failed")}}
        update["summary_fields"] = {"asked": True}

    def _survey(self, number: int, method: str, given: dict[str, Any]) -> dict[str, Any]:
        if method == "GET":
            return self.surveys.get(number, {})
        if not (isinstance(given.get("name"), str) and isinstance(given.get("description"), str) and given.get("spec")):
            raise bad(error="name, description and spec are needed")
        for question in given["spec"]:
            texts = [question.get(name) for name in ("type", "question_name", "variable")]
            if not all(isinstance(text, str) for text in texts) or not isinstance(question.get("required"), bool):
                raise bad(error=f"a question is not complete: {question}")
            if not isinstance(question.get("default", ""), (str, QUESTION_TYPES[question["type"]])):
                raise bad(error=f"the default is of another type: {question}")
            if not all(isinstance(question.get(name, 0), int) for name in ("min", "max")):
                raise bad(error=f"a limit is no integer: {question}")
            if question["type"] == "multiplechoice" and question.get("default", "") not in ["", *question["choices"]]:
                raise bad(error=f"the default is none of the choices: {question}")
        self.surveys[number] = given
        return {}

    def _associate(self, number: int, name: str, method: str, given: dict[str, Any]) -> tuple[HTTPStatus, Any]:
        numbers = self.associated.setdefault((number, name), [])
        if method == "GET":
            return HTTPStatus.OK, self._page([self.items[other] for other in numbers])
        if given.get("disassociate"):
            numbers.remove(given["id"])
        elif self.kinds.get(given["id"]) != ASSOCIATIONS[self.kinds[number]][name]:
            raise bad(detail="No such object.")
        else:
            numbers.append(given["id"])
        return HTTPStatus.NO_CONTENT, None


WRITERS = (f"Bearer {TOKEN}", f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}")


class _Handler(BaseHTTPRequestHandler):
    awx: AWX

    def do_GET(self) -> None:
        address = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(address.query))
        given = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or "{}")
        try:
            login = self.headers.get("Authorization", "")
            if login not in (*WRITERS, f"Bearer {READ_ONLY_TOKEN}"):
                raise Refusal(HTTPStatus.UNAUTHORIZED, detail="Authentication credentials were not provided.")
            if self.command != "GET" and login not in WRITERS:
                raise Refusal(HTTPStatus.FORBIDDEN, detail="You do not have permission to perform this action.")
            status, body = self.awx.answer(self.command, address.path, query, given)
        except Refusal as refusal:
            status, body = refusal.status, refusal.body
        payload = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.send_header("X-API-Product-Name", "AWX")
        self.send_header("X-API-Product-Version", "24.6.1")
        self.end_headers()
        self.wfile.write(payload)

    do_POST = do_PATCH = do_DELETE = do_GET

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""
