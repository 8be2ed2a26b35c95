# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses of IAM and ModelArts: checked, found in a token's catalog, or derived from one another.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t
from urllib.parse import unquote, urlsplit, urlunsplit

from ansible_collections.community.modelarts.plugins.module_utils._errors import OptionsError

NO_ENDPOINT = (
    "The address of ModelArts is not known: give endpoint; or auth_url of the form https://iam.REGION.DOMAIN, "
    "from which it is derived; or log in with a password where the token's catalog lists the service modelarts"
)

# The service types under which clouds list ModelArts in the catalog. One lists each version of the API separately.
SERVICE_TYPES = ("modelarts", "modelartsv1", "modelartsv2", "modelarts_v1", "modelarts_v2")

# How clouds name regions: eu-de, ap-southeast-1, eu-ch2.
_REGION = r"[a-z]{2}-[a-z]+\d*(-\d+)?"

# A label of a host name.
_LABEL = r"(?ia)[a-z0-9]([a-z0-9-]*[a-z0-9])?"

# The region of a catalog entry that serves all regions.
ANY_REGION = "*"

_PORTS = {"http": 80, "https": 443}

_PROXY_SCHEMES = (*_PORTS, "socks4", "socks4a", "socks5", "socks5h")


def base_url(option: str, value: str, allow_http: bool) -> str:
    """Return ``value`` as scheme, host, port and path, without a trailing ``/``; ``option`` is its name in messages.

    Scheme and host are in lower case, and the scheme's usual port is left out. Raises OptionsError if it is not such an
    address, contains a user name, or is plain http to another machine.
    """
    # What is before an @ may be a password.
    shown = "" if "@" in value else f", not {value!r}"
    try:
        parts = urlsplit(value.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise OptionsError(f"{option} is not a valid address{'' if '@' in value else f': {error}'}") from None
    if parts.username is not None or parts.password is not None:
        raise OptionsError(f"{option} must not contain a user name or password: use the options for these")
    if parts.scheme not in _PORTS or not host or parts.query or parts.fragment:
        raise OptionsError(f"{option} must have the form https://HOST, without query or fragment{shown}")
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
        raise OptionsError(
            f"{option} {value!r} is plain http, which sends credentials unencrypted: "
            "use https, or set allow_http to true"
        )
    return _join(parts.scheme, host, None if port == _PORTS[parts.scheme] else port, parts.path.rstrip("/"))


def parse_proxy(name: str, value: str) -> tuple[str, str]:
    """Return host and password of a proxy's address; ``name`` is its variable.

    Raises OptionsError, whose message does not quote the address, if it is invalid.
    """
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        if parts.scheme in _PROXY_SCHEMES and parts.hostname and parts.port != 0:
            return parts.hostname, unquote(parts.password or "")
    except ValueError:
        pass
    raise OptionsError(f"{name} is not a valid address of a proxy: correct or unset it")


def _join(scheme: str, host: str, port: int | None, path: str = "") -> str:
    host = f"[{host}]" if ":" in host else host
    return urlunsplit((scheme, host if port is None else f"{host}:{port}", path, "", ""))


def iam_url(auth_url: str, allow_http: bool) -> str:
    """Return the address of IAM with ``/v3``, whether ``auth_url`` has that or not. Raises OptionsError."""
    url = base_url("auth_url", auth_url, allow_http)
    return re.sub(r"(/v3(/auth/tokens)?)?$", "", url, count=1) + "/v3"


def modelarts_url(option: str, value: str, allow_http: bool) -> str:
    """Return the address of ModelArts without version and project, which copied examples and catalogs often have.

    ``option`` is its name in messages. Raises OptionsError.
    """
    return re.sub(r"/v\d+(\.\d+)?(/[^/]*)?$", "", base_url(option, value, allow_http), flags=re.IGNORECASE)


def catalog_url(catalog: t.Sequence[t.Any], region: str | None, allow_http: bool) -> str | None:
    """Return the public address of ModelArts in a token's catalog, or None if the catalog has none for ``region``.

    Entries that are not of the documented shape are ignored. Raises OptionsError if an address is invalid, or if there
    are several.
    """
    urls: dict[str, set[str]] = {}
    for endpoint in _endpoints(catalog):
        if not region or _region(endpoint) in (region, ANY_REGION):
            url = modelarts_url("The catalog's entry for modelarts", endpoint["url"], allow_http)
            urls.setdefault(_region(endpoint), set()).add(url)
    different = sorted(set().union(*urls.values()))
    if len(different) > 1:
        region_decides = ANY_REGION not in urls and all(len(of_region) == 1 for of_region in urls.values())
        raise OptionsError(
            f"The token's catalog lists {len(different)} addresses for modelarts: {', '.join(different)}. "
            f"Give {'region or endpoint' if region_decides else 'endpoint'} to choose one"
        )
    return different[0] if different else None


def url_beside_catalog(catalog: t.Sequence[t.Any], auth_url: str | None, region: str | None) -> str:
    """Return the derived address where the catalog has none for the ``region`` that the user gave.

    Raises OptionsError if there is no such address, or if the catalog lists other regions only.
    """
    others = sorted({_region(endpoint) for endpoint in _endpoints(catalog)} - {ANY_REGION})
    if region and others and region.lower() not in (urlsplit(auth_url or "").hostname or "").split("."):
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
    labels = (parts.hostname or "").split(".")
    if "iam" not in labels:
        raise OptionsError(NO_ENDPOINT)
    position = labels.index("iam")
    labels[position] = "modelarts"
    if region and region.lower() not in labels:
        has_another = any(re.fullmatch(_REGION, label) for label in labels[position + 1 : position + 2])
        if has_another or not re.fullmatch(_LABEL, region):
            raise OptionsError(
                f"The address of ModelArts in the region {region!r} cannot be derived from auth_url, which is that of "
                f"{labels[position + 1] if has_another else 'all regions'}: give endpoint, or auth_url of the region"
            )
        labels.insert(position + 1, region.lower())
    return _join(parts.scheme, ".".join(labels), parts.port)


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


def _region(endpoint: t.Mapping[str, t.Any]) -> str:
    return str(endpoint.get("region") or endpoint.get("region_id") or ANY_REGION)


def is_loopback(host: str) -> bool:
    """Tell whether ``host``, a name or an address, is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
