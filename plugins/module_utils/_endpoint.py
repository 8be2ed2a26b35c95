# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses of IAM and ModelArts: checked, found in a token's catalog, or derived from one another.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t
from urllib.parse import urlsplit, urlunsplit

from ansible_collections.community.modelarts.plugins.module_utils._errors import OptionsError

NO_ENDPOINT = (
    "The address of ModelArts is not known: give endpoint; or auth_url of the form https://iam.REGION.DOMAIN, "
    "from which it is derived; or log in with a password where the token's catalog lists the service modelarts"
)

# The service types under which clouds list ModelArts in the catalog. One lists each version of the API separately.
SERVICE_TYPES = ("modelarts", "modelartsv1", "modelartsv2", "modelarts_v1", "modelarts_v2")

# How clouds name regions: eu-de, ap-southeast-1, eu-ch2.
_REGION = re.compile(r"[a-z]{2}-[a-z]+\d*(-\d+)?", re.ASCII)


def base_url(option: str, value: str, allow_http: bool) -> str:
    """Return ``value`` as scheme, host, port and path, without a trailing ``/``; ``option`` is its name in messages.

    Raises OptionsError if it is not such an address, contains a user name, or is plain http to another machine.
    """
    try:
        parts = urlsplit(value.strip())
        host = parts.hostname
        parts.port  # noqa: B018 - raises ValueError if it is not a number
    except ValueError as error:
        raise OptionsError(f"{option} is not a valid address: {error}") from error
    if parts.username is not None or parts.password is not None:
        raise OptionsError(f"{option} must not contain a user name or password: use the options for these")
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        # What is before an @ may be a password.
        shown = "" if "@" in value else f", not {value!r}"
        raise OptionsError(f"{option} must have the form https://HOST, without query or fragment{shown}")
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
        raise OptionsError(
            f"{option} {value!r} is plain http, which sends credentials unencrypted: "
            "use https, or set allow_http to true"
        )
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def iam_url(auth_url: str, allow_http: bool) -> str:
    """Return the address of IAM with ``/v3``, whether ``auth_url`` has that or not. Raises OptionsError."""
    url = base_url("auth_url", auth_url, allow_http)
    return re.sub(r"(/v3(/auth/tokens)?)?$", "", url, count=1) + "/v3"


def modelarts_url(option: str, value: str, allow_http: bool) -> str:
    """Return the address of ModelArts without version and project, which copied examples and catalogs often have.

    ``option`` is its name in messages. Raises OptionsError.
    """
    return _without_version(base_url(option, value, allow_http))


def _without_version(url: str) -> str:
    return re.sub(r"/v\d+(\.\d+)?(/[^/]*)?$", "", url.rstrip("/"), flags=re.IGNORECASE)


def catalog_url(catalog: t.Sequence[t.Any], region: str | None, allow_http: bool) -> str | None:
    """Return the public address of ModelArts in a token's catalog, or None if the catalog has none.

    Entries that are not of the documented shape are ignored. Raises OptionsError if there are several addresses, and
    ``region`` does not decide.
    """
    endpoints = _endpoints(catalog)
    in_region = [endpoint for endpoint in endpoints if not region or _region(endpoint) in (region, "*")]
    urls = sorted({_without_version(endpoint["url"]) for endpoint in in_region})
    if len(urls) > 1:
        # A region is a remedy only where each of the addresses has one of its own.
        decides = len({_region(endpoint) for endpoint in in_region} - {"*"}) == len(urls)
        raise OptionsError(
            f"The token's catalog lists {len(urls)} addresses for modelarts: {', '.join(urls)}. "
            f"Give {'region or endpoint' if decides else 'endpoint'} to choose one"
        )
    return modelarts_url("The catalog's entry for modelarts", urls[0], allow_http) if urls else None


def url_beside_catalog(catalog: t.Sequence[t.Any], auth_url: str | None, region: str | None) -> str:
    """Return the derived address where the catalog has none for the ``region`` that the user gave.

    Raises OptionsError if there is no such address, or if the catalog lists other regions only.
    """
    others = sorted({str(_region(endpoint)) for endpoint in _endpoints(catalog)} - {"*"})
    if region and others and region.lower() not in urlsplit(auth_url or "").netloc.lower().split("."):
        raise OptionsError(
            f"The token's catalog lists modelarts for {', '.join(others)}, not for the region {region!r}: "
            "correct region, or give endpoint"
        )
    return derived_url(auth_url, region)


def derived_url(auth_url: str | None, region: str | None) -> str:
    """Return the address of ModelArts that belongs to one of IAM: ``https://iam.REGION.DOMAIN`` with ``iam`` replaced.

    A ``region`` that the user gave must be the one of ``auth_url``; it is inserted where that has none. Raises
    OptionsError if there is no such address.
    """
    parts = urlsplit(auth_url or "")
    labels = parts.netloc.lower().split(".")
    if "iam" not in labels:
        raise OptionsError(NO_ENDPOINT)
    position = labels.index("iam")
    labels[position] = "modelarts"
    if region and region.lower() not in labels:
        if _REGION.fullmatch(labels[position + 1] if len(labels) > position + 1 else ""):
            raise OptionsError(
                f"region is {region!r}, but auth_url is of the region {labels[position + 1]!r}, and the address of "
                f"ModelArts in {region} is not known: give endpoint, or the auth_url of that region"
            )
        labels.insert(position + 1, region.lower())
    return urlunsplit((parts.scheme, ".".join(labels), "", "", ""))


def _endpoints(catalog: t.Sequence[t.Any]) -> list[dict[str, t.Any]]:
    """Return the public endpoints of ModelArts."""
    return [
        endpoint
        for service in _objects(catalog)
        if service.get("type") in SERVICE_TYPES
        for endpoint in _objects(service.get("endpoints"))
        if endpoint.get("interface", "public") == "public" and isinstance(endpoint.get("url"), str)
    ]


def _objects(value: t.Any) -> list[dict[str, t.Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, (list, tuple)) else []


def _region(endpoint: t.Mapping[str, t.Any]) -> t.Any:
    return endpoint.get("region") or endpoint.get("region_id") or "*"


def is_loopback(host: str) -> bool:
    """Tell whether ``host``, a name or an address, is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
