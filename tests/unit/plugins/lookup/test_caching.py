# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often the lookup queries: once for all evaluations of a run that ask the same, never with another's result."""

from __future__ import annotations

import functools
import os
import pathlib
import sys
import time
import typing as t

import pytest
from ansible import constants
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.utils.display import Display

from ansible_collections.community.modelarts.plugins.plugin_utils import _cache
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.conftest import trust_as_template
from ansible_collections.community.modelarts.tests.unit.faces import LOOKUP, lookup
from ansible_collections.community.modelarts.tests.unit.plugins.lookup.test_modelarts_resource_specs import failed
from ansible_collections.community.modelarts.tests.unit.processes import Fork, at_once, wait_until

Options = dict[str, t.Any]

WORKERS = 12


def asked(standin: StandIn) -> tuple[int, int]:
    """Return the number of tokens and of queries."""
    counts = standin.counts()
    return counts["tokens"], counts["resource-specs"]


def workers(*terms: str, **keywords: t.Any) -> list[t.Any]:
    """Return what processes get that look up the same at the same moment."""
    return at_once(*[functools.partial(lookup, *terms, **keywords)] * WORKERS)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> t.Callable[[float], None]:
    """Sets the clock so many seconds forward."""
    now = time.time
    return lambda seconds: monkeypatch.setattr(time, "time", lambda: now() + seconds)


# Processes at the same moment


@pytest.mark.parametrize(
    ("fault", "operation", "counts"),
    [
        (None, None, (1, 1)),
        ("unavailable", "resource-specs", (1, 2)),
        ("failed-200", "resource-specs", (1, 1)),
        ("iam-401", "tokens", (1, 0)),
    ],
)
def test_one_process_queries_for_all(
    fault: str, operation: str, counts: tuple[int, int], standin: StandIn, password_login: Options
) -> None:
    standin.latency(0.2)
    if fault:
        standin.fault(fault, operation=operation, times=1)
    results = workers("train", **password_login)
    assert len(results[0]) > 2
    assert results == [results[0]] * WORKERS
    assert asked(standin) == counts


def test_a_process_that_is_killed_blocks_no_other(standin: StandIn, password_login: Options) -> None:
    standin.fault("hang", times=1)
    first = Fork(functools.partial(lookup, **password_login))
    wait_until(lambda: asked(standin) == (1, 1))
    others = [Fork(functools.partial(lookup, **password_login)) for _each in range(WORKERS)]
    first.kill()
    assert all(isinstance(other.result(), list) for other in others)
    assert asked(standin) == (1, 2)


def test_a_token_is_shared_and_renewed_once(standin: StandIn, password_login: Options) -> None:
    assert lookup("train", **password_login)
    standin.expire_tokens()
    standin.latency(0.2)
    results = at_once(*[functools.partial(lookup, engine_id=number, **password_login) for number in range(WORKERS)])
    assert all(isinstance(result, list) for result in results)
    assert standin.counts()["tokens"] == 2


def test_a_token_that_expires_soon_is_renewed_before(password_login: Options, later: t.Callable[[float], None]) -> None:
    with StandIn("--token-lifetime", "100") as standin:
        login = {**password_login, "auth_url": standin.auth_url}
        for seconds in (0, 80, 95):
            later(seconds)
            assert lookup(engine_id=seconds, **login)
        assert [request["status"] for request in standin.requests()] == [201, 200, 200, 201, 200]


# How long an entry is valid


def test_a_result_is_as_old_as_the_response_that_it_is_from(
    standin: StandIn, key_login: Options, later: t.Callable[[float], None]
) -> None:
    lookup(cache_timeout=10, **key_login)
    for seconds, queries in ((6, 1), (9, 1), (11, 2), (20, 2)):
        later(seconds)
        for more in ({}, {"requirements": {"min_gpus": 1}}):
            assert lookup(cache_timeout=10, **more, **key_login)
            assert asked(standin) == (0, queries)


def test_an_entry_of_the_future_is_not_valid(
    standin: StandIn, key_login: Options, later: t.Callable[[float], None]
) -> None:
    later(1000)
    lookup(**key_login)
    later(0)
    lookup(**key_login)
    assert asked(standin) == (0, 2)


@pytest.mark.parametrize(("timeout", "message"), [(0, "at least 1"), (-5, "at least 1"), ("soon", "cache_timeout")])
def test_bad_timeouts(timeout: t.Any, message: str, standin: StandIn, key_login: Options) -> None:
    assert message in failed(cache_timeout=timeout, **key_login)
    assert standin.requests() == []


def test_a_failure_is_shared_for_a_few_seconds(
    standin: StandIn, password_login: Options, later: t.Callable[[float], None]
) -> None:
    standin.fault("failed-200", times=1)
    message = failed(**password_login)
    later(_cache.FAILURE_TIMEOUT - 1)
    assert failed(**password_login) == message
    later(_cache.FAILURE_TIMEOUT + 1)
    assert lookup(**password_login)
    assert asked(standin) == (1, 2)


def test_a_refused_login_is_not_tried_again_for_cache_timeout(
    standin: StandIn, password_login: Options, later: t.Callable[[float], None]
) -> None:
    wrong = {**password_login, "password": "wrong-password"}
    for seconds in (0, 100, 200):
        later(seconds)
        assert "HTTP 401" in failed(**wrong)
        assert "HTTP 401" in failed("train", **wrong)
    assert asked(standin) == (1, 0)
    assert lookup(**password_login)
    later(301)
    assert "HTTP 401" in failed(**wrong)
    assert standin.counts()["tokens"] == 3


@pytest.mark.parametrize("caching", [{}, {"cache": False}, {"cache_timeout": 1}])
def test_a_wrong_password_or_key_is_never_sent_until_it_is_locked(
    caching: Options, standin: StandIn, password_login: Options, key_login: Options, later: t.Callable[[float], None]
) -> None:
    logins = [{**password_login, "password": "wrong"}, {**key_login, "secret_key": "wrong"}]
    for number in range(8):
        later(number * 2)
        for login in logins:
            assert "HTTP 401" in failed(**{**login, **caching, "project_name": None, "project_id": f"project{number}"})
    assert asked(standin) == (3, 3)
    assert lookup(**password_login)
    assert lookup(**key_login)


def test_a_host_out_of_reach_blocks_no_other(standin: StandIn, key_login: Options) -> None:
    assert "Connection refused" in failed(**{**key_login, "endpoint": "http://127.0.0.1:9", "retries": 0})
    assert lookup(**key_login)


# What is the same question


@pytest.mark.parametrize(
    "other",
    [
        {"job_type": "train"},
        {"engine_id": 1},
        {"project_type": 1},
        {"source": "training_job_flavors"},
        {"validate_certs": False},
        {"allow_http": True},
        {"ca_path": os.devnull},
        {"region": "zz-standin-1"},
        {"user_domain_id": "d0000000000000000000000000000d01", "user_domain_name": None},
        {"user_id": "c0000000000000000000000000000c01", "username": None},
        {"project_id": "b0000000000000000000000000000b02", "project_name": None},
    ],
    ids=",".join,
)
def test_another_question_is_another_query(other: Options, standin: StandIn, password_login: Options) -> None:
    lookup(**password_login)
    lookup(**{**password_login, **other})
    assert len([one for one in standin.requests() if one["operation"] not in ("tokens", "projects")]) == 2


def test_another_endpoint_is_another_query(standin: StandIn, key_login: Options) -> None:
    with StandIn() as other:
        other.specs([])
        assert lookup(**key_login)
        assert lookup(**{**key_login, "endpoint": other.endpoint}) == []
        assert lookup(**key_login)


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "wrong-password"},
        {"username": "nobody"},
        {"user_domain_name": "elsewhere"},
        {"secret_key": "wrong"},
        {"access_key": "NOBODYSKEY"},
        {"security_token": "wrong"},
    ],
    ids=",".join,
)
def test_nobody_gets_the_result_of_a_login_that_is_not_theirs(
    wrong: Options, password_login: Options, key_login: Options
) -> None:
    login = password_login if wrong.keys() <= password_login.keys() else key_login
    lookup(**login)
    assert "HTTP 401" in failed(**{**login, **wrong})


def test_the_same_question_in_other_words(standin: StandIn, password_login: Options) -> None:
    result = lookup("train", **password_login)
    variables = {f"modelarts_{name}": value for name, value in password_login.items()}
    assert lookup(job_type="train", **password_login) == result
    assert lookup(["train"], variables=variables, timeout=20, retries=1, cache_timeout=200) == result
    assert lookup("train", engine_id="", endpoint=None, **password_login) == result
    assert lookup("train", on_no_match="skip", **password_login) == result
    assert lookup("train", requirements={}, **password_login)
    assert asked(standin) == (1, 1)
    lookup("train", "inference", **password_login)
    assert asked(standin) == (1, 2)


@pytest.mark.parametrize("prices", [{"a": 1, 2: 3}, {None: 1, "a": 2}, {("a", "b"): 1}], ids=str)
def test_keys_of_all_kinds(prices: Options, standin: StandIn, key_login: Options) -> None:
    for _time in range(2):
        try:
            lookup(requirements={}, prices=prices, **key_login)
        except Exception as error:
            assert type(error).__name__ in ("AnsibleLookupError", "AnsibleTemplatePluginError")
    assert asked(standin) <= (0, 1)


# Templates: each host has its own values


def rendered(template: str, **variables: t.Any) -> t.Any:
    """Return what a task of one host gets from a template."""
    return Templar(DataLoader(), variables=variables).template(trust_as_template(template))


@pytest.mark.parametrize("nest", [lambda text: text, lambda text: [text], lambda text: ["nothing", text]])
@pytest.mark.parametrize("place", ["keyword", "variable"])
def test_no_host_has_the_result_of_another(
    place: str, nest: t.Callable[[str], t.Any], standin: StandIn, key_login: Options
) -> None:
    codes = ["modelarts.vm.cpu.2u", "modelarts.vm.gpu.v100"]
    nested = {"spec_codes": nest(trust_as_template("{{ code }}"))}
    given = {"keyword": "requirements=nested, ", "variable": ""}[place]
    for _round in range(2):
        for code in codes:
            variables = {"code": code, "login": key_login, "nested": nested}
            if place == "variable":
                variables["modelarts_requirements"] = nested
            found = rendered(f"{{{{ query('{LOOKUP}', {given}**login) }}}}", **variables)
            assert {spec["spec_code"] for spec in found} == {code}
    assert asked(standin) == (0, 1)


def test_terms_are_rendered(standin: StandIn, key_login: Options) -> None:
    terms = [trust_as_template("{{ kind }}")]
    counts = [
        len(rendered(f"{{{{ query('{LOOKUP}', kinds, **login) }}}}", kinds=terms, kind=kind, login=key_login))
        for kind in ("train", "inference", "train", "inference")
    ]
    assert counts[0] != counts[1]
    assert counts[:2] == counts[2:]
    assert asked(standin) == (0, 2)


def test_a_variable_that_is_not_defined(standin: StandIn, key_login: Options) -> None:
    template = f"{{{{ query('{LOOKUP}', engine_id=engine, **login) }}}}"
    for _time in range(2):
        with pytest.raises(Exception, match="'engine' is undefined"):
            rendered(template, login=key_login)
        assert rendered(template, login=key_login, engine=1)


# What is not cached, and what a cached result costs


def loaded_by_lookup(**keywords: t.Any) -> list[str]:
    """Return what a lookup loads of the core. It is for a process of its own, as it forgets what was loaded before."""

    def loaded() -> list[str]:
        return [name for name in sys.modules if name.startswith("ansible_collections.community.modelarts.plugins.mod")]

    for name in loaded():
        del sys.modules[name]
    lookup(**keywords)
    return loaded()


def test_a_cached_result_loads_nothing_of_the_core(key_login: Options) -> None:
    look_up_again = functools.partial(loaded_by_lookup, requirements={}, **key_login)
    assert Fork(look_up_again).result()
    lookup(requirements={}, **key_login)
    assert Fork(look_up_again).result() == []


def test_processes_that_wait_for_a_result_load_nothing_of_the_core(standin: StandIn, key_login: Options) -> None:
    standin.latency(1)
    results = at_once(*[functools.partial(loaded_by_lookup, **key_login)] * WORKERS)
    # One finds out what options there are, and one evaluates.
    assert 1 <= len([names for names in results if names]) <= 2


def test_results_that_are_not_cached_are_not_waited_for(standin: StandIn, key_login: Options) -> None:
    look_up = functools.partial(lookup, cache=False, timeout=300, **key_login)
    look_up()
    standin.fault("hang", times=1)
    first = Fork(look_up)
    wait_until(lambda: asked(standin) == (0, 2))
    assert isinstance(Fork(look_up).result(), list)
    first.kill()


@pytest.mark.parametrize("cache", ["no", "false", False, 0])
def test_without_the_cache_each_evaluation_queries(cache: t.Any, standin: StandIn, password_login: Options) -> None:
    lookup(**password_login)
    for _time in range(2):
        lookup(variables={"modelarts_cache": cache}, **password_login)
    assert asked(standin) == (3, 3)


def test_each_evaluation_warns_or_fails(key_login: Options, standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda self, message, *more: warnings.append(message))
    messages = set()
    for _time in range(3):
        assert lookup(requirements={"min_gpus": 1000}, on_no_match="warn", **key_login) == []
        messages.add(failed(requirements={"min_gpus": 1000}, **key_login))
    assert len(warnings) == 3
    assert len(messages) == 1
    assert asked(standin) == (0, 1)


def test_changing_a_result_changes_no_other(key_login: Options) -> None:
    whole = lookup(**key_login)
    lookup(**key_login).clear()
    assert lookup(**key_login) == whole


def test_secrets_are_in_no_file(password_login: Options, key_login: Options) -> None:
    lookup(**password_login)
    lookup(**key_login)
    failed(**{**password_login, "password": "wrong-password"})
    secrets = [password_login["password"], key_login["secret_key"], key_login["access_key"], "wrong-password"]
    for file in (pathlib.Path(constants.DEFAULT_LOCAL_TMP) / "community.modelarts").iterdir():
        content = file.read_text(encoding="utf-8")
        assert not [secret for secret in secrets if secret in content or secret in file.name]
