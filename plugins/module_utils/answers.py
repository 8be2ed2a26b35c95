# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer says: its JSON, or the failure in any of the spellings that IAM, ModelArts and their gateway use."""

from __future__ import annotations

import json
import re
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils.errors import AnswerError, ServiceError

# A message longer than this many characters is cut: some gateways echo the whole request.
LONGEST_MESSAGE = 500


class Answer(t.NamedTuple):
    """A whole HTTP answer: to what, status, headers by lower-case name, body after decompression.

    ``where`` begins each message about it: the operation and the host.
    """

    where: str
    status: int
    headers: dict[str, str]
    body: bytes


class Failure(t.NamedTuple):
    """What a failed answer is known to say; None where it does not say."""

    error_code: str | None
    error_message: str | None
    request_id: str | None


def read(answer: Answer) -> t.Any:
    """The JSON document of a successful answer.

    Raises ServiceError if the answer is a failure (whatever its HTTP status: ModelArts is met answering
    ``is_success: false`` with 200), AnswerError if it is no JSON.
    """
    document: t.Any = None
    problem: str | None = None
    try:
        document = decode(answer.body)
    except ValueError as error:
        problem = str(error)
    said_no = isinstance(document, dict) and document.get("is_success") is False
    if answer.status >= 300 or said_no:
        failure = find_failure(document, answer.headers)
        raise ServiceError(
            describe(answer, failure),
            error_code=failure.error_code,
            error_message=failure.error_message,
            http_status=answer.status,
            request_id=failure.request_id,
        )
    if problem:
        raise undocumented(answer, f"{problem}; it begins {excerpt(answer.body)!r}")
    return document


def undocumented(answer: Answer, what: str) -> AnswerError:
    """The error for an answer that succeeded, yet is not of the documented shape; ``what`` is wrong with it."""
    return AnswerError(
        f"{answer.where}: HTTP {answer.status}, but the answer is not what the API documents: {what}. "
        "Check that this is the address of the service",
        http_status=answer.status,
        request_id=find_failure(None, answer.headers).request_id,
    )


def decode(body: bytes) -> t.Any:
    """``body`` as strict JSON in UTF-8, with or without a byte order mark. Raises ValueError that says what is off."""
    if not body.strip():
        raise ValueError("the body is empty")
    try:
        document = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
        # Ansible writes results as UTF-8, in which half a surrogate pair has no place.
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise ValueError(f"the body is not UTF-8 ({error.reason})") from error
    except RecursionError as error:
        raise ValueError("the body nests too deep") from error
    except ValueError as error:
        raise ValueError(f"the body is not JSON ({error})") from error
    return document


def _refuse_constant(name: str) -> t.NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def find_failure(document: t.Any, headers: t.Mapping[str, str]) -> Failure:
    """Code, message and request id of a failed answer, from any of the three spellings of its body and its headers.

    ModelArts: ``error_code`` with ``error_message`` or ``error_msg``; the gateway: the same, flat, with ``request_id``;
    IAM: Keystone's ``error`` with ``code``, ``message`` and ``title``, or ``error_code`` and ``error_msg``.
    """
    body: dict[str, t.Any] = document if isinstance(document, dict) else {}
    error = body.get("error")
    nested: dict[str, t.Any] = error if isinstance(error, dict) else {}
    code = _first_text(body, "error_code", "code") or _first_text(nested, "error_code", "code")
    message = _first_text(body, "error_message", "error_msg", "message") or _first_text(
        nested, "error_message", "error_msg", "message", "title"
    )
    request_id = _first_text(body, "request_id") or headers.get("x-request-id") or None
    return Failure(code, message, request_id)


def _first_text(body: t.Mapping[str, t.Any], *names: str) -> str | None:
    for value in (body.get(name) for name in names):
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return shorten(str(value).strip())
    return None


def describe(answer: Answer, failure: Failure) -> str:
    """One sentence on a failed answer: the operation and host, status, code, message, advice, request id."""
    code = "" if failure.error_code in (None, str(answer.status)) else f", {failure.error_code}"
    message = failure.error_message or f"no reason given; the body begins {excerpt(answer.body)!r}"
    text = f"{answer.where}: HTTP {answer.status}{code}: {message.rstrip('.')}."
    hint = advice(answer.status, failure.error_code)
    if hint:
        text += f" {hint}."
    if failure.request_id:
        text += f" Request id: {failure.request_id}."
    return text


# What to do next, by the status and a pattern that the code matches from its start; the first that fits is taken.
# The codes are those of the pages "Error Codes" of ModelArts, IAM and API Gateway.
ADVICE: tuple[tuple[int, str, str], ...] = (
    (401, r"ModelArts\.", "The token is missing, expired, or not scoped to a project: get a new one"),
    (
        401,
        r"API(GW?|C)\.",
        (
            "Check access_key, secret_key or token, and this machine's clock (15 minutes off are too many). "
            "This is not tried again, as failed signatures lock the key"
        ),
    ),
    (
        401,
        r"",
        (
            "Check user, domain, password and project, or the token. "
            "This is not tried again, as failed logins lock the user"
        ),
    ),
    (403, r"ModelArts\.0210", "project_id is not the project of the token or key: give the one it belongs to"),
    (403, r"ModelArts\.0206", "Check access_key and secret_key"),
    (403, r"", "The user may lack the permission for ModelArts in this project"),
    (404, r"", "This site may not publish the API, or endpoint is not the address of ModelArts"),
    (429, r"", "The service is throttling: ask less often, or raise retries"),
    (502, r"", "The service or a proxy before it is down: try again later"),
    (503, r"", "The service is not available: try again later"),
    (504, r"", "The service or a proxy before it took too long: try again later"),
)


def advice(status: int, error_code: str | None) -> str | None:
    """What the user can do about a failure, where that is known."""
    if 300 <= status < 400:
        return "The address redirects elsewhere, where no credential is sent: give the final address"
    for known_status, pattern, hint in ADVICE:
        if status == known_status and re.match(pattern, error_code or ""):
            return hint
    return None


def excerpt(body: bytes) -> str:
    """The start of a body that could not be read, on one line."""
    return " ".join(body[:200].decode("utf-8", errors="replace").split())[:80]


def shorten(text: str) -> str:
    """``text`` cut to ``LONGEST_MESSAGE`` characters."""
    return text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + " ..."
