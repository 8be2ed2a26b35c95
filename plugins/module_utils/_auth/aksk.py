# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests signed with an access key.

The algorithm is that of the API Gateway's signing guide ("AK/SK Signing and Authentication Algorithm").

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import hashlib
import hmac
import time
import typing as t
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from ansible_collections.community.modelarts.plugins.module_utils._auth.base import AuthBase

if t.TYPE_CHECKING:
    import requests

    from ansible_collections.community.modelarts.plugins.module_utils._connection import Connection

ALGORITHM = "SDK-HMAC-SHA256"


class AkSkAuth(AuthBase):
    """Signs requests with the access key of a connection; ``project_id`` is None until the project is known.

    Only ``host``, ``x-sdk-date`` and ``content-type`` are signed: the gateway echoes signed headers when a signature
    is wrong, so the security token of a temporary key, the project and the domain are sent unsigned. The domain is the
    user's, for requests that concern no project.
    """

    def __init__(self, connection: Connection, project_id: str | None = None) -> None:
        self._access_key = connection.access_key or ""
        self._secret_key = connection.secret_key or ""
        self.credential = repr((self._access_key, self._secret_key, connection.security_token))
        names_project = project_id or connection.project_name
        self._unsigned = {
            "X-Security-Token": connection.security_token,
            "X-Project-Id": project_id,
            "X-Domain-Id": None if names_project else connection.user_domain_id,
        }

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the signature and the headers that belong to it."""
        url = urlsplit(request.url or "")
        date = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        signed = {"Host": url.netloc, "X-Sdk-Date": date}
        if "Content-Type" in request.headers:
            signed["Content-Type"] = str(request.headers["Content-Type"])
        body = request.body or b""
        canonical = canonical_request(
            request.method or "GET",
            unquote(url.path),
            parse_qsl(url.query, keep_blank_values=True),
            signed,
            body.encode("utf-8") if isinstance(body, str) else body,
        )
        signature = sign(canonical, date, self._secret_key)
        request.headers.update(signed)
        request.headers.update({name: value for name, value in self._unsigned.items() if value})
        request.headers["Authorization"] = (
            f"{ALGORITHM} Access={self._access_key}, SignedHeaders={_names(signed)}, Signature={signature}"
        )
        return request


def canonical_request(
    method: str, path: str, query: t.Iterable[tuple[str, str]], headers: t.Mapping[str, str], body: bytes
) -> str:
    """Return the request in the form that is signed; ``path`` and ``query`` unencoded, ``headers`` those to be signed.

    The path ends in ``/`` for signing only; query parameters are sorted by name, then value.
    """
    uri = "/".join(_encode(segment) for segment in path.split("/"))
    pairs = ((_encode(name), _encode(value)) for name, value in sorted(query))
    lines = sorted(f"{name.lower()}:{value.strip()}\n" for name, value in headers.items())
    return "\n".join(
        (
            method.upper(),
            uri if uri.endswith("/") else uri + "/",
            "&".join(f"{name}={value}" for name, value in pairs),
            "".join(lines),
            _names(headers),
            hashlib.sha256(body).hexdigest(),
        )
    )


def sign(canonical: str, date: str, secret_key: str) -> str:
    """Sign a canonical request whose X-Sdk-Date is ``date`` (``YYYYMMDDTHHMMSSZ``, UTC); return it in hex."""
    hashed = hashlib.sha256(canonical.encode("utf-8")).hexdigest()
    string_to_sign = f"{ALGORITHM}\n{date}\n{hashed}"
    return hmac.new(secret_key.encode("utf-8"), string_to_sign.encode("utf-8"), hashlib.sha256).hexdigest()


def _names(headers: t.Iterable[str]) -> str:
    return ";".join(sorted(name.lower() for name in headers))


def _encode(text: str) -> str:
    return quote(text, safe="~")
