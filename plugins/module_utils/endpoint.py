# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where requests go: the addresses of IAM and ModelArts from options, the token's catalog, or one from the other."""

from __future__ import annotations

import ipaddress
import re
import typing as t
from urllib.parse import urlsplit, urlunsplit

from ansible_collections.community.modelarts.plugins.module_utils.ambient import Ambient
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
        # What stands before an @ may be a password.
        shown = "" if "@" in value else f", not {value!r}"
        raise OptionsError(f"{option} must have the form https://HOST, without query or fragment{shown}")
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
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
            option, url = "The address derived from auth_url", _from_auth_url(options)
            _check_region(options.get("region"), catalog, url)
        if url is None:
            raise OptionsError(NO_ENDPOINT)
    return _without_version(base_url(option, url, options["allow_http"]))


def _without_version(url: str) -> str:
    """Catalogs and copied examples often end in /v1 or /v1/{project_id}."""
    return re.sub(r"/v1(/[^/]*)?$", "", url.rstrip("/"))


def from_catalog(catalog: t.Sequence[t.Any], region: str | None) -> str | None:
    """The public address of the service ``modelarts`` in a token's catalog, or None if the catalog has none.

    Entries that are not of the documented shape are passed over. Raises OptionsError if it has several addresses and
    ``region`` does not decide.
    """
    endpoints = _endpoints(catalog)
    if region:
        endpoints = [endpoint for endpoint in endpoints if _region(endpoint) in (region, "*")]
    urls = sorted({_without_version(endpoint["url"]) for endpoint in endpoints})
    if len(urls) > 1:
        raise OptionsError(
            f"The token's catalog lists {len(urls)} addresses for modelarts: {', '.join(urls)}. "
            f"Give endpoint{'' if region else ' or region'} to choose one"
        )
    return urls[0] if urls else None


def _check_region(region: str | None, catalog: t.Sequence[t.Any], url: str | None) -> None:
    """Raise OptionsError if ``url``, which is asked as the catalog lists no address for ``region``, is of another one.

    What the user did not write for this task need not be about this cloud.
    """
    others = sorted({str(_region(endpoint)) for endpoint in _endpoints(catalog)})
    if region and others and not isinstance(region, Ambient) and region not in urlsplit(url or "").netloc.split("."):
        raise OptionsError(
            f"The token's catalog lists modelarts for {', '.join(others)}, not for the region {region!r}: "
            "correct region, or give endpoint"
        )


def _endpoints(catalog: t.Sequence[t.Any]) -> list[dict[str, t.Any]]:
    """The public endpoints of the service ``modelarts``."""
    return [
        endpoint
        for service in _objects(catalog)
        if service.get("type") == "modelarts"
        for endpoint in _objects(service.get("endpoints"))
        if endpoint.get("interface", "public") == "public" and isinstance(endpoint.get("url"), str)
    ]


def _objects(value: t.Any) -> list[dict[str, t.Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, (list, tuple)) else []


def _region(endpoint: t.Mapping[str, t.Any]) -> t.Any:
    return endpoint.get("region") or endpoint.get("region_id") or "*"


def _from_auth_url(options: t.Mapping[str, t.Any]) -> str | None:
    if "auth_url" not in options:
        return None
    parts = urlsplit(base_url("auth_url", options["auth_url"], options["allow_http"]))
    labels = parts.netloc.lower().split(".")
    if "iam" not in labels:
        return None
    labels[labels.index("iam")] = "modelarts"
    return urlunsplit((parts.scheme, ".".join(labels), "", "", ""))


def is_loopback(host: str) -> bool:
    """Whether ``host``, a name or an address, is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
