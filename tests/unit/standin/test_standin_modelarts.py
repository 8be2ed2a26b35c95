# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Job resource specifications."""

from __future__ import annotations

import pytest


def test_documented_specs_come_untouched(client, sample):
    answer = client.specs("?job_type=train")
    assert answer.status == 200
    body = answer.json
    assert body["is_success"] is True
    assert body["spec_total_count"] == len(body["specs"])
    for name in ("rs_doc_two_specs_cpu_v100", "rs_doc_otc_2025_cpu_only", "rs_fixture_otc_job_flavor"):
        for spec in sample(name)["specs"]:
            assert spec in body["specs"]


def test_filters(client, content):
    catalogue = content("catalogue")["specs"]

    def ids(query):
        return {spec["spec_id"] for spec in client.specs(query).json["specs"]}

    def made_up(**wanted):
        return {
            offer["spec"]["spec_id"]
            for offer in catalogue
            if all(offer[name] is None or value in offer[name] for name, value in wanted.items())
        }

    documented = {2, 4, 44}
    assert ids("") == ids("?engine_id=0&project_type=0") == documented | made_up(project_types=0)
    assert ids("?job_type=train") == documented | made_up(project_types=0, job_types="train")
    assert ids("?job_type=inference") == made_up(project_types=0, job_types="inference")
    expected = documented | made_up(project_types=0, job_types="train", engine_ids=130)
    assert ids("?job_type=train&engine_id=130") == expected
    assert ids("?project_type=2") == made_up(project_types=2)
    assert len(ids("?job_type=train&engine_id=130")) < len(ids("?job_type=train"))
    assert ids("?project_type=99") == set()


def test_catalogue_says_that_it_is_made_up(content):
    catalogue = content("catalogue")
    assert catalogue["_kind"] == "made up"
    specs = [offer["spec"] for offer in catalogue["specs"]]
    assert len({spec["spec_id"] for spec in specs} | {2, 4, 44}) == len(specs) + 3
    assert len({spec["spec_code"] for spec in specs}) < len(specs)
    assert {spec["no_resource"] for spec in specs} == {True, False}


@pytest.mark.parametrize("query", ["?job_type=unknown", "?job_type=", "?engine_id=x", "?project_type="])
def test_bad_query(client, query):
    answer = client.specs(query)
    assert (answer.status, answer.json["is_success"], answer.json["error_code"]) == (400, False, "ModelArts.0105")
    assert answer.json["error_message"]


def test_tokens_refused(client, standin):
    account = standin.account
    expired = client.token()
    standin.expire_tokens()
    cases = [
        ({}, 401, "ModelArts.0201"),
        ({"X-Auth-Token": ""}, 401, "ModelArts.0201"),
        ({"X-Auth-Token": "unknown"}, 401, "ModelArts.0203"),
        ({"X-Auth-Token": expired}, 401, "ModelArts.0205"),
        ({"X-Auth-Token": client.token("unscoped")}, 401, "ModelArts.0212"),
        ({"X-Auth-Token": client.token("domain")}, 401, "ModelArts.0212"),
        ({"X-Auth-Token": client.token(project_id=account["other_project_id"])}, 403, "ModelArts.0210"),
    ]
    for headers, status, code in cases:
        answer = client.specs(headers=headers)
        assert (answer.status, answer.json["error_code"]) == (status, code)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v2/x/training-job-flavors"),
        ("POST", "/v1/x/job/resource-specs"),
        ("GET", "/v1/x/y/job/resource-specs"),
        ("GET", "/v1/x/job/resource-specs/"),
        ("PATCH", "/"),
        ("GET", "/v3/auth/tokens"),
    ],
)
def test_not_published(client, method, path, sample):
    answer = client.request(method, path)
    documented = sample("err_apigw_0101_api_gone")
    assert answer.status == 404
    assert answer.json == {**documented, "request_id": answer.headers["X-Request-Id"]}


def test_unreadable_body(client):
    assert client.request("POST", "/v3/auth/tokens", headers={"Content-Length": "many"}).status == 400
