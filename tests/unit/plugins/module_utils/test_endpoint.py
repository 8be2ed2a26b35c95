# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which address is asked."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import endpoint
from ansible_collections.community.modelarts.plugins.module_utils.ambient import Ambient
from ansible_collections.community.modelarts.plugins.module_utils.errors import OptionsError


def service(*urls: str, region: str = "eu-de", service_type: str = "modelarts") -> dict[str, t.Any]:
    """One entry of a token's catalog."""
    return {
        "type": service_type,
        "endpoints": [{"url": url, "region": region, "interface": "public"} for url in urls],
    }


def modelarts_url(*catalog: dict[str, t.Any], **given: t.Any) -> str:
    return endpoint.modelarts_url({"allow_http": False, **given}, catalog)


@pytest.mark.parametrize("suffix", ["", "/", "/v1", "/v1/", "/v1/0123456789abcdef", "/v1/0123456789abcdef/"])
def test_the_version_and_project_in_an_endpoint_are_tolerated(suffix: str) -> None:
    assert modelarts_url(endpoint=f"https://modelarts.test{suffix}") == "https://modelarts.test"


def test_a_path_in_front_is_kept() -> None:
    assert modelarts_url(endpoint="https://gateway.test/modelarts/v1/") == "https://gateway.test/modelarts"


@pytest.mark.parametrize("suffix", ["", "/", "/v3", "/v3/", "/v3/auth/tokens"])
def test_iam_is_found_with_and_without_version(suffix: str) -> None:
    options = {"auth_url": f"https://iam.test{suffix}", "allow_http": False}
    assert endpoint.iam_url(options) == "https://iam.test/v3"


@pytest.mark.parametrize(
    ("auth_url", "expected"),
    [
        ("https://iam.eu-de.otc.t-systems.com/v3", "https://modelarts.eu-de.otc.t-systems.com"),
        ("https://iam.cn-north-4.myhuaweicloud.com", "https://modelarts.cn-north-4.myhuaweicloud.com"),
        ("https://iam.ae-ad-1.g42cloud.com/v3", "https://modelarts.ae-ad-1.g42cloud.com"),
        ("https://IAM.region.private.test:8443/v3", "https://modelarts.region.private.test:8443"),
    ],
)
def test_derived_from_auth_url(auth_url: str, expected: str) -> None:
    assert modelarts_url(auth_url=auth_url) == expected


def test_the_order_is_endpoint_catalog_auth_url() -> None:
    catalog = service("https://catalog.test/v1/project")
    assert modelarts_url(catalog, endpoint="https://own.test", auth_url="https://iam.test") == "https://own.test"
    assert modelarts_url(catalog, auth_url="https://iam.test") == "https://catalog.test"
    assert modelarts_url(service("https://x.test", service_type="ecs"), auth_url="https://iam.test") == (
        "https://modelarts.test"
    )


def test_the_region_chooses_in_the_catalog() -> None:
    catalog = (service("https://de.test"), service("https://nl.test", region="eu-nl"))
    assert modelarts_url(*catalog, region="eu-nl") == "https://nl.test"


def test_an_entry_for_every_region_serves_any() -> None:
    assert modelarts_url(service("https://all.test", region="*"), region="eu-nl") == "https://all.test"


def test_the_same_address_twice_is_not_ambiguous() -> None:
    assert modelarts_url(service("https://de.test"), service("https://de.test/"), region="eu-de") == "https://de.test"


def test_versions_do_not_make_an_address_another() -> None:
    assert modelarts_url(service("https://de.test", "https://de.test/v1", "https://de.test/v1/p/")) == "https://de.test"


def test_the_region_may_stand_as_its_id() -> None:
    other = {"url": "https://nl.test", "region": None, "region_id": "eu-nl", "interface": "public"}
    own = {"url": "https://de.test", "region_id": "eu-de"}
    assert modelarts_url({"type": "modelarts", "endpoints": [other, own]}, region="eu-de") == "https://de.test"


@pytest.mark.parametrize(
    "entry",
    [
        "modelarts",
        None,
        {"type": "modelarts"},
        {"type": "modelarts", "endpoints": None},
        {"type": "modelarts", "endpoints": "https://x.test"},
        {"type": "modelarts", "endpoints": 5},
        {"type": "modelarts", "endpoints": ["https://x.test", None]},
        {"type": "modelarts", "endpoints": [{"url": 7}, {"url": None}, {}]},
    ],
)
def test_entries_of_another_shape_are_passed_over(entry: t.Any) -> None:
    assert modelarts_url(entry, service("https://de.test")) == "https://de.test"


def test_two_addresses_are_named_and_what_decides() -> None:
    catalog = (service("https://a.test"), service("https://b.test"))
    with pytest.raises(OptionsError, match=r"lists 2 addresses .*https://a\.test, https://b\.test.* Give endpoint to"):
        modelarts_url(*catalog, region="eu-de")
    with pytest.raises(OptionsError, match="Give endpoint or region"):
        modelarts_url(*catalog)


def test_a_region_that_the_catalog_does_not_list_is_not_answered_by_another() -> None:
    catalog = (service("https://de.test"), service("https://nl.test", region="eu-nl"))
    for auth_url in ("https://iam.eu-de.private.test", "https://keystone.private.test"):
        with pytest.raises(OptionsError, match="modelarts for eu-de, eu-nl, not for the region 'eu-xx'"):
            modelarts_url(*catalog, region="eu-xx", auth_url=auth_url)
    derived = "https://modelarts.eu-xx.private.test"
    assert modelarts_url(*catalog, region="eu-xx", auth_url="https://iam.eu-xx.private.test") == derived
    # one of the environment may be about another cloud
    assert modelarts_url(*catalog, region=Ambient("eu-yy"), auth_url="https://iam.eu-xx.private.test") == derived


@pytest.mark.parametrize("given", [{}, {"auth_url": "https://keystone.private.test/v3"}, {"region": "eu-de"}])
def test_no_address_says_which_options_would_do(given: dict[str, str]) -> None:
    with pytest.raises(OptionsError, match=r"give endpoint; or auth_url .*; or log in with a password"):
        modelarts_url(**given)


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "127.1.2.3", "localhost:1", "[::1]:5000"])
def test_http_to_this_machine_is_allowed(host: str) -> None:
    assert modelarts_url(endpoint=f"http://{host}") == f"http://{host}"


@pytest.mark.parametrize("host", ["modelarts.test", "10.0.0.1", "localhost.example.com", "[fd00::1]", "127.0.0.1.test"])
def test_http_to_another_machine_is_refused_unless_allowed(host: str) -> None:
    with pytest.raises(OptionsError, match=r"set allow_http to true"):
        modelarts_url(endpoint=f"http://{host}")
    with pytest.raises(OptionsError, match=r"set allow_http to true"):
        modelarts_url(service(f"http://{host}"))
    assert modelarts_url(endpoint=f"http://{host}", allow_http=True) == f"http://{host}"


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
    ],
)
def test_what_is_no_address_is_refused_by_name(value: str) -> None:
    with pytest.raises(OptionsError, match=r"^endpoint ") as caught:
        modelarts_url(endpoint=value)
    assert "secret" not in str(caught.value)


def test_an_auth_url_that_is_no_address_is_refused_by_name() -> None:
    with pytest.raises(OptionsError, match=r"^auth_url "):
        modelarts_url(auth_url="https://[::1")


def test_what_may_be_a_password_is_not_shown() -> None:
    with pytest.raises(OptionsError) as caught:
        modelarts_url(endpoint="me:secret@modelarts.test")
    assert "secret" not in str(caught.value)
