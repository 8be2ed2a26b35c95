# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SDK-HMAC-SHA256 against the signer of Huawei Cloud's own SDK: the same ``Authorization``, byte by byte.

Both sign what goes over the wire. ``requests`` makes the address from raw path and query, and our signer reads them
back from it. The SDK's signer gets the path as the SDK's clients give it, which is encoded, and the query raw. It gets
the date that ours has put on the request.

Where the two differ by design, and what is done about it here:

- The SDK signs every header; ours signs ``host``, ``x-sdk-date`` and ``content-type``, since gateways echo what is
  signed. So the SDK's signer is given just these. Ours may carry a security token and a project beside them.
- Where the content is neither JSON nor BSON, the SDK says ``X-Sdk-Content-Sha256: UNSIGNED-PAYLOAD`` and leaves the
  body out of the signature; ours signs every body, as the published algorithm does. So only these two, and none.
- Segments ``.`` and ``..`` are left out: ``requests`` resolves them before anything is signed (RFC 3986, 5.2.4).
"""

from __future__ import annotations

import typing as t
from urllib.parse import quote, urlsplit

import requests
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ansible_collections.community.modelarts.plugins.module_utils._auth import aksk
from ansible_collections.community.modelarts.plugins.module_utils._connection import Connection

# What has been got wrong before: characters that are quoted, or not, or twice, and others than ASCII.
TRICKY = st.sampled_from(
    [*" ~/%+&=?#;:@!$'()*,-._\"<>[]\\^`{|}\t\n\0", "%41", "%2F", "%7e", "//", "é", "一", "🚀", "e\u0301"]
)
TEXT = st.lists(st.one_of(TRICKY, st.characters(exclude_categories=["Cs"])), max_size=8).map("".join)
PATHS = st.lists(TEXT.filter(lambda text: not {".", ".."} & set(text.split("/"))), max_size=5).map(
    lambda segments: "/" + "/".join(segments)
)
# Few names, so that they are repeated.
QUERIES = st.lists(st.tuples(st.one_of(st.sampled_from(["job_type", "a", "A", ""]), TEXT), TEXT), max_size=5)
PRINTABLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=40)
CONTENT_TYPES = st.sampled_from(
    [None, "application/json", "application/json;charset=utf8", "application/json; charset=UTF-8", "application/bson"]
)


@settings(
    max_examples=1000, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
@example(
    method="GET",
    host="modelarts.example.com",
    path="/v1/0123456789abcdef0123456789abcdef/job/resource-specs",
    query=[("job_type", "train")],
    content_type="application/json",
    body=None,
    access_key="access",
    secret_key="secret",
    security_token=None,
)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "get"]),
    host=st.sampled_from(["modelarts.example.com", "modelarts.example.com:8443", "127.0.0.1:80", "[::1]:8080"]),
    path=PATHS,
    query=QUERIES,
    content_type=CONTENT_TYPES,
    body=st.one_of(st.none(), st.binary(max_size=50), st.text(st.characters(exclude_categories=["Cs"]), max_size=50)),
    access_key=PRINTABLE,
    secret_key=st.one_of(PRINTABLE, TEXT.filter(bool)),
    security_token=st.one_of(st.none(), PRINTABLE),
)
def test_the_sdk_signs_the_same(
    method: str,
    host: str,
    path: str,
    query: list[tuple[str, str]],
    content_type: str | None,
    body: str | bytes | None,
    access_key: str,
    secret_key: str,
    security_token: str | None,
) -> None:
    content = {"Content-Type": content_type} if content_type else {}
    connection = Connection("aksk", access_key=access_key, secret_key=secret_key, security_token=security_token)
    encoded_path = quote(path, safe="/~")
    ours = requests.Request(
        method,
        f"https://{host}{encoded_path}",
        params=query,
        headers=content,
        data=body,
        auth=aksk.AkSkAuth(connection, "some-project"),
    ).prepare()

    theirs = SdkRequest(
        method=method,
        schema="https",
        host=host,
        resource_path=encoded_path,
        query_params=t.cast("list[tuple[str, object]]", query),
        header_params={**content, "X-Sdk-Date": ours.headers["X-Sdk-Date"]},
        body=body,
    )
    Signer(BasicCredentials(access_key, secret_key)).sign(theirs)

    assert ours.headers["Authorization"] == theirs.header_params["Authorization"]
    assert ours.headers["Host"] == theirs.header_params["Host"]
    # The address itself is the client's, not the signer's: its spelling is free as long as the signer reads it right.
    assert urlsplit(ours.url).netloc == host
