# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control API for training jobs: clock, phases, injected errors, triggers, counted requests."""

from __future__ import annotations

import time

import pytest


def test_injected_errors(jobs, standin):
    standin.refuse("2763", spec="modelarts.vm.cpu.2u", times=None)
    standin.refuse("2799", operation="show-job", times=2, message="slow down", status=400)
    standin.refuse("50004000")
    assert [jobs.create(name, flavor).status for name, flavor in (("a", "modelarts.vm.cpu.2u"),) * 2] == [400, 400]
    assert jobs.create("b").json["error_code"] == "ModelArts.50004000"
    job = jobs.created("b")
    for _attempt in range(2):
        answer = jobs.get(job)
        assert (answer.status, answer.json["error_code"], answer.json["error_msg"]) == (
            400,
            "ModelArts.2799",
            "slow down",
        )
    assert jobs.get(job).status == 200
    standin.reset_jobs()
    assert jobs.create("a", "modelarts.vm.cpu.2u").status == 201


@pytest.mark.parametrize(
    ("phase", "shown", "state"),
    [
        ("Failed", "Failed", "failed"),
        ("failed", "Failed", "failed"),
        ("Abnormal", "Abnormal", "abnormal"),
        ("Pending", "Pending", "pending"),
        ("Timeout", "Timeout", "running"),
    ],
)
def test_forced_phase(jobs, standin, phase, shown, state):
    job = jobs.created()
    assert jobs.phase(job) == "Running"
    forced = standin.phase("train-mnist", phase, exit_code=3, message="Killed.")
    assert (forced["job_id"], forced["phase"], forced["state"]) == (job, shown, state)
    standin.advance(1000)
    status = jobs.get(job).json["status"]
    assert status["phase"] == shown
    assert status["task_statuses"] == [{"task": "worker-0", "exit_code": 3, "message": "Killed."}]


def test_forced_phase_and_stop(jobs, standin):
    job = jobs.created()
    standin.phase("train-mnist", "Pending")
    assert jobs.stop(job).status == 202
    assert jobs.phase(job) == "Terminated"
    standin.phase("train-mnist", "Unheard")
    assert jobs.stop(job).json["error_code"] == "ModelArts.2796"
    assert jobs.delete(job).status == 202
    # Without holding, the job goes on.
    job = jobs.created()
    standin.phase("train-mnist", "Pending", hold=False)
    assert jobs.phase(job) == "Running"


@pytest.mark.parametrize("number", range(23))
def test_forced_status_of_v1(standin, client, content, number):
    standin.add_job("train", api="v1")
    states = {"delete_failed": "running", "unknown": "running"}
    known = content("phases")["v1"][str(number)]
    for phase in (number, str(number)):
        standin.phase("train", "running")
        job = standin.phase("train", phase)
        assert (str(job["phase"]), job["state"]) == (str(number), states.get(known, known))
        shown = client.call("GET", "v1/training-jobs").json["jobs"][0]["status"]
        assert str(shown) == str(number)


def test_clock(jobs, standin):
    standin.job_settings(creating_seconds=10, running_seconds=None)
    start = standin.clock()["now"]
    job = jobs.created()
    assert jobs.phase(job) == "Creating"
    assert standin.clock() == {"now": start, "scale": 0, "tick": 0}
    standin.clock(tick=4)
    # The third request from here on is at 12 seconds.
    assert [jobs.phase(job) for _look in range(3)] == ["Creating", "Creating", "Running"]
    standin.clock(tick=0, scale=1000)
    time.sleep(0.05)
    assert standin.clock(scale=0)["now"] - start >= 62
    assert standin.clock()["now"] == standin.clock()["now"]
    standin.advance(1e6)
    assert jobs.phase(job) == "Running"


def test_clock_scale_of_the_command_line(start):
    with start("--clock-scale", "100000") as client:
        client.standin.add_job("train")
        time.sleep(0.05)
        assert client.standin.jobs()[0]["phase"] == "Completed"


def test_triggers(jobs, standin):
    standin.stock("modelarts.vm.cpu.8u", 0)
    job = jobs.created()
    standin.trigger(
        "show-job", "PUT", "jobs/stock", {"spec": "modelarts.vm.cpu.8u", "nodes": 1}, count=2, moment="after"
    )
    assert [jobs.phase(job) for _look in range(3)] == ["Pending", "Pending", "Running"]
    standin.trigger("any-job", "PUT", "jobs/phase", {"name": "train-mnist", "phase": "Completed"})
    assert jobs.stop(job).json["error_code"] == "ModelArts.2796"
    # A job that is gone by then is no error.
    standin.trigger("show-job", "PUT", "jobs/phase", {"name": "unknown", "phase": "Completed"})
    assert jobs.get(job).status == 200


def test_counted_requests(jobs, standin):
    project = f"/v2/{standin.account['project_id']}"
    job = jobs.created()
    jobs.names("train")
    jobs.get(job)
    jobs.get(job)
    jobs.stop(job)
    jobs.delete(job)
    assert standin.reads() == {f"{project}/training-job-searches": 1, f"{project}/training-jobs/{job}": 2}
    assert standin.writes() == {
        f"{project}/training-jobs": 1,
        f"{project}/training-jobs/{job}/actions": 1,
        f"{project}/training-jobs/{job}": 1,
    }
    assert standin.counts() == {
        "tokens": 0,
        "projects": 0,
        "resource-specs": 0,
        "create-job": 1,
        "search-jobs": 1,
        "show-job": 2,
        "stop-job": 1,
        "delete-job": 1,
    }


def test_domain_id_in_the_log(client, standin):
    client.request("GET", "/v3", headers={"X-Domain-Id": "d1"})
    assert standin.requests()[-1]["domain_id"] == "d1"


def test_deleted_jobs_are_listed(jobs, standin):
    job = jobs.created()
    jobs.stop(job)
    standin.advance(1)
    jobs.delete(job)
    jobs.created()
    old, new = standin.jobs()
    assert (old["alive"], new["alive"]) == (False, True)
    assert (old["gone"], new["gone"]) == (old["deleted"], None)
    assert old["created"] <= old["started"] < old["deleted"]
    assert new["body"]["metadata"]["name"] == "train-mnist"
    standin.reset_jobs()
    assert standin.jobs() == []


def test_restore(start, tmp_path):
    (tmp_path / "specs.json").write_text('[{"spec_id": 7}]', encoding="utf-8")
    arguments = ("--fault", "html-502:1@projects", "--no-v2", "--catalog", "none", "--latency", "0.001")
    with start(*arguments, "--specs", str(tmp_path / "specs.json"), "--clock-scale", "2") as client:
        standin = client.standin
        standin.fault("unavailable")
        standin.fault("unavailable", operation="projects")
        standin.latency(30)
        standin.catalog("twice")
        standin.without("v1")
        standin.specs([])
        standin.refuse("2763", times=None)
        standin.trigger("tokens", "PUT", "without", {"versions": ["v1"]})
        standin.catalogues(services=[])
        standin.clock(scale=0, tick=5, advance=5000)
        standin.stock("modelarts.vm.cpu.2u", 0)
        standin.add_job("train")
        standin.restore()
        assert (standin.jobs(), standin.requests()) == ([], [])
        clock = standin.clock()
        assert (clock["scale"], clock["tick"], clock["now"] < 1_800_005_000) == (2, 0, True)
        assert client.login().json["token"]["catalog"][1:] == []
        assert client.specs().json["specs"] == [{"spec_id": 7}]
        assert [client.request("GET", "/v3/projects").status for _attempt in range(2)] == [502, 401]
        assert client.call("GET", "v2/training-job-flavors").status == 404
        assert client.call("GET", "v1/services/specifications").json["total_count"] > 0
        config = {"spec_id": 7, "engine_id": 1, "app_url": "/a/", "boot_file_url": "/a/b", "data_url": "/a/"}
        body = {"job_name": "a", "config": config}
        assert client.call("POST", "v1/training-jobs", body).json["is_success"] is True
        assert client.call("GET", "v1/training-jobs").json["jobs"][0]["status"] == 8


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("clock", {"advance": -1}, "from 0 on"),
        ("clock", {"forward": 1}, "advance, scale and tick"),
        ("jobs/stock", {"spec": "x", "nodes": -1}, "from 0 on"),
        ("jobs/stock", {"spec": "x"}, "nodes"),
        ("jobs/phase", {"name": "unknown", "phase": "Failed"}, "no job"),
        ("jobs/settings", {"unknown": 1}, "running_seconds"),
        ("jobs/settings", {"search_offset": "row"}, "page"),
        ("jobs/refuse", {"code": "ModelArts.2763"}, "digits"),
        ("jobs/refuse", {"code": "2763", "operation": "tokens"}, "create-job"),
        ("jobs/refuse", {"code": "2763", "times": 0}, "times"),
        ("jobs/refuse", {"codes": "2763"}, "codes"),
        ("jobs/add", {}, "name"),
        ("jobs/add", {"name": "x", "api": "v3"}, "v3"),
        ("trigger", {"operation": "unknown", "do": ["PUT", "clock", {}]}, "any-job"),
        ("trigger", {"operation": "show-job", "moment": "during", "do": ["PUT", "clock", {}]}, "before"),
        ("trigger", {"operation": "show-job", "do": ["PUT", "unknown", {}]}, "unknown"),
        ("catalog", {"mode": "unknown"}, "twice"),
        ("catalogues", {"unknown": 1}, "page_size"),
        ("catalogues", {"flavors": {}}, "list"),
        ("without", {"versions": ["v3"]}, "v1"),
    ],
)
def test_control_refuses(client, path, body, message):
    answer = client.request("PUT", f"/standin/{path}", body)
    assert answer.status == 400
    assert message in answer.json["error"]
