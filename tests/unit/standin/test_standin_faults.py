# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each fault does what its name says."""

from __future__ import annotations

import gzip
import json
import socket
import zlib
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
        ("project-mismatch", 403, {"error_code": "ModelArts.0210"}),
        ("forbidden", 403, {"error_code": "ModelArts.0108"}),
        ("bad-key", 403, {"error_code": "ModelArts.0206"}),
        ("bad-request", 400, {"badRequest": {"message": "The project is frozen.", "code": 400}}),
        ("error-200", 200, {"error": {"code": "ModelArts.0108", "message": "Insufficient permissions."}}),
        ("token-200", 200, {"is_success": False, "error_code": "ModelArts.0205"}),
        ("error-500", 500, {"error_code": "APIGW.0201"}),
        ("html-doctype", 502, b"<!DOCTYPE html"),
        ("lost-502", 502, b"<!DOCTYPE html"),
        ("lost-504", 504, {"error_code": "APIGW.0201"}),
        ("iam-401", 401, "err_iam_401_documented"),
        ("iam-401-keystone", 401, "err_iam_401_keystone_style"),
        ("gateway-no-such-key", 401, {"error_code": "APIGW.0301"}),
        ("gateway-not-published", 404, {"error_code": "APIGW.0101"}),
        ("gateway-throttled", 429, {"error_code": "APIGW.0308"}),
        ("throttled-retry-after", 429, {"error_code": "APIGW.0308"}),
        ("throttled-retry-date", 429, {"error_code": "APIGW.0308"}),
        ("throttled-retry-long", 429, {"error_code": "APIGW.0308"}),
        ("html-502", 502, b"<html>"),
        ("unavailable", 503, b"Service Unavailable"),
        ("gateway-timeout", 504, {"error_code": "APIGW.0201"}),
        ("gzip-broken", 200, b'{"specs": '),
        ("byte-order-mark", 200, b'\xef\xbb\xbf{"specs": '),
        ("utf-16", 200, b"\xff\xfe{\0"),
        ("not-a-number", 200, b'{"specs": [{"core": NaN}]'),
        ("nested", 200, b"[" * 200_000 + b"]"),
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


def test_compressed(client, standin, sample):
    standin.fault("gzip")
    assert json.loads(gzip.decompress(client.specs().content))["specs"] == sample("rs_doc_two_specs_cpu_v100")["specs"]
    standin.fault("gzip-bomb")
    bomb = client.specs()
    assert bomb.headers["Content-Encoding"] == "gzip"
    standin.fault("gzip-in-gzip")
    double = client.specs()
    assert double.headers["Content-Encoding"] == "gzip, gzip"
    assert gzip.decompress(double.content) == bomb.content
    # Of 64 parts.
    part = zlib.decompressobj(wbits=31)
    assert 64 * len(part.decompress(bomb.content)) == 2 * 1024**3
    assert len(part.unused_data) * 64 == len(bomb.content) * 63


def test_latin_1(client, standin):
    standin.fault("latin-1")
    content = client.specs().content
    assert json.loads(content.decode("latin-1"))["region"] == "Zürich"
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")


def begin(client, standin, name):
    """Order a fault and read the head of an answer; gives the connection and the head."""
    standin.fault(name, times=1)
    connection = socket.create_connection(client.host.split(":"), timeout=10)
    path = f"/v1/{standin.account['project_id']}/job/resource-specs"
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {client.host}\r\n\r\n".encode())
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1)
    return connection, head.decode()


def test_drip(client, standin):
    connection, _head = begin(client, standin, "drip")
    with connection:
        assert [connection.recv(100) for _byte in range(3)] == [b" "] * 3


def test_huge(client, standin):
    connection, head = begin(client, standin, "huge")
    with connection:
        assert f"Content-Length: {2 * 1024**3}\r\n" in head
        assert connection.recv(100) == b" " * 100


def test_negative_chunk(client, standin):
    connection, head = begin(client, standin, "negative-chunk")
    with connection, connection.makefile("rb") as stream:
        assert "Transfer-Encoding: chunked\r\n" in head
        assert stream.readline() == b"-1\r\n"
        # More than the 32 MiB that a client may take in.
        assert len(stream.read(40 * 1024**2)) == 40 * 1024**2


@pytest.mark.parametrize(("name", "error"), [("lost", ConnectionResetError), ("lost-hang", socket.timeout)])
def test_lost_responses(client, standin, jobs, body, name, error):
    standin.fault(name, times=1, operation="create-job")
    data = json.dumps(body()).encode()
    path = f"/v2/{standin.account['project_id']}/training-jobs"
    head = "\r\n".join(f"{key}: {value}" for key, value in jobs.headers.items())
    with socket.create_connection(client.host.split(":"), timeout=0.5) as connection:
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


def test_truncated(client, standin):
    connection, head = begin(client, standin, "truncated")
    with connection, connection.makefile("rb") as stream:
        length = int(head.partition("Content-Length: ")[2].partition("\r\n")[0])
        assert 0 < len(stream.read()) < length


def test_reset_in_body(client, standin):
    connection, _head = begin(client, standin, "reset-in-body")
    with connection:
        assert connection.recv(1)
        with pytest.raises(ConnectionResetError):
            while connection.recv(100):
                pass


def test_redirect(client, standin):
    connection, head = begin(client, standin, "redirect")
    connection.close()
    assert head.startswith("HTTP/1.1 307 ")
    port = client.host.partition(":")[2]
    assert f"Location: http://localhost:{port}/redirected/v1/" in head


def test_echo(client, standin):
    token = {"X-Auth-Token": "some/token"}
    forms = {"": "X-Auth-Token:some/token", "-base64": "canonicalRequest:R0VU", "-url": "X-Auth-Token%3Asome/token"}
    for form, repeated in forms.items():
        standin.fault(f"echo{form}", times=1)
        answer = client.request("GET", "/v1/x/job/resource-specs", headers=token)
        assert (answer.status, answer.json["error_code"]) == (401, "APIGW.0301")
        assert repeated in answer.json["error_msg"]
    standin.fault("echo", times=1, operation="tokens")
    assert f'"password": "{standin.account["password"]}"' in client.login().json["error_msg"]


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
