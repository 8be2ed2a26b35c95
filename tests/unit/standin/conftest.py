# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A running stand-in, and a client as plain as possible."""

from __future__ import annotations

import contextlib
import http.client
import importlib.util
import json
import urllib.parse
from datetime import datetime, timezone
from pathlib import Path

import pytest

STANDIN = Path(__file__).resolve().parents[2] / "standin"


def load(name):
    """Import one of the stand-in's own files, which are no package."""
    spec = importlib.util.spec_from_file_location(f"standin_{name}", STANDIN / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.content = response.read()

    @property
    def json(self):
        return json.loads(self.content)


class Client:
    """As plain as possible: one connection for each request, no redirects, no retries."""

    def __init__(self, standin, signature):
        self.standin = standin
        self.signature = signature
        self.host = urllib.parse.urlsplit(standin.url).netloc

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(self.host, timeout=10)
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        try:
            connection.request(method, path, data, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def login(self, scope="project", query="", **changes):
        account = {**self.standin.account, **changes}
        scopes = {
            "project": {"project": {"id": account["project_id"]}},
            "domain": {"domain": {"name": account["user_domain_name"]}},
            "unscoped": None,
        }
        if isinstance(scope, str):
            scope = scopes[scope]
        user = {
            "name": account["username"],
            "password": account["password"],
            "domain": {"name": account["user_domain_name"]},
        }
        auth = {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}
        return self.request("POST", f"/v3/auth/tokens{query}", {"auth": auth})

    def token(self, scope="project", **changes):
        return self.login(scope, **changes).headers["X-Subject-Token"]

    def specs(self, query="", project_id=None, headers=None):
        path = f"/v1/{project_id or self.standin.account['project_id']}/job/resource-specs{query}"
        return self.request("GET", path, headers={"X-Auth-Token": self.token()} if headers is None else headers)

    def call(self, method, path, body=None, headers=None):
        """Send a request of the account's project, below /v1/ or /v2/: ``v2/training-jobs``."""
        version, _slash, rest = path.partition("/")
        if headers is None:
            headers = {"X-Auth-Token": self.token()}
        return self.request(method, f"/{version}/{self.standin.account['project_id']}/{rest}", body, headers)

    def sign(self, path, secret_key=None, access_key=None, when=None, method="GET", body=b"", **more):
        """The headers of a signed request, a GET unless told. The verifier's parts are proven by the vectors."""
        account = self.standin.account
        date = f"{when or datetime.now(timezone.utc):%Y%m%dT%H%M%SZ}"
        headers = {"host": self.host, "x-sdk-date": date, **more}
        names = sorted(headers)
        path, _question_mark, query = path.partition("?")
        signature = self.signature
        canonical = signature.canonical_request(method, path, query, headers, names, body)
        value = signature.sign(secret_key or account["secret_key"], date, canonical)
        credential = f"Access={access_key or account['access_key']}"
        authorization = f"SDK-HMAC-SHA256 {credential}, SignedHeaders={';'.join(names)}, Signature={value}"
        return {**headers, "authorization": authorization}


@pytest.fixture(scope="session")
def signature():
    """The stand-in's own verifier."""
    return load("signature")


@pytest.fixture(scope="session")
def start(signature):
    """Starts a stand-in with arguments of the command line: a context manager, with a client as its value."""
    launcher = load("launcher")

    @contextlib.contextmanager
    def start(*arguments):
        with launcher.StandIn(*arguments) as standin:
            yield Client(standin, signature)

    return start


@pytest.fixture(scope="session")
def content():
    """The content of a file of the stand-in's data."""
    return lambda name: json.loads((STANDIN / "data" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def sample(content):
    """The body of a documented sample."""
    return lambda name: content(name)["body"]


@pytest.fixture
def client(standin, signature):
    """A client of a stand-in as it was started: the one of this process, as starting one takes a while."""
    return Client(standin, signature)


@pytest.fixture
def body(content):
    """A body to create a job with, in a function that changes it: a name, a flavor, nodes, other parts."""

    def body(name="train-mnist", flavor="modelarts.vm.cpu.8u", nodes=1, **parts):
        given = json.loads(json.dumps(content("v2_create_request_code_dir")["request_body"]))
        given["metadata"]["name"] = name
        given["spec"]["resource"] = {"flavor_id": flavor, "node_count": nodes}
        for part, changes in parts.items():
            target = given["spec"]["resource"] if part == "resource" else given.setdefault(part, {})
            for key, value in changes.items():
                if value is None:
                    target.pop(key, None)
                else:
                    target[key] = value
        return given

    return body


@pytest.fixture
def jobs(client, body):
    """The API, with one token."""
    headers = {"X-Auth-Token": client.token()}
    client.standin.reset()

    class Jobs:
        def __init__(self):
            self.headers = headers

        def create(self, *arguments, **changes):
            return self.post("v2/training-jobs", body(*arguments, **changes))

        def post(self, path, content):
            return client.call("POST", path, content, headers)

        def created(self, *arguments, **changes):
            answer = self.create(*arguments, **changes)
            assert answer.status == 201, answer.content
            return answer.json["metadata"]["id"]

        def get(self, job_id):
            return client.call("GET", f"v2/training-jobs/{job_id}", None, headers)

        def phase(self, job_id):
            return self.get(job_id).json["status"]["phase"]

        def stop(self, job_id):
            return self.post(f"v2/training-jobs/{job_id}/actions", {"action_type": "terminate"})

        def delete(self, job_id):
            return client.call("DELETE", f"v2/training-jobs/{job_id}", None, headers)

        def search(self, **changes):
            return self.post("v2/training-job-searches", {"offset": 0, "limit": 50, **changes}).json

        def names(self, text, **changes):
            filters = [{"key": "name", "operator": "like", "value": [text]}]
            return [item["metadata"]["name"] for item in self.search(filters=filters, **changes)["items"]]

    return Jobs()
