# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log in with an access key: each request is signed with SDK-HMAC-SHA256, no token is asked of IAM.

The algorithm is that of the API Gateway's signing guide ("AK/SK Signing and Authentication Algorithm").
"""

from __future__ import annotations

import hashlib
import hmac
import time
import typing as t
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from ansible_collections.community.modelarts.plugins.module_utils.auth import projects
from ansible_collections.community.modelarts.plugins.module_utils.auth.access import Access, AuthBase

if t.TYPE_CHECKING:
    import requests

    from ansible_collections.community.modelarts.plugins.module_utils.auth.access import Iam

NAME = "an access key"

CREDENTIALS = ("access_key", "secret_key", "security_token")

ALGORITHM = "SDK-HMAC-SHA256"


def missing(options: t.Mapping[str, t.Any]) -> list[str]:
    """What is missing for a login with an access key."""
    lacking = [name for name in ("access_key", "secret_key") if name not in options]
    return [" and ".join(lacking)] if lacking else []


def authenticate(options: t.Mapping[str, t.Any], iam: Iam) -> Access:
    """A signer of requests. IAM is asked only for the ID of a project that is given by its name."""
    key = (options["access_key"], options["secret_key"], options.get("security_token"))
    project_id = projects.project_id(options, iam, AkSkAuth(*key))
    return Access(AkSkAuth(*key, project_id), project_id=project_id)


class AkSkAuth(AuthBase):
    """Signs a request.

    Only ``host``, ``x-sdk-date`` and ``content-type`` are signed: the gateway echoes signed headers when a signature
    is wrong, so the security token of a temporary key goes along unsigned, as does the project.
    """

    def __init__(
        self, access_key: str, secret_key: str, security_token: str | None = None, project_id: str | None = None
    ) -> None:
        self._access_key = access_key
        self._secret_key = secret_key
        # What gets locked when it is refused too often.
        self.locked_by = repr((access_key, secret_key, security_token))
        self._unsigned = {"X-Security-Token": security_token, "X-Project-Id": project_id}

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
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
    """The request in the form that is signed; ``path`` and ``query`` unencoded, ``headers`` those to be signed.

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
    """The signature in hex of a canonical request that carries ``date`` (``YYYYMMDDTHHMMSSZ``, UTC) as X-Sdk-Date."""
    hashed = hashlib.sha256(canonical.encode("utf-8")).hexdigest()
    string_to_sign = f"{ALGORITHM}\n{date}\n{hashed}"
    return hmac.new(secret_key.encode("utf-8"), string_to_sign.encode("utf-8"), hashlib.sha256).hexdigest()


def _names(headers: t.Iterable[str]) -> str:
    return ";".join(sorted(name.lower() for name in headers))


def _encode(text: str) -> str:
    return quote(text, safe="~")
