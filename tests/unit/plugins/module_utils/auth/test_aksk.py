# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SDK-HMAC-SHA256 against the published vectors."""

from __future__ import annotations

import hashlib
import json
import time
import typing as t
from urllib.parse import urlencode

import pytest
import requests

from ansible_collections.community.modelarts.plugins.module_utils._auth import aksk
from ansible_collections.community.modelarts.plugins.module_utils._connection import Connection
from ansible_collections.community.modelarts.tests.unit.conftest import DATA

PUBLISHED = json.loads((DATA / "sdk_hmac_sha256.json").read_text(encoding="utf-8"))
VECTORS = PUBLISHED["vectors"]


def canonical(vector: dict[str, t.Any]) -> str:
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    signed = {name: headers[name] for name in vector["signed_headers"]}
    query = list(map(tuple, vector["query"]))
    return aksk.canonical_request(vector["method"], vector["path"], query, signed, vector["body"].encode())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_published_signature(vector: dict[str, t.Any]) -> None:
    signature = aksk.sign(canonical(vector), vector["headers"]["X-Sdk-Date"], vector["sk"])
    assert signature == vector["expected_signature"]


def test_published_canonical_request() -> None:
    vector = next(vector for vector in VECTORS if "expected_hashed_canonical_request" in vector)
    hashed = hashlib.sha256(canonical(vector).encode()).hexdigest()
    assert hashed == vector["expected_hashed_canonical_request"]


def test_published_canonical_query() -> None:
    vector = PUBLISHED["canonical_query_vector"]
    query = [
        (name, json.dumps(one) if isinstance(one, (bool, int)) else one)
        for name, value in vector["params"]
        for one in (value if isinstance(value, list) else [value])
    ]
    assert aksk.canonical_request("GET", "/", query, {}, b"").split("\n")[2] == vector["expected"]


def signed(
    vector: dict[str, t.Any], monkeypatch: pytest.MonkeyPatch, project_id: str | None = None, **more: t.Any
) -> requests.PreparedRequest:
    """Return the vector's request, signed at the vector's time."""
    monkeypatch.setattr(time, "strftime", lambda *arguments: vector["headers"]["X-Sdk-Date"])
    headers = {name: vector["headers"][name] for name in ("Content-Type",) if name in vector["headers"]}
    url = f"https://{vector['host']}{vector['path']}?{urlencode([tuple(pair) for pair in vector['query']])}"
    auth = aksk.AkSkAuth(Connection("aksk", access_key=vector["ak"], secret_key=vector["sk"], **more), project_id)
    return requests.Request(vector["method"], url, headers=headers, data=vector["body"], auth=auth).prepare()


def test_the_published_request_signed_by_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    vector = VECTORS[0]
    request = signed(vector, monkeypatch)
    assert request.headers["Host"] == vector["host"]
    assert request.headers["X-Sdk-Date"] == vector["headers"]["X-Sdk-Date"]
    assert request.headers["Authorization"] == (
        f"SDK-HMAC-SHA256 Access={vector['ak']}, SignedHeaders=content-type;host;x-sdk-date, "
        f"Signature={vector['expected_signature']}"
    )


@pytest.mark.parametrize(
    ("project_id", "more", "headers"),
    [
        (None, {"security_token": "temporary"}, {"X-Security-Token": "temporary"}),
        ("project", {"user_domain_id": "domain"}, {"X-Project-Id": "project"}),
        (None, {"user_domain_id": "domain", "project_name": "project"}, {}),
        # An agency is assumed without a project.
        (None, {"user_domain_id": "domain"}, {"X-Domain-Id": "domain"}),
    ],
)
def test_other_headers_are_sent_unsigned(
    project_id: str | None, more: dict[str, str], headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    request = signed(VECTORS[0], monkeypatch, project_id, **more)
    names = ("X-Security-Token", "X-Project-Id", "X-Domain-Id")
    assert {name: request.headers[name] for name in names if name in request.headers} == headers
    assert request.headers["Authorization"].endswith(VECTORS[0]["expected_signature"])
