# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses: a JSON document or an error with advice; secrets in quotations are hidden.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import base64
import json
import re
import typing as t
from urllib.parse import quote, quote_plus

from ansible_collections.community.modelarts.plugins.module_utils._errors import ResponseError, ServiceError, shorten

MASK = "********"

# Shorter parts would match unrelated text.
SHORTEST_PART = 4


class Redactor:
    """Hides secrets in text, in plain form and in the encodings used in requests."""

    def __init__(self, values: t.Iterable[str] = ()) -> None:
        self._forms: set[str] = set()
        for value in values:
            self.add(value)

    def add(self, value: str) -> None:
        """Hide ``value`` from now on."""
        quoted = (quote(value), quote(value, safe=""), quote_plus(value))
        escaped = (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
        self._forms.update(form for form in (value, *quoted, *escaped, *_in_base64(value.encode("utf-8"))) if form)

    def hide(self, text: str) -> str:
        """Replace the secrets in ``text``. Apply it before cutting the text, or a part of a secret may remain."""
        # Longer forms first: one may hold another.
        for form in sorted(self._forms, key=len, reverse=True):
            text = text.replace(form, MASK)
        return text


def _in_base64(value: bytes) -> t.Iterator[str]:
    """Encode ``value`` in base64: alone, and as part of longer text, which differs by its position modulo 3.

    Characters that hold bits of a neighbour are left out.
    """
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(value).decode("ascii").rstrip("=")
        for before in range(3):
            encoded = encode(bytes(before) + value).decode("ascii")
            piece = encoded[(before * 8 + 5) // 6 : (before + len(value)) * 8 // 6]
            if len(piece) >= SHORTEST_PART:
                yield piece


# Names of fields that hold credentials. Patterns are compiled when they are used, since each module is a new process.
_CREDENTIAL = (
    r"(?i)passw|passphrase|passcode|secret|token|credential|authorization|(^|[-_])(ak|sk|pwd)$"
    r"|(access|api|auth|encryption|private|security)[-_]?key"
)


def mask(value: t.Any, found: set[str] | None = None, is_secret: bool = False) -> t.Any:
    """Return a copy of a body or a job without credentials: all of ``environments``, and fields named like one.

    Parameters are pairs of ``name`` or ``label`` and ``value``; the API can mark its own as sensitive. Hidden
    values are added to ``found``.
    """
    if isinstance(value, dict):
        label, constraint = f"{value.get('name')} {value.get('label')}", value.get("constraint")
        is_sensitive = isinstance(constraint, dict) and constraint.get("sensitive") is True
        secret_keys = {"environments", "value"} if is_sensitive or re.search(_CREDENTIAL, label) else {"environments"}
        return {
            key: mask(field, found, is_secret or key in secret_keys or bool(re.search(_CREDENTIAL, str(key))))
            for key, field in value.items()
        }
    if isinstance(value, list):
        return [mask(item, found, is_secret) for item in value]
    if not is_secret or value in (None, ""):
        return value
    if found is not None:
        found.add(str(value))
    return MASK


# A message longer than this many characters is cut: some gateways echo the whole request.
LONGEST_MESSAGE = 500

# Bytes of an unreadable body to redact before quoting the start of it, and characters of that start.
LONGEST_SEARCHED = 64 * 1024
LONGEST_EXCERPT = 80

# Parts that are removed from an excerpt of HTML.
_MARKUP = r"(?si)<!--.*?-->|<(script|style)\b.*?</\1\s*>|<[^>]*>"

# A spec is an object in a list in an object; related responses nest a few levels more.
DEEPEST = 100


class Response(t.NamedTuple):
    """A complete HTTP response: status, headers by lower-case name, body after decompression.

    ``where`` begins each message about it: the operation and the host. ``redactor`` hides secrets in what is quoted
    from it, and ``advice`` replaces the usual advice of a failure.
    """

    where: str
    status: int
    headers: dict[str, str]
    body: bytes
    redactor: Redactor
    advice: str | None = None


# A response and its document.
Exchange = tuple[Response, t.Any]


class Failure(t.NamedTuple):
    """The known fields of a failed response; None if absent."""

    error_code: str | None
    error_message: str | None
    request_id: str | None


def read(response: Response) -> t.Any:
    """Return the JSON document of a successful response; None for the empty body of a 202 or 204.

    Raises ServiceError if the response is a failure, ResponseError if it is not JSON. ModelArts may report failures
    with HTTP 200.
    """
    document: t.Any = None
    problem: str | None = None
    if response.status in (202, 204) and not response.body.strip():
        return None
    try:
        document = decode(response.body)
    except ValueError as error:
        problem = str(error)
    if response.status >= 300 or _says_no(document):
        failure = find_failure(document, response)
        raise ServiceError(describe(response, failure), http_status=response.status, **failure._asdict())
    if problem:
        raise unexpected(response, f"{problem}; it begins {excerpt(response)!r}")
    return document


def _says_no(document: t.Any) -> bool:
    """Tell whether a response with a good status reports a failure."""
    if not isinstance(document, dict) or document.get("is_success") is True:
        return False
    is_error = isinstance(document.get("error"), dict) and bool(document["error"])
    return str(document.get("is_success")).lower() == "false" or bool(document.get("error_code")) or is_error


def unexpected(response: Response, what: str) -> ResponseError:
    """Return the error for a response that succeeded but is not of the documented shape; ``what`` is wrong with it."""
    return ResponseError(
        f"{response.where}: HTTP {response.status}, unexpected response: {what}. "
        "Check that this is the address of the service",
        http_status=response.status,
        request_id=find_failure(None, response).request_id,
    )


def objects(response: Response, document: t.Any, key: str) -> list[dict[str, t.Any]]:
    """Return the list of objects in the field ``key`` of a document. Raises ResponseError if it has no such list."""
    found = part(document).get(key)
    if not isinstance(found, list):
        raise unexpected(response, f"it has no list named {key}")
    if not all(isinstance(one, dict) for one in found):
        raise unexpected(response, f"an element of {key} is not an object")
    return found


def part(document: t.Any, *names: str) -> dict[str, t.Any]:
    """Return the nested object that ``names`` lead to, or an empty one if it is missing."""
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def count(document: t.Any, key: str, default: int | None = None) -> int | None:
    """Return an integer field of a document, or ``default`` if the field is missing or is not an integer."""
    number = part(document).get(key)
    return number if isinstance(number, int) and not isinstance(number, bool) else default


def decode(body: bytes) -> t.Any:
    """Parse strict JSON in UTF-8, with or without a byte order mark. Raises ValueError that says what is wrong."""
    if not body.strip():
        raise ValueError("the body is empty")
    try:
        document = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
        # Ansible writes results as UTF-8, which cannot encode half a surrogate pair.
        json.dumps(document, ensure_ascii=False).encode("utf-8")
        _check_depth(document)
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise ValueError(f"the body is not UTF-8 ({error.reason})") from error
    except RecursionError as error:
        raise ValueError("the body nests too deep") from error
    except ValueError as error:
        raise ValueError(f"the body is not JSON ({error})") from error
    return document


def _check_depth(document: t.Any) -> None:
    """Refuse a document that Ansible, which traverses results by recursion, cannot handle."""
    level = [document] if isinstance(document, (dict, list)) else []
    for _depth in range(DEEPEST):
        children = (child for parent in level for child in (parent.values() if isinstance(parent, dict) else parent))
        level = [child for child in children if isinstance(child, (dict, list))]
        if not level:
            return
    raise ValueError(f"it nests more than {DEEPEST} levels")


def _refuse_constant(name: str) -> t.NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def find_failure(document: t.Any, response: Response) -> Failure:
    """Return code, message and request ID of a failed response, from any of the known shapes of its body.

    ModelArts: ``error_code`` with ``error_message`` or ``error_msg``; the gateway: the same, with ``request_id``;
    IAM: Keystone's ``error`` with ``code``, ``message`` and ``title``, or ``error_code`` and ``error_msg``; OpenStack's
    services: an object named after the failure, such as ``badRequest``, with ``code`` and ``message``.
    """
    body = part(document)
    nested = part(body.get("error", next(iter(body.values())) if len(body) == 1 else None))

    def first_text(*values: t.Any) -> str | None:
        for value in values:
            if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
                text = str(value).strip()
                # A code is compared, so a short secret must not hide a digit of it.
                is_code = re.fullmatch(r"[A-Za-z]+\.\d+", text)
                return text if is_code else shorten(response.redactor.hide(text), LONGEST_MESSAGE)
        return None

    def anywhere(*names: str) -> list[t.Any]:
        return [place.get(name) for place in (body, nested) for name in names]

    return Failure(
        error_code=first_text(*anywhere("error_code", "code")),
        error_message=first_text(*anywhere("error_message", "error_msg", "message"), nested.get("title")),
        request_id=first_text(body.get("request_id"), response.headers.get("x-request-id")),
    )


def describe(response: Response, failure: Failure) -> str:
    """Describe a failed response: the operation and host, status, code, message, advice, request ID."""
    code = "" if failure.error_code in (None, str(response.status)) else f", {failure.error_code}"
    message = failure.error_message or f"no reason given; the body begins {excerpt(response)!r}"
    text = f"{response.where}: HTTP {response.status}{code}: {message.rstrip('.')}."
    hint = response.advice or advice(response.status, failure.error_code)
    if hint:
        text += f" {hint}."
    if failure.request_id:
        text += f" Request ID: {failure.request_id}."
    return text


# What to do next, by status (None: any, because ModelArts may report errors with HTTP 200) and a pattern for the start
# of the code; the first match is used.
# The codes are those of the pages "Error Codes" of ModelArts, IAM and API Gateway.
_TOKEN_REFUSED = r"ModelArts\.02(0[1-57]|12)$"
_GET_A_TOKEN = "The token is missing, expired, or not scoped to a project: get a new one"
_ASK_FOR_PERMISSION = "The user may lack the permission for ModelArts in this project"
_ASK_LESS_OFTEN = "The service is throttling: send fewer requests, or raise retries"
_AUTHORIZE = (
    "ModelArts needs an agency (delegation) in this project to read OBS and run jobs: an administrator of the account "
    "adds it in the ModelArts console of that region, under Settings or Permission Management"
)

ADVICE: tuple[tuple[int | None, str, str], ...] = (
    (None, _TOKEN_REFUSED, _GET_A_TOKEN),
    (None, r"ModelArts\.0206$", "Check access_key and secret_key"),
    (None, r"ModelArts\.0210$", "project_id is not the project of the token or key: give the one it belongs to"),
    (None, r"ModelArts\.01(08|12)$", _ASK_FOR_PERMISSION),
    (None, r"ModelArts\.2785$", _AUTHORIZE),
    (None, r"(ModelArts\.(2799|4206|4395|6101)|IAM\.0012|API(GW?|C)\.0308)$", _ASK_LESS_OFTEN),
    (400, r"", "The service rejects the request: check the options that it is built from"),
    (401, r"ModelArts\.", _GET_A_TOKEN),
    (
        401,
        r"API(GW?|C)\.",
        (
            "Check access_key, secret_key, security_token or token, and this machine's clock "
            "(15 minutes off is too much). This is not retried, as failed signatures lock the key"
        ),
    ),
    (
        401,
        r"",
        ("Check user, domain, password and project, or the token. This is not retried, as failed logins lock the user"),
    ),
    (403, r"(403|IAM)", "The user may lack the permission for this in IAM"),
    (403, r"", _ASK_FOR_PERMISSION),
    (404, r"", "This site may not publish the API, or the address is not that of the service"),
    (429, r"", _ASK_LESS_OFTEN),
    (500, r"", "The service has an internal error: try again later, or give its support the request ID"),
    (502, r"", "The service or a proxy in front of it is down: try again later"),
    (503, r"", "The service is not available: try again later"),
    (504, r"", "The service or a proxy in front of it took too long: try again later"),
)


def advice(status: int, error_code: str | None) -> str | None:
    """Return what the user can do about a failure, where that is known."""
    if 300 <= status < 400:
        return "The address redirects elsewhere, where no credential is sent: give the final address"
    for known_status, pattern, hint in ADVICE:
        if known_status in (None, status) and re.match(pattern, error_code or ""):
            return hint
    return None


def excerpt(response: Response) -> str:
    """Return the start of an unreadable body on one line; of HTML, its text."""
    import html  # not at the top, as it takes a millisecond

    hide = response.redactor.hide
    body = hide(response.body[:LONGEST_SEARCHED].decode("utf-8", errors="replace")).strip()
    text = hide(html.unescape(re.sub(_MARKUP, " ", body))) if body.startswith("<") else body
    return " ".join((text.strip() or body).split())[:LONGEST_EXCERPT]


def refuses_token(failure: t.Mapping[str, t.Any]) -> bool:
    """Tell whether a failure, as ``ModelArtsError.result`` returns it, is that of a token.

    The service may report it with HTTP 200.
    """
    return failure.get("http_status") == 401 or bool(re.match(_TOKEN_REFUSED, failure.get("error_code") or ""))
