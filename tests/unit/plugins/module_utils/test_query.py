# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The query of specs, of one connection and of many targets, and what failures of some of them lead to."""

from __future__ import annotations

import json
import threading
import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import _resource_specs
from ansible_collections.community.modelarts.plugins.module_utils._client import Client
from ansible_collections.community.modelarts.plugins.module_utils._connection import Connection, resolve
from ansible_collections.community.modelarts.plugins.module_utils._errors import (
    ResponseError,
    TargetsError,
)
from ansible_collections.community.modelarts.plugins.module_utils._tokens import Tokens
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.asking import failed, parse, query
from ansible_collections.community.modelarts.tests.unit.wire import Saying, response, server

Options = dict[str, t.Any]

# Nobody listens there.
NOBODY = "http://127.0.0.1:9"


class Asked(t.NamedTuple):
    result: Options
    warnings: list[str]


def ask(options: Options, fetch: _resource_specs.Fetch | None = None) -> Asked:
    tokens, warnings = Tokens(), t.cast("list[str]", [])
    parsed = parse({"retries": 0, **options})

    def fetch_one(connection: Connection) -> Options:
        return _resource_specs.query(Client(connection, tokens), parsed)

    connections = resolve(parsed)
    result = _resource_specs.query_all(connections, parsed["on_target_error"], fetch or fetch_one, warnings.append)
    return Asked(result, warnings)


def all_failed(options: Options) -> TargetsError:
    with pytest.raises(TargetsError) as caught:
        ask(options)
    return caught.value


def many(number: int, **own: t.Any) -> list[Options]:
    return [{"name": f"target-{each}", **own} for each in range(number)]


# One connection


def test_each_parameter_is_sent_only_when_given(standin: StandIn, key_login: Options) -> None:
    query(key_login)
    query(key_login, job_type="train", engine_id=0, project_type=2)
    assert [request["query"] for request in standin.requests()] == [
        {},
        {"job_type": "train", "engine_id": "0", "project_type": "2"},
    ]


def test_specs_are_returned_as_they_are(standin: StandIn, key_login: Options) -> None:
    specs = [{"spec_id": "7", "core": 8, "npu_info": None, "new": {"a": [1.5]}}, {}]
    standin.specs(specs)
    assert ask({**key_login, "targets": None}).result == {"specs": specs, "spec_total_count": 2}
    standin.fault("empty-specs")
    assert query(key_login) == {"specs": [], "spec_total_count": 0}


@pytest.mark.parametrize(("stated", "count"), [(40, 40), (0, 0), (None, 1), (True, 1), ("40", 1)])
def test_the_count_is_the_one_that_the_service_states(stated: t.Any, count: int, key_login: Options) -> None:
    said = response({"specs": [{}], "is_success": True, "spec_total_count": stated})
    with server(Saying(said)) as url:
        assert query({**key_login, "endpoint": url}) == {"specs": [{}], "spec_total_count": count}


@pytest.mark.parametrize("document", [[], {}, {"specs": {}}, {"specs": ["text"]}, None])
def test_an_unexpected_document(document: t.Any, key_login: Options) -> None:
    with server(wire := Saying(response(json.dumps(document).encode()))) as url:
        error = failed({**key_login, "endpoint": url}, ResponseError)
    assert "unexpected response" in str(error)
    assert (error.http_status, len(wire.requests)) == (200, 1)


# Many targets


def test_specs_and_outcomes_have_the_names_of_the_targets(standin: StandIn, password_login: Options) -> None:
    plain = query(password_login)
    with StandIn() as other:
        other.specs([{"spec_id": 7}])
        there = {"name": "there", "auth_url": other.auth_url}
        both, warnings = ask({**password_login, "targets": [there, {"name": "here"}]})
    assert both["specs"] == [{"spec_id": 7, "target": "there"}, *({**one, "target": "here"} for one in plain["specs"])]
    assert both["spec_total_count"] == 1 + plain["spec_total_count"]
    assert both["targets"] == [
        {"name": "there", "spec_total_count": 1},
        {"name": "here", "spec_total_count": plain["spec_total_count"]},
    ]
    assert warnings == []


def test_targets_of_one_project_share_a_login(standin: StandIn, password_login: Options) -> None:
    names = [standin.account[name] for name in ("project_name", "other_project_name")]
    twenty = [{"name": str(number), "project_name": names[number % 2]} for number in range(20)]
    assert len(ask({**password_login, "targets": twenty, "job_type": "train"}).result["targets"]) == 20
    assert standin.counts()["tokens"] == 2
    queries = [request["query"] for request in standin.requests() if request["operation"] == "resource-specs"]
    assert queries == [{"job_type": "train"}] * 20


def test_sixteen_targets_are_queried_at_once(key_login: Options) -> None:
    lock, full, too_many = threading.Lock(), threading.Event(), threading.Event()
    under_way = 0

    def fetch(connection: Connection) -> Options:
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

    ask({**key_login, "targets": many(40)}, fetch)


def test_other_accounts_are_queried_beside_refused_ones(
    standin: StandIn, password_login: Options, key_login: Options
) -> None:
    signed = [{**target, **key_login} for target in many(10)]
    wrong = [{"name": str(number), "password": "wrong"} for number in range(10)]
    out_of_reach = [{"name": f"out-{number}", "auth_url": NOBODY} for number in range(3)]
    targets = [*out_of_reach, *wrong, *signed]
    outcomes = ask({**password_login, "targets": targets, "on_target_error": "skip"}).result["targets"]
    assert ["failed" in outcome for outcome in outcomes] == [True] * 13 + [False] * 10
    # The refused targets have the same login, whose outcome is that of all.
    assert (standin.counts()["tokens"], standin.counts()["resource-specs"]) == (1, 10)


def test_a_failure_is_reported_for_its_target(standin: StandIn, key_login: Options) -> None:
    standin.fault("failed-200", times=1)
    result, warnings = ask({**key_login, "targets": [*many(1), {"name": "other", "timeout": 20}]})
    broken = next(outcome for outcome in result["targets"] if "failed" in outcome)
    assert broken.keys() == {"name", "failed", "msg", "error_code", "error_message", "http_status", "request_id"}
    assert (broken["failed"], broken["error_code"], broken["http_status"]) == (True, "ModelArts.0105", 200)
    assert warnings == [f"Target {broken['name']} failed: {broken['msg']}"]
    assert {spec["target"] for spec in result["specs"]} == {"target-0", "other"} - {broken["name"]}


def test_an_invalid_proxy_concerns_its_targets_only(key_login: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://bob:pw@")
    behind_proxy = {"name": "behind-proxy", "endpoint": "https://modelarts.test"}
    result, warnings = ask({**key_login, "targets": [behind_proxy, *many(1)]})
    assert [outcome.get("failed", False) for outcome in result["targets"]] == [True, False]
    assert warnings == [
        "Target behind-proxy failed: HTTPS_PROXY is not a valid address of a proxy: correct or unset it"
    ]


@pytest.mark.parametrize(
    ("on_target_error", "of_some", "of_all"),
    [("error", 1, TargetsError), ("warn", 1, 2), ("skip", 0, 0), ("strict", TargetsError, TargetsError)],
)
def test_on_target_error_decides_what_failures_lead_to(
    on_target_error: str, of_some: t.Any, of_all: t.Any, standin: StandIn, key_login: Options
) -> None:
    lost = [{"name": "lost", "endpoint": NOBODY}, {"name": "gone", "endpoint": NOBODY}]
    for chosen, expected in (([lost[0], *many(10)], of_some), (lost, of_all)):
        standin.reset()
        options = {**key_login, "targets": chosen, "on_target_error": on_target_error}
        if isinstance(expected, int):
            result, warnings = ask(options)
            assert len(warnings) == expected
        else:
            error = all_failed(options)
            result = error.result()
            assert all(each["name"] in str(error) for each in chosen if each in lost)
        assert [outcome["name"] for outcome in result["targets"]] == [each["name"] for each in chosen]
        # All are queried before anything fails.
        assert standin.counts()["resource-specs"] == len(chosen) - len([each for each in chosen if each in lost])


def test_many_failures_are_shortened(standin: StandIn, key_login: Options) -> None:
    standin.fault("forbidden")
    lines = str(all_failed({**key_login, "targets": many(50)})).split("\n")
    assert standin.counts()["resource-specs"] == 50
    assert (lines[0], lines[-1], len(lines)) == ("All 50 targets failed.", "And 40 more.", 12)
    assert max(map(len, lines)) < 220


def test_a_bug_is_not_taken_for_a_failed_target(key_login: Options) -> None:
    def fetch(connection: Connection) -> Options:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask({**key_login, "targets": many(5), "on_target_error": "skip"}, fetch)
