# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Independent clients agree about training jobs: theirs are found by the module, and the module's are read by them.

API v2 is spoken by ``huaweicloudsdkmodelarts``, API v1 by ``otcextensions``.
"""

from __future__ import annotations

import typing as t

import huaweicloudsdkmodelarts.v1 as sdk
import pytest
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from otcextensions.sdk.modelartsv1.v1.training_job_version import TrainingJobVersion

from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.plugins.module_utils.training import NAME, Runs


@pytest.fixture(autouse=True)
def no_jobs(standin: StandIn) -> None:
    standin.reset_jobs()


def by_name_v2(client: t.Any, name: str) -> list[t.Any]:
    condition = sdk.Filter(key="name", operator="like", value=[name])
    body = sdk.JobSearches(offset=0, limit=50, workspace_id="0", filters=[condition])
    return list(client.list_training_jobs(sdk.ListTrainingJobsRequest(body=body)).items)


def phase_v2(client: t.Any, job_id: str) -> str:
    request = sdk.ShowTrainingJobDetailsRequest(training_job_id=job_id)
    return str(client.show_training_job_details(request).status.phase)


def stop_and_delete_v2(client: t.Any, job_id: str) -> None:
    action = sdk.JobActionType(action_type="terminate")
    client.stop_training_job(sdk.StopTrainingJobRequest(training_job_id=job_id, body=action))
    assert phase_v2(client, job_id) == "Terminated"
    client.delete_training_job(sdk.DeleteTrainingJobRequest(training_job_id=job_id))
    with pytest.raises(ClientRequestException) as caught:
        phase_v2(client, job_id)
    assert (caught.value.status_code, caught.value.error_code) == (400, "ModelArts.2775")


def test_they_read_a_v2_job_of_the_module(standin: StandIn, v2: t.Any) -> None:
    run = Runs(standin, "v2")
    result = run(
        description="Nightly",
        parameters={"epochs": 3},
        environments={"THREADS": 8},
        log_url="/bucket/log/",
        definition={"spec": {"auto_stop": {"time_unit": "HOURS", "duration": 2}}},
    )
    (job,) = by_name_v2(v2, NAME)
    assert (job.metadata.id, job.metadata.name, job.metadata.description) == (result["job_id"], NAME, "Nightly")
    assert (job.status.phase, job.spec.resource.flavor_id, job.spec.resource.node_count) == ("Running", run.specs[0], 1)
    details = v2.show_training_job_details(sdk.ShowTrainingJobDetailsRequest(training_job_id=result["job_id"]))
    algorithm = details.algorithm
    assert [(parameter.name, parameter.value) for parameter in algorithm.parameters] == [("epochs", "3")]
    # The SDK makes a list of the object.
    assert (algorithm.environments, algorithm.engine.image_url) == ([{"THREADS": "8"}], "group/image:1")
    assert [(one.name, one.remote.obs.obs_url) for one in algorithm.inputs] == [("data_url", "/bucket/data/")]
    assert [(one.name, one.remote.obs.obs_url) for one in algorithm.outputs] == [("train_url", "/bucket/out/")]
    assert details.spec.log_export_path.obs_url == "/bucket/log/"
    stop_and_delete_v2(v2, result["job_id"])
    assert run(check_mode=True)["changed"]


def test_the_module_finds_a_v2_job_of_theirs(standin: StandIn, v2: t.Any) -> None:
    run = Runs(standin, "v2")
    body = sdk.Job(
        kind="job",
        metadata=sdk.JobMetadata(name=NAME, workspace_id="0"),
        algorithm=sdk.JobAlgorithm(engine=sdk.JobEngine(image_url="group/image:1"), command="python train.py"),
        spec=sdk.Spec(resource=sdk.SpecResource(flavor_id=run.specs[0], node_count=1)),
    )
    created = v2.create_training_job(sdk.CreateTrainingJobRequest(body=body))
    result = run()
    assert (result["changed"], result["job_id"], result["phase"]) == (False, created.metadata.id, "running")
    assert result["spec_code"] == run.specs[0]
    assert run(state="absent")["changed"]
    assert by_name_v2(v2, NAME) == []


def test_they_read_a_v1_job_of_the_module(standin: StandIn, v1: t.Any) -> None:
    run = Runs(standin, "v1")
    result = run(description="Nightly", parameters={"epochs": 3}, log_url="/bucket/log/")
    (job,) = v1.training_jobs(search_content=NAME)
    assert (str(job.job_id), job.job_name, job.job_description) == (result["job_id"], NAME, "Nightly")
    assert str(job.version_id) == result["version_id"]
    # The calls of the SDK for a version fail, as they lose the job's ID. Its model and its session work.
    path = f"/training-jobs/{job.job_id}/versions/{job.version_id}"
    version = TrainingJobVersion.existing(**v1.get(path).json())
    # 8 is "running".
    assert (version.status, version.spec_code, version.worker_server_num) == (8, run.specs[0], 1)
    assert (version.engine_id, version.app_url) == (4, "/bucket/code/")
    assert (version.data_url, version.train_url) == ("/bucket/data/", "/bucket/out/")
    assert [(one["label"], one["value"]) for one in version.parameter] == [("epochs", "3")]
    assert v1.post(f"{path}/stop").json() == {"is_success": True}
    assert run.listed(name=NAME)[0]["phase"] == "stopped"
    v1.delete_training_job(job.job_id)
    assert list(v1.training_jobs(search_content=NAME)) == []
    assert run(check_mode=True)["changed"]


def test_the_module_finds_a_v1_job_of_theirs(standin: StandIn, v1: t.Any) -> None:
    run = Runs(standin, "v1")
    created = v1.create_training_job(
        job_name=NAME,
        workspace_id="0",
        config={
            "worker_server_num": 1,
            "spec_id": 4,
            "engine_id": 4,
            "app_url": "/bucket/code/",
            "boot_file_url": "/bucket/code/train.py",
            "data_url": "/bucket/data/",
            "train_url": "/bucket/out/",
        },
    )
    result = run()
    assert (result["changed"], result["job_id"], result["phase"]) == (False, str(created.job_id), "running")
    assert result["spec_code"] == "modelarts.vm.gpu.v100"
    assert run(state="absent")["changed"]
    assert list(v1.training_jobs(search_content=NAME)) == []
