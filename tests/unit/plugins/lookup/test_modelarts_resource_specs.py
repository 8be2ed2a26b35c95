# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup as a template calls it: where its options come from and what its failures are."""

from __future__ import annotations

import sys
import typing as t

import pytest
from ansible.errors import AnsibleLookupError
from ansible.utils.display import Display

from ansible_collections.community.modelarts.plugins.module_utils import _client
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.conftest import trust_as_template
from ansible_collections.community.modelarts.tests.unit.faces import lookup
from ansible_collections.community.modelarts.tests.unit.selection_table import SPECS, each_case, options_of


def failed(*terms: t.Any, **keywords: t.Any) -> str:
    with pytest.raises(AnsibleLookupError) as caught:
        lookup(*terms, **keywords)
    return str(caught.value)


def test_terms_are_job_types(standin: StandIn, password_login: dict[str, t.Any]) -> None:
    train, inference = (lookup(term, **password_login) for term in ("train", "inference"))
    standin.reset()
    password_login["cache"] = False
    assert lookup("train", "inference", **password_login) == train + inference
    assert lookup(["train", "inference"], **password_login) == train + inference
    assert lookup(job_type="train", **password_login) == train
    asked = [request["query"] for request in standin.requests() if request["operation"] == "resource-specs"]
    assert [query["job_type"] for query in asked] == ["train", "inference", "train", "inference", "train"]
    assert standin.counts()["tokens"] == 3


def test_without_a_term_the_query_is_without_one(standin: StandIn, key_login: dict[str, t.Any]) -> None:
    assert lookup(**key_login)
    assert standin.requests()[0]["query"] == {}


def test_options_from_variables_that_hold_templates(standin: StandIn, key_login: dict[str, t.Any]) -> None:
    variables = {
        "base": standin.endpoint,
        "seconds": 20,
        "modelarts_endpoint": trust_as_template("{{ base }}/v1/"),
        "modelarts_timeout": trust_as_template("{{ seconds + 1 }}"),
        "modelarts_job_type": "train",
        **{f"modelarts_{name}": key_login[name] for name in ("project_id", "access_key", "secret_key")},
    }
    assert lookup(variables=variables) == lookup("train", **key_login)


def test_the_order_is_keyword_variable_environment_configuration(
    standin: StandIn,
    key_login: dict[str, t.Any],
    monkeypatch: pytest.MonkeyPatch,
    configuration: t.Callable[[str], None],
) -> None:
    endpoint = key_login.pop("endpoint")
    key_login["cache"] = False
    configuration(f"endpoint = {endpoint}")
    assert lookup(**key_login)
    monkeypatch.setenv("MODELARTS_ENDPOINT", "ftp://environment")
    assert "ftp://environment" in failed(**key_login)
    monkeypatch.setenv("MODELARTS_ENDPOINT", "")
    assert lookup(**key_login)
    monkeypatch.setenv("MODELARTS_ENDPOINT", "ftp://environment")
    variables = {"modelarts_endpoint": "ftp://variable"}
    assert "ftp://variable" in failed(variables=variables, **key_login)
    assert lookup(variables=variables, endpoint=endpoint, **key_login)


@pytest.fixture
def configuration(tmp_path: t.Any, monkeypatch: pytest.MonkeyPatch) -> t.Callable[[str], None]:
    """Writes the section ``[modelarts]`` of an ansible.cfg that is then the one in use."""
    from ansible import constants

    def write(lines: str) -> None:
        path = tmp_path / "ansible.cfg"
        path.write_text(f"[modelarts]\n{lines}\n", encoding="utf-8")
        monkeypatch.setattr(constants.config, "_config_file", str(path))

    return write


def test_what_is_empty_leaves_it_to_the_next_source(
    key_login: dict[str, t.Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = key_login.pop("endpoint")
    monkeypatch.setenv("MODELARTS_ENDPOINT", endpoint)
    variables = {"nothing": "", "modelarts_endpoint": trust_as_template("{{ nothing }}")}
    assert lookup(endpoint="", variables=variables, **key_login)
    assert lookup(endpoint="", variables={"modelarts_endpoint": endpoint}, **key_login)


def test_a_login_in_the_play_beats_one_in_the_environment(
    key_login: dict[str, t.Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OS_TOKEN", "of-another-cloud")
    assert lookup(**key_login)


@pytest.mark.parametrize(
    ("terms", "keywords", "message"),
    [
        (["training"], {}, "value of job_type must be one of: train, inference, got: training"),
        ([], {"tiemout": 3}, "Unsupported option: tiemout. Supported parameters include: access_key"),
        ([], {"timeout": "soon"}, "timeout"),
        ([], {"requirements": True}, "requirements must be a dictionary, such as {gpu_types: [v100], min_gpus: 1}"),
        (["train"], {"job_type": "train"}, "job_type is given twice"),
        ([], {"secret_key": None}, "The login with an access key is incomplete: secret_key missing"),
        (
            [],
            {"access_key": None, "secret_key": None},
            "ansible-rulebook on the controller, for example OS_TOKEN; a play's 'environment' does not reach lookups",
        ),
    ],
)
def test_bad_options(
    terms: list[str], keywords: dict[str, t.Any], message: str, standin: StandIn, key_login: dict[str, t.Any]
) -> None:
    assert message in failed(*terms, **{**key_login, **keywords})
    assert standin.requests() == []


@pytest.mark.parametrize("targets", [None, [{"name": "here"}]])
def test_a_missing_library_is_missing_for_ansible_playbook(
    targets: t.Any, key_login: dict[str, t.Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_client, "HAS_REQUESTS", False)
    message = failed(targets=targets, **key_login)
    assert f"The Python library requests is missing for {sys.executable}: install it there" in message
    assert "That is the Python that runs ansible-playbook" in message
    assert "or set ansible_python_interpreter" not in message


def test_a_failure_of_the_service_is_a_lookup_error(standin: StandIn, key_login: dict[str, t.Any]) -> None:
    standin.fault("failed-200")
    assert "HTTP 200, ModelArts.0105: Error string" in failed("train", **key_login)


@each_case
def test_picking(case: dict[str, t.Any], standin: StandIn, key_login: dict[str, t.Any]) -> None:
    standin.specs(SPECS[case["specs"]])
    if "error" in case:
        assert case["error"] in failed(**key_login, **options_of(case))
        assert standin.requests() == []
    elif case["met_by"] is None:
        assert case.get("explanation", "") in failed(**key_login, **options_of(case))
    else:
        candidates = lookup(**key_login, **options_of(case))
        assert [spec["spec_id"] for spec in candidates] == case["candidates"]


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Ansible is told to warn of."""
    told: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda self, message, *more: told.append(message))
    return told


@pytest.mark.parametrize("on_no_match", ["warn", "skip"])
def test_no_match_that_is_no_error(on_no_match: str, key_login: dict[str, t.Any], warnings: list[str]) -> None:
    assert lookup(requirements={"min_gpus": 1000}, on_no_match=on_no_match, **key_login) == []
    assert [warning[:7] for warning in warnings] == (["None of"] if on_no_match == "warn" else [])


def test_requirements_from_a_variable(key_login: dict[str, t.Any]) -> None:
    variables = {"gpus": 8, "modelarts_requirements": {"min_gpus": trust_as_template("{{ gpus }}")}}
    assert {spec["gpu_num"] for spec in lookup(variables=variables, **key_login)} == {8}


def test_fallbacks_need_requirements(key_login: dict[str, t.Any]) -> None:
    assert "required by 'fallbacks': requirements" in failed(fallbacks=[{}], **key_login)


LOST = {"name": "lost", "endpoint": "http://127.0.0.1:9", "retries": 0}


def test_each_target_is_queried_for_each_term(standin: StandIn, password_login: dict[str, t.Any]) -> None:
    train, inference = (lookup(term, **password_login) for term in ("train", "inference"))
    standin.reset()
    names = ["one", "two"]
    targets = [{"name": name} for name in names]
    specs = lookup("train", "inference", **password_login, targets=targets, cache=False)
    assert specs == [{**spec, "target": name} for name in names for spec in train + inference]
    assert standin.counts() == {"tokens": 1, "projects": 0, "resource-specs": 4}


@pytest.mark.parametrize("cache", [True, False])
def test_a_refused_login_is_refused_for_all_terms(
    cache: bool, standin: StandIn, password_login: dict[str, t.Any]
) -> None:
    login = {**password_login, "password": "wrong"}
    targets = [{"name": str(number)} for number in range(10)]
    message = failed("train", "inference", **login, targets=targets, cache=cache)
    assert message.startswith("All 10 targets failed.\n0: Cannot log in at ")
    assert standin.counts()["tokens"] == 1


def test_a_target_that_fails_is_warned_of(key_login: dict[str, t.Any], warnings: list[str]) -> None:
    plain = lookup("train", **key_login)
    variables = {
        "here": "of-a-template",
        "modelarts_targets": [{"name": trust_as_template("{{ here }}")}, LOST],
        "modelarts_job_type": "train",
    }
    specs = lookup(variables=variables, **key_login)
    assert specs == [{**spec, "target": "of-a-template"} for spec in plain]
    assert [warning[:35] for warning in warnings] == ["Target lost failed: Cannot query jo"]
    variables["modelarts_on_target_error"] = "skip"
    assert lookup(variables=variables, **key_login) == specs
    assert len(warnings) == 1


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"targets": [LOST, {**LOST, "name": "gone"}]}, "All 2 targets failed."),
        (
            {"targets": [{"name": "x"}, LOST], "requirements": {"min_gpus": 1000}},
            "Not searched because they failed: lost.",
        ),
    ],
)
def test_targets_that_lead_to_an_error(
    keywords: dict[str, t.Any], message: str, key_login: dict[str, t.Any], warnings: list[str]
) -> None:
    assert message in failed("train", **key_login, **keywords)


def test_the_pick_says_which_target_has_it(key_login: dict[str, t.Any]) -> None:
    targets = [{"name": "second"}, {"name": "first"}]
    candidates = lookup("train", targets=targets, requirements={"gpu_types": ["v100"]}, **key_login)
    assert [spec["target"] for spec in candidates[:2]] == ["second", "first"]
    assert candidates[0]["spec_id"] == candidates[1]["spec_id"]
