# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer is taken to say."""

from __future__ import annotations

import base64
import json
import typing as t
from urllib.parse import quote, quote_plus

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import answers
from ansible_collections.community.modelarts.plugins.module_utils.errors import AnswerError, ServiceError
from ansible_collections.community.modelarts.plugins.module_utils.secrets import Secrets
from ansible_collections.community.modelarts.tests.unit.conftest import sample

# As long as a real token is, and with characters that JSON or a URL escapes.
SECRET = "begin-of-secret" + '"/+ ' + "y" * 2000 + "end-of-secret"


def read(body: t.Any, status: int = 200, **headers: str) -> t.Any:
    """Read an answer with this body: bytes as they are, anything else as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return answers.read(answers.Answer("Cannot test at host", status, headers, raw, Secrets([SECRET])))


def failure(body: t.Any, status: int, **headers: str) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        read(body, status, **headers)
    assert str(caught.value).startswith(f"Cannot test at host: HTTP {status}")
    return caught.value


@pytest.mark.parametrize("name", ["rs_doc_failed_error_message", "rs_doc_failed_error_msg_variant"])
@pytest.mark.parametrize("status", [200, 400, 403, 500])
def test_is_success_false_is_a_failure_with_any_status(name: str, status: int) -> None:
    error = failure(sample(name), status)
    assert (error.error_code, error.error_message, error.http_status) == ("ModelArts.0105", "Error string", status)


@pytest.mark.parametrize(
    ("name", "status", "code", "request_id"),
    [
        ("err_apigw_0101_api_gone", 404, "APIGW.0101", "******"),
        ("err_apigw_0301_ak_not_exist", 401, "APIGW.0301", "8080d377bffeb6d519b0567c09cebe6b"),
        ("err_apigw_0308_throttled", 429, "APIGW.0308", "c50619de20b0e70590f57a99dbed044f"),
    ],
)
def test_a_flat_gateway_body(name: str, status: int, code: str, request_id: str) -> None:
    body = sample(name)
    error = failure(body, status)
    assert error.result() == {
        "msg": str(error),
        "error_code": code,
        "error_message": body["error_msg"],
        "http_status": status,
        "request_id": request_id,
    }
    assert code in str(error)
    assert request_id in str(error)


@pytest.mark.parametrize("name", ["err_iam_401_documented", "err_iam_401_keystone_style"])
def test_a_keystone_body(name: str) -> None:
    error = failure(sample(name), 401, **{"x-request-id": "req-1"})
    assert error.error_message == sample(name)["error"]["message"]
    assert error.request_id == "req-1"
    assert "not tried again" in str(error)


@pytest.mark.parametrize(
    "body", [b"<html>Bad Gateway</html>", b"", b"[]", b"null", b'{"error": "text"}', b'{"error_code": {}}', b"\xff\xfe"]
)
def test_a_failure_without_a_reason_says_what_is_known(body: bytes) -> None:
    error = failure(body, 502)
    assert error.result() == {"msg": str(error), "http_status": 502}
    assert "no reason given" in str(error)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "the body is empty"),
        (b"  \n", "the body is empty"),
        (b"<html>hello</html>", "not JSON .*; it begins '<html>hello"),
        (b'{"specs": [', "not JSON"),
        (b'{"specs": NaN}', "NaN is not a JSON number"),
        (b'{"specs": -Infinity}', "-Infinity is not a JSON number"),
        (b'{"x": "\xff"}', "not UTF-8"),
        (b'{"x": "\\ud800"}', "not UTF-8"),
        (b"[" * 200_000, "nests too deep"),
        (b"1" * 10_000, "not JSON"),
    ],
)
def test_what_is_not_json_is_said_clearly(body: bytes, problem: str) -> None:
    with pytest.raises(AnswerError, match=f"HTTP 200, but the answer is not what the API documents: .*{problem}"):
        read(body)


def test_a_byte_order_mark_does_not_matter() -> None:
    assert read(b'\xef\xbb\xbf{"specs": []}') == {"specs": []}


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_failure(status: int) -> None:
    assert "give the final address" in str(failure(b"", status, location="https://elsewhere.test"))


def test_a_message_without_end_is_cut() -> None:
    error = failure({"error_code": "APIGW.0301", "error_msg": "x" * 10_000}, 401)
    assert len(str(error)) < 1000


@pytest.mark.parametrize(
    ("status", "code", "hint"),
    [
        (401, "ModelArts.0203", "get a new one"),
        (200, "ModelArts.0205", "get a new one"),
        (401, "APIG.0301", "clock"),
        (400, None, "check the options"),
        (403, "ModelArts.0210", "project_id"),
        (403, "ModelArts.0112", "permission"),
        (200, "ModelArts.0210", "project_id"),
        (400, "ModelArts.0206", "access_key"),
        (200, "ModelArts.0108", "permission"),
        (404, "APIGW.0101", "publish"),
        (404, None, "the address is not that of the service"),
        (429, "ModelArts.9999", "throttling"),
        (200, "ModelArts.2799", "throttling"),
        (403, "IAM.0012", "throttling"),
        (500, "ModelArts.0105", "give its support the request id"),
        (503, None, "later"),
    ],
)
def test_what_to_do_next_is_said(status: int, code: str | None, hint: str) -> None:
    assert hint in str(failure({"error_code": code, "error_msg": "No."}, status))


@pytest.mark.parametrize(
    "body",
    [
        {"error_code": "APIGW.0301", "error_msg": f"canonical request: {SECRET}"},
        {"error_code": "APIGW.0301", "error_msg": "x" * 490 + SECRET},
        {"error": {"message": base64.b64encode(SECRET.encode()).decode()}},
        *[{"error_msg": base64.b64encode(f"{' ' * before}{SECRET} and more".encode()).decode()} for before in range(3)],
        {"error_msg": base64.urlsafe_b64encode(SECRET.encode()).decode()},
        {"error_msg": f"?token={quote(SECRET)}"},
        {"error_msg": f"?token={quote_plus(SECRET)}"},
        f"<p>{SECRET}".encode(),
        json.dumps([SECRET]).encode(),
        f"<a href='?token={quote(SECRET, safe='')}'>".encode(),
    ],
)
def test_a_secret_is_hidden_before_it_is_cut(body: t.Any) -> None:
    told = str(failure(body, 502).result())
    for part in (b"begin-of-secret", b"yyyyyy"):
        assert part.decode() not in told
        assert base64.b64encode(part).decode() not in told
    assert "********" in told


@pytest.mark.parametrize(
    "body",
    [
        {"error_code": "APIGW.0301", "error_msg": "No.", "request_id": "req-1"},
        {"is_success": "false", "error_code": "APIGW.0301", "error_message": "No.", "request_id": "req-1"},
    ],
)
def test_a_failure_with_status_200_in_any_spelling(body: dict[str, t.Any]) -> None:
    error = failure(body, 200)
    assert (error.error_code, error.error_message, error.request_id) == ("APIGW.0301", "No.", "req-1")


def test_what_ansible_could_not_walk_through_is_refused() -> None:
    assert read(b'{"a":' * 100 + b"1" + b"}" * 100)
    with pytest.raises(AnswerError, match="nests more than 100 levels"):
        read(b'{"a":' * 101 + b"1" + b"}" * 101)


def test_a_wait_that_is_too_long_is_named() -> None:
    told = str(failure(b"", 429, **{"retry-after": "86400"}))
    assert "asks to wait 86400 seconds, longer than the 60 that are waited here" in told
    assert "raise retries" not in told
