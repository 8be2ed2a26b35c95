# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults that no case of tests/data/faults.yml shows, and how faults are ordered."""

from __future__ import annotations

import json
import socket
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import pytest


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


def test_other_requests_are_served_while_one_hangs(client, standin):
    standin.fault("hang", times=1)
    with socket.create_connection(client.host.split(":"), timeout=0.3) as connection:
        path = f"/v1/{standin.account['project_id']}/job/resource-specs"
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {client.host}\r\n\r\n".encode())
        with pytest.raises(socket.timeout):
            connection.recv(1)
        # Others are served meanwhile.
        assert client.specs().status == 200


@pytest.mark.parametrize(
    ("name", "error", "timeout"), [("lost", ConnectionResetError, 10), ("lost-hang", socket.timeout, 0.5)]
)
def test_lost_responses(client, standin, jobs, body, name, error, timeout):
    standin.fault(name, times=1, operation="create-job")
    data = json.dumps(body()).encode()
    path = f"/v2/{standin.account['project_id']}/training-jobs"
    head = "\r\n".join(f"{key}: {value}" for key, value in jobs.headers.items())
    with socket.create_connection(client.host.split(":"), timeout=timeout) as connection:
        request = f"POST {path} HTTP/1.1\r\nHost: {client.host}\r\nContent-Length: {len(data)}\r\n{head}\r\n\r\n"
        connection.sendall(request.encode() + data)
        with pytest.raises(error):
            connection.recv(1)
    # The job is there all the same.
    assert [job["name"] for job in standin.jobs()] == ["train-mnist"]
    assert jobs.create().json["error_code"] == "ModelArts.2751"
    assert [request["status"] for request in standin.requests()] == [None, 400]


@pytest.mark.parametrize("name", ["lost-502", "lost-504"])
def test_lost_in_the_gateway(standin, jobs, name):
    standin.fault(name, times=1, operation="create-job")
    assert jobs.create().status == int(name[-3:])
    assert jobs.names("train-mnist") == ["train-mnist"]
    # What is not lost is not served.
    standin.fault("html-502", times=1, operation="create-job")
    assert jobs.create("next").status == 502
    assert jobs.names("next") == []


def test_faults_of_an_operation(client, standin):
    standin.fault("failed-400", times=2)
    standin.fault("html-502", times=1)
    standin.fault("unavailable", operation="projects")
    assert [client.specs().status for _attempt in range(2)] == [502, 200]
    assert [client.request("GET", "/v3/projects").status for _attempt in range(2)] == [503, 503]
    standin.clear()
    assert client.request("GET", "/v3/projects").status == 401


def test_faults_in_the_address(client, standin):
    def status(address, headers=None):
        return client.request("GET", f"{address}/v1/{standin.account['project_id']}/job/resource-specs", None, headers)

    token = {"X-Auth-Token": client.token()}
    assert [status("/fault/failed-400/a", token).status for _attempt in range(3)] == [400] * 3
    assert [status("/fault/html-502:2/a", token).status for _attempt in range(3)] == [502, 502, 200]
    assert status("/fault/html-502:2/b", token).status == 502
    assert status("/fault/none/a", token).status == 200
    assert status("/fault/none/a").status == 401
    assert status("/fault/unknown/a", token).status == 400
    assert client.request("POST", "/fault/iam-401/a/v3/auth/tokens", {}).status == 401
    # What is in the address goes before what was ordered.
    standin.fault("unavailable")
    assert status("/fault/failed-400/a", token).status == 400
    logged = standin.requests()
    assert {request["operation"] for request in logged} == {"tokens", "resource-specs"}
    assert [request["path"].split("/")[2] for request in logged[1:4]] == ["failed-400"] * 3
    standin.clear()
    assert status("/fault/html-502:2/a", token).status == 502


def test_a_signature_covers_the_fault_in_the_address(client, standin):
    path = f"/fault/none/a/v1/{standin.account['project_id']}/job/resource-specs"
    assert client.request("GET", path, headers=client.sign(path)).status == 200


def test_faults_of_the_command_line(start):
    with start("--fault", "failed-500:2", "--fault", "empty:1", "--fault", "iam-401:1@tokens") as client:
        assert client.login().status == 401
        assert [len(client.specs().content) > 0 for _attempt in range(4)] == [True, True, False, True]
        assert [request["status"] for request in client.standin.requests()[2::2]] == [500, 500, 200, 200]
