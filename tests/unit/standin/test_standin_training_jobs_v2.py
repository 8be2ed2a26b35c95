# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Training jobs, version 2."""

from __future__ import annotations

import json

import pytest

FLAVOR = "modelarts.vm.cpu.8u"


def code(answer):
    return answer.status, answer.json["error_code"]


def test_life_of_a_job(jobs, standin, body):
    answer = jobs.create()
    created = answer.json
    assert answer.status == 201
    assert created["status"]["phase"] == "Creating"
    given = body()
    assert created["algorithm"]["parameters"] == given["algorithm"]["parameters"]
    assert created["algorithm"]["inputs"][0]["remote"] == given["algorithm"]["inputs"][0]["remote"]
    assert created["algorithm"]["engine"]["engine_name"] == "PyTorch"
    assert created["spec"]["resource"]["flavor_detail"]["flavor_info"]["cpu"]["core_num"] == 8
    job_id = created["metadata"]["id"]
    assert jobs.phase(job_id) == "Running"
    standin.advance(59)
    assert jobs.phase(job_id) == "Running"
    standin.advance(1)
    status = jobs.get(job_id).json["status"]
    assert (status["phase"], status["duration"]) == ("Completed", 60_000)
    assert status["task_statuses"] == [{"task": "worker-0", "exit_code": 0, "message": ""}]
    answer = jobs.delete(job_id)
    assert (answer.status, answer.json) == (202, "")
    assert code(jobs.get(job_id)) == (400, "ModelArts.2775")
    assert code(jobs.delete(job_id)) == (400, "ModelArts.2775")


def test_fields_are_those_of_the_documented_job(jobs, sample):
    documented = sample("v2_show_running")

    def missing(wanted, found, path=""):
        if not isinstance(wanted, dict):
            return []
        return [
            name
            for key, value in wanted.items()
            for name in ([f"{path}.{key}"] if key not in found else missing(value, found[key], f"{path}.{key}"))
        ]

    # A job of an algorithm shows what the algorithm says as well, which the stand-in does not know.
    found = jobs.get(jobs.created()).json
    assert missing(documented, found) == [
        ".algorithm.id",
        ".algorithm.name",
        ".algorithm.parameters_customization",
        ".spec.log_export_path",
    ]


def test_other_shapes_are_documented(jobs, standin, sample, content):
    standin.stock("modelarts.vm.cpu.8u", 0)
    job = jobs.created("trainjob--py14")
    assert jobs.get(job).json["status"] == sample("v2_show_pending_built")["status"]
    found = jobs.post("v2/training-job-searches", content("v2_search_request")["request_body"]).json
    documented = sample("v2_search_response")
    assert set(found) == set(documented)
    assert set(found["items"][0]) == set(documented["items"][0])
    assert set(documented["items"][0]["status"]) == set(found["items"][0]["status"])
    standin.job_settings(stopping_seconds=5)
    stopped, documented = jobs.stop(job).json, sample("v2_terminate_response_202")
    assert set(stopped) == set(documented)
    assert set(documented["metadata"]) <= set(stopped["metadata"])
    assert stopped["status"] == documented["status"]
    standin.advance(5)
    deleted = content("v2_delete_response_202")
    answer = jobs.delete(job)
    assert (answer.status, answer.json) == (deleted["http_status"], deleted["body"])


def test_queue(jobs, standin):
    standin.stock(FLAVOR, 2)
    first, second, third = (jobs.created(name, nodes=nodes) for name, nodes in (("a", 1), ("b", 2), ("c", 1)))
    other = jobs.created("d", "modelarts.vm.cpu.2u")
    # Nobody overtakes in the queue of a flavor, and the other flavor has a queue of its own.
    assert [jobs.phase(job) for job in (first, second, third, other)] == ["Running", "Pending", "Pending", "Running"]
    assert jobs.get(second).json["status"]["secondary_phase"] == "Queuing"
    standin.advance(60)
    assert [jobs.phase(job) for job in (first, second, third)] == ["Completed", "Running", "Pending"]
    # What is due happens in its order, however far the clock is turned.
    standin.advance(600)
    assert [jobs.phase(job) for job in (second, third)] == ["Completed", "Completed"]
    starts = [jobs.get(job).json["status"]["start_time"] for job in (first, second, third)]
    assert [start - starts[0] for start in starts] == [0, 60_000, 120_000]


def test_a_job_that_leaves_gives_its_nodes_back(jobs, standin):
    standin.stock(FLAVOR, 1)
    first, second, third = (jobs.created(name) for name in "abc")
    standin.job_settings(stopping_seconds=5)
    assert jobs.stop(second).status == 202
    assert jobs.stop(first).json["status"]["phase"] == "Terminating"
    assert [jobs.phase(job) for job in (first, second, third)] == ["Terminating", "Terminating", "Pending"]
    standin.advance(5)
    assert [jobs.phase(job) for job in (first, second, third)] == ["Terminated", "Terminated", "Running"]


def test_a_job_that_fails_by_itself(jobs, standin):
    standin.job_settings(exit_code=137, message="Out of memory.")
    job = jobs.created(nodes=2)
    assert jobs.phase(job) == "Running"
    standin.advance(60)
    status = jobs.get(job).json["status"]
    assert status["phase"] == "Failed"
    assert status["task_statuses"] == [
        {"task": task, "exit_code": 137, "message": "Out of memory."} for task in ("worker-0", "worker-1")
    ]
    standin.job_settings(exit_code=0, message=None)
    stopped = jobs.created("next")
    jobs.stop(stopped)
    assert jobs.phase(stopped) == "Terminated"
    assert "task_statuses" not in jobs.get(stopped).json["status"]


def test_stop(jobs, standin):
    job = jobs.created()
    answer = jobs.post(f"v2/training-jobs/{job}/actions", {"action_type": "restart"})
    assert code(answer) == (400, "ModelArts.2788")
    standin.refuse("2878", operation="stop-job")
    assert code(jobs.stop(job)) == (409, "ModelArts.2878")
    assert jobs.phase(job) == "Running"
    assert jobs.stop(job).status == 202
    assert jobs.phase(job) == "Terminated"
    assert code(jobs.stop(job)) == (409, "ModelArts.2796")
    assert code(jobs.stop("unknown")) == (400, "ModelArts.2775")


def test_a_job_is_terminated_before_it_is_deleted(jobs, standin):
    standin.job_settings(stopping_seconds=5)
    job = jobs.created()
    assert code(jobs.delete(job)) == (400, "ModelArts.2788")
    jobs.stop(job)
    assert code(jobs.delete(job)) == (409, "ModelArts.2878")
    standin.advance(5)
    assert jobs.delete(job).status == 202


def test_slow_delete(jobs, standin):
    standin.job_settings(deleting_seconds=30, name_seconds=10)
    job = jobs.created()
    jobs.stop(job)
    assert jobs.delete(job).status == 202
    assert (jobs.phase(job), jobs.names("train-mnist")) == ("Terminated", ["train-mnist"])
    assert code(jobs.create()) == (400, "ModelArts.2751")
    standin.advance(30)
    assert code(jobs.get(job)) == (400, "ModelArts.2775")
    assert jobs.names("train-mnist") == []
    assert code(jobs.create()) == (400, "ModelArts.2751")
    standin.advance(10)
    assert jobs.created() != job
    assert [job["alive"] for job in standin.jobs()] == [False, True]


def test_duplicate_name(jobs, standin):
    jobs.created()
    answer = jobs.create()
    assert code(answer) == (400, "ModelArts.2751")
    assert answer.json["error_msg"] == "Duplicate training job (name train-mnist)."
    assert jobs.create("train-mnist-2").status == 201
    # Of each workspace.
    assert jobs.create(metadata={"workspace_id": "other"}).status == 201
    standin.job_settings(unique_names=False)
    assert jobs.create().status == 201


def test_quota(jobs, standin):
    standin.job_settings(quota=1)
    job = jobs.created()
    assert code(jobs.create("next")) == (400, "ModelArts.2815")
    jobs.stop(job)
    assert jobs.create("next").status == 201


def test_names_that_contain_one_another(jobs):
    for name in ("train", "train-1", "my-train", "TRAIN", "other"):
        jobs.created(name)
    assert sorted(jobs.names("train")) == ["TRAIN", "my-train", "train", "train-1"]
    found = jobs.search(filters=[{"key": "name", "operator": "in", "value": ["train"]}])
    assert [item["metadata"]["name"] for item in found["items"]] == ["train"]
    assert (found["total"], found["count"]) == (5, 1)
    assert len(jobs.search(filters=[{"key": "phase", "operator": "not", "value": ["Running"]}])["items"]) == 0
    assert jobs.search(workspace_id="other")["count"] == 0


@pytest.mark.parametrize(("habit", "second", "third"), [("page", 1, 2), ("record", 2, 4)])
def test_offset_of_a_search(jobs, standin, habit, second, third):
    standin.job_settings(search_offset=habit)
    for number in range(5):
        standin.add_job(f"job-{number}")
    pages = [jobs.names("job", limit=2, offset=offset) for offset in (0, second, third, third + 2)]
    assert pages == [["job-4", "job-3"], ["job-2", "job-1"], ["job-0"], []]
    assert jobs.names("job", order="asc", limit=2) == ["job-0", "job-1"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "no spaces"}, "2788"),
        ({"name": ""}, "2788"),
        ({"flavor": "unknown"}, "2781"),
        ({"flavor": ""}, "2763"),
        ({"nodes": 17}, "2793"),
        ({"nodes": 0}, "2788"),
        ({"nodes": "1"}, "2788"),
        ({"algorithm": {"code_dir": None}}, "2757"),
        ({"algorithm": {"boot_file": None}}, "2758"),
        ({"algorithm": {"engine": {"engine_id": "unknown"}}}, "2780"),
        ({"algorithm": {"engine": {"image_url": "fastseq:1.2"}}}, "2806"),
        ({"resource": {"pool_id": "pool1"}}, "2781"),
        ({"flavor": "modelarts.bm.910b.8"}, "2840"),
    ],
)
def test_refused_bodies(jobs, standin, changes, expected):
    answer = jobs.create(**changes)
    assert code(answer) == (400, f"ModelArts.{expected}")
    assert answer.json["error_msg"] and answer.json["error_solution"]
    assert standin.jobs() == []


@pytest.mark.parametrize("text", [b"{", b"[]", b""])
def test_no_json(jobs, text):
    assert code(jobs.post("v2/training-jobs", text)) == (400, "ModelArts.2787")


@pytest.mark.parametrize("name", ["algorithm_id", "code_dir", "custom_image_pool"])
def test_documented_bodies(jobs, content, standin, name):
    given = content(f"v2_create_request_{name}")["request_body"]
    pool_id = given["spec"]["resource"].get("pool_id")
    standin.stock(pool_id or given["spec"]["resource"]["flavor_id"], 0)
    answer = jobs.post("v2/training-jobs", given)
    assert answer.status == 201
    assert answer.json["spec"]["resource"].get("pool_id") == pool_id
    assert standin.jobs()[0]["body"] == given
    assert jobs.phase(answer.json["metadata"]["id"]) == "Pending"


def test_signed_requests(client, standin, body):
    def signed(method, path, given=None):
        data = b"" if given is None else json.dumps(given).encode()
        path = f"/v2/{standin.account['project_id']}/{path}"
        return client.request(method, path, data, client.sign(path, method=method, body=data))

    job_id = signed("POST", "training-jobs", body()).json["metadata"]["id"]
    assert signed("POST", "training-job-searches", {"limit": 1}).json["count"] == 1
    assert signed("POST", f"training-jobs/{job_id}/actions", {"action_type": "terminate"}).status == 202
    assert signed("DELETE", f"training-jobs/{job_id}").status == 202
    # The signature covers the body and the method.
    path = f"/v2/{standin.account['project_id']}/training-jobs"
    headers = client.sign(path, method="POST", body=json.dumps(body("other")).encode())
    assert client.request("POST", path, body(), headers).status == 401
    assert client.request("DELETE", path + "/x", None, client.sign(path + "/x", method="GET")).status == 401


def test_other_project(client, standin, body):
    token = {"X-Auth-Token": client.token(project_id=standin.account["other_project_id"])}
    assert code(client.call("POST", "v2/training-jobs", body(), token)) == (403, "ModelArts.0210")
    assert client.call("POST", "v2/training-jobs", body(), {}).status == 401
    assert standin.jobs() == []
