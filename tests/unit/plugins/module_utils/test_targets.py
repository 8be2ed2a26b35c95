# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many targets at the wire: what is asked how often, what comes of all, and what failures of some are told as."""

from __future__ import annotations

import pathlib
import threading
import typing as t

import pytest
import requests
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.community.modelarts.plugins.module_utils import options, picking, resource_specs, targets
from ansible_collections.community.modelarts.plugins.module_utils.client import Client
from ansible_collections.community.modelarts.plugins.module_utils.connections import connections
from ansible_collections.community.modelarts.plugins.module_utils.errors import (
    ModelArtsError,
    NoMatchError,
    OptionsError,
    TargetsError,
)
from ansible_collections.community.modelarts.plugins.module_utils.logins import Logins
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn

Options = dict[str, t.Any]

# Nobody listens there.
NOBODY = "http://127.0.0.1:9"


def parse(parameters: Options) -> Options:
    """The parameters as a module gets them."""
    result = ArgumentSpecValidator(**options.arguments()).validate({"retries": 0, **parameters})
    if result.error_messages:
        raise OptionsError("; ".join(result.error_messages))
    return t.cast("Options", result.validated_parameters)


class Asked(t.NamedTuple):
    answer: Options
    warnings: list[str]


def ask(parameters: Options) -> Asked:
    logins, warnings = Logins(), t.cast("list[str]", [])
    parsed = parse(parameters)

    def fetch(one: t.Mapping[str, t.Any]) -> Options:
        return resource_specs.query(Client(one, logins), one)

    return Asked(targets.ask(parsed, fetch, warnings.append), warnings)


def failed(parameters: Options) -> TargetsError:
    with pytest.raises(TargetsError) as caught:
        ask(parameters)
    return caught.value


def many(number: int, **own: t.Any) -> list[Options]:
    return [{"name": f"target-{each}", **own} for each in range(number)]


def projects(standin: StandIn) -> list[Options]:
    """The two projects of the account, as targets."""
    return [
        {"name": "one", "project_name": standin.account["project_name"]},
        {"name": "two", "project_name": standin.account["other_project_name"]},
    ]


def asked(standin: StandIn) -> tuple[int, int]:
    counts = standin.counts()
    return counts["tokens"], counts["resource-specs"]


@pytest.fixture
def other_region() -> t.Iterator[StandIn]:
    """A second stand-in. Its one spec is like none of the first's."""
    with StandIn() as running:
        running.specs([{"spec_id": 7, "spec_code": "of.the.other.region", "gpu_num": 1, "gpu_type": "h100"}])
        yield running


# What is asked


@pytest.mark.parametrize("none", [None, []])
def test_without_targets_it_is_the_plain_query(none: t.Any, key_login: Options) -> None:
    plain = ask({**key_login, "targets": none})
    assert plain.answer.keys() == {"specs", "spec_total_count"}
    assert not any("target" in spec for spec in plain.answer["specs"])


def test_each_spec_is_labelled_and_each_target_told(
    standin: StandIn, password_login: Options, other_region: StandIn
) -> None:
    plain = ask(password_login).answer
    there = {"name": "there", "auth_url": other_region.auth_url}
    both = ask({**password_login, "targets": [there, {"name": "here"}]}).answer
    assert [spec.pop("target") for spec in both["specs"]] == ["there"] + ["here"] * len(plain["specs"])
    assert both["specs"][1:] == plain["specs"]
    assert both["spec_total_count"] == 1 + plain["spec_total_count"]
    assert both["targets"] == [
        {"name": "there", "spec_total_count": 1},
        {"name": "here", "spec_total_count": plain["spec_total_count"]},
    ]


def test_the_query_is_sent_to_each(standin: StandIn, key_login: Options) -> None:
    ask({**key_login, "targets": many(2), "job_type": "inference", "engine_id": 4})
    queries = [request["query"] for request in standin.requests()]
    assert queries == [{"job_type": "inference", "engine_id": "4"}] * 2


def test_targets_of_one_project_share_a_login(standin: StandIn, password_login: Options) -> None:
    one, two = projects(standin)
    twenty = [{**(one, two)[number % 2], "name": str(number)} for number in range(20)]
    assert len(ask({**password_login, "targets": twenty}).answer["targets"]) == 20
    assert asked(standin) == (2, 20)


def test_they_are_asked_at_once_but_not_all(key_login: Options) -> None:
    lock, full, too_many = threading.Lock(), threading.Event(), threading.Event()
    under_way = 0

    def fetch(one: t.Mapping[str, t.Any]) -> Options:
        nonlocal under_way
        with lock:
            under_way += 1
            if under_way == 16:
                full.set()
            if under_way > 16:
                too_many.set()
        assert full.wait(20)
        assert not too_many.wait(0.2)
        with lock:
            under_way -= 1
        return {"specs": [], "spec_total_count": 0}

    targets.ask(parse({**key_login, "targets": many(40)}), fetch, lambda message: None)


# How often a user or key is risked


def test_a_wrong_password_is_tried_three_times(standin: StandIn, password_login: Options) -> None:
    error = failed({**password_login, "password": "wrong", "targets": many(10)})
    assert asked(standin) == (3, 0)
    outcomes = error.result()["targets"]
    assert [outcome.get("http_status") for outcome in outcomes] == [401] * 10
    assert str(error).startswith("All 10 targets failed.\ntarget-0: Cannot log in at ")


def test_a_wrong_key_is_tried_three_times(standin: StandIn, key_login: Options) -> None:
    error = failed({**key_login, "secret_key": "wrong", "targets": many(10)})
    assert asked(standin) == (0, 3)
    assert {outcome["error_code"] for outcome in error.result()["targets"]} == {"APIGW.0301"}


def test_an_accepted_password_does_not_vouch_for_another(standin: StandIn, password_login: Options) -> None:
    wrong = [{"name": str(number), "password": "wrong"} for number in range(10)]
    ask({**password_login, "targets": [*many(5), *wrong]})
    assert asked(standin) == (4, 5)


def test_a_wrong_password_behind_a_target_out_of_reach_is_tried_three_times(
    standin: StandIn, password_login: Options
) -> None:
    out_of_reach = [{"name": str(number), "auth_url": NOBODY} for number in range(3)]
    failed({**password_login, "password": "wrong", "targets": [*out_of_reach, *many(10)]})
    assert asked(standin) == (3, 0)


def test_other_accounts_are_asked_all_the_same(standin: StandIn, password_login: Options, key_login: Options) -> None:
    signed = [{**target, **key_login} for target in many(10)]
    wrong = [{"name": str(number), "password": "wrong"} for number in range(10)]
    result = ask({**password_login, "targets": wrong + signed, "on_target_error": "skip"}).answer["targets"]
    assert asked(standin) == (3, 10)
    assert ["failed" in outcome for outcome in result] == [True] * 10 + [False] * 10


def test_failures_of_another_kind_leave_nobody_out(standin: StandIn, key_login: Options) -> None:
    standin.fault("forbidden")
    error = failed({**key_login, "targets": many(10)})
    assert asked(standin) == (0, 10)
    assert [outcome["http_status"] for outcome in error.result()["targets"]] == [403] * 10


def test_two_refusals_and_then_a_success(standin: StandIn, key_login: Options) -> None:
    standin.fault("gateway-no-such-key", times=2)
    result = ask({**key_login, "targets": many(10), "on_target_error": "skip"}).answer["targets"]
    assert asked(standin) == (0, 10)
    assert sum("failed" in outcome for outcome in result) == 2


# When some fail


def test_a_failure_is_reported_for_its_target(standin: StandIn, key_login: Options) -> None:
    standin.fault("failed-200", times=1)
    result = ask({**key_login, "targets": [*many(1), {"name": "other", "timeout": 20}]})
    broken = next(outcome for outcome in result.answer["targets"] if "failed" in outcome)
    assert broken.keys() == {"name", "failed", "msg", "error_code", "error_message", "http_status", "request_id"}
    assert (broken["failed"], broken["error_code"], broken["http_status"]) == (True, "ModelArts.0105", 200)
    assert result.warnings == [f"Target {broken['name']} failed: {broken['msg']}"]
    assert {spec["target"] for spec in result.answer["specs"]} == {"target-0", "other"} - {broken["name"]}


@pytest.mark.parametrize(
    ("on_target_error", "of_some", "of_all"),
    [("error", 1, TargetsError), ("warn", 1, 2), ("skip", 0, 0), ("strict", TargetsError, TargetsError)],
)
def test_what_failures_lead_to(on_target_error: str, of_some: t.Any, of_all: t.Any, key_login: Options) -> None:
    lost = [{"name": "lost", "endpoint": NOBODY}, {"name": "gone", "endpoint": NOBODY}]
    for chosen, expected in (([*many(1), lost[0]], of_some), (lost, of_all)):
        parameters = {**key_login, "targets": chosen, "on_target_error": on_target_error}
        if isinstance(expected, int):
            result = ask(parameters)
            assert len(result.warnings) == expected
            assert [outcome["name"] for outcome in result.answer["targets"]] == [each["name"] for each in chosen]
        else:
            error = failed(parameters)
            assert [outcome["name"] for outcome in error.result()["targets"]] == [each["name"] for each in chosen]
            assert all(f"{each['name']}" in str(error) for each in chosen if each in lost)


def test_strict_fails_after_all_were_asked(standin: StandIn, key_login: Options) -> None:
    lost = {"name": "lost", "endpoint": NOBODY}
    error = failed({**key_login, "targets": [lost, *many(10)], "on_target_error": "strict"})
    assert asked(standin) == (0, 10)
    assert str(error).startswith("Target lost failed: Cannot query job resource specifications at 127.0.0.1:9: ")


def test_many_failures_are_told_shortly(standin: StandIn, key_login: Options) -> None:
    standin.fault("forbidden")
    lines = str(failed({**key_login, "targets": many(50)})).split("\n")
    assert (lines[0], lines[-1], len(lines)) == ("All 50 targets failed.", "And 40 more.", 12)
    assert max(map(len, lines)) < 220


def test_an_error_of_our_own_is_not_taken_for_a_failed_target(key_login: Options) -> None:
    def fetch(one: t.Mapping[str, t.Any]) -> Options:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        targets.ask(parse({**key_login, "targets": many(5), "on_target_error": "skip"}), fetch, lambda message: None)


# Options


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ([{"name": "a"}, {"name": "b", "endpoint": "ftp://x"}], "Target b: endpoint must have the form https://HOST"),
        ([{"name": "a", "timeout": 0}], "Target a: timeout must be from 1"),
        ([{"name": "a"}, {"name": "a"}], "Two targets have the name a"),
        ([{"name": "a"}, {"name": " "}], r"targets\[2\] has an empty name"),
        ([{"project_id": "a"}], "missing required arguments: name found in targets"),
        ([{"name": "a", "tiemout": 2}], "targets.tiemout"),
        ([{"name": "a", "timeout": "soon"}], "timeout"),
        ([{"name": "a", "password": "half"}], "Target a: The login with a password is incomplete"),
        ([{"name": "a", "region": "eu-nl"}], "Target a: region finds ModelArts only in the catalog"),
    ],
)
@pytest.mark.parametrize("on_target_error", ["error", "skip"])
def test_bad_options_name_the_target_and_nothing_is_sent(
    chosen: list[Options], message: str, on_target_error: str, standin: StandIn, key_login: Options
) -> None:
    with pytest.raises(OptionsError, match=message):
        ask({**key_login, "targets": [*many(1), *chosen], "on_target_error": on_target_error})
    assert standin.requests() == []


def connection(target: Options, **task: t.Any) -> Options:
    """What is asked with for one target, without the options that have defaults."""
    defaults = ("validate_certs", "timeout", "retries", "allow_http", "job_type", "engine_id", "project_type")
    parameters = connections(parse({**task, "targets": [{"name": "it", **target}]}))[0].parameters
    picks = options.arguments()["argument_spec"].keys() - options.connection().keys()
    return {name: value for name, value in parameters.items() if name not in (*defaults, *picks)}


USER = {"auth_url": "https://iam.test", "user_domain_name": "d", "username": "u", "password": "p", "project_name": "n"}
KEY = {"access_key": "ak", "secret_key": "sk", "project_id": "id", "endpoint": "https://modelarts.test"}
OWN_KEY = {"access_key": "own", "secret_key": "own"}
PLACE = {"endpoint": "https://x.test", "region": "r"}
ELSEWHERE = {"auth_url": "https://iam.s.test"}


@pytest.mark.parametrize(
    ("task", "target", "expected"),
    [
        (USER, {"project_name": "own"}, {**USER, "project_name": "own"}),
        (USER, {"project_id": "own"}, {**USER, "project_id": "own", "project_name": None}),
        (USER, {"user_id": "own"}, {**USER, "user_id": "own", "username": None}),
        # what is empty is not given
        (USER, {"project_id": "", "token": ""}, USER),
        # a login of the target goes before any of the task
        ({**KEY, "token": "t"}, {}, {**KEY, "token": "t"}),
        ({**KEY, "token": "t"}, OWN_KEY, {**KEY, **OWN_KEY}),
        (
            {**KEY, "token": "t"},
            {**USER, "project_name": None},
            {**USER, "project_name": None, "project_id": "id"},
        ),
        ({**KEY, "security_token": "t"}, {}, {**KEY, "security_token": "t"}),
        ({**KEY, "security_token": "t"}, OWN_KEY, {**KEY, **OWN_KEY}),
        # what it leaves out of its own is the task's
        ({**USER, "token": "t"}, {"password": "own"}, {**USER, "password": "own"}),
        # the way to a place is not mixed
        ({**USER, **PLACE}, {}, {**USER, **PLACE}),
        ({**USER, **PLACE}, {"region": "s"}, {**USER, "region": "s"}),
        ({**USER, **PLACE}, ELSEWHERE, {**USER, **ELSEWHERE}),
        ({**USER, **PLACE}, {"endpoint": "https://y.test"}, {**USER, **PLACE, "endpoint": "https://y.test"}),
    ],
)
def test_a_target_goes_over_the_task(task: Options, target: Options, expected: Options) -> None:
    assert connection(target, **task) == {name: value for name, value in expected.items() if value is not None}


def test_the_environment_is_behind_both(monkeypatch: pytest.MonkeyPatch) -> None:
    ambient = {"OS_TOKEN": "t", "OS_PROJECT_ID": "i", "OS_REGION_NAME": "e", "MODELARTS_ENDPOINT": "https://e.test"}
    for name, value in ambient.items():
        monkeypatch.setenv(name, value)
    # the task's login and project go before it, though the target has none of its own
    assert connection({}, **USER) == {**USER, "region": "e", "endpoint": "https://e.test"}
    assert connection(ELSEWHERE, **USER) == {**USER, **ELSEWHERE}
    # where neither says anything, it does
    assert connection({}) == {"token": "t", "project_id": "i", "region": "e", "endpoint": "https://e.test"}


def test_a_security_token_of_the_environment_is_not_that_of_the_tasks_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_SECURITY_TOKEN", "of-the-environment")
    parameters = connections(parse({**KEY, "targets": many(1)}))[0].parameters
    request = requests.Request("GET", "https://modelarts.test/", auth=Client(parameters).access().auth).prepare()
    assert "X-Security-Token" not in request.headers


def clouds(path: pathlib.Path, *standins: StandIn) -> str:
    """A clouds.yaml with a cloud for each; gives its path."""
    names = ("username", "password", "user_domain_name", "project_name")
    auths = [{"auth_url": one.auth_url, **{name: one.account[name] for name in names}} for one in standins]
    written = {f"cloud-{number}": {"auth": auth} for number, auth in enumerate(auths)}
    (path / "clouds.yaml").write_text(yaml.safe_dump({"clouds": written}), encoding="utf-8")
    return str(path / "clouds.yaml")


def test_each_target_has_a_cloud_of_its_own(
    standin: StandIn, other_region: StandIn, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", clouds(tmp_path, standin, other_region))
    monkeypatch.setenv("MODELARTS_ENDPOINT", NOBODY)
    # none of it is meant for a target that names its cloud
    beside = {**USER, "auth_url": NOBODY, "region": "r", "endpoint": NOBODY, "token": "t"}
    both = [{"name": "here", "cloud": "cloud-0"}, {"name": "there", "cloud": "cloud-1"}]
    result = ask({**beside, "targets": both, "on_target_error": "strict"})
    assert [spec["spec_code"] for spec in result.answer["specs"] if spec["target"] == "there"] == [
        "of.the.other.region"
    ]
    assert (asked(standin), asked(other_region)) == ((1, 1), (1, 1))


def test_one_cloud_for_targets_in_its_projects(
    standin: StandIn, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", clouds(tmp_path, standin))
    monkeypatch.setenv("OS_USERNAME", "of-another-cloud")
    for beside in ({"cloud": "cloud-0"}, {}):
        standin.reset()
        ask({**beside, "targets": projects(standin), "on_target_error": "strict"})
        paths = {request["path"] for request in standin.requests() if request["operation"] == "resource-specs"}
        assert paths == {
            f"/v1/{standin.account[name]}/job/resource-specs" for name in ("project_id", "other_project_id")
        }


def test_what_is_false_or_zero_is_given(key_login: Options) -> None:
    parsed = parse({**key_login, "timeout": 20, "validate_certs": False, "targets": many(1, timeout=10)})
    parameters = connections(parsed)[0].parameters
    assert (parameters["timeout"], parameters["validate_certs"], parameters["retries"]) == (10, False, 0)
    own = parse({**key_login, "validate_certs": True, "targets": many(1, validate_certs=False, retries=0)})
    assert connections(own)[0].parameters["validate_certs"] is False


# Picking


WANTED: Options = {"gpu_types": ["h100"]}


def test_the_pick_is_the_best_of_all_targets(standin: StandIn, password_login: Options, other_region: StandIn) -> None:
    there = {"name": "there", "auth_url": other_region.auth_url}
    parameters = parse({**password_login, "targets": [{"name": "here"}, there], "requirements": WANTED})
    answer = ask({**password_login, "targets": parameters["targets"]}).answer
    result = picking.pick_as_told(answer, parameters, lambda message: None)
    assert (result["selected"]["spec_code"], result["selected"]["target"]) == ("of.the.other.region", "there")
    assert {rejected["target"] for rejected in result["rejected"]} == {"here"}


def test_what_ties_goes_by_the_order_of_the_targets(standin: StandIn, key_login: Options) -> None:
    standin.specs([{"spec_id": 1, "spec_code": "a"}, {"spec_id": 1, "spec_code": "a", "core": "8"}])
    answer = ask({**key_login, "targets": [{"name": "z"}, {"name": "a"}]}).answer
    for specs in (answer["specs"], [answer["specs"][each] for each in (1, 0, 3, 2)]):
        candidates = picking.pick(specs, requirements={}, order_by=["spec_id"])["candidates"]
        assert [(spec["target"], spec.get("core")) for spec in candidates] == [
            ("z", "8"),
            ("z", None),
            ("a", "8"),
            ("a", None),
        ]


def test_the_explanation_names_the_targets(key_login: Options, other_region: StandIn) -> None:
    there = {"name": "there", "endpoint": other_region.endpoint}
    lost = {"name": "lost", "endpoint": NOBODY}
    wanted = {"gpu_types": ["h100"], "min_gpus": 2}
    answer = ask({**key_login, "targets": [there, {**there, "name": "again"}, lost]}).answer
    with pytest.raises(NoMatchError) as caught:
        picking.pick_as_told(answer, parse({**key_login, "requirements": wanted}), lambda message: None)
    assert "Without min_gpus, 2 would match: of.the.other.region (there, again)." in str(caught.value)
    assert str(caught.value).endswith(" Not looked at, as they failed: lost.")
    assert [outcome["name"] for outcome in caught.value.result()["targets"]] == ["there", "again", "lost"]
    assert isinstance(caught.value, ModelArtsError)
