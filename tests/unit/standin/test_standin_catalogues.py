# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The other catalogues, and the catalog of services in a token."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def get(client):
    headers = {"X-Auth-Token": client.token()}
    return lambda path: client.call("GET", path, None, headers)


@pytest.mark.parametrize(
    ("path", "key", "names"),
    [
        ("v1/job/ai-engines?job_type=train", "engines", ["v1_engines_tutorial", "v1_engines_reference_page"]),
        ("v2/training-job-engines", "items", ["v2_engines"]),
        ("v2/training-job-flavors", "flavors", ["v2_flavors_doc_cpu", "v2_flavors_gpu_ascend_built"]),
        ("v1/services/specifications?limit=1000", "specifications", ["services_specifications_otc"]),
    ],
)
def test_documented_entries_come_untouched(get, standin, sample, path, key, names):
    documented = [entry for name in names for entry in sample(name)[key]]
    found = get(path)
    assert found.status == 200
    entries = found.json[key]
    assert entries[: len(documented)] == documented
    assert set(found.json) == set(sample(names[0]))
    standin.catalogues(reverse=True)
    assert get(path).json[key] == entries[::-1]


def test_flavor_types(get):
    flavors = get("v2/training-job-flavors").json["flavors"]
    for flavor_type in ("CPU", "GPU", "Ascend"):
        found = get(f"v2/training-job-flavors?flavor_type={flavor_type}").json
        assert found["flavors"] == [flavor for flavor in flavors if flavor["flavor_type"] == flavor_type] != []
        assert found["total_count"] == len(found["flavors"]) < len(flavors)
    refused = get("v2/training-job-flavors?flavor_type=TPU")
    assert (refused.status, refused.json["error_code"]) == (400, "ModelArts.2788")


def test_shapes_of_flavors(get, standin):
    flavors = get("v2/training-job-flavors").json["flavors"]
    assert {"max_num" in flavor for flavor in flavors} == {True, False}
    assert all("max_num" in flavor["flavor_info"] for flavor in flavors)
    engines = {engine["engine_id"] for engine in get("v2/training-job-engines").json["items"]}
    stated = [json.loads(flavor["support_engines"]) for flavor in flavors if "support_engines" in flavor]
    assert 0 < len(stated) < len(flavors)
    assert {engine for supported in stated for engine in supported} <= engines
    standin.catalogues(inner_max_num=True)
    assert not any("max_num" in flavor for flavor in get("v2/training-job-flavors").json["flavors"])


def test_pages_of_services(get, standin):
    everything = get("v1/services/specifications?limit=1000").json
    total = everything["total_count"]
    assert total == everything["count"] == len(everything["specifications"])

    def pages(limit, steps=20):
        found: list[dict[str, object]] = []
        for _page in range(steps):
            page = get(f"v1/services/specifications?infer_type=real-time&limit={limit}&offset={len(found)}").json
            assert page["total_count"] == total
            found += page["specifications"]
            if not page["count"]:
                break
        return found

    assert pages(3) == everything["specifications"]
    standin.catalogues(page_size=2)
    assert len(get("v1/services/specifications?limit=1000").json["specifications"]) == 2
    assert pages(1000) == everything["specifications"]
    standin.catalogues(ignore_offset=True)
    assert pages(1000, 3) == everything["specifications"][:2] * 3
    for query in ("limit=0", "limit=1001", "offset=-1", "offset=x", "infer_type=slow"):
        assert get(f"v1/services/specifications?{query}").status == 400


def test_old_shape_of_services(get, standin, sample):
    standin.catalogues(old_services=True)
    documented = sample("services_specifications_doc")["specifications"][0]
    for service in get("v1/services/specifications?limit=1000").json["specifications"]:
        assert set(service) == set(documented)


def test_own_lists(get, standin):
    standin.catalogues(flavors=[{"flavor_id": "mine", "flavor_type": "CPU"}], engines_v2=[])
    assert get("v2/training-job-flavors").json == {
        "total_count": 1,
        "flavors": [{"flavor_id": "mine", "flavor_type": "CPU"}],
    }
    assert get("v2/training-job-engines").json == {"total": 0, "items": []}
    standin.catalogues()
    assert get("v2/training-job-flavors").json["total_count"] > 1


@pytest.mark.parametrize(
    "path",
    ["v1/job/ai-engines", "v2/training-job-engines", "v2/training-job-flavors", "v1/services/specifications"],
)
def test_tokens_refused(client, path):
    assert client.call("GET", path, None, {}).json["error_code"] == "ModelArts.0201"
    assert client.call("GET", path, None, {"X-Auth-Token": "x"}).json["error_code"] == "ModelArts.0203"
    project_path = f"/{path.partition('/')[0]}/{client.standin.account['project_id']}/{path.partition('/')[2]}"
    assert client.request("GET", project_path, None, client.sign(project_path)).status == 200


def test_job_type_of_engines(get):
    assert get("v1/job/ai-engines?job_type=unknown").json["is_success"] is False


def test_options_without_versions(start):
    with start("--no-v1", "--catalog", "types") as client:
        assert client.specs().json["error_code"] == "APIGW.0101"
        assert client.call("GET", "v2/training-job-flavors").status == 200
        assert catalog(client) == {"modelartsv1": ["/v1/PID"], "modelartsv2": ["/v2/PID"]}
    with start("--no-v2") as client:
        assert client.specs().status == 200
        assert client.call("POST", "v2/training-jobs", {}).status == 404


def catalog(client):
    """The paths of ModelArts in the catalog of a token, for each type."""
    found: dict[str, list[str]] = {}
    project_id = client.standin.account["project_id"]
    for service in client.login().json["token"]["catalog"]:
        for endpoint in service["endpoints"]:
            if service["type"] != "identity":
                assert endpoint["region"] == client.standin.region
                path = endpoint["url"].replace(client.standin.url, "").replace(project_id, "PID")
                found.setdefault(service["type"], []).append(path)
    return found


def test_own_catalog_entries(client, standin):
    standin.catalog(entries=[{"type": "modelarts", "url": "URL/below/v2/PID", "region": standin.region}])
    assert catalog(client) == {"modelarts": ["/below/v2/PID"]}
    assert "modelarts" not in str(client.login("domain").json["token"]["catalog"])
