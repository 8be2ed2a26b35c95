# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signatures that are refused. The unit tests of the collection sign those that are accepted."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone


def _ago(minutes):
    return datetime.now(timezone.utc) - timedelta(minutes=minutes)


def test_signature_refused(client, standin):
    project_id = standin.account["project_id"]
    path = f"/v1/{project_id}/job/resource-specs"
    good = client.sign(path)
    lacking_date = {name: value for name, value in good.items() if name != "x-sdk-date"}
    only_host = {**good, "authorization": good["authorization"].replace("host;x-sdk-date", "host")}
    lacking_header = {**good, "authorization": good["authorization"].replace("x-sdk-date", "x-lost;x-sdk-date")}
    cases = [
        (client.sign(path, access_key="UNKNOWN"), "ak UNKNOWN not exist"),
        (client.sign(path, secret_key="wrong"), f"canonicalRequest:GET|/v1/{project_id}/job/resource-specs/||host:"),
        (client.sign(path + "?a=b"), "verify aksk signature fail"),
        (client.sign(path, when=_ago(16)), "signature expired"),
        (client.sign(path, when=_ago(-16)), "signature expired"),
        (lacking_date, "x-sdk-date format error"),
        (only_host, "x-sdk-date is not signed"),
        (lacking_header, "signed header x-lost is missing"),
        ({"authorization": "SDK-HMAC-SHA256 nonsense"}, "format error"),
    ]
    for headers, message in cases:
        answer = client.request("GET", path, headers=headers)
        assert (answer.status, answer.json["error_code"]) == (401, "APIGW.0301"), message
        assert message in answer.json["error_msg"]
        assert answer.json["request_id"] == answer.headers["X-Request-Id"]


def test_echo_holds_signed_headers_only(client, standin):
    path = f"/v1/{standin.account['project_id']}/job/resource-specs"
    signed = client.sign(path, secret_key="wrong", **{"x-signed": "in the echo"})
    message = client.request("GET", path, headers={**signed, "x-other": "kept out"}).json["error_msg"]
    assert "x-signed:in the echo|" in message
    assert "kept out" not in message


def test_signed_for_another_project(client, standin):
    account = standin.account
    other = f"/v1/{account['other_project_id']}/job/resource-specs"
    assert client.request("GET", other, headers=client.sign(other)).status == 200
    headers = {**client.sign(other), "x-project-id": account["project_id"]}
    assert client.request("GET", other, headers=headers).json["error_code"] == "ModelArts.0210"
    unknown = "/v1/unknown/job/resource-specs"
    assert client.request("GET", unknown, headers=client.sign(unknown)).status == 403


def test_five_wrong_signatures_lock_the_key(client, standin):
    path = f"/v1/{standin.account['project_id']}/job/resource-specs"
    for _each in range(5):
        answer = client.request("GET", path, headers=client.sign(path, secret_key="wrong"))
        assert "verify aksk signature fail" in answer.json["error_msg"]
    for secret_key in ("wrong", None):
        answer = client.request("GET", path, headers=client.sign(path, secret_key=secret_key))
        assert (answer.status, "the AK is locked" in answer.json["error_msg"]) == (401, True)
    standin.unlock()
    assert client.request("GET", path, headers=client.sign(path)).status == 200
