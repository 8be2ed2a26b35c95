# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook pick_spec as a job template of AWX: answers of its survey come in, artifacts go out."""

from __future__ import annotations

import time

import pytest

# Without the prefix of the playbook.
SURVEY = ("source", "job_type", "gpu_types", "gpus", "cores", "memory_gb", "nodes", "wait")

CASES = {
    "nothing": ({}, 2, "modelarts.vm.cpu.2u"),
    "job type": ({"job_type": "inference"}, 1002, "modelarts.vm.cpu.4u"),
    "GPU type": ({"gpu_types": "p100"}, 1021, "modelarts.vm.gpu.p100"),
    "several GPU types": ({"gpu_types": "h100, p100"}, 1021, "modelarts.vm.gpu.p100"),
    "GPU types of a multiple choice": ({"gpu_types": ["h100", "p100"]}, 1021, "modelarts.vm.gpu.p100"),
    "GPUs": ({"gpus": "2"}, 1032, "modelarts.vm.gpu.2v100"),
    "cores": ({"cores": "8"}, 44, "modelarts.vm.cpu.8u"),
    "memory": ({"memory_gb": "32.5"}, 1004, "modelarts.vm.cpu.16u"),
    "nodes": ({"cores": "4", "nodes": "9"}, 1003, "modelarts.vm.cpu.8u"),
    "wait": ({"wait": "600"}, 2, "modelarts.vm.cpu.2u"),
    "all": (
        dict(zip(SURVEY, ("resource_specs", "train", "v100", "2", "16", "128", "4", "60"))),
        1032,
        "modelarts.vm.gpu.2v100",
    ),
    "numbers": ({"gpus": 2, "cores": 16, "memory_gb": 128.0, "nodes": 4, "wait": 0}, 1032, "modelarts.vm.gpu.2v100"),
}


def survey(answers):
    """Whatever is not answered is an empty text, or, where AWX leaves it out, not there."""
    return {f"pick_spec_{name}": value for name, value in {**dict.fromkeys(SURVEY, ""), **answers}.items()}


def spec(spec_id, **fields):
    """A spec of one's own for the stand-in."""
    stated = {"core": "2", "cpu": "8", "gpu_num": 0, "gpu_type": "", "unit_num": 1, "max_num": 1, "storage": ""}
    return {"spec_id": spec_id, "spec_code": f"code.{spec_id}", **stated, "interface_type": 1, **fields}


@pytest.mark.parametrize("answers, spec_id, spec_code", CASES.values(), ids=CASES)
def test_the_survey_decides_and_the_pick_is_passed_on(job, log_in, answers, spec_id, spec_code):
    job.answers = survey(answers)
    log_in(job).run("pick_spec.yml")
    assert job.artifacts["modelarts_spec_id"] == spec_id
    assert job.artifacts["modelarts_spec_code"] == spec_code
    assert job.artifacts["modelarts_selected_spec"]["spec_id"] == spec_id
    assert job.artifacts["modelarts_max_num"] == job.artifacts["modelarts_selected_spec"]["max_num"]


def test_omitted_survey_fields(job, log_in):
    log_in(job).run("pick_spec.yml")
    assert job.artifacts["modelarts_spec_id"] == 2


@pytest.mark.parametrize("kind", ["", "train"])
def test_the_flavors_of_training_jobs(job, log_in, kind):
    # The survey of the template has "train" as its default, which AWX gives to jobs in workflows as well.
    job.answers = survey({"source": "training_job_flavors", "job_type": kind, "cores": "8"})
    log_in(job).run("pick_spec.yml")
    assert job.artifacts["modelarts_selected_spec"]["flavor_id"] == "modelarts.vm.cpu.8u"
    assert '"spec_code": "modelarts.vm.cpu.8u"' in job.output


def test_flavors_of_training_jobs_are_none_for_inference(job, log_in):
    job.answers = survey({"source": "training_job_flavors", "job_type": "inference"})
    log_in(job).run("pick_spec.yml", "failed")
    assert "job_type cannot be used with source training_job_flavors" in job.output


def test_the_next_node_of_a_workflow_has_the_pick(make_job, log_in):
    first, second = make_job(), make_job()
    first.answers = {"pick_spec_gpu_types": "v100"}
    log_in(first).run("pick_spec.yml")
    # AWX makes extra variables of the artifacts.
    second.variables.update(first.artifacts)
    second.run("use_spec.yml")
    assert second.artifacts["used"] == "4 modelarts.vm.gpu.v100"


def test_it_waits_as_long_as_the_survey_says(job, standin, log_in):
    standin.specs([spec(1, no_resource=True)])
    job.answers = survey({"wait": "60"})
    job.variables["select_spec_wait_interval"] = 1
    log_in(job).start("pick_spec.yml")
    deadline = time.monotonic() + 120
    while standin.counts()["resource-specs"] < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    standin.specs([spec(1, no_resource=False)])
    assert job.finish().status == "successful"
    assert job.artifacts["modelarts_spec_id"] == 1


def test_nothing_matches(job, log_in):
    job.answers = {"pick_spec_gpu_types": "h100"}
    log_in(job).run("pick_spec.yml", "failed")
    assert "h100: the listed GPU types are" in job.output
    assert job.artifacts["modelarts_spec_id"] is None
    assert job.artifacts["modelarts_spec_code"] is None


@pytest.mark.parametrize("password", ["right", "wrong"])
def test_a_verbose_job_shows_no_secret(job, make_job, standin, log_in, password):
    job.verbosity = 5
    word = standin.account["password"] if password == "right" else "quite-another-word"
    make_job.secrets.append(word)
    log_in(job, password=word).run("pick_spec.yml", "successful" if password == "right" else "failed")
    assert "task path: " in job.output
    assert ("modelarts_spec_id" in job.artifacts) is (password == "right")


def test_what_is_kept_is_looked_at(make_job, log_in):
    job = make_job()
    log_in(job).run("pick_spec.yml")
    texts = job.texts()
    assert {"command", "rc", "status"} <= {file.name for file in texts}
    assert any("modelarts.vm.cpu.2u" in text for file, text in texts.items() if file.parent.name == "job_events")
