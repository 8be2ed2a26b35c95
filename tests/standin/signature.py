# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Verification of SDK-HMAC-SHA256 signatures, as the API gateway does it.

Written from the description of the algorithm. It shares nothing with the collection's own signer, so that the two check
each other.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from urllib.parse import parse_qsl, quote, unquote

ALGORITHM = "SDK-HMAC-SHA256"
CLOCK_SKEW_SECONDS = 15 * 60

_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} +Access=(?P<access_key>[^,]+), *"
    r"SignedHeaders=(?P<signed_headers>[^,]+), *Signature=(?P<signature>.+)"
)


class Refused(Exception):
    """The signature does not hold. The text is what the gateway says."""


class WrongSignature(Refused):
    """A known key has signed with another secret key, or something else."""

    def __init__(self, access_key: str, message: str) -> None:
        super().__init__(message)
        self.access_key = access_key


def canonical_uri(path: str) -> str:
    segments = "/".join(quote(unquote(segment), safe="-_.~") for segment in path.split("/"))
    # Only for signing: the request itself goes out without it.
    return segments if segments.endswith("/") else segments + "/"


def canonical_query(query_string: str) -> str:
    parameters = sorted(parse_qsl(query_string, keep_blank_values=True))
    return "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in parameters)


def canonical_request(
    method: str,
    path: str,
    query_string: str,
    headers: Mapping[str, str],
    signed_headers: Sequence[str],
    body: bytes,
) -> str:
    """The canonical request. The names of the headers are in lower case."""
    lines = [method.upper(), canonical_uri(path), canonical_query(query_string)]
    lines += [f"{name}:{headers[name].strip()}" for name in signed_headers]
    # The block of headers ends with an empty line.
    return "\n".join([*lines, "", ";".join(signed_headers), hashlib.sha256(body).hexdigest()])


def sign(secret_key: str, date: str, canonical: str) -> str:
    string_to_sign = "\n".join([ALGORITHM, date, hashlib.sha256(canonical.encode()).hexdigest()])
    return hmac.new(secret_key.encode(), string_to_sign.encode(), hashlib.sha256).hexdigest()


def verify(
    method: str,
    path: str,
    query_string: str,
    headers: Mapping[str, str],
    body: bytes,
    secret_keys: Mapping[str, str],
    now: datetime | None = None,
) -> str:
    """Return the access key that signed the request. Raises Refused."""
    headers = {name.lower(): value for name, value in headers.items()}
    match = _AUTHORIZATION.fullmatch(headers.get("authorization", "").strip())
    if not match:
        raise Refused("authorization header format error")
    access_key = match["access_key"]
    if access_key not in secret_keys:
        raise Refused(f"ak {access_key} not exist")

    date = headers.get("x-sdk-date", "").strip()
    _check_date(date, now or datetime.now(timezone.utc))

    signed_headers = match["signed_headers"].split(";")
    if "x-sdk-date" not in signed_headers:
        raise Refused("x-sdk-date is not signed")
    if signed_headers != sorted(name.lower() for name in signed_headers):
        raise Refused("signed headers are not sorted and in lower case")
    missing = [name for name in signed_headers if name not in headers]
    if missing:
        raise Refused(f"signed header {missing[0]} is missing")

    canonical = canonical_request(method, path, query_string, headers, signed_headers, body)
    expected = sign(secret_keys[access_key], date, canonical)
    if not hmac.compare_digest(expected.encode(), match["signature"].encode()):
        # The real gateway echoes what it computed as well, with | for the line ends.
        raise WrongSignature(access_key, "verify aksk signature fail, canonicalRequest:" + canonical.replace("\n", "|"))
    return access_key


def _check_date(date: str, now: datetime) -> None:
    try:
        signed_at = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        raise Refused("x-sdk-date format error") from None
    if abs((now - signed_at).total_seconds()) > CLOCK_SKEW_SECONDS:
        raise Refused(f"signature expired, x-sdk-date: {date}, server time: {now:%Y%m%dT%H%M%SZ}")
