# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a response says: a document, or a failure with its code, message and advice."""

from __future__ import annotations

import base64
import html
import json
import typing as t
from urllib.parse import quote, quote_plus

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import _response
from ansible_collections.community.modelarts.plugins.module_utils._errors import ResponseError, ServiceError
from ansible_collections.community.modelarts.tests.unit.conftest import sample

# As long as a real token is, and with characters that JSON, HTML or a URL escapes.
SECRET = "begin-of-secret" + '"/+ &<b>' + "y" * 2000 + "end-of-secret"


def read(body: t.Any, status: int = 200, **headers: str) -> t.Any:
    """Read a response with this body: bytes as they are, anything else as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    redactor = _response.Redactor([SECRET])
    return _response.read(_response.Response("Cannot test at host", status, headers, raw, redactor))


def failure(body: t.Any, status: int, **headers: str) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        read(body, status, **headers)
    assert str(caught.value).startswith(f"Cannot test at host: HTTP {status}")
    return caught.value


@pytest.mark.parametrize("status", [202, 204])
def test_an_empty_body_is_no_document(status: int) -> None:
    assert read(b" \n", status) is None


def test_a_byte_order_mark_does_not_matter() -> None:
    assert read(b'\xef\xbb\xbf{"specs": []}') == {"specs": []}


@pytest.mark.parametrize("document", [{"is_success": True, "error_code": "x", "error": {"code": 1}}, {"error": {}}, []])
def test_a_success_is_a_document(document: t.Any) -> None:
    assert read(document) == document


@pytest.mark.parametrize(
    ("body", "status", "code", "message"),
    [
        (sample("rs_doc_failed_error_message"), 200, "ModelArts.0105", "Error string"),
        (sample("rs_doc_failed_error_msg_variant"), 400, "ModelArts.0105", "Error string"),
        (sample("err_apigw_0101_api_gone"), 404, "APIGW.0101", sample("err_apigw_0101_api_gone")["error_msg"]),
        (sample("err_apigw_0308_throttled"), 429, "APIGW.0308", sample("err_apigw_0308_throttled")["error_msg"]),
        *(
            (sample(name), 401, "401", sample(name)["error"]["message"])
            for name in ("err_iam_401_documented", "err_iam_401_keystone_style")
        ),
        ({"error_code": "APIGW.0301", "error_msg": "No."}, 200, "APIGW.0301", "No."),
        ({"is_success": "false", "error_code": "x.1", "error_message": "No."}, 200, "x.1", "No."),
        ({"is_success": False, "error_msg": "No code."}, 200, None, "No code."),
        ({"error": {"code": "ModelArts.0210", "message": "No."}}, 200, "ModelArts.0210", "No."),
        ({"error": {"title": "Unauthorized"}}, 401, None, "Unauthorized"),
        ({"badRequest": {"message": "No.", "code": 400}}, 400, "400", "No."),
    ],
)
def test_code_and_message_in_each_shape(body: t.Any, status: int, code: str | None, message: str) -> None:
    error = failure(body, status)
    assert (error.error_code, error.error_message, error.http_status) == (code, message, status)
    assert message.rstrip(".") in str(error)
    assert code in (None, str(status)) or code in str(error)


def test_the_request_id_is_of_body_or_headers() -> None:
    for error in (failure({"request_id": "req-1"}, 403), failure(b"", 403, **{"x-request-id": "req-1"})):
        assert error.request_id == "req-1"
        assert str(error).endswith("Request ID: req-1.")


@pytest.mark.parametrize(
    "body", [b"<html>Bad Gateway</html>", b"", b"[]", b"null", b'{"error": "text"}', b'{"error_code": {}}', b"\xff\xfe"]
)
def test_a_failure_without_a_reason_says_what_is_known(body: bytes) -> None:
    error = failure(body, 502)
    assert error.result() == {"msg": str(error), "http_status": 502}
    assert "no reason given" in str(error)


@pytest.mark.parametrize(
    ("body", "start"),
    [
        (
            b"<!DOCTYPE html>\n<title>502 Bad\nGateway</title><style>x</style><!-- <p>no --><h1>R&amp;D is down",
            "502 Bad Gateway R&D is down",
        ),
        (b"<html></html>", "<html></html>"),
        (b"x" * 100, "x" * 80),
        (b"a < b > c", "a < b > c"),
    ],
)
def test_an_excerpt_of_html_is_its_text(body: bytes, start: str) -> None:
    assert f"no reason given; the body begins {start!r}." in str(failure(body, 502))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "the body is empty"),
        (b"  \n", "the body is empty"),
        (b"<html>hello</html>", "not JSON .*; it begins 'hello'"),
        (b'{"specs": [', "not JSON"),
        (b'{"specs": NaN}', "NaN is not a JSON number"),
        (b'{"specs": -Infinity}', "-Infinity is not a JSON number"),
        (b'{"x": "\xff"}', "not UTF-8"),
        (b'{"x": "\\ud800"}', "not UTF-8"),
        (b"[" * 200_000, "nests too deep"),
        (b'{"a":' * 101 + b"1" + b"}" * 101, "nests more than 100 levels"),
        (b"1" * 10_000, "not JSON"),
    ],
)
def test_an_invalid_document_is_described(body: bytes, problem: str) -> None:
    with pytest.raises(ResponseError, match=f"HTTP 200, unexpected response: .*{problem}.*Check that this is the addr"):
        read(body)
    assert read(b'{"a":' * 100 + b"1" + b"}" * 100)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_failure(status: int) -> None:
    assert "give the final address" in str(failure(b"", status, location="https://elsewhere.test"))


def test_a_short_secret_does_not_change_a_code() -> None:
    """What is done next depends on the code, and it is none of the user's values."""
    body = b'{"error_code": "ModelArts.2775", "error_msg": "Job 75 not found"}'
    with pytest.raises(ServiceError) as caught:
        _response.read(_response.Response("Cannot show", 400, {}, body, _response.Redactor(["5", "75"])))
    assert caught.value.error_code == "ModelArts.2775"
    assert "75" not in str(caught.value.error_message)


def test_a_message_without_end_is_cut() -> None:
    assert len(str(failure({"error_code": "APIGW.0301", "error_msg": "x" * 10_000}, 401))) < 1000


@pytest.mark.parametrize(
    ("status", "code", "hint"),
    [
        (401, "ModelArts.0203", "get a new one"),
        (200, "ModelArts.0205", "get a new one"),
        (401, "APIG.0301", "clock"),
        (401, "401", "not retried"),
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
        (500, "ModelArts.0105", "give its support the request ID"),
        (503, None, "later"),
    ],
)
def test_the_message_says_what_to_do_next(status: int, code: str | None, hint: str) -> None:
    assert hint in str(failure({"error_code": code, "error_msg": "No."}, status))


@pytest.mark.parametrize(
    ("status", "code", "refused"),
    [
        (401, None, True),
        (200, "ModelArts.0205", True),
        (403, "ModelArts.0212", True),
        (403, "ModelArts.0210", False),
        (200, "ModelArts.0206", False),
        (500, None, False),
    ],
)
def test_which_failures_refuse_the_token(status: int, code: str | None, refused: bool) -> None:
    assert _response.refuses_token(ServiceError("", http_status=status, error_code=code).result()) is refused


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
        f"<p>{html.escape(SECRET)}".encode(),
        f"<p>{''.join(f'&#{ord(character)};' for character in SECRET)}".encode(),
        json.dumps([SECRET]).encode(),
        f"<a href='?token={quote(SECRET, safe='')}'>".encode(),
    ],
)
def test_a_secret_is_hidden_before_text_is_cut(body: t.Any) -> None:
    shown = str(failure(body, 502).result())
    for part in (b"begin-of-secret", b"yyyyyy"):
        assert part.decode() not in shown
        assert base64.b64encode(part).decode() not in shown
    assert "********" in shown
