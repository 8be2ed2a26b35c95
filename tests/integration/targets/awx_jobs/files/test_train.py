# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook train as a job template of AWX, alone and in a workflow: from a pick to a job that runs."""

from __future__ import annotations

import re

import pytest

# What each version of the training API lists its specs as.
SOURCES = {"v1": "resource_specs", "v2": "training_job_flavors"}
# Text, as answers of a survey may be.
TRAINING = {
    "train_name": "mnist",
    "train_image": "group/mnist:1",
    "train_command": "python train.py",
    "train_data_url": "/bucket/data/",
}
SECRET = "Environment/Secret+1"


@pytest.fixture
def standin(standin):
    # The module sleeps in real time.
    standin.clock(scale=1)
    standin.job_settings(running_seconds=None)
    return standin


@pytest.fixture(params=SOURCES)
def api(request):
    return request.param


def alive(standin):
    return [(job["api"], job["spec"]) for job in standin.jobs() if job["alive"]]


def shown_by(job):
    """What the last task of a job shows."""
    return re.findall(r'(?s)"msg": (\{.*?\n    \})', re.sub(r"\x1b\[[\d;]*m", "", job.output))[-1]


def test_answers_of_a_survey_run_a_job(job, standin, log_in, api):
    job.answers = {
        "train_gpus": "",
        "train_nodes": 2,
        "train_engine_id": " ",
        "train_parameters": "epochs=3",
        "train_pending_timeout": "",
        "train_cores": 8,
        "train_api": api,
        "train_environments": "",
        **TRAINING,
    }
    log_in(job).run("train.yml")
    assert alive(standin) == [(api, "modelarts.vm.cpu.8u")]
    assert standin.jobs()[0]["nodes"] == 2
    assert job.artifacts["modelarts_job_id"] == str(standin.jobs()[0]["job_id"])
    assert job.artifacts["modelarts_job_phase"] == "running"
    assert job.artifacts["modelarts_job_spec_code"] == "modelarts.vm.cpu.8u"
    assert [attempt["outcome"] for attempt in job.artifacts["modelarts_job_attempts"]] == ["running"]
    assert job.artifacts["modelarts_job_message"] is None


@pytest.fixture
def run_workflow(make_job, log_in):
    """Runs the nodes of the workflow one after the other, each with what those before hand on, as AWX does."""

    def run(answers, *statuses, verbosity=0):
        jobs, artifacts = [], {}
        for playbook, status in zip(("pick_spec.yml", "train.yml", "show_attempts.yml"), statuses):
            job = make_job()
            job.verbosity = verbosity
            job.variables.update(artifacts)
            # The answers of its own survey reach all of its nodes.
            job.answers = answers
            if playbook != "show_attempts.yml":
                log_in(job)
            jobs.append(job.run(playbook, status))
            artifacts.update(job.artifacts)
        return jobs

    return run


def test_a_workflow_runs_the_job_with_its_pick(standin, run_workflow, api):
    answers = {"pick_spec_source": SOURCES[api], "pick_spec_cores": 8, "pick_spec_nodes": 2, **TRAINING}
    pick, train = run_workflow(answers, "successful", "successful")
    assert alive(standin) == [(api, "modelarts.vm.cpu.8u")]
    assert standin.jobs()[0]["nodes"] == 2
    assert pick.artifacts["modelarts_spec_code"] == train.artifacts["modelarts_job_spec_code"]
    counts = standin.counts()
    assert counts["resource-specs"] + counts.get("training-job-flavors", 0) == 1, "the second node picks nothing"


def test_a_job_without_a_machine_moves_on_to_the_next_candidate_of_the_pick(standin, run_workflow, api):
    standin.stock("modelarts.vm.cpu.8u", 0)
    answers = {"pick_spec_source": SOURCES[api], "pick_spec_cores": 8, "train_pending_timeout": 2, **TRAINING}
    pick, train = run_workflow(answers, "successful", "successful")
    assert pick.artifacts["modelarts_spec_code"] == "modelarts.vm.cpu.8u"
    *without, running = train.artifacts["modelarts_job_attempts"]
    # With v1, several specs have the same code.
    assert {attempt["spec_code"] for attempt in without} == {"modelarts.vm.cpu.8u"}
    assert {attempt["outcome"] for attempt in without} == {"no_machine"}
    assert running["outcome"] == "running"
    assert alive(standin) == [(api, running["spec_code"])]


def test_a_node_on_failure_shows_the_attempts(standin, run_workflow, api):
    standin.stock("modelarts.vm.cpu.8u", 0)
    refusal = {"code": "2788", "message": "The image group/mnist:1 is not there"}
    standin.trigger("create-job", "PUT", "jobs/refuse", refusal, count=2)
    answers = {"pick_spec_source": SOURCES[api], "pick_spec_cores": 8, "train_pending_timeout": 2, **TRAINING}
    _pick, train, attempts = run_workflow(answers, "successful", "failed", "failed")
    assert train.artifacts["modelarts_job_message"]
    shown = shown_by(attempts)
    assert "modelarts.vm.cpu.8u" in shown
    assert "The image group/mnist:1 is not there" in shown
    assert standin.counts()["create-job"] == 2


def test_a_job_that_fails_is_shown(standin, run_workflow, api):
    standin.job_settings(running_seconds=1, exit_code=137)
    answers = {"pick_spec_source": SOURCES[api], "pick_spec_cores": 8, "train_wait_for": "completed", **TRAINING}
    *_others, train, attempts = run_workflow(answers, "successful", "failed", "failed")
    assert train.artifacts["modelarts_job_phase"] == "failed"
    shown = shown_by(attempts)
    assert f'"job_id": "{standin.jobs()[0]["job_id"]}"' in shown
    assert "modelarts.vm.cpu.8u: failed" in shown


def test_a_job_that_nothing_suits_says_so(job, standin, log_in):
    job.answers = {"train_gpus": 99, **TRAINING}
    log_in(job).run("train.yml", "failed")
    assert job.artifacts["modelarts_job_id"] is None
    assert job.artifacts["modelarts_job_attempts"] == []
    assert standin.jobs() == []


def test_attempts_of_a_node_that_handed_none_over(job):
    job.run("show_attempts.yml", "failed")
    assert "No job was created" in job.output


@pytest.mark.parametrize("fails", [False, True])
def test_environments_are_sent_and_never_shown(make_job, standin, run_workflow, fails):
    make_job.secrets.append(SECRET)
    if fails:
        standin.refuse("2788", message=f"Invalid environments: {SECRET}", times=None)
    answers = {"pick_spec_source": "training_job_flavors", "train_environments": f"ACCESS={SECRET} LEVEL=3", **TRAINING}
    statuses = ("failed", "failed") if fails else ("successful",)
    jobs = run_workflow(answers, "successful", *statuses, verbosity=5)
    assert " EXEC " in jobs[1].output
    if not fails:
        assert standin.jobs()[0]["body"]["algorithm"]["environments"] == {"ACCESS": SECRET, "LEVEL": "3"}
