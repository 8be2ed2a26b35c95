# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role in whole runs of ansible-playbook, with a stand-in for the cloud."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from pathlib import Path

import pytest
import yaml

FILES = Path(__file__).parent
TESTS = Path(os.environ["PYTEST_COLLECTION"]) / "tests"
sys.path.insert(0, str(TESTS / "standin"))

import ansible_playbook  # noqa: E402
from launcher import StandIn  # noqa: E402

TABLE = TESTS / "data" / "selection_cases.yml"
CASES = yaml.safe_load(TABLE.read_text())
FLEET = CASES["selection_specs"]["fleet"]
SOLD_OUT = [spec for spec in FLEET if spec["no_resource"]]
SIX = "abcdef"
# What each of the six hosts needs, and the spec that it must have.
NEEDS = (
    {"min_gpus": 8},
    {"gpu_types": ["h100"]},
    {"gpu_types": ["p4"]},
    {"min_cores": 16, "max_gpus": 0},
    {},
    {"max_gpus": 1, "gpu_types": ["v100"]},
)
PICKS = 32, None, 21, 12, 11, 31


@pytest.fixture(scope="module")
def running():
    with StandIn() as standin:
        yield standin


@pytest.fixture
def standin(running):
    running.specs(FLEET)
    running.clear()
    running.unlock()
    running.reset()
    return running


@pytest.fixture
def start(standin, tmp_path):
    """Starts a playbook: a file, or a list of tasks; hosts are local, and log in with the environment."""

    def run(playbook, hosts=("localhost",), environment=None, **variables):
        inventory = {
            host: {"ansible_connection": "local", "wanted": wanted, "expected": pick}
            for host, wanted, pick in zip(hosts, NEEDS * 99, PICKS * 99)
        }
        play = [{"hosts": "all", "gather_facts": False, "tasks": playbook}]
        served = {"standin": {"account": standin.account}, "ansible_python_interpreter": sys.executable}
        files = {
            "inventory.json": {"all": {"hosts": inventory}},
            "play.yml": play,
            "vars.json": {**served, **variables},
        }
        for name, content in files.items():
            (tmp_path / name).write_text(json.dumps(content))
        file = FILES / playbook if isinstance(playbook, str) else tmp_path / "play.yml"
        arguments = ("-i", "inventory.json", "-e", "@vars.json", file)
        return ansible_playbook.start(standin, tmp_path, *arguments, **{"ANSIBLE_FORKS": "6", **(environment or {})})

    return run


@pytest.fixture
def run(start):
    """Runs a playbook to its end, and gives what it says."""

    def finish(*arguments, rc=0, **variables):
        return ansible_playbook.finish(start(*arguments, **variables), rc)

    return finish


def include(**variables):
    """A task that calls the role."""
    return {"ansible.builtin.include_role": {"name": "community.modelarts.select_spec"}, "vars": variables}


def counts(standin):
    return standin.counts()["tokens"], standin.counts()["resource-specs"]


WAYS = {
    "linear": {},
    "free": {"environment": {"ANSIBLE_STRATEGY": "free"}},
    "host_pinned": {"environment": {"ANSIBLE_STRATEGY": "host_pinned", "ANSIBLE_FORKS": "2"}},
    "serial": {"serial": 2},
    "throttle": {"throttle": 1},
    # A failure would be one of all hosts then.
    "any_errors_fatal": {"environment": {"ANSIBLE_ANY_ERRORS_FATAL": "true"}, "on_no_match": "skip"},
    "dead first host": {"dead": "a", "rc": 4},
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_each_host_has_its_own_pick_and_the_cloud_is_queried_once(run, standin, way):
    output = run("many.yml", SIX, **{"on_no_match": "error", **way})
    assert len(re.findall(r"(?m)^[a-f] .* failed=0 ", output)) == 6
    assert counts(standin) == (1, 1)


def test_calls(run):
    output = run("calls.yml")
    assert "h100: the listed GPU types are" in output


def test_a_pick_costs_a_host_four_tasks(run):
    """Reset, Ansible's own check of the arguments, pick, and one include that skips the rest."""
    output = run([include(select_spec_job_type="train")])
    assert len(re.findall(r"(?m)^TASK \[community\.modelarts\.(?:pick_base|select_spec) : ", output)) == 4


def test_a_miss_costs_one_query_without_a_cache_as_well(run, standin):
    miss = {"select_spec_requirements": {"gpu_types": ["h100"]}, "select_spec_on_no_match": "warn"}
    output = run([include(**miss)], modelarts_cache=False)
    assert "h100: the listed GPU types are" in output
    assert counts(standin) == (1, 1)


def test_text_of_the_cloud_is_no_template(run, standin):
    standin.specs([{**FLEET[0], "spec_code": "{{ 6 * 7 }}"}])
    that = ["modelarts_spec_code == code", "modelarts_candidates[0].spec_code == code"]
    check = {"ansible.builtin.assert": {"that": that}, "vars": {"code": "{{ '{' ~ '{ 6 * 7 }' ~ '}' }}"}}
    run([include(), check, include(select_spec_set_stats=True, select_spec_wait_timeout=60), check])


def test_what_is_given_for_a_target_is_in_no_fact(run, standin):
    target = {"name": "own", **standin.login()}
    output = run([include(select_spec_targets=[target])], environment={"ANSIBLE_VERBOSITY": "1"})
    assert "modelarts_candidates" in output
    assert standin.account["password"] not in output


def test_the_table_of_cases(run, standin):
    output = run("cases.yml", [f"case{number}" for number in range(len(CASES["selection_cases"]))], table=str(TABLE))
    assert output.count("All assertions passed") == len(CASES["selection_cases"])
    assert counts(standin) == (0, 0)


def test_no_pick_outlives_a_call_that_fails(run):
    def call(msg, **variables):
        that = ["msg in ansible_failed_result.msg", "modelarts_selected_spec is none", "modelarts_candidates == []"]
        check = {"ansible.builtin.assert": {"that": that}, "vars": {"msg": msg}}
        return [
            include(),
            {"block": [include(**variables), {"ansible.builtin.fail": {"msg": "no"}}], "rescue": [check]},
        ]

    lost = {"name": "lost", "endpoint": "http://127.0.0.1:9", "retries": 0}
    strict = {"select_spec_on_target_error": "strict", "select_spec_targets": [lost, {"name": "own"}]}
    waiting = {"select_spec_wait_timeout": 600}
    calls = [
        call("did you mean select_spec_requirements?", select_spec_requirement={}, modelarts_project_name="unknown"),
        call("Connection options are variables named modelarts_<option>", select_spec_endpoint="http://127.0.0.1:9"),
        call("'nothing' is undefined", select_spec_requirements={"min_gpus": "{{ nothing }}"}),
        call("select_spec_on_no_match must be error", select_spec_on_no_match="skipped"),
        call("whole numbers of seconds", select_spec_wait_timeout="soon"),
        call("select_spec_set_stats a boolean", select_spec_set_stats="ture"),
        call("did you mean select_spec_requirements?", select_spec_requirement="{{ nothing | default({}) }}"),
        call("requirements must be a dictionary", select_spec_requirements=[]),
        call("targets is an empty list", select_spec_targets=[]),
        call("Sold out, but would match otherwise: modelarts.bm", select_spec_requirements={"gpu_types": ["a100"]}),
        call("requirements must be a dictionary", select_spec_requirements="v100"),
        call("value of job_type must be one of: train", select_spec_job_type="training"),
        call("Target lost failed: ", **strict, **waiting),
        call("The username or password is wrong", modelarts_password="mistaken", **waiting),
    ]
    run([task for tasks in calls for task in tasks])


def test_it_passes_on_the_last_pick_or_none(run):
    environment = {"ANSIBLE_SHOW_CUSTOM_STATS": "true"}
    # They are there as if an earlier node of a workflow had handed them over.
    earlier = dict.fromkeys(("modelarts_spec_code", "modelarts_selected_engine"), "earlier")
    both = {"select_spec_requirements": {"gpu_types": ["{{ item }}"]}, "select_spec_set_stats": True}
    output = run([{**include(**both), "loop": ["p4", "v100"]}], environment=environment, **earlier)
    handed_on = json.loads(re.findall(r"RUN: ({.*})", output)[-1])
    candidates = handed_on.pop("modelarts_candidates")
    assert candidates[0] == FLEET[4]
    assert len(candidates) > 1 and all("v100" in spec["gpu_type"] for spec in candidates)
    assert handed_on == {
        "modelarts_selected_spec": FLEET[4],
        "modelarts_spec_id": 31,
        "modelarts_spec_code": "modelarts.vm.gpu.v100",
        "modelarts_max_num": 4,
        "modelarts_target": None,
        "modelarts_selected_engine": None,
    }


@pytest.fixture
def start_waiting(start, standin):
    """Starts six hosts that wait for what is sold out, until there were some queries."""

    def wait():
        standin.specs(SOLD_OUT)
        a100 = {"select_spec_requirements": {"gpu_types": ["a100"]}, "select_spec_wait_timeout": 600}
        found = {"ansible.builtin.assert": {"that": ["modelarts_selected_spec.spec_id == 41"]}}
        process = start([include(**a100, select_spec_wait_interval=2), found], SIX)
        while standin.counts()["resource-specs"] < 3 and process.poll() is None:
            time.sleep(0.1)
        return process

    return wait


def test_hosts_that_wait_share_a_query_in_each_interval(start_waiting, standin):
    begin = time.monotonic()
    process = start_waiting()
    standin.specs([{**spec, "no_resource": False} for spec in SOLD_OUT])
    output = process.communicate()[0]
    assert process.returncode == 0, output
    tokens, queries = counts(standin)
    assert tokens == 1
    assert 3 < queries <= (time.monotonic() - begin) / 2 + 2
    retries = re.findall(r"(?ms)^FAILED - RETRYING: .*?^}", output)
    assert len(retries) >= 6
    assert all("Sold out, but would match otherwise: modelarts.bm.gpu.8a100" in retry for retry in retries)


@pytest.mark.parametrize("fault, operation", [("forbidden", "resource-specs"), ("unauthorized", "tokens")])
def test_a_failure_ends_the_wait(start_waiting, standin, fault, operation):
    process = start_waiting()
    standin.fault(fault, operation=operation)
    standin.expire_tokens()
    output = process.communicate()[0]
    assert process.returncode == 2, output
    assert len(re.findall(r"(?m)^[a-f] .* failed=1 ", output)) == 6
    assert "HTTP 40" in output


def test_waiting_ends_in_time(run, standin):
    h100 = {"select_spec_requirements": {"gpu_types": ["h100"]}, "select_spec_on_no_match": "skip"}
    # At the beginning and at the end, though the interval is longer. On a slow machine once more between them.
    run([include(**h100, select_spec_wait_timeout=4, select_spec_wait_interval=600)])
    assert counts(standin) in [(1, 2), (1, 3)]


def test_the_timeout_is_the_maximum(run, standin):
    h100 = {"select_spec_requirements": {"gpu_types": ["h100"]}, "select_spec_on_no_match": "skip"}
    begin = {"ansible.builtin.set_fact": {"begin": "{{ now().timestamp() }}"}}
    # Not twice the interval.
    in_time = {"ansible.builtin.assert": {"that": ["now().timestamp() - begin | float < 14"]}}
    run([begin, include(**h100, select_spec_wait_timeout=9, select_spec_wait_interval=8), in_time])
    assert counts(standin) == (1, 3)


def test_a_refused_login_is_not_sent_again(run, standin):
    output = run([include(modelarts_password="mistaken", select_spec_wait_timeout=600)], SIX, rc=2)
    assert len(re.findall(r"(?m)^[a-f] .* failed=1 ", output)) == 6
    assert counts(standin) == (1, 0)


def test_a_target_whose_login_is_refused_does_not_lock_the_user(run, standin):
    targets = [{"name": "own"}, {"name": "refused", "password": "mistaken"}]
    h100 = {"select_spec_requirements": {"gpu_types": ["h100"]}, "select_spec_on_no_match": "skip"}
    run([include(**h100, select_spec_targets=targets, select_spec_wait_timeout=15, select_spec_wait_interval=1)])
    tokens, queries = counts(standin)
    assert queries >= 5
    assert tokens <= 4
