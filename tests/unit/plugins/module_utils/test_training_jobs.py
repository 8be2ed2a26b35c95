# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Training jobs at the wire, with both versions of the API: what is sent, how often, and what comes of it."""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest
import yaml

from ansible_collections.community.modelarts.plugins.module_utils import _client, _connection, _training_jobs
from ansible_collections.community.modelarts.plugins.module_utils._errors import OptionsError
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.plugins.module_utils.training import NAME, PATHS, Runs

TESTS = pathlib.Path(__file__).parents[3]


@pytest.fixture(params=["v1", "v2"])
def run(standin: StandIn, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Runs:
    monkeypatch.setattr(_client.Retry, "get_backoff_time", lambda self: 0.0)
    standin.reset_jobs()
    standin.clear_triggers()
    return Runs(standin, request.param)


def outcomes(result: dict[str, t.Any]) -> list[tuple[str, str]]:
    return [(attempt["spec_code"], attempt["outcome"]) for attempt in result["attempts"]]


def requests(run: Runs) -> dict[str, int]:
    return {name: number for name, number in run.standin.counts().items() if number}


# Creating


def test_creating_takes_a_search_a_create_and_polls(run: Runs) -> None:
    run.standin.job_settings(creating_seconds=9)
    result = run()
    assert (result["changed"], result["phase"], result["spec_code"]) == (True, "running", run.specs[0])
    # At 2, 5 and 9.5 seconds.
    assert requests(run) == {"search-jobs": 1, "create-job": 1, "show-job": 3}
    assert result["job_id"] == run.alive()[0]["job_id"]


def test_creating_without_waiting_takes_two_requests(run: Runs) -> None:
    run.standin.job_settings(creating_seconds=9)
    result = run(wait_for="created")
    assert (result["phase"], requests(run)) == ("creating", {"search-jobs": 1, "create-job": 1})


def test_a_job_of_the_name_is_left_alone(run: Runs) -> None:
    first = run()
    run.standin.reset()
    result = run()
    assert (result["changed"], result["job_id"], result["phase"]) == (False, first["job_id"], "running")
    assert not run.standin.writes()
    assert outcomes(result) == [(run.specs[0], "running")]


@pytest.mark.parametrize("offset", ["page", "record"])
def test_the_name_is_compared_exactly_on_each_page(run: Runs, offset: str) -> None:
    run.standin.job_settings(search_offset=offset)
    wanted = run.standin.add_job(NAME, api=run.api, phase="running")
    for number in range(120):
        run.standin.add_job(f"{NAME}-{number}", api=run.api, phase="running")
    run.standin.add_job(f"other-{NAME}", api=run.api)
    run.standin.add_job(NAME.upper(), api=run.api)
    run.standin.reset()
    assert run()["job_id"] == wanted["job_id"]
    assert not run.standin.writes()
    listed = run.listed()
    assert len(listed) == len({job["job_id"] for job in listed}) == 123
    assert [job["job_id"] for job in run.listed(name=NAME)] == [wanted["job_id"]]


def test_the_same_name_in_another_workspace_is_another_job(run: Runs) -> None:
    run.standin.add_job(NAME, api=run.api, workspace_id="7", phase="running")
    assert run()["changed"]
    assert not run(workspace_id="7")["changed"]


def test_every_option_arrives_where_the_api_has_it(standin: StandIn) -> None:
    standin.reset_jobs()
    common: dict[str, t.Any] = {
        "description": "Nightly",
        "nodes": 1,
        "parameters": {"epochs": 3, "dry": False},
        "log_url": "/b/log/",
    }
    Runs(standin, "v1")(
        **common, workspace_id="0", definition={"config": {"volumes": []}, "notification": {"events": []}}
    )
    assert standin.jobs()[-1]["body"] == {
        "job_name": NAME,
        "job_desc": "Nightly",
        "workspace_id": "0",
        "notification": {"events": []},
        "config": {
            "worker_server_num": 1,
            "flavor": {"code": "modelarts.vm.cpu.2u"},
            "engine_id": 4,
            "app_url": "/bucket/code/",
            "boot_file_url": "/bucket/code/train.py",
            "parameter": [{"label": "epochs", "value": "3"}, {"label": "dry", "value": "False"}],
            "data_url": "/bucket/data/",
            "train_url": "/bucket/out/",
            "log_url": "/b/log/",
            "volumes": [],
        },
    }
    auto_stop = {"time_unit": "HOURS", "duration": 2}
    Runs(standin, "v2")(
        **common, environments={"NCCL_DEBUG": "INFO", "THREADS": 8}, definition={"spec": {"auto_stop": auto_stop}}
    )
    assert standin.jobs()[-1]["body"] == {
        "kind": "job",
        "metadata": {"name": NAME, "description": "Nightly"},
        "algorithm": {
            "engine": {"image_url": "group/image:1"},
            "command": "python train.py",
            "parameters": [{"name": "epochs", "value": "3"}, {"name": "dry", "value": "False"}],
            "environments": {"NCCL_DEBUG": "INFO", "THREADS": "8"},
            "inputs": [{"name": "data_url", "remote": {"obs": {"obs_url": "/bucket/data/"}}}],
            "outputs": [{"name": "train_url", "remote": {"obs": {"obs_url": "/bucket/out/"}}}],
        },
        "spec": {
            "resource": {"flavor_id": "modelarts.vm.cpu.2u", "node_count": 1},
            "log_export_path": {"obs_url": "/b/log/"},
            "auto_stop": auto_stop,
        },
    }


def test_an_id_that_is_no_number_is_not_dropped(standin: StandIn) -> None:
    result = Runs(standin, "v1")(check_mode=True, engine_id="TF-1.8", candidates=[{"spec_id": "large"}])
    config = result["diff"]["after"]["config"]
    assert (config["engine_id"], config["spec_id"]) == ("TF-1.8", "large")


def test_candidates_are_specs_codes_or_ids(standin: StandIn) -> None:
    standin.reset_jobs()
    v1, v2 = Runs(standin, "v1"), Runs(standin, "v2")
    spec = {"spec_id": 4, "spec_code": "modelarts.vm.gpu.v100", "no_resource": False}
    result = v1(candidates=[spec])
    assert (result["spec"], result["spec_code"]) == (spec, "modelarts.vm.gpu.v100")
    assert standin.jobs()[-1]["body"]["config"]["spec_id"] == 4
    assert v1(candidates=[4], name="by-id")["spec_code"] == "modelarts.vm.gpu.v100"
    flavor = {"flavor_id": "modelarts.vm.cpu.8u", "spec_code": "something.else"}
    assert v2(candidates=[flavor])["spec"] == flavor
    assert v2(candidates=[{"spec_code": "modelarts.vm.cpu.2u"}], name="by-code")["spec_code"] == "modelarts.vm.cpu.2u"


def test_candidates_and_parameters_as_surveys_have_them(standin: StandIn) -> None:
    run = Runs(standin, "v2")
    text = json.dumps([{"spec_code": code} for code in run.specs[:2]])
    run(candidates=text, parameters={"epochs": 3, "resume": None}, environments={"MODE": "", "UNSET": None})
    (job,) = standin.jobs()
    assert job["spec"] == run.specs[0]
    assert job["body"]["algorithm"]["parameters"] == [{"name": "epochs", "value": "3"}]
    assert job["body"]["algorithm"]["environments"] == {"MODE": ""}
    run(candidates=f" {run.specs[1]} , {run.specs[0]}", name="other")
    assert standin.jobs()[1]["spec"] == run.specs[1]


def test_a_pool_takes_the_place_of_candidates(run: Runs) -> None:
    result = run(pool_id="pool1")
    assert (result["phase"], result["spec_code"]) == ("running", None)
    assert run.alive()[0]["spec"] == "pool1"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": "no spaces"}, "name 'no spaces' is not valid"),
        ({"candidates": []}, "There are no candidates"),
        ({"candidates": [{"max_num": 1}]}, "has neither"),
        (
            {"nodes": 2, "definition": {"spec": {"resource": {"node_count": 3}}}},
            "definition sets spec.resource.node_count",
        ),
        ({"pending_timeout": -1}, "pending_timeout must not be negative"),
        ({"wait_timeout": -1, "state": "absent"}, "wait_timeout must not be negative"),
        ({"api": "v1", "environments": {"A": "1"}}, "The v1 API does not take environments"),
        ({"api": "v1", "inputs": {"a": "/a/", "b": "/b/"}}, "The v1 API does not take more than one of inputs"),
    ],
)
def test_options_that_make_no_job_send_nothing(standin: StandIn, given: dict[str, t.Any], message: str) -> None:
    standin.reset_jobs()
    try:
        text = Runs(standin, given.get("api", "v2"))(**given)["msg"]
    except OptionsError as error:
        text = str(error)
    assert message in text
    assert not standin.requests()


# Lost responses


@pytest.mark.parametrize("fault", ["lost", "lost-502", "lost-504"])
def test_a_job_whose_response_was_lost_is_found(run: Runs, fault: str) -> None:
    run.standin.fault(fault, times=1, operation="create-job")
    result = run()
    assert (result["changed"], result["phase"]) == (True, "running")
    assert requests(run)["create-job"] == 1
    assert len(run.standin.jobs()) == 1


@pytest.mark.parametrize("fault", ["reset", "error-500", "unavailable", "gateway-throttled", "empty"])
def test_a_creation_that_did_not_happen_is_repeated_after_a_search(run: Runs, fault: str) -> None:
    run.standin.fault(fault, times=2, operation="create-job")
    assert run()["phase"] == "running"
    sent = [request["operation"] for request in run.standin.requests()]
    assert sent[:6] == ["search-jobs", "create-job", "search-jobs", "create-job", "search-jobs", "create-job"]
    assert len(run.standin.jobs()) == 1


def test_a_creation_is_not_repeated_more_often_than_retries_say(run: Runs) -> None:
    run.standin.fault("error-500", operation="create-job")
    result = run(retries=2, candidates=run.specs)
    assert (result["failed"], result["http_status"]) == (True, 500)
    assert requests(run)["create-job"] == 3
    assert outcomes(result) == [(run.specs[0], "unknown")]


@pytest.mark.parametrize("fault", ["forbidden", "error-500"])
def test_a_search_that_fails_after_a_lost_creation_does_not_hide_the_job(run: Runs, fault: str) -> None:
    run.standin.fault("lost", times=1, operation="create-job")
    run.standin.trigger("create-job", "PUT", "fault", {"fault": fault, "operation": "search-jobs"})
    result = run(retries=0, candidates=run.specs, failover_on=["0108"])
    assert (result["failed"], result["changed"]) == (True, True)
    assert outcomes(result) == [(run.specs[0], "unknown")]


def test_a_name_taken_meanwhile_is_an_existing_job(run: Runs) -> None:
    run.standin.trigger("create-job", "PUT", "jobs/add", {"name": NAME, "api": run.api, "phase": "running"})
    result = run(candidates=[{"spec_code": run.specs[0]}])
    assert (result["changed"], result["phase"]) == (False, "running")
    assert len(run.standin.jobs()) == 1


def test_the_spec_of_a_job_that_somebody_else_created_is_not_that_of_a_candidate(run: Runs) -> None:
    job = {"name": NAME, "api": run.api, "phase": "running", "spec": run.specs[1]}
    run.standin.trigger("create-job", "PUT", "jobs/add", job)
    result = run(candidates=[{"spec_code": run.specs[0]}])
    assert (result["spec"], result["spec_code"]) == (None, run.specs[1])


def test_a_name_taken_by_a_job_that_is_not_seen_is_a_failure(run: Runs) -> None:
    run.standin.refuse("0103" if run.api == "v1" else "2751", times=None)
    result = run()
    assert result["failed"] and "use another one" in result["msg"]
    # It could be the name of a job that was deleted a moment ago.
    assert 60 <= run.time.now < 100


def test_the_name_of_a_job_that_an_interrupted_run_deleted_is_waited_for(run: Runs) -> None:
    run.standin.job_settings(name_seconds=20)
    run()
    run(state="absent")
    assert run()["phase"] == "running"


def test_nothing_is_returned_of_a_job_that_is_deleted(run: Runs) -> None:
    run.standin.stock(run.specs[0], 0)
    run.standin.refuse("2781", spec=run.specs[1], times=None)
    result = run(candidates=run.specs[:2], pending_timeout=300)
    assert outcomes(result) == [(run.specs[0], "no_machine"), (run.specs[1], "refused")]
    assert (result["failed"], result["job"], result["job_id"], result["phase"]) == (True, None, None, None)


def test_the_name_of_a_deleted_job_is_waited_for(run: Runs) -> None:
    run.standin.job_settings(name_seconds=20, deleting_seconds=30)
    run()
    result = run(on_existing="replace")
    assert (result["changed"], result["phase"]) == (True, "running")
    assert outcomes(result) == [(run.specs[0], "deleted"), (run.specs[0], "running")]
    assert [job["alive"] for job in run.standin.jobs()] == [False, True]


# Moving on


def test_a_candidate_without_a_machine_is_replaced_by_the_next(run: Runs) -> None:
    run.standin.stock(run.specs[0], 0)
    run.standin.stock(run.specs[1], 0)
    result = run(candidates=run.specs, pending_timeout=300)
    assert result["phase"] == "running"
    assert outcomes(result) == [(run.specs[0], "no_machine"), (run.specs[1], "no_machine"), (run.specs[2], "running")]
    assert [(job["spec"], job["alive"]) for job in run.standin.jobs()] == [
        (spec, spec == run.specs[2]) for spec in run.specs
    ]
    assert [attempt["seconds"] for attempt in result["attempts"][:2]] == [300, 300]
    assert any("pending on" in line for line in run.lines)


def test_a_refused_candidate_is_replaced_at_once(run: Runs) -> None:
    for code, spec in (("2793", run.specs[0]), ("2840", run.specs[1])):
        run.standin.refuse(code, spec=spec, times=None)
    result = run(candidates=run.specs)
    assert outcomes(result) == [(run.specs[0], "refused"), (run.specs[1], "refused"), (run.specs[2], "running")]
    assert [attempt.get("error_code") for attempt in result["attempts"]] == ["ModelArts.2793", "ModelArts.2840", None]
    assert run.time.pauses == [2]


def test_failover_on_names_other_codes(run: Runs) -> None:
    run.standin.refuse("2815", spec=run.specs[0], times=None)
    assert run(candidates=run.specs)["error_code"] == "ModelArts.2815"
    assert run(candidates=run.specs, failover_on=["ModelArts.2815"])["phase"] == "running"


@pytest.mark.parametrize("code", ["2755", "2788", "2837", "0118"])
def test_other_codes_do_not_lead_to_the_next_candidate(run: Runs, code: str) -> None:
    run.standin.refuse(code, times=None)
    result = run(candidates=run.specs)
    assert result["error_code"] == f"ModelArts.{code}"
    assert outcomes(result) == [(run.specs[0], "refused")]


@pytest.mark.parametrize("status", [401, 403, 404, 409, 429, 500, 503])
def test_these_statuses_never_lead_to_the_next_candidate(run: Runs, status: int) -> None:
    run.standin.refuse("2763", times=None, status=status)
    result = run(candidates=run.specs, retries=1)
    assert (result["http_status"], len(result["attempts"])) == (status, 1)


def test_when_all_are_refused_each_is_named(run: Runs) -> None:
    run.standin.refuse("2781", times=None)
    result = run(candidates=run.specs)
    assert result["failed"] and [attempt["outcome"] for attempt in result["attempts"]] == ["refused"] * 3
    assert (result["spec"], result["spec_code"]) == (None, None)


def test_the_last_candidate_keeps_its_place(run: Runs) -> None:
    for spec in run.specs[:2]:
        run.standin.stock(spec, 0)
    result = run(candidates=run.specs[:2], pending_timeout=300, wait_timeout=2000)
    (job,) = run.alive()
    assert result["failed"] and job["job_id"] in result["msg"] and "2000 seconds" in result["msg"]
    assert (result["job_id"], result["phase"], job["state"]) == (job["job_id"], "pending", "pending")
    run.standin.stock(run.specs[1], 1)
    assert run(candidates=run.specs[:2], pending_timeout=300)["job_id"] == job["job_id"]


def test_a_candidate_that_is_repeated_is_tried_once(run: Runs) -> None:
    run.standin.stock(run.specs[0], 0)
    result = run(candidates=[run.specs[0], run.specs[0], run.specs[1]], pending_timeout=300)
    assert outcomes(result) == [(run.specs[0], "no_machine"), (run.specs[1], "running")]


def test_the_first_of_repeated_candidates_is_returned_as_the_spec(run: Runs) -> None:
    specs = [{"spec_code": run.specs[0], "note": note} for note in ("first", "second")]
    assert run(candidates=specs)["spec"] == specs[0]


def test_a_job_that_starts_at_the_last_moment_is_kept(run: Runs) -> None:
    run.standin.stock(run.specs[0], 0)
    # The service notices that the state has changed as it is asked to stop the job.
    run.standin.refuse("2878", operation="stop-job")
    run.standin.trigger("stop-job", "PUT", "jobs/stock", {"spec": run.specs[0], "nodes": 1}, moment="after")
    result = run(candidates=run.specs, pending_timeout=300)
    assert outcomes(result) == [(run.specs[0], "running")]
    assert len(run.standin.jobs()) == 1


@pytest.mark.parametrize("phase", ["pending", "stopping", "99"])
def test_a_job_that_has_run_is_kept_whatever_its_phase_becomes(run: Runs, phase: str) -> None:
    run.standin.trigger("show-job", "PUT", "jobs/phase", {"name": NAME, "phase": phase}, count=6)
    result = run(candidates=run.specs, pending_timeout=300, wait_for="completed", wait_timeout=2000)
    assert result["failed"] and "after 2000 seconds" in result["msg"]
    assert [job["spec"] for job in run.standin.jobs()] == run.specs[:1]
    assert "running" in [change["phase"] for change in result["phases"]]
    assert len(result["attempts"]) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_job_that_completes_as_it_is_stopped_is_kept(run: Runs, moment: str) -> None:
    run.standin.stock(run.specs[0], 0)
    run.standin.trigger("stop-job", "PUT", "jobs/phase", {"name": NAME, "phase": "completed"}, moment=moment)
    result = run(candidates=run.specs, pending_timeout=300)
    assert outcomes(result) == [(run.specs[0], "completed")]


@pytest.mark.parametrize("phase", ["pending", "stopping", "stopped"])
def test_a_second_run_goes_on_where_an_interrupted_one_was(run: Runs, phase: str) -> None:
    run.standin.stock(run.specs[1], 0)
    found = run.standin.add_job(NAME, api=run.api, spec=run.specs[1], phase=phase)
    run.standin.phase(NAME, phase, hold=False)
    result = run(candidates=run.specs, pending_timeout=300)
    assert outcomes(result) == [(run.specs[1], "no_machine"), (run.specs[2], "running")]
    assert result["attempts"][0]["job_id"] == found["job_id"]
    assert len(run.alive()) == 1


@pytest.mark.parametrize("phase", ["pending", "stopping"])
def test_a_second_run_may_have_other_candidates(run: Runs, phase: str) -> None:
    """Those that the first run ranked may be sold out by now."""
    run.standin.stock(run.specs[0], 0)
    run.standin.add_job(NAME, api=run.api, spec=run.specs[0], phase=phase)
    run.standin.phase(NAME, phase, hold=False)
    result = run(candidates=run.specs[1:], pending_timeout=300)
    assert outcomes(result) == [(run.specs[0], "no_machine"), (run.specs[1], "running")]
    assert len(run.alive()) == 1


def test_a_job_that_waits_in_a_pool_keeps_its_place(run: Runs) -> None:
    found = run.standin.add_job(NAME, api=run.api, spec=run.specs[0], phase="pending")
    result = run(pool_id="pool-1", pending_timeout=300, wait_timeout=900)
    assert (result["failed"], result["changed"], result["job_id"]) == (True, False, found["job_id"])


def test_a_stopped_job_that_had_run_is_not_taken_for_an_interrupted_one(run: Runs) -> None:
    run(candidates=run.specs)
    run(state="stopped")
    result = run(candidates=run.specs, pending_timeout=300)
    assert result["failed"] and "was stopped" in result["msg"]
    assert len(run.alive()) == 1


def test_pending_timeout_concerns_no_job_that_is_only_created(run: Runs) -> None:
    run.standin.add_job(NAME, api=run.api, spec=run.specs[0], phase="stopped")
    assert not run(candidates=run.specs, pending_timeout=300, wait_for="created")["changed"]
    assert [job["spec"] for job in run.standin.jobs()] == run.specs[:1]


def test_replace_tries_all_candidates(run: Runs) -> None:
    run.standin.add_job(NAME, api=run.api, spec=run.specs[0], phase="stopped")
    result = run(candidates=run.specs, pending_timeout=300, on_existing="replace")
    assert outcomes(result) == [(run.specs[0], "deleted"), (run.specs[0], "running")]


# Existing jobs


def test_replace_failed_runs_a_failed_job_again(run: Runs) -> None:
    run()
    run.standin.phase(NAME, "failed", exit_code=1, message="no module named torch")
    kept = run()
    assert kept["failed"] and "replace_failed" in kept["msg"]
    if run.api == "v2":
        assert "exit code 1: no module named torch" in kept["msg"]
    result = run(on_existing="replace_failed")
    assert (result["changed"], result["phase"], len(run.alive())) == (True, "running", 1)
    assert not run(on_existing="replace_failed")["changed"]


def test_replace_replaces_a_running_job(run: Runs) -> None:
    first = run()
    result = run(on_existing="replace")
    assert result["job_id"] != first["job_id"]
    assert [job["alive"] for job in run.standin.jobs()] == [False, True]


# Waiting


def test_pauses_grow_from_2_to_30_seconds(run: Runs) -> None:
    run.standin.job_settings(creating_seconds=300)
    run()
    assert run.time.pauses[:2] == [2, 3] and max(run.time.pauses) == run.time.pauses[-1] == 30
    assert run.time.pauses == sorted(run.time.pauses)


def test_waiting_until_completed(run: Runs) -> None:
    run.standin.job_settings(running_seconds=600)
    result = run(wait_for="completed")
    assert result["phase"] == "completed"
    assert [change["phase"] for change in result["phases"]] == ["creating", "running", "completed"]


def test_a_job_that_fails_is_a_failure_with_its_exit_code(run: Runs) -> None:
    run.standin.trigger(
        "show-job",
        "PUT",
        "jobs/phase",
        {"name": NAME, "phase": "failed", "exit_code": 137, "message": "killed"},
        count=3,
    )
    result = run(wait_for="completed")
    assert (result["failed"], result["phase"]) == (True, "failed")
    assert ("exit code 137: killed" if run.api == "v2" else "no reason") in result["msg"]


def test_what_a_failed_task_prints_is_shown_without_secrets() -> None:
    secret = "postgres://user:Pw-12345@host/database"
    message = f"{'x' * 40} cannot connect to {secret} as the user of that name: access denied"
    with StandIn() as standin:
        run = Runs(standin, "v2")
        options = run.options(environments={"DATABASE": secret}, wait_for="completed")
        standin.trigger(
            "show-job",
            "PUT",
            "jobs/phase",
            {"name": NAME, "phase": "failed", "exit_code": 1, "message": message},
            count=3,
        )
        client = _client.Client(_connection.resolve(options)[0], secrets=[secret])
        result = _training_jobs.TrainingJob(client, options, False, run.lines.append, run.time).ensure()
    assert "access denied" in result["msg"]
    assert "Pw-12345" not in json.dumps(result)


def test_an_unknown_phase_is_polled_on(run: Runs) -> None:
    run.standin.trigger("create-job", "PUT", "jobs/phase", {"name": NAME, "phase": "99"}, moment="after")
    run.standin.trigger("show-job", "PUT", "jobs/phase", {"name": NAME, "phase": "running"}, count=4)
    result = run()
    assert (result["phase"], requests(run)["show-job"]) == ("running", 4)
    assert [change["phase"] for change in result["phases"]] == ["creating", "unknown", "running"]


@pytest.mark.parametrize("fault", ["reset", "hang", "unavailable", "error-500", "not-json"])
def test_polls_that_fail_for_a_while_do_not_end_the_wait(run: Runs, fault: str) -> None:
    run.standin.job_settings(creating_seconds=9)
    run.standin.fault(fault, times=2, operation="show-job")
    result = run(retries=0, timeout=1)
    assert (result["phase"], requests(run)["show-job"]) == ("running", 3)


def test_a_search_is_repeated_as_a_request_that_only_reads(run: Runs) -> None:
    run.standin.fault("error-500", times=1, operation="search-jobs")
    assert run.listed(name=NAME) == []
    assert requests(run)["search-jobs"] == 2


def test_polls_that_keep_failing_end_the_wait(run: Runs) -> None:
    run.standin.fault("error-500", operation="show-job")
    result = run(wait_timeout=86400)
    assert (result["failed"], result["http_status"], result["changed"]) == (True, 500, True)
    assert run.time.now < 300


def test_a_job_that_starts_while_polls_fail_is_kept(run: Runs) -> None:
    run.standin.stock(run.specs[0], 0)
    run.standin.trigger("create-job", "PUT", "fault", {"fault": "reset", "times": 4, "operation": "show-job"})
    run.standin.trigger("show-job", "PUT", "jobs/phase", {"name": NAME, "phase": "running"})
    result = run(candidates=run.specs, pending_timeout=5, retries=0)
    assert outcomes(result) == [(run.specs[0], "running")]
    assert "stop-job" not in requests(run)


def test_a_job_deleted_by_somebody_else_is_a_failure(run: Runs) -> None:
    run.standin.job_settings(creating_seconds=100)
    run.standin.trigger("show-job", "DELETE", "jobs", count=2)
    result = run()
    assert result["failed"] and "is gone" in result["msg"]


# Stopping and deleting


def test_stopping_and_deleting_are_idempotent(run: Runs) -> None:
    run.standin.job_settings(stopping_seconds=20, deleting_seconds=20)
    assert [run(state=state)["changed"] for state in ("absent", "stopped")] == [False, False]
    run()
    results = [run(state=state) for state in ("stopped", "stopped", "absent", "absent")]
    assert [result["changed"] for result in results] == [True, False, True, False]
    assert [result["phase"] for result in results] == ["stopped", "stopped", None, None]
    assert not run.alive()


def test_a_running_job_is_stopped_before_it_is_deleted(run: Runs) -> None:
    run()
    run.standin.reset()
    assert run(state="absent")["changed"]
    sent = [request["operation"] for request in run.standin.requests() if request["kind"] == "write"]
    assert sent == ["stop-job", "delete-job"]


def test_a_job_that_ends_before_the_stop_was_not_stopped(run: Runs) -> None:
    run()
    run.standin.trigger("stop-job", "PUT", "jobs/phase", {"name": NAME, "phase": "completed"})
    result = run(state="stopped")
    assert (result["changed"], result["phase"]) == (False, "completed")


def test_a_stop_that_the_state_did_not_allow_is_repeated(run: Runs) -> None:
    run()
    run.standin.refuse("2878", operation="stop-job", times=2)
    assert run(state="stopped")["changed"]


@pytest.mark.parametrize("operation", ["stop-job", "delete-job"])
@pytest.mark.parametrize("fault", ["reset", "lost", "lost-502", "hang", "not-json", "nested"])
@pytest.mark.parametrize("retries", [0, 4])
def test_stopping_and_deleting_survive_a_lost_response(run: Runs, fault: str, operation: str, retries: int) -> None:
    run()
    if operation == "delete-job":
        run(state="stopped")
    run.standin.fault(fault, times=1, operation=operation)
    state = "stopped" if operation == "stop-job" else "absent"
    result = run(state=state, retries=retries, timeout=1)
    phase = "stopped" if operation == "stop-job" else None
    assert (result["changed"], result["phase"]) == (True, phase)
    assert bool(run.alive()) == (operation == "stop-job")


def test_nothing_is_returned_of_a_job_that_somebody_deletes_while_it_is_stopped(run: Runs) -> None:
    run.standin.job_settings(stopping_seconds=100)
    run()
    run.standin.trigger("stop-job", "DELETE", "jobs", moment="after")
    result = run(state="absent")
    assert (result["changed"], result["job_id"], result["phase"], result["job"]) == (True, None, None, None)


@pytest.mark.parametrize("operation", ["stop-job", "delete-job"])
def test_polls_that_fail_while_stopping_and_deleting_are_repeated_with_pauses(run: Runs, operation: str) -> None:
    run.standin.job_settings(stopping_seconds=10, deleting_seconds=10)
    run()
    fault = {"fault": "reset", "times": 8, "operation": "show-job" if run.api == "v2" else "search-jobs"}
    run.standin.trigger(operation, "PUT", "fault", fault)
    if run.api == "v1":
        run.standin.trigger(operation, "PUT", "fault", {**fault, "operation": "show-job"})
    began = run.time.now
    assert run(state="absent", retries=0)["changed"]
    assert run.time.now - began > 60 and not run.alive()


@pytest.mark.parametrize("fault", ["throttled-retry-after", "unavailable"])
@pytest.mark.parametrize("operation", ["stop-job", "delete-job"])
def test_stopping_and_deleting_survive_a_busy_service(run: Runs, fault: str, operation: str) -> None:
    run()
    run.standin.fault(fault, times=6, operation=operation)
    result = run(state="absent")
    assert (result["changed"], result.get("failed"), run.alive()) == (True, None, [])


def test_what_a_failure_says_about_changes(run: Runs) -> None:
    run()
    run.standin.refuse("0108", operation="stop-job", status=403)
    refused = run(state="stopped")
    run.standin.job_settings(stopping_seconds=1000)
    late = run(state="absent", wait_timeout=60)
    assert [(result["failed"], result["changed"]) for result in (refused, late)] == [(True, False), (True, True)]


@pytest.mark.parametrize("operation", ["stop-job", "delete-job"])
def test_a_permission_that_is_missing_is_no_state(run: Runs, operation: str) -> None:
    run()
    run.standin.reset()
    run.standin.refuse("0108", operation=operation, times=None, status=403)
    result = run(state="absent")
    assert (result["failed"], result["http_status"]) == (True, 403)
    assert requests(run)[operation] == 1


# Check mode and diff


def test_check_mode_only_reads_and_predicts(run: Runs) -> None:
    checked = run(check_mode=True)
    assert checked["changed"] and not checked["job"]
    run()
    for given in ({}, {"state": "stopped"}, {"state": "absent"}, {"on_existing": "replace"}):
        run.standin.reset()
        result = run(check_mode=True, **given)
        assert result["changed"] is bool(given)
        assert not run.standin.writes() and run.standin.reads()
    assert len(run.alive()) == 1


def test_the_diff_is_the_body_without_secrets(run: Runs) -> None:
    given: dict[str, t.Any] = {"parameters": {"epochs": 3, "api_token": "Very/Secret+"}}
    if run.api == "v2":
        given["environments"] = {"THREADS": 8, "DB": "Very/Secret+"}
    for result in (run(check_mode=True, **given), run(**given), run(**given)):
        assert "Very/Secret+" not in str(result)
    diff = run(check_mode=True, name="other", **given)["diff"]
    assert diff["before"] == {} and "epochs" in str(diff["after"]) and "api_token" in str(diff["after"])
    body = run.alive()[0]["body"]
    assert "Very/Secret+" in str(body)


# Errors


def test_a_missing_agency_is_explained(run: Runs) -> None:
    run.standin.refuse("2785", times=None)
    result = run(candidates=run.specs)
    assert "agency" in result["msg"] and len(result["attempts"]) == 1


def test_a_version_that_is_not_published_names_the_other(run: Runs) -> None:
    run.standin.without(run.api)
    try:
        assert f"set api to {'v1' if run.api == 'v2' else 'v2'}" in run()["msg"]
    finally:
        run.standin.without()


@pytest.mark.parametrize("fault", ["json-list", "empty", "not-json", "nested"])
@pytest.mark.parametrize("operation", ["search-jobs", "show-job"])
def test_responses_that_make_no_sense_are_failures(run: Runs, fault: str, operation: str) -> None:
    run()
    run.standin.fault(fault, operation=operation)
    try:
        assert run(state="stopped", retries=0)["failed"]
    finally:
        run.standin.clear()


JOB_FAULTS = yaml.safe_load((TESTS / "data" / "job_faults.yml").read_text(encoding="utf-8"))["faults"]


@pytest.mark.parametrize("fault", [pytest.param(fault, id=fault["name"]) for fault in JOB_FAULTS])
def test_each_fault_of_the_table_says_what_to_do(run: Runs, fault: dict[str, t.Any]) -> None:
    if fault.get("api", run.api) != run.api:
        pytest.skip("only the other version meets it")
    for call in fault.get("control", []):
        for method, arguments in call.items():
            if isinstance(arguments, list):
                getattr(run.standin, method)(*arguments)
            else:
                getattr(run.standin, method)(**arguments)
    try:
        result = run(**fault.get("options", {}))
    finally:
        run.standin.without()
    assert result["failed"]
    assert any(part in result["msg"] for part in fault["says"])
    assert fault["next"] in result["msg"]
    for field in ("error_code", "http_status"):
        assert result.get(field) == fault.get(field)


# Listing


def test_a_job_is_shown_by_its_id(run: Runs) -> None:
    job_id = run()["job_id"]
    run.standin.add_job("other", api=run.api)
    (job,) = run.listed(job_id=job_id)
    assert (job["name"], job["phase"], job["spec_code"], job["nodes"]) == (NAME, "running", run.specs[0], 1)
    assert run.listed(job_id="12345") == []
    assert run.listed(job_id=f"12345/../{job_id}") == []
    assert run.listed(name="none") == []


def test_numbers_may_come_as_text(standin: StandIn) -> None:
    standin.reset_jobs()
    standin.job_settings(v1_strings=True)
    run = Runs(standin, "v1")
    standin.stock(run.specs[0], 0)
    result = run(candidates=run.specs, pending_timeout=300)
    assert outcomes(result) == [(run.specs[0], "no_machine"), (run.specs[1], "running")]
    assert run.listed(name=NAME)[0]["nodes"] == 1
    assert PATHS["inputs"]["data_url"] == run.listed(name=NAME)[0]["job"]["data_url"]
