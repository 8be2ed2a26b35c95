# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each fault does what its name says."""

from __future__ import annotations

import socket
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import pytest


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        ("failed-200", 200, "rs_doc_failed_error_message"),
        ("failed-400", 400, "rs_doc_failed_error_message"),
        ("failed-500", 500, "rs_doc_failed_error_message"),
        ("failed-error-msg", 200, "rs_doc_failed_error_msg_variant"),
        ("unauthorized", 401, {"error_code": "ModelArts.0205"}),
        ("not-scoped", 401, {"error_code": "ModelArts.0212"}),
        ("forbidden", 403, {"error_code": "ModelArts.0108"}),
        ("iam-401", 401, "err_iam_401_documented"),
        ("gateway-no-such-key", 401, {"error_code": "APIGW.0301"}),
        ("gateway-not-published", 404, {"error_code": "APIGW.0101"}),
        ("gateway-throttled", 429, {"error_code": "APIGW.0308"}),
        ("throttled-retry-after", 429, {"error_code": "APIGW.0308"}),
        ("throttled-retry-date", 429, {"error_code": "APIGW.0308"}),
        ("throttled-retry-long", 429, {"error_code": "APIGW.0308"}),
        ("html-502", 502, b"<html>"),
        ("unavailable", 503, b"Service Unavailable"),
        ("gateway-timeout", 504, {"error_code": "APIGW.0201"}),
        ("empty", 200, b""),
        ("not-json", 200, b"It works!"),
        ("json-list", 200, b"[]"),
        ("no-specs", 200, {"is_success": True}),
        ("specs-not-list", 200, {"specs": {"spec_id": 2}}),
        ("spec-not-object", 200, {"specs": ["spec"]}),
        ("empty-specs", 200, {"specs": [], "spec_total_count": 0}),
    ],
)
def test_fault(client, standin, sample, name, status, body):
    standin.fault(name, times=1)
    answer = client.specs()
    assert answer.status == status
    if isinstance(body, str):
        assert answer.json == sample(body)
    elif isinstance(body, bytes):
        assert answer.content.startswith(body)
    else:
        assert {**answer.json, **body} == answer.json
    assert answer.headers["X-Request-Id"]
    assert client.specs().status == 200
    assert [request["status"] for request in standin.requests() if request["auth"] == "token"] == [status, 200]


def test_retry_after(client, standin):
    def retry_after(name):
        standin.fault(name)
        return client.specs().headers["Retry-After"]

    assert retry_after("gateway-throttled") is None
    assert retry_after("throttled-retry-after") == "1"
    assert retry_after("throttled-retry-long") == "86400"
    ahead = parsedate_to_datetime(retry_after("throttled-retry-date")) - datetime.now(timezone.utc)
    assert 0 < ahead.total_seconds() <= 2


def test_reset(client, standin):
    standin.fault("reset", times=1)
    with pytest.raises(ConnectionResetError):
        client.specs()
    assert standin.requests()[-1]["status"] is None
    assert client.specs().status == 200


def test_hang(client, standin):
    standin.fault("hang", times=1)
    with socket.create_connection(client.host.split(":"), timeout=0.3) as connection:
        path = f"/v1/{standin.account['project_id']}/job/resource-specs"
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {client.host}\r\n\r\n".encode())
        with pytest.raises(socket.timeout):
            connection.recv(1)
        # Others are served meanwhile.
        assert client.specs().status == 200


def test_no_subject_token(client, standin):
    standin.fault("no-subject-token", times=1, operation="tokens")
    answer = client.login()
    assert (answer.status, answer.headers["X-Subject-Token"]) == (201, None)
    assert client.token()


def test_faults_of_an_operation(client, standin):
    standin.fault("failed-400", times=2)
    standin.fault("html-502", times=1)
    standin.fault("unavailable", operation="projects")
    assert [client.specs().status for _attempt in range(2)] == [502, 200]
    assert [client.request("GET", "/v3/projects").status for _attempt in range(2)] == [503, 503]
    standin.clear()
    assert client.request("GET", "/v3/projects").status == 401


def test_faults_of_the_command_line(start):
    with start("--fault", "failed-500:2", "--fault", "empty:1", "--fault", "iam-401:1@tokens") as client:
        assert client.login().status == 401
        assert [len(client.specs().content) > 0 for _attempt in range(4)] == [True, True, False, True]
        assert [request["status"] for request in client.standin.requests()[2::2]] == [500, 500, 200, 200]
