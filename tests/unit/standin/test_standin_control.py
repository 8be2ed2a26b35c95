# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control API."""

from __future__ import annotations

import json
import time

import pytest


def test_requests(client, standin):
    client.request("GET", "/v3", headers={"User-Agent": "tester/1"})
    client.specs("?job_type=train")
    assert standin.counts() == {"tokens": 1, "projects": 0, "resource-specs": 1}
    discovery, login, specs = standin.requests()
    assert discovery == {
        "operation": "other",
        "method": "GET",
        "kind": "read",
        "path": "/v3",
        "query": {},
        "status": 200,
        "auth": "none",
        "login": None,
        "user_agent": "tester/1",
        "domain_id": None,
    }
    assert (login["operation"], login["status"], login["auth"]) == ("tokens", 201, "none")
    scope = {"project": {"id": standin.account["project_id"]}}
    assert login["login"] == {"methods": ["password"], "scope": scope}
    assert (specs["query"], specs["auth"]) == ({"job_type": "train"}, "token")
    assert standin.account["password"] not in json.dumps(standin.requests())
    standin.reset()
    assert standin.requests() == []


def test_latency(client, standin):
    headers = {"X-Auth-Token": client.token()}
    standin.latency(2)
    start = time.monotonic()
    standin.requests()
    assert time.monotonic() - start < 2
    client.specs(headers=headers)
    assert time.monotonic() - start >= 2
    standin.latency(0)
    start = time.monotonic()
    client.specs(headers=headers)
    assert time.monotonic() - start < 2


def test_specs(client, standin, sample):
    spec = {**sample("rs_doc_otc_2025_cpu_only")["specs"][0], "no_resource": True}
    standin.specs([spec])
    for query in ("", "?job_type=inference&engine_id=4", "?project_type=3"):
        assert client.specs(query).json == {"specs": [spec], "is_success": True, "spec_total_count": 1}
    standin.specs([{"job_types": ["train"], "spec": spec}])
    assert client.specs("?job_type=inference").json["specs"] == []
    standin.specs(None)
    assert client.specs().json["spec_total_count"] > 1


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("PUT", "fault", {"fault": "unknown"}, 400, "gateway-throttled"),
        ("PUT", "fault", {"fault": "empty", "operation": "unknown"}, 400, "resource-specs"),
        ("PUT", "fault", {"fault": "empty", "times": 0}, 400, "times"),
        ("PUT", "fault", {}, 400, "KeyError"),
        ("PUT", "fault", b"no JSON", 400, "JSONDecodeError"),
        ("PUT", "latency", {"seconds": -1}, 400, "seconds"),
        ("PUT", "specs", {"specs": [1]}, 400, "object"),
        ("GET", "unknown", None, 404, "/standin/unknown"),
    ],
)
def test_control_refuses(client, method, path, body, status, message):
    answer = client.request(method, f"/standin/{path}", body)
    assert answer.status == status
    assert message in answer.json["error"]


def test_launcher_reports_refusals(standin):
    with pytest.raises(RuntimeError, match="unknown fault"):
        standin.fault("unknown")
