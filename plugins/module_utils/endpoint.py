# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where requests go: the addresses of IAM and ModelArts from options, the token's catalog, or one from the other."""

from __future__ import annotations

import ipaddress
import re
import typing as t
from urllib.parse import urlsplit, urlunsplit

from ansible_collections.community.modelarts.plugins.module_utils.errors import OptionsError

NO_ENDPOINT = (
    "The address of ModelArts is not known: give endpoint; or auth_url of the form https://iam.REGION.DOMAIN, "
    "from which it is derived; or log in with a password where the token's catalog lists the service modelarts"
)


def base_url(option: str, value: str, allow_http: bool) -> str:
    """``value`` as scheme, host, port and path, without a trailing ``/``; ``option`` is its name in messages.

    Raises OptionsError if it is no such address, carries a user name, or is plain http to another machine.
    """
    try:
        parts = urlsplit(value.strip())
        host = parts.hostname
        parts.port  # noqa: B018 - raises ValueError if it is no number
    except ValueError as error:
        raise OptionsError(f"{option} is not an address: {error}") from error
    if parts.username is not None or parts.password is not None:
        raise OptionsError(f"{option} must not hold a user name or password: give those with options of their own")
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise OptionsError(f"{option} must have the form https://HOST, without query or fragment, not {value!r}")
    if parts.scheme == "http" and not allow_http and not _is_loopback(host):
        raise OptionsError(
            f"{option} {value!r} is plain http, over which a credential would travel in the clear: "
            "use https, or set allow_http to true"
        )
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def iam_url(options: t.Mapping[str, t.Any]) -> str:
    """The address of IAM up to and with ``/v3``, whether ``auth_url`` has that or not. Raises OptionsError."""
    url = base_url("auth_url", options["auth_url"], options["allow_http"])
    return re.sub(r"(/v3(/auth/tokens)?)?$", "", url, count=1) + "/v3"


def modelarts_url(options: t.Mapping[str, t.Any], catalog: t.Sequence[t.Mapping[str, t.Any]] = ()) -> str:
    """The address of ModelArts without ``/v1``, from the options and the catalog of the token that was obtained.

    The order is that of the public contract: ``endpoint``, the catalog's entry for ``region``, ``auth_url`` with its
    label ``iam`` replaced. Raises OptionsError if none of them gives one.
    """
    if "endpoint" in options:
        option, url = "endpoint", options["endpoint"]
    else:
        option, url = "The catalog's entry for modelarts", from_catalog(catalog, options.get("region"))
        if url is None:
            option, url = "The address derived from auth_url", _from_auth_url(options.get("auth_url", ""))
        if url is None:
            raise OptionsError(NO_ENDPOINT)
    # Catalogs and copied examples often end in /v1 or /v1/{project_id}.
    return re.sub(r"/v1(/[^/]*)?$", "", base_url(option, url, options["allow_http"]))


def from_catalog(catalog: t.Sequence[t.Mapping[str, t.Any]], region: str | None) -> str | None:
    """The public address of the service ``modelarts`` in a token's catalog, or None if the catalog has none.

    Raises OptionsError if it has several and ``region`` does not decide.
    """
    endpoints = [
        endpoint
        for service in catalog
        if service.get("type") == "modelarts"
        for endpoint in service.get("endpoints") or ()
        if endpoint.get("interface", "public") == "public" and endpoint.get("url")
    ]
    if region:
        endpoints = [endpoint for endpoint in endpoints if endpoint.get("region", "*") in (region, "*")]
    urls = sorted({endpoint["url"].rstrip("/") for endpoint in endpoints})
    if len(urls) > 1:
        raise OptionsError(
            f"The token's catalog lists {len(urls)} addresses for modelarts: {', '.join(urls)}. "
            f"Give endpoint{'' if region else ' or region'} to choose one"
        )
    return urls[0] if urls else None


def _from_auth_url(auth_url: str) -> str | None:
    parts = urlsplit(auth_url)
    labels = parts.netloc.split(".")
    if "iam" not in labels:
        return None
    labels[labels.index("iam")] = "modelarts"
    return urlunsplit((parts.scheme, ".".join(labels), "", "", ""))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
