# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole runs of ansible-playbook with training jobs: the same playbooks with both versions of the API."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest

FILES = Path(__file__).resolve().parent
TESTS = Path(os.environ["PYTEST_COLLECTION"]) / "tests"
sys.path[:0] = [str(TESTS / "standin"), str(TESTS / "secrecy")]

import ansible_playbook  # noqa: E402
from launcher import StandIn  # noqa: E402
from watched import ISSUED_TOKEN, WatchedRun  # noqa: E402

SPECS = {
    "v1": ["modelarts.vm.cpu.2u", "modelarts.vm.gpu.v100", "modelarts.vm.cpu.8u"],
    "v2": ["modelarts.vm.cpu.2u", "modelarts.vm.cpu.8u", "modelarts.p3.large.public.free"],
}
JOB = {"image": "group/image:1", "command": "python train.py", "inputs": {"data_url": "/bucket/data/"}}
TRAIN = {"train_name": "mnist", "train_image": "i:1", "train_command": "t", "train_data_url": "/bucket/data/"}
SECRETS = {
    "parameter": "Parameter/Secret+1",
    "environment": "Environment/Secret+2",
    "definition": "Definition/Secret+3",
}


@pytest.fixture(scope="module")
def running():
    with StandIn() as standin:
        yield standin


@pytest.fixture
def standin(running):
    running.clear()
    running.reset_jobs()
    running.reset()
    # The module sleeps in real time.
    running.clock(scale=1)
    running.job_settings(running_seconds=None)
    return running


@pytest.fixture(params=["v1", "v2"])
def variables(request):
    """What the playbooks of a version are given."""
    api = request.param
    return {"job": {"api": api, **JOB}, "specs": SPECS[api], "ansible_python_interpreter": sys.executable}


@pytest.fixture
def start(standin, tmp_path):
    """Starts a playbook."""

    def start(playbook, variables, *options):
        (tmp_path / "variables.json").write_text(json.dumps(variables))
        arguments = ("-i", "localhost,", "-c", "local", "-e", "@variables.json", *options, playbook)
        return ansible_playbook.start(standin, tmp_path, *arguments)

    return start


@pytest.fixture
def play(start):
    """Runs a playbook, and gives what it says."""

    def run(playbook, variables, *options, rc=0):
        return ansible_playbook.finish(start(playbook, variables, *options), rc)

    return run


def alive(standin):
    return [job["spec"] for job in standin.jobs() if job["alive"]]


def test_creating_takes_a_search_a_create_and_polls(standin, play, variables):
    play(FILES / "creates.yml", variables)
    counts = standin.counts()
    assert (counts["tokens"], counts["search-jobs"], counts["create-job"]) == (1, 1, 1)
    assert counts["show-job"] <= 2
    assert set(counts) <= {"tokens", "projects", "resource-specs", "search-jobs", "create-job", "show-job"}


def test_check_mode_sends_nothing_but_reads(standin, play, variables):
    output = play(FILES / "creates.yml", variables, "--check", "--diff")
    assert (standin.writes(), sum(standin.reads().values())) == ({}, 1)
    assert "+" in output and "mnist" in output
    assert standin.jobs() == []


def test_the_life_of_a_job(standin, play, variables, tmp_path):
    # Not below a home that a test environment may have changed.
    given = {"control": f"{standin.url}/standin", "ansible_async_dir": str(tmp_path / "async")}
    play(FILES / "life.yml", {**variables, **given})
    assert alive(standin) == []


def test_a_job_moves_on(standin, play, variables):
    standin.stock(variables["specs"][0], 0)
    standin.refuse("2793", spec=variables["specs"][1], times=None)
    play(FILES / "moves_on.yml", variables)
    assert alive(standin) == variables["specs"][2:]


def kill_module(folder):
    """Kill the processes whose command line has the folder, which is where Ansible puts modules."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (process / "cmdline").read_bytes().split(b"\0")
            if command[-2:-1] and command[-2].startswith(bytes(folder)) and b"python" in command[0]:
                os.kill(int(process.name), signal.SIGKILL)


@pytest.mark.parametrize("state", ["creating", "pending", "stopping", "deleted", "next"])
def test_a_second_run_goes_on_where_a_killed_one_was(standin, start, play, variables, tmp_path, state):
    given = {**variables, "ansible_remote_tmp": str(tmp_path / "modules")}
    standin.stock(variables["specs"][0], 0)
    standin.job_settings(creating_seconds=1, stopping_seconds=1, deleting_seconds=2)
    process = start(FILES / "killed.yml", given)

    def is_reached():
        jobs = standin.jobs()
        if state in ("deleted", "next"):
            return len(jobs) == 2 if state == "next" else any(job["deleted"] for job in jobs)
        return [job["state"] for job in jobs] == [state]

    while not is_reached():
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.05)
    kill_module(tmp_path / "modules")
    output = process.communicate()[0]
    assert process.returncode == 2, output
    play(FILES / "killed.yml", given)
    assert alive(standin) == [variables["specs"][1]]
    first, second = variables["specs"][:2]
    # Where the deletion was over before the second run looked, there was no job to go on from.
    assert [job["spec"] for job in standin.jobs()] in ([first, second], [first, first, second])
    assert all(earlier["gone"] <= later["created"] for earlier, later in zip(standin.jobs(), standin.jobs()[1:]))


def test_nothing_shows_a_secret(standin, variables, tmp_path):
    run = WatchedRun(tmp_path)
    run.environment |= standin.login_environment()
    echo = f"{standin.url}/fault/echo/job"
    given = {**variables, "given": SECRETS, "echo": echo, "ansible_connection": "local"}
    status = run(FILES / "secrets.yml", "localhost,", given)
    assert status == 0, run.output
    expected = {**SECRETS}
    if variables["job"]["api"] == "v1":
        del expected["environment"]
    assert all(secret in json.dumps(standin.jobs()[0]["body"]) for secret in expected.values())
    assert run.shown([ISSUED_TOKEN, standin.account["password"], *SECRETS.values()]) == []
    # The rest can be read, and the system log has the phases.
    assert "epochs" in run.output
    assert "running on" in run.told(with_arguments=True)["journal"]


def test_the_role_picks_and_moves_on(standin, play, variables):
    if variables["job"]["api"] == "v1":
        wanted = {"spec_codes": ["modelarts.vm.cpu.[28]u"], "available": False}
    else:
        wanted = {"spec_codes": ["modelarts.vm.cpu.[28]u"]}
    standin.stock("modelarts.vm.cpu.2u", 0)
    picked = {"wanted": wanted, "expected": "modelarts.vm.cpu.8u", "outcomes": ["no_machine", "running"]}
    output = play(FILES / "role.yml", {**variables, **picked})
    assert alive(standin) == ["modelarts.vm.cpu.8u"]
    stats = output.partition("CUSTOM STATS")[2]
    assert all(name in stats for name in ("modelarts_job_id", "modelarts_job_phase", "modelarts_job_spec_code"))


def test_the_role_creates_nothing_when_nothing_matches(standin, play, variables):
    nothing = {"wanted": {"spec_codes": ["nothing"]}, "on_no_match": "skip", "expected": None, "outcomes": []}
    play(FILES / "role.yml", {**variables, **nothing})
    assert standin.jobs() == []


def test_the_role_names_the_nearest_variable(standin, play, variables):
    given = {"wanted": {}, "expected": None, "outcomes": [], "run_training_job_pending_time": 3}
    assert "did you mean run_training_job_pending_timeout?" in play(FILES / "role.yml", {**variables, **given}, rc=2)
    assert standin.requests() == []


def test_the_role_does_as_it_is_told_whatever_the_play_says(standin, play, variables):
    play(FILES / "role_in_a_play.yml", {**variables, "run_training_job_candidates": variables["specs"][:1]})
    (job,) = standin.jobs()
    assert job["state"] == "running"
    assert "of the play" not in json.dumps(job["body"])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"run_training_job_candidates": []}, "There are no candidates"),
        ({"run_training_job_candidates": "{{ nowhere }}"}, "nowhere"),
        ({"run_training_job_candidates": ["one"], "modelarts_project_name": "{{ nowhere }}"}, "nowhere"),
    ],
)
def test_the_role_fails_where_it_cannot_create_the_job(standin, play, variables, given, message):
    assert message in play(FILES / "role_in_a_play.yml", {**variables, **given}, rc=2)
    assert standin.jobs() == []


def test_the_role_takes_its_own_pick_rather_than_one_passed_on(standin, play, variables):
    passed_on = {"modelarts_candidates": variables["specs"][:1], "modelarts_target": "elsewhere"}
    passed_on["modelarts_selected_engine"] = {"engine_id": 4}
    wanted = {"select_spec_requirements": {"spec_codes": ["modelarts.vm.cpu.8u"]}}
    play(FILES / "role_in_a_play.yml", {**variables, **passed_on, **wanted})
    assert alive(standin) == ["modelarts.vm.cpu.8u"]


@pytest.mark.parametrize("name, as_text", [(1, False), ("1", True)])
def test_the_role_finds_the_target_by_its_name(standin, play, variables, name, as_text):
    targets = [{"name": name, **standin.login()}]
    play(
        FILES / "role_in_a_play.yml",
        {
            **variables,
            "select_spec_requirements": {"spec_codes": ["modelarts.vm.cpu.8u"]},
            "select_spec_targets": json.dumps(targets) if as_text else targets,
        },
    )
    assert alive(standin) == ["modelarts.vm.cpu.8u"]


@pytest.mark.parametrize("name, nodes", [("other", 2), (["no", "name"], "{{ omit }}")])
def test_the_role_leaves_no_facts_of_an_earlier_job(standin, play, variables, name, nodes):
    play(FILES / "role_again.yml", {**variables, "name_of_second": name, "nodes_of_second": nodes})
    assert len(standin.jobs()) == 1


def test_the_role_creates_the_job_in_the_target_that_has_the_pick(standin, play, variables):
    api = variables["job"]["api"]
    code = "modelarts.vm.cpu.8u"
    with StandIn() as other:
        if api == "v1":
            standin.specs([{"spec_id": 1, "spec_code": "modelarts.vm.cpu.2u", "core": "2", "cpu": "8", "max_num": 1}])
        else:
            standin.catalogues(flavors=[{"flavor_id": "modelarts.vm.cpu.2u", "flavor_type": "CPU", "max_num": 1}])
        try:
            targets = [{"name": name, **cloud.login()} for name, cloud in (("here", standin), ("there", other))]
            # The environment has the login of the first.
            picked = {"wanted": {"spec_codes": [code]}, "expected": code, "outcomes": ["running"]}
            play(FILES / "role.yml", {**variables, **picked, "select_spec_targets": targets})
            assert standin.jobs() == []
            assert alive(other) == [code]
        finally:
            standin.specs(None)
            standin.catalogues()


def test_the_playbook_by_answers_of_a_survey(standin, play, variables):
    api = variables["job"]["api"]
    standin.stock("modelarts.vm.cpu.2u", 0)
    answers = {"train_api": api, "train_name": "mnist", "train_image": "group/image:1", "train_command": "python t.py"}
    answers |= {"train_cores": "2", "train_memory_gb": "", "train_nodes": "", "train_parameters": "epochs=3 mode=a=b"}
    answers |= {
        "train_data_url": "/bucket/data/",
        "train_pending_timeout": "2",
        "train_gpu_types": "",
        "train_gpus": "",
    }
    answers["select_spec_order_by"] = ["cores"]
    output = play("community.modelarts.train", {**answers, "ansible_python_interpreter": sys.executable})
    (job,) = [job for job in standin.jobs() if job["alive"]]
    parameters = job["body"]["config"]["parameter"] if api == "v1" else job["body"]["algorithm"]["parameters"]
    assert [parameter["value"] for parameter in parameters] == ["3", "a=b"]
    assert "no_machine" in output and job["spec"] in output
    # A second run finds the job.
    standin.reset()
    play("community.modelarts.train", answers)
    assert standin.writes() == {}


def test_the_playbook_takes_the_pick_of_an_earlier_node(standin, play):
    picked = {"modelarts_selected_spec": {"spec_id": 4, "spec_code": "modelarts.vm.gpu.v100"}}
    play("community.modelarts.train", {**picked, **TRAIN})
    assert [(job["api"], job["spec"]) for job in standin.jobs()] == [("v1", "modelarts.vm.gpu.v100")]
    assert standin.counts()["resource-specs"] == 0


def test_the_playbook_needs_the_targets_of_an_earlier_pick(standin, play):
    picked = {"modelarts_selected_spec": {"spec_id": 4, "spec_code": "c", "target": "a"}, "modelarts_target": "a"}
    output = play("community.modelarts.train", {**picked, **TRAIN}, rc=2)
    assert "set select_spec_targets for this node as well" in " ".join(output.split())
    assert standin.jobs() == []


def test_the_playbook_picks_where_an_earlier_node_picked_nothing(standin, play):
    nothing = {"modelarts_selected_spec": None, "modelarts_candidates": [], "modelarts_target": None}
    earlier = {"modelarts_job_id": "EARLIER", "modelarts_job_phase": "completed", "modelarts_job_spec_code": "EARLIER"}
    output = play("community.modelarts.train", {**nothing, **earlier, **TRAIN, "train_cores": "8"})
    assert alive(standin) == ["modelarts.vm.cpu.8u"]
    shown = output.partition("TASK [Show the job]")[2].partition("PLAY RECAP")[0]
    assert '"phase": "running"' in shown and "EARLIER" not in shown


def test_the_playbook_names_the_nearest_variable(standin, play):
    output = play("community.modelarts.train", {"train_name": "mnist", "train_pending_timout": "2"}, rc=2)
    assert "did you mean train_pending_timeout?" in output
    assert standin.requests() == []
