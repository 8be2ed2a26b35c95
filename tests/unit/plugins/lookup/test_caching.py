# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often the lookup asks: once for all that want the same at the same time, and never another's answer."""

from __future__ import annotations

import functools
import os
import pathlib
import shutil
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
    """How many tokens and how many queries were asked for."""
    counts = standin.counts()
    return counts["tokens"], counts["resource-specs"]


def workers(*terms: str, **keywords: t.Any) -> list[t.Any]:
    """What many processes get that ask the same at the same moment."""
    return at_once(*[functools.partial(lookup, *terms, **keywords)] * WORKERS)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> t.Callable[[float], None]:
    """Sets the clock so many seconds forward."""
    now = time.time

    def set_clock(seconds: float) -> None:
        monkeypatch.setattr(time, "time", lambda: now() + seconds)

    return set_clock


# Who asks at the same moment.


@pytest.mark.parametrize("latency", [0, 0.3])
def test_one_asks_for_all(latency: float, standin: StandIn, password_login: Options) -> None:
    standin.latency(latency)
    answers = workers("train", **password_login)
    assert len(answers[0]) > 2
    assert answers == [answers[0]] * WORKERS
    assert asked(standin) == (1, 1)


def test_one_tries_again_for_all(standin: StandIn, password_login: Options) -> None:
    standin.fault("unavailable", times=1)
    assert all(isinstance(answer, list) for answer in workers(**password_login))
    assert asked(standin) == (1, 2)


@pytest.mark.parametrize(
    ("fault", "operation", "counts"), [("failed-200", "resource-specs", (1, 1)), ("iam-401", "tokens", (1, 0))]
)
def test_a_failure_is_one_for_all(
    fault: str, operation: str, counts: tuple[int, int], standin: StandIn, password_login: Options
) -> None:
    standin.fault(fault, operation=operation)
    answers = workers(**password_login)
    assert "HTTP " in answers[0]
    assert answers == [answers[0]] * WORKERS
    assert asked(standin) == counts


def test_who_is_killed_while_asking_keeps_no_other_waiting(standin: StandIn, password_login: Options) -> None:
    standin.fault("hang", times=1)
    first = Fork(functools.partial(lookup, **password_login))
    wait_until(lambda: asked(standin) == (1, 1))
    others = [Fork(functools.partial(lookup, **password_login)) for _each in range(WORKERS)]
    first.kill()
    assert all(isinstance(other.result(), list) for other in others)
    assert asked(standin) == (1, 2)


def test_a_token_that_ended_is_renewed_once_for_all(standin: StandIn, password_login: Options) -> None:
    assert lookup("train", **password_login)
    standin.expire_tokens()
    standin.latency(0.2)
    answers = at_once(*[functools.partial(lookup, engine_id=number, **password_login) for number in range(WORKERS)])
    assert all(isinstance(answer, list) for answer in answers)
    assert standin.counts()["tokens"] == 2


def test_a_token_that_ends_soon_is_renewed_before(password_login: Options, later: t.Callable[[float], None]) -> None:
    with StandIn("--token-lifetime", "100") as standin:
        login = {**password_login, "auth_url": standin.auth_url}
        for seconds in (0, 80, 95):
            later(seconds)
            assert lookup(engine_id=seconds, **login)
        assert [request["status"] for request in standin.requests()] == [201, 200, 200, 201, 200]


# How long something stands.


def test_an_answer_that_is_too_old_is_asked_for_again(
    standin: StandIn, key_login: Options, later: t.Callable[[float], None]
) -> None:
    for seconds, queries in ((0, 1), (9, 1), (11, 2), (20, 2)):
        later(seconds)
        assert lookup(cache_timeout=10, **key_login)
        assert asked(standin) == (0, queries)


def test_what_is_made_of_an_answer_is_as_old_as_it(
    standin: StandIn, key_login: Options, later: t.Callable[[float], None]
) -> None:
    lookup(cache_timeout=10, **key_login)
    picking: Options = {"requirements": {"min_gpus": 1}, "cache_timeout": 10}
    for seconds, queries in ((6, 1), (9, 1), (11, 2)):
        later(seconds)
        assert lookup(**picking, **key_login)
        assert asked(standin) == (0, queries)


def test_what_was_made_in_the_future_is_not_believed(
    standin: StandIn, key_login: Options, later: t.Callable[[float], None]
) -> None:
    later(1000)
    lookup(**key_login)
    later(0)
    lookup(**key_login)
    assert asked(standin) == (0, 2)


@pytest.mark.parametrize(("timeout", "message"), [(0, "at least 1"), (-5, "at least 1"), ("soon", "cache_timeout")])
def test_a_timeout_that_is_none(timeout: t.Any, message: str, standin: StandIn, key_login: Options) -> None:
    assert message in failed(cache_timeout=timeout, **key_login)
    assert standin.requests() == []


def test_a_failure_stands_for_a_few_seconds(
    standin: StandIn, password_login: Options, later: t.Callable[[float], None]
) -> None:
    standin.fault("failed-200", times=1)
    message = failed(**password_login)
    assert failed(**password_login) == message
    assert lookup(**password_login)
    assert asked(standin) == (1, 2)


def test_a_login_that_is_refused_is_not_tried_again(
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


# What is one question, and what are two.


@pytest.mark.parametrize(
    "other",
    [
        {"job_type": "train"},
        {"engine_id": 1},
        {"project_type": 1},
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
def test_another_question_has_an_answer_of_its_own(other: Options, standin: StandIn, password_login: Options) -> None:
    lookup(**password_login)
    lookup(**{**password_login, **other})
    assert standin.counts()["resource-specs"] == 2


def test_another_endpoint_has_an_answer_of_its_own(standin: StandIn, key_login: Options) -> None:
    with StandIn() as other:
        other.specs([])
        assert lookup(**key_login)
        assert lookup(**{**key_login, "endpoint": other.endpoint}) == []
        assert lookup(**key_login)


@pytest.mark.parametrize(
    "wrong", [{"password": "wrong-password"}, {"username": "nobody"}, {"user_domain_name": "elsewhere"}]
)
def test_who_cannot_log_in_has_no_answer(wrong: Options, standin: StandIn, password_login: Options) -> None:
    lookup(**password_login)
    assert "HTTP 401" in failed(**{**password_login, **wrong})


@pytest.mark.parametrize("wrong", [{"secret_key": "wrong"}, {"access_key": "NOBODYSKEY"}, {"security_token": "wrong"}])
def test_whose_signature_is_wrong_has_no_answer(wrong: Options, standin: StandIn, key_login: Options) -> None:
    lookup(**key_login)
    assert "HTTP 401" in failed(**{**key_login, **wrong})


def test_a_login_that_is_written_is_not_one_of_the_environment(
    standin: StandIn, password_login: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same values: but one that is written beats the token of the environment, one from there does not."""
    names = {"username": "OS_USERNAME", "password": "OS_PASSWORD", "user_domain_name": "OS_USER_DOMAIN_NAME"}
    monkeypatch.setenv("OS_TOKEN", "of-another-cloud")
    for option, variable in names.items():
        monkeypatch.setenv(variable, password_login[option])
    login = {name: value for name, value in password_login.items() if name not in names}
    login.update(project_name=None, project_id=standin.account["project_id"], endpoint=standin.endpoint)
    assert "HTTP 401" in failed(**login)
    assert lookup(**{**password_login, **login})
    assert "HTTP 401" in failed(**login)


def test_the_same_question_in_other_words_has_the_same_answer(standin: StandIn, password_login: Options) -> None:
    answer = lookup("train", **password_login)
    variables = {f"modelarts_{name}": value for name, value in password_login.items()}
    assert lookup(job_type="train", **password_login) == answer
    assert lookup(["train"], variables=variables, timeout=20, retries=1, cache_timeout=200) == answer
    assert lookup("train", engine_id="", endpoint=None, **password_login) == answer
    assert lookup("train", on_no_match="skip", **password_login) == answer
    assert lookup("train", requirements={}, **password_login)
    assert asked(standin) == (1, 1)


def test_a_login_is_shared_by_all_questions(standin: StandIn, password_login: Options) -> None:
    lookup("train", "inference", **password_login)
    at_once(*[functools.partial(lookup, engine_id=number, **password_login) for number in range(WORKERS)])
    assert asked(standin) == (1, 2 + WORKERS)


def test_a_question_of_the_environment(
    standin: StandIn, password_login: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OS_PROJECT_ID", standin.account["project_id"])
    del password_login["project_name"]
    lookup(**password_login)
    monkeypatch.setenv("OS_PROJECT_ID", "another")
    assert "another" not in failed(**password_login)
    assert standin.counts()["tokens"] == 2


@pytest.mark.parametrize("prices", [{"a": 1, 2: 3}, {None: 1, "a": 2}, {("a", "b"): 1}], ids=str)
def test_keys_of_all_kinds(prices: Options, standin: StandIn, key_login: Options) -> None:
    for _time in range(2):
        try:
            lookup(requirements={}, prices=prices, **key_login)
        except Exception as error:
            assert type(error).__name__ == "AnsibleLookupError"
    assert asked(standin) <= (0, 1)


def test_values_that_look_the_same(standin: StandIn, key_login: Options) -> None:
    """The prices are of the spec 7, and of one that has no code."""
    code = "7"
    spec = {"spec_id": 1, "core": "2", "cpu": "4", "gpu_num": 0, "max_num": 1, "unit_num": 1, "no_resource": False}
    standin.specs([{**spec, "spec_code": code}, {**spec, "spec_id": 2, "spec_code": "other"}])
    keywords: Options = {**key_login, "requirements": {}, "order_by": ["price"]}
    by_text, by_number = ({"other": 2, code: 1}, {"other": 2, 7: 1})
    separate = [_without_cache(prices=prices, **keywords) for prices in (by_text, by_number)]
    assert [lookup(prices=prices, **keywords) for prices in (by_text, by_number)] == separate


def _without_cache(**keywords: t.Any) -> list[dict[str, t.Any]]:
    return lookup(cache=False, **keywords)


# Templates: each host has its own values.


def rendered(template: str, **variables: t.Any) -> t.Any:
    """What a task of one host makes of a template."""
    return Templar(DataLoader(), variables=variables).template(trust_as_template(template))


@pytest.mark.parametrize(
    "nest",
    [
        lambda text: {"spec_codes": text},
        lambda text: {"spec_codes": [text]},
        lambda text: {"spec_codes": ["nothing", text]},
    ],
)
@pytest.mark.parametrize("place", ["keyword", "variable"])
def test_no_host_has_the_result_of_another(
    place: str, nest: t.Callable[[str], Options], standin: StandIn, key_login: Options
) -> None:
    codes = ["modelarts.vm.cpu.2u", "modelarts.vm.gpu.v100"]
    nested = nest(trust_as_template("{{ code }}"))
    for _round in range(2):
        for code in codes:
            variables = {"code": code, "login": key_login}
            if place == "keyword":
                found = rendered(
                    f"{{{{ query('{LOOKUP}', requirements=nested, **login) }}}}", nested=nested, **variables
                )
            else:
                found = rendered(f"{{{{ query('{LOOKUP}', **login) }}}}", modelarts_requirements=nested, **variables)
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


# What is kept, and what is not.


def test_without_the_cache_each_evaluation_asks(standin: StandIn, password_login: Options) -> None:
    lookup(**password_login)
    for _time in range(2):
        lookup(cache=False, **password_login)
    assert asked(standin) == (3, 3)


@pytest.mark.parametrize("cache", ["no", "false", False, 0])
def test_the_cache_can_be_switched_off_by_a_variable(cache: t.Any, standin: StandIn, key_login: Options) -> None:
    for _time in range(2):
        lookup(variables={"modelarts_cache": cache}, **key_login)
    assert asked(standin) == (0, 2)


def test_each_evaluation_warns(key_login: Options, standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda self, message, *more: warnings.append(message))
    for _time in range(3):
        assert lookup(requirements={"min_gpus": 1000}, on_no_match="warn", **key_login) == []
    assert len(warnings) == 3
    assert asked(standin) == (0, 1)


def test_each_evaluation_fails_that_finds_no_match(key_login: Options, standin: StandIn) -> None:
    messages = [failed(requirements={"min_gpus": 1000}, **key_login) for _time in range(2)]
    assert messages[0] == messages[1]
    assert asked(standin) == (0, 1)


def test_who_changes_a_result_changes_no_other(standin: StandIn, key_login: Options) -> None:
    whole = lookup(**key_login)
    for _time in range(2):
        lookup(**key_login).clear()
    assert lookup(**key_login) == whole


# Where the files of the run are not as they should be.


def files() -> list[pathlib.Path]:
    return sorted((pathlib.Path(constants.DEFAULT_LOCAL_TMP) / "community.modelarts").iterdir())


def _spoil(change: t.Callable[[pathlib.Path], object]) -> None:
    for file in files():
        change(file)


@pytest.mark.parametrize(
    "change",
    [
        pathlib.Path.unlink,
        lambda file: file.chmod(0o644),
        lambda file: file.write_text("{}", encoding="utf-8"),
        lambda file: file.write_bytes(file.read_bytes()[:-1]),
    ],
    ids=["absent", "readable to others", "foreign", "truncated"],
)
def test_files_that_are_spoilt_count_as_absent(
    change: t.Callable[[pathlib.Path], object], standin: StandIn, password_login: Options
) -> None:
    answer = lookup(**password_login)
    _spoil(change)
    assert workers(**password_login) == [answer] * WORKERS
    assert asked(standin) == (2, 2)


def _remove(folder: pathlib.Path) -> None:
    shutil.rmtree(folder)


def _replace(folder: pathlib.Path) -> None:
    shutil.rmtree(folder)
    folder.touch()


def _open_to_others(folder: pathlib.Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    folder.chmod(0o755)


@pytest.mark.parametrize(
    "change",
    [lambda folder: _remove(folder.parent), _replace, _open_to_others],
    ids=["gone", "a file", "open to others"],
)
def test_it_works_without_a_folder(
    change: t.Callable[[pathlib.Path], object], standin: StandIn, password_login: Options
) -> None:
    answer = lookup(**password_login)
    change(files()[0].parent)
    for _time in range(2):
        assert lookup(**password_login) == answer
    assert asked(standin) == (3, 3)


def test_it_works_without_locks(standin: StandIn, password_login: Options) -> None:
    lookup(**password_login)
    for file in files():
        file.unlink()
        if file.suffix == ".lock":
            file.mkdir()
    assert lookup(**password_login)
    assert lookup(**password_login)
    assert asked(standin) == (2, 2)


def test_secrets_are_in_no_file(standin: StandIn, password_login: Options, key_login: Options) -> None:
    lookup(**password_login)
    lookup(**key_login)
    failed(**{**password_login, "password": "wrong-password"})
    secrets = [password_login["password"], key_login["secret_key"], key_login["access_key"], "wrong-password"]
    for file in files():
        content = file.read_text(encoding="utf-8")
        assert not [secret for secret in secrets if secret in content or secret in file.name]
