# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module and lookup return specs or report what is wrong, whatever IAM and ModelArts send."""

from __future__ import annotations

import base64
import copy
import gzip
import json
import typing as t
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.community.modelarts.tests.unit.conftest import sample
from ansible_collections.community.modelarts.tests.unit.fuzzing import JSON, MARK, Reply, Wire, check, fuzzed, wire

SECRET = f"{MARK}key/of+many=characters"
OTHER_SECRET = f"{MARK}token"
Values = st.SearchStrategy[t.Any]


def echoing(*secrets: str) -> Values:
    """Return any JSON, in which some texts have what the client sent in them."""
    forms = [f(secret) for secret in secrets for f in (str, in_base64, in_url, in_sentence)]
    return JSON | st.sampled_from(forms)


def in_base64(secret: str) -> str:
    return base64.b64encode(secret.encode()).decode()


def in_url(secret: str) -> str:
    return f"https://elsewhere.test/?secret={quote(secret, safe='')}"


def in_sentence(secret: str) -> str:
    return f"verify failed, canonical request: x-auth-token:{secret}\n"


SAMPLES = [
    "rs_doc_two_specs_cpu_v100",
    "rs_doc_failed_error_message",
    "rs_doc_failed_error_msg_variant",
    "err_apigw_0301_ak_not_exist",
    "err_iam_401_documented",
]
STATUSES = st.sampled_from(
    [200] * 8 + [100, 101, 201, 204, 206, 301, 304, 307, 400, 401, 403, 404, 429, 500, 503, 599, 0]
)
LENGTHS = st.sampled_from(["right"] * 12 + ["missing", "too long", "odd", "chunked", "negative chunk"])
HEADS = st.sampled_from(
    [
        b"Content-Type: application/json",
        b"Content-Type: text/html; charset=utf-7",
        b"Content-Encoding: gzip",
        b"Content-Encoding: deflate",
        b"Content-Encoding: gzip, br",
        b"Content-Encoding: \xff",
        b"Retry-After: 99999999999999999999999999",
        b"Retry-After: Fri, 31 Dec 9999 23:59:59 GMT",
        b"Retry-After: soon",
        b"Location: http://[",
        b"X-Request-Id: \xfc\xe9",
        b"X-Request-Id: " + SECRET.encode(),
        b"Set-Cookie: a=b; domain=",
        b"no colon",
        b" folded",
    ]
)


def places(document: t.Any, path: tuple[t.Any, ...] = ()) -> list[tuple[t.Any, ...]]:
    """Return the path to each value in a document."""
    children: list[tuple[t.Any, t.Any]] = []
    if isinstance(document, dict):
        children = list(document.items())
    elif isinstance(document, list):
        children = list(enumerate(document))
    return [path, *(place for key, child in children for place in places(child, (*path, key)))]


def replaced(document: t.Any, path: tuple[t.Any, ...], value: t.Any) -> t.Any:
    """Return a copy of the document with another value at that place."""
    if not path:
        return value
    result = copy.copy(document)
    result[path[0]] = replaced(document[path[0]], path[1:], value)
    return result


@st.composite
def mutated(draw: st.DrawFn, document: t.Any, values: Values) -> t.Any:
    """Change up to three places of a document, and add a key."""
    for _change in range(draw(st.integers(0, 3))):
        document = replaced(document, draw(st.sampled_from(places(document))), draw(values))
    if isinstance(document, dict) and draw(st.booleans()):
        key = draw(st.sampled_from(["error_code", "error", "is_success", "specs", "token"]))
        document = {**document, key: draw(values)}
    return document


@st.composite
def mangled(draw: st.DrawFn, body: bytes) -> bytes:
    """Replace a piece of some bytes."""
    begin = draw(st.integers(0, len(body)))
    end = draw(st.integers(begin, min(len(body), begin + 20)))
    return body[:begin] + draw(st.binary(max_size=20)) + body[end:]


def written(document: t.Any) -> bytes:
    """Write as JSON, which is invalid where there is an infinite number or half of a pair of surrogates."""
    return json.dumps(document).encode()


def bodies(values: Values, *names: str) -> st.SearchStrategy[bytes]:
    """Return any JSON, any bytes, and documented samples that are damaged as documents or as bytes."""
    documents = st.sampled_from(names).flatmap(lambda name: mutated(sample(name), values))
    # Without secrets: nobody can tell a piece of one.
    plain = st.sampled_from(names).flatmap(lambda name: mutated(sample(name), JSON))
    texts = st.one_of(values.map(written), documents.map(written), plain.map(written).flatmap(mangled))
    return st.one_of(texts, texts, texts.map(gzip.compress), st.binary(max_size=200))


def replies(body: st.SearchStrategy[bytes]) -> st.SearchStrategy[Reply]:
    return st.builds(Reply, body=body, status=STATUSES, head=st.lists(HEADS, max_size=2).map(tuple), length=LENGTHS)


@pytest.fixture(scope="module")
def server() -> t.Iterator[Wire]:
    with wire() as serving:
        yield serving


LOGINS: list[dict[str, t.Any]] = [
    {"access_key": "key", "secret_key": SECRET, "security_token": OTHER_SECRET, "project_id": "project"},
    {"token": SECRET, "password": OTHER_SECRET, "project_id": "project"},
]
PICKS = st.sampled_from(
    [
        {},
        {"requirements": {"min_gpus": 1, "gpu_types": ["v*"]}, "order_by": ["-memory_gb"]},
        {"requirements": {"max_cores": 4, "min_storage_gb": 1.5}, "fallbacks": [{}], "on_no_match": "skip"},
    ]
)


@fuzzed
@given(reply=replies(bodies(echoing(SECRET, OTHER_SECRET), *SAMPLES)), login=st.sampled_from(LOGINS), pick=PICKS)
def test_any_response_of_modelarts(server: Wire, reply: Reply, login: dict[str, t.Any], pick: dict[str, t.Any]) -> None:
    server.query = reply
    result = check({"endpoint": server.url, "retries": 0, "timeout": 20, **login, **pick})
    if result.get("failed") and "candidates" not in result:
        assert result["msg"].startswith("Cannot query job resource specifications at 127.0.0.1:")


def issued(server: Wire) -> dict[str, t.Any]:
    """Return IAM's documented response, with this server in its catalog."""
    body = sample("iam_token_response")
    entry = {
        "type": "modelarts",
        "endpoints": [{"url": f"{server.url}/v1/p", "region": "eu-de", "interface": "public"}],
    }
    return {"token": {**body["token"], "catalog": [*body["token"]["catalog"], entry]}}


@fuzzed
@given(data=st.data(), with_project=st.booleans(), with_region=st.booleans())
def test_any_response_of_iam(server: Wire, data: st.DataObject, with_project: bool, with_region: bool) -> None:
    values = echoing(SECRET)
    documents = mutated(issued(server), values).map(written)
    damaged = mutated(issued(server), JSON).map(written).flatmap(mangled)
    body = data.draw(st.one_of(documents, documents, damaged, bodies(values, "err_iam_401_documented")))
    token = data.draw(st.sampled_from([OTHER_SECRET.encode()] * 4 + [b"", b"\xff", b"a b", b"x" * 70_000]))
    server.login = data.draw(replies(st.just(body)))
    server.login = server.login._replace(head=(*server.login.head, b"X-Subject-Token: " + token))
    server.query = Reply(written(sample("rs_doc_two_specs_cpu_v100")))
    options = {
        "auth_url": server.url,
        "username": "user",
        "password": SECRET,
        "user_domain_name": "domain",
        "project_name": "project",
        "retries": 0,
        "timeout": 20,
    }
    if with_project:
        options["project_id"] = "project"
    if with_region:
        options["region"] = "eu-de"
    check(options)
