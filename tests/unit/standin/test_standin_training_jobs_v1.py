# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Training jobs, version 1."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def jobs(client, content):
    """The API, with one token."""
    headers = {"X-Auth-Token": client.token()}
    client.standin.reset()
    documented = content("v1_create_request_spec_id")["request_body"]

    class Jobs:
        def body(self, name="train", **config):
            given = {**json.loads(json.dumps(documented)), "job_name": name}
            given["config"].update(config)
            return given

        def create(self, *arguments, **config):
            return client.call(
                "POST", "v1/training-jobs", self.body(*arguments, **{"spec_id": 1003, **config}), headers
            )

        def created(self, *arguments, **config):
            answer = self.create(*arguments, **config)
            assert answer.json["is_success"] is True, answer.content
            return f"{answer.json['job_id']}/versions/{answer.json['version_id']}"

        def get(self, job):
            return client.call("GET", f"v1/training-jobs/{job}", None, headers)

        def status(self, job):
            return self.get(job).json["status"]

        def stop(self, job):
            return client.call("POST", f"v1/training-jobs/{job}/stop", None, headers)

        def delete(self, job):
            return client.call("DELETE", f"v1/training-jobs/{job.partition('/')[0]}", None, headers)

        def list(self, query=""):
            return client.call("GET", f"v1/training-jobs?{query}", None, headers).json

        def names(self, query=""):
            return [job["job_name"] for job in self.list(query)["jobs"]]

    return Jobs()


def code(answer):
    return answer.status, answer.json["is_success"], answer.json["error_code"]


def test_life_of_a_job(jobs, standin, sample):
    answer = jobs.create()
    assert set(answer.json) == set(sample("v1_create_response_ints"))
    assert (answer.status, answer.json["status"]) == (200, 1)
    assert answer.json["job_id"] != answer.json["version_id"]
    job = f"{answer.json['job_id']}/versions/{answer.json['version_id']}"
    assert jobs.status(job) == 8
    standin.advance(60)
    found = jobs.get(job).json
    assert set(sample("v1_version_detail_completed")) - set(found) == {"data_source"}
    assert (found["status"], found["duration"], found["spec_code"]) == (10, 60_000, "modelarts.vm.cpu.8u")
    assert (found["engine_id"], found["engine_name"]) == (1, "TensorFlow")
    listed, documented = jobs.list(), sample("v1_list_response")
    assert set(listed) == set(documented)
    assert set(listed["jobs"][0]) == set(documented["jobs"][0])
    assert listed["jobs"][0]["status"] == 10
    versions = jobs.get(job.rpartition("/")[0]).json
    assert [version["version_id"] for version in versions["versions"]] == [answer.json["version_id"]]
    answer = jobs.delete(job)
    assert (answer.status, answer.json) == (200, sample("v1_delete_ok"))
    assert jobs.list()["job_total_count"] == 0
    assert set(jobs.get(job).json) == set(sample("v1_failed_generic"))
    assert code(jobs.get(job)) == (400, False, "ModelArts.0105")


def test_queue_and_stop(jobs, standin, sample):
    standin.stock("modelarts.vm.cpu.8u", 1)
    standin.job_settings(stopping_seconds=5)
    first, second = jobs.created("a"), jobs.created("b")
    assert (jobs.status(first), jobs.status(second)) == (8, 7)
    assert jobs.stop(first).json == sample("v1_stop_ok")
    assert (jobs.status(first), jobs.status(second)) == (9, 7)
    standin.advance(5)
    assert (jobs.status(first), jobs.status(second)) == (12, 8)
    assert code(jobs.stop(first)) == (400, False, "ModelArts.0105")
    # A running one can be deleted, and leaves its node.
    third = jobs.created("c")
    assert jobs.status(third) == 7
    jobs.delete(second)
    assert jobs.status(third) == 8


def test_slow_delete_and_names(jobs, standin, sample):
    standin.job_settings(deleting_seconds=30, name_seconds=10)
    job = jobs.created("TestModelArtsJob")
    duplicate = jobs.create("TestModelArtsJob")
    assert (duplicate.status, duplicate.json) == (200, sample("v1_create_duplicate_name"))
    jobs.delete(job)
    standin.advance(29)
    assert jobs.names() == ["TestModelArtsJob"]
    standin.advance(1)
    assert jobs.names() == []
    assert code(jobs.create("TestModelArtsJob"))[2] == "ModelArts.0103"
    standin.advance(10)
    assert jobs.create("TestModelArtsJob").json["is_success"] is True


def test_list(jobs, standin):
    for name in ("train", "train-1", "my-train", "TRAIN", "other"):
        jobs.created(name)
    standin.add_job("elsewhere", api="v1", workspace_id="w")
    standin.add_job("of-v2")
    assert jobs.names("search_content=train") == ["TRAIN", "my-train", "train-1", "train"]
    assert jobs.names("search_content=train&per_page=3&page=2") == ["train"]
    assert jobs.names("search_content=train&per_page=3&page=3") == []
    assert jobs.names("sortBy=job_name&order=asc&per_page=2") == ["TRAIN", "my-train"]
    assert jobs.names("workspace_id=w") == ["elsewhere"]
    standin.phase("other", 10)
    assert jobs.names("status=10|11") == ["other"]
    assert jobs.list("per_page=1")["job_total_count"] == 5
    for query in ("per_page=0", "per_page=1001", "page=0", "page=x"):
        assert jobs.list(query)["error_code"] == "ModelArts.0105"


def test_numbers_as_strings(jobs, standin, sample):
    standin.job_settings(v1_strings=True)
    documented = sample("v1_create_response_strings")
    answer = jobs.create(spec_id="1003", worker_server_num="2", engine_id="1").json
    assert {key: type(value) for key, value in answer.items()} == {key: type(documented[key]) for key in documented}
    assert jobs.list()["jobs"][0]["status"] == "8"
    assert standin.jobs()[0]["nodes"] == 2
    # An error keeps its status.
    standin.refuse("2763")
    assert jobs.create("next").status == 400


def test_flavor_code_and_pool(jobs, standin, content, client):
    given = content("v1_create_request_flavor_code")["request_body"]
    standin.stock("modelarts.vm.cpu.8u", 0)
    standin.stock("pool1", 0)
    answer = client.call("POST", "v1/training-jobs", given)
    assert answer.json["is_success"] is True
    assert standin.jobs()[0]["body"] == given
    job = jobs.created("pool", spec_id=None, pool_id="pool1")
    assert [job["phase"] for job in standin.jobs()] == [7, 7]
    assert jobs.get(job).json["pool_id"] == "pool1"


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"spec_id": 99999}, "2763"),
        ({"spec_id": 1003, "pool_id": "pool1"}, "0105"),
        ({"spec_id": 1003, "flavor": {"code": "modelarts.vm.cpu.8u"}}, "0105"),
        ({"spec_id": None}, "0105"),
        ({"spec_id": None, "flavor": {"code": "unknown"}}, "2763"),
        ({"worker_server_num": 17}, "2793"),
        ({"worker_server_num": "many"}, "0105"),
        ({"worker_server_num": 0}, "0105"),
        ({"boot_file_url": None}, "0105"),
        ({"user_image_url": "image:1", "user_command": "run"}, "0105"),
        ({"data_url": None}, "0105"),
        ({"dataset_id": "d"}, "0105"),
    ],
)
def test_refused_bodies(jobs, standin, config, expected):
    assert code(jobs.create(**config)) == (400, False, f"ModelArts.{expected}")
    assert standin.jobs() == []


@pytest.mark.parametrize("given", [b"", b"[]", {"job_name": "x"}, {"job_name": "no spaces", "config": {"spec_id": 2}}])
def test_bad_bodies(client, given):
    assert code(client.call("POST", "v1/training-jobs", given)) == (400, False, "ModelArts.0105")


def test_quota(jobs, standin, sample):
    standin.job_settings(quota=2)
    jobs.created("a")
    assert (jobs.list()["quotas"], jobs.list()["job_count_limit"]) == (2, 1)
    jobs.created("b")
    answer = jobs.create("c")
    assert (answer.status, answer.json) == (400, sample("v1_quota_insufficient"))


def test_signed_requests(client, standin, jobs):
    def signed(method, path, given=None):
        data = b"" if given is None else json.dumps(given).encode()
        path = f"/v1/{standin.account['project_id']}/{path}"
        return client.request(method, path, data, client.sign(path, method=method, body=data)).json

    job = signed("POST", "training-jobs", jobs.body(spec_id=1003))
    assert signed("GET", "training-jobs?search_content=train&per_page=10")["job_total_count"] == 1
    assert signed("POST", f"training-jobs/{job['job_id']}/versions/{job['version_id']}/stop")["is_success"] is True
    assert signed("DELETE", f"training-jobs/{job['job_id']}")["is_success"] is True


def test_versions_are_those_of_the_job(jobs):
    first, second = jobs.created("a"), jobs.created("b")
    mixed = f"{first.split('/')[0]}/versions/{second.split('/')[2]}"
    assert code(jobs.get(mixed)) == (400, False, "ModelArts.0105")


def test_without_v1(standin, client):
    standin.without("v1")
    for path in ("job/resource-specs", "job/ai-engines", "training-jobs"):
        answer = client.call("GET", f"v1/{path}")
        assert (answer.status, answer.json["error_code"]) == (404, "APIGW.0101")
    assert client.call("GET", "v1/services/specifications").status == 200
    assert client.call("GET", "v2/training-job-flavors").status == 200
    standin.without("v2")
    assert client.call("GET", "v2/training-job-flavors").status == 404
    assert client.call("GET", "v1/training-jobs").status == 200
