# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options, start and end."""

from __future__ import annotations

import http.client
import json
import os
import signal
import time

import pytest


def test_throttle(start):
    with start("--throttle", "2/1") as client:
        headers = {"X-Auth-Token": client.token()}
        answers = [client.specs(headers=headers) for _attempt in range(3)]
        assert [answer.status for answer in answers] == [200, 200, 429]
        assert answers[2].json["error_code"] == "APIGW.0308"
        assert answers[2].json["error_msg"].endswith("policy ip over ratelimit,limit:2,time:1 second")
        assert "Retry-After" not in answers[2].headers
        # The other operations have windows of their own, and nothing is lost of this one.
        assert client.login().status == 201
        assert client.standin.counts()["resource-specs"] == 3
        time.sleep(1)
        assert client.specs(headers=headers).status == 200


def test_token_lifetime(start):
    with start("--token-lifetime", "0.000001") as client:
        headers = {"X-Auth-Token": client.token()}
        assert client.specs(headers=headers).json["error_code"] == "ModelArts.0205"


@pytest.mark.parametrize("wrap", [lambda specs: specs, lambda specs: {"specs": specs}], ids=["list", "object"])
def test_specs_file(start, tmp_path, wrap):
    path = tmp_path / "specs.json"
    path.write_text(json.dumps(wrap([{"spec_id": 7}])), encoding="utf-8")
    with start("--specs", str(path)) as client:
        assert client.specs("?job_type=train").json["specs"] == [{"spec_id": 7}]


def test_verbose_shows_no_credential(start):
    with start("--verbose") as client:
        standin = client.standin
        client.specs()
        log = standin.stderr()
        assert f"GET /v1/{standin.account['project_id']}/job/resource-specs 200" in log
        assert standin.account["password"] not in log
        assert "stand-in-token" not in log


def test_keep_alive(client):
    connection = http.client.HTTPConnection(client.host, timeout=10)
    connection.connect()
    first = connection.sock
    for path in ("/v3", "/nothing", "/v3"):
        connection.request("GET", path)
        connection.getresponse().read()
        assert connection.sock is first
    connection.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_clean_exit(start, number):
    with start() as client:
        standin = client.standin
        client.specs()
        os.kill(standin.pid, number)
        assert standin._process.wait(5) == 0
        assert standin.stderr() == ""


def test_ends_with_its_launcher(start):
    with start() as client:
        client.standin._process.stdin.close()
        assert client.standin._process.wait(5) == 0


def test_starts_from_anywhere(start, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with start() as client:
        assert client.standin.auth_url == client.standin.url + "/v3"
        assert client.login().status == 201


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--fault", "unknown"), "unknown fault 'unknown'"),
        (("--fault", "empty:x"), r"is not NAME\[:TIMES\]\[@OPERATION\]"),
        (("--throttle", "many"), "--throttle"),
        (("--specs", "/nonexistent"), "nonexistent"),
        (("--keystone", "/nonexistent"), "nonexistent"),
        (("--keystone", os.devnull), "No module named 'keystonemiddleware'"),
    ],
)
def test_bad_command_line(start, arguments, message):
    with pytest.raises(RuntimeError, match=message), start(*arguments):
        pass
