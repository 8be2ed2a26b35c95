# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which address is used."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import _endpoint
from ansible_collections.community.modelarts.plugins.module_utils._errors import OptionsError


def service(*urls: str, region: str = "eu-de", service_type: str = "modelarts") -> dict[str, t.Any]:
    """Return one entry of a token's catalog."""
    return {
        "type": service_type,
        "endpoints": [{"url": url, "region": region, "interface": "public"} for url in urls],
    }


def catalog_url(*catalog: t.Any, region: str | None = None) -> str | None:
    return _endpoint.catalog_url(catalog, region, allow_http=False)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://modelarts.test", "https://modelarts.test"),
        *((f"https://modelarts.test{suffix}", "https://modelarts.test") for suffix in ("/", "/v1", "/v1/", "/V2.0/p/")),
        ("https://modelarts.test/v1/0123456789abcdef", "https://modelarts.test"),
        ("https://gateway.test/modelarts/v1/", "https://gateway.test/modelarts"),
        ("HTTPS://ModelArts.test:443", "https://modelarts.test"),
        ("https://[FD00::1]:8443/v1", "https://[fd00::1]:8443"),
    ],
)
def test_an_endpoint_is_host_and_path_without_version_and_project(url: str, expected: str) -> None:
    assert _endpoint.modelarts_url("endpoint", url, allow_http=False) == expected


@pytest.mark.parametrize("suffix", ["", "/", "/v3", "/v3/", "/v3/auth/tokens"])
def test_auth_url_is_accepted_with_and_without_version(suffix: str) -> None:
    assert _endpoint.iam_url(f"https://iam.test{suffix}", allow_http=False) == "https://iam.test/v3"


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "127.1.2.3", "localhost:1", "[::1]:5000"])
def test_http_to_this_machine_is_allowed(host: str) -> None:
    assert _endpoint.base_url("endpoint", f"http://{host}", allow_http=False) == f"http://{host}"


@pytest.mark.parametrize("host", ["modelarts.test", "10.0.0.1", "localhost.example.com", "[fd00::1]", "127.0.0.1.test"])
def test_http_to_another_machine_is_refused_unless_allowed(host: str) -> None:
    with pytest.raises(OptionsError, match="set allow_http to true"):
        catalog_url(service(f"http://{host}"))
    assert _endpoint.base_url("endpoint", f"http://{host}", allow_http=True) == f"http://{host}"


@pytest.mark.parametrize(
    "value",
    [
        "modelarts.eu-de.otc.t-systems.com",
        "ftp://modelarts.test",
        "https://",
        "https://modelarts.test?x=y",
        "https://modelarts.test:port",
        "https://[::1",
        "https://me:secret@modelarts.test",
        "https://me:secret@\u2100.test",
        "https://[me:secret@",
        "me:secret@modelarts.test",
    ],
)
def test_an_invalid_address_is_refused_by_name_and_without_a_password(value: str) -> None:
    with pytest.raises(OptionsError, match=r"^auth_url ") as caught:
        _endpoint.iam_url(value, allow_http=False)
    assert "secret" not in str(caught.value)


# The catalog


@pytest.mark.parametrize("service_type", ["modelarts", "modelartsv1", "modelartsv2", "modelarts_v1"])
def test_each_service_type_of_the_clouds_is_modelarts(service_type: str) -> None:
    catalog = (service("https://ecs.test", service_type="ecs"), service("https://de.test", service_type=service_type))
    assert catalog_url(*catalog) == "https://de.test"


@pytest.mark.parametrize(
    "others",
    [
        [service("https://de.test/")],
        [service("https://de.test/v2/project")],
        [service("https://de.test/V1/PROJECT"), service("https://DE.test:443/v1.0")],
        [service("https://de.test/v2/project", service_type="modelartsv2")],
    ],
)
def test_versions_and_spellings_do_not_make_an_address_another(others: list[t.Any]) -> None:
    assert catalog_url(service("https://de.test/v1/project"), *others, region="eu-de") == "https://de.test"


def test_the_region_selects_in_the_catalog() -> None:
    catalog = (service("https://de.test"), service("https://nl.test", region="eu-nl"))
    assert catalog_url(*catalog, region="eu-nl") == "https://nl.test"
    assert catalog_url(*catalog, region="eu-xx") is None
    assert catalog_url(service("https://all.test", region="*"), region="eu-nl") == "https://all.test"
    by_id = {"url": "https://de.test", "region_id": "eu-de"}
    other = {"url": "https://nl.test", "region": None, "region_id": "eu-nl", "interface": "public"}
    assert catalog_url({"type": "modelarts", "endpoints": [other, by_id]}, region="eu-de") == "https://de.test"


@pytest.mark.parametrize(
    "entry",
    [
        "modelarts",
        None,
        {"type": "modelarts"},
        {"type": ["modelarts"], "endpoints": []},
        {"type": "modelarts", "endpoints": None},
        {"type": "modelarts", "endpoints": "https://x.test"},
        {"type": "modelarts", "endpoints": ["https://x.test", None]},
        {"type": "modelarts", "endpoints": [{"url": 7}, {"url": None}, {}]},
        {"type": "modelarts", "endpoints": [{"url": "https://internal.test", "interface": "internal"}]},
    ],
)
def test_catalog_entries_of_another_shape_are_ignored(entry: t.Any) -> None:
    assert catalog_url(entry, service("https://de.test")) == "https://de.test"


@pytest.mark.parametrize(
    ("other", "region", "remedy"),
    [
        (service("https://b.test"), "eu-de", "Give endpoint to"),
        (service("https://b.test"), None, "Give endpoint to"),
        (service("https://a.test:8443"), None, "Give endpoint to"),
        (service("https://a.test/other"), None, "Give endpoint to"),
        (service("https://b.test", region="*"), None, "Give endpoint to"),
        (service("https://b.test", region="eu-nl"), None, "Give region or endpoint to"),
    ],
)
def test_several_addresses_are_listed_with_what_decides(
    other: dict[str, t.Any], region: str | None, remedy: str
) -> None:
    with pytest.raises(OptionsError, match=f"lists 2 addresses for modelarts: https://a.test, .*{remedy}") as caught:
        catalog_url(service("https://a.test"), other, region=region)
    assert other["endpoints"][0]["url"] in str(caught.value)


# Derived addresses


@pytest.mark.parametrize(
    ("auth_url", "region", "expected"),
    [
        ("https://iam.eu-de.otc.t-systems.com/v3", None, "https://modelarts.eu-de.otc.t-systems.com"),
        ("https://iam.cn-north-4.myhuaweicloud.com/v3", "cn-north-4", "https://modelarts.cn-north-4.myhuaweicloud.com"),
        ("https://iam.ae-ad-1.g42cloud.com/v3", "AE-AD-1", "https://modelarts.ae-ad-1.g42cloud.com"),
        ("https://iam.region.private.test:8443/v3", "region", "https://modelarts.region.private.test:8443"),
        ("https://iam.myhuaweicloud.com/v3", "cn-north-4", "https://modelarts.cn-north-4.myhuaweicloud.com"),
        ("https://iam.private.test:8443/v3", "eu-de", "https://modelarts.eu-de.private.test:8443"),
    ],
)
def test_the_address_is_derived_for_the_region(auth_url: str, region: str | None, expected: str) -> None:
    assert _endpoint.derived_url(auth_url, region) == expected


@pytest.mark.parametrize(
    ("auth_url", "region", "own"),
    [
        ("https://iam.eu-west-0.prod-cloud-ocb.test/v3", "eu-west-1", "eu-west-0"),
        *(("https://iam.private.test/v3", region, "all regions") for region in ("evil.test/", "x@evil.test", "a b")),
    ],
)
def test_another_region_or_one_that_no_host_can_have_is_refused(auth_url: str, region: str, own: str) -> None:
    with pytest.raises(OptionsError, match=rf"'{region}' cannot be derived .* that of {own}: give endpoint"):
        _endpoint.derived_url(auth_url, region)


@pytest.mark.parametrize("auth_url", [None, "https://keystone.private.test/v3"])
def test_without_an_address_the_options_that_help_are_named(auth_url: str | None) -> None:
    with pytest.raises(OptionsError, match=r"give endpoint; or auth_url .*; or log in with a password"):
        _endpoint.derived_url(auth_url, "eu-de")


def test_a_region_that_the_catalog_does_not_list_is_not_replaced_by_another() -> None:
    catalog = (service("https://de.test"), service("https://nl.test", region="eu-nl"))
    for auth_url in ("https://iam.eu-de.private.test/v3", "https://keystone.private.test/v3"):
        with pytest.raises(OptionsError, match="modelarts for eu-de, eu-nl, not for the region 'eu-xx'"):
            _endpoint.url_beside_catalog(catalog, auth_url, "eu-xx")
    derived = "https://modelarts.eu-xx.private.test"
    for region in ("eu-xx", None):
        assert _endpoint.url_beside_catalog(catalog, "https://iam.eu-xx.private.test/v3", region) == derived


# Proxies


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("http://proxy.test:3128", ("proxy.test", "")),
        ("proxy.test:3128", ("proxy.test", "")),
        ("socks5h://bob:p%40ss@127.0.0.1", ("127.0.0.1", "p@ss")),
    ],
)
def test_a_proxy_is_host_and_password(value: str, expected: tuple[str, str]) -> None:
    assert _endpoint.parse_proxy("HTTPS_PROXY", value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "http://bob:secret@",
        "http://[::1",
        "http://bob:secret@127.0.0.1:99999",
        "bob:secret@127.0.0.1:port",
        "socks://bob:secret@127.0.0.1:1",
        "//127.0.0.1:0",
    ],
)
def test_an_invalid_proxy_is_refused_by_the_name_of_its_variable_only(value: str) -> None:
    with pytest.raises(OptionsError) as caught:
        _endpoint.parse_proxy("HTTPS_PROXY", value)
    assert str(caught.value) == "HTTPS_PROXY is not a valid address of a proxy: correct or unset it"
