# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module as Ansible calls it: what it picks, and what it returns when it fails."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import _options, _training_jobs_options
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.faces import module
from ansible_collections.community.modelarts.tests.unit.selection_table import (
    SPECS,
    check_result,
    each_case,
    options_of,
)


@each_case
def test_picking(case: dict[str, t.Any], standin: StandIn, key_login: dict[str, t.Any]) -> None:
    standin.specs(SPECS[case["specs"]])
    result = module(**key_login, **options_of(case))
    if case.get("met_by"):
        check_result(case, result)
        return
    assert result["failed"]
    assert case.get("error", case.get("explanation", "")) in result["msg"]
    if "error" in case:
        assert "candidates" not in result
        assert standin.requests() == []
    else:
        # The reasons are there, and the explanation is the message.
        check_result(case, {**result, "explanation": result["msg"]})


def test_empty_answers_of_a_survey_are_not_given(standin: StandIn, key_login: dict[str, t.Any]) -> None:
    blank = ("job_type", "engine", "project_type", "source", "on_no_match", "on_target_error", "retries", "timeout")
    result = module(**key_login, **dict.fromkeys(blank, ""), engine_id="0", validate_certs="", targets="")
    assert result["specs"]
    assert [request["query"] for request in standin.requests()] == [{"engine_id": "0"}]
    of_target = ("region", "retries", "timeout", "validate_certs", "allow_http")
    target = {"name": "one", **key_login, **dict.fromkeys(of_target, "")}
    assert module(targets=[target])["specs"]
    arguments = {"name": "mnist", "state": "absent", "target": target}
    job = _options.parse(_training_jobs_options.training_job_arguments(), arguments)
    assert job["target"]["timeout"] is None


@pytest.mark.parametrize(
    ("left_out", "given", "message"),
    [
        (None, {"job_type": "training"}, "value of job_type must be one of: train, inference, got: training"),
        ("secret_key", {}, "The login with an access key is incomplete: secret_key missing"),
        ("endpoint", {}, "give endpoint; or auth_url"),
    ],
)
def test_invalid_options(
    left_out: str | None, given: dict[str, t.Any], message: str, standin: StandIn, key_login: dict[str, t.Any]
) -> None:
    options = {name: value for name, value in key_login.items() if name != left_out}
    result = module(**options, **given)
    assert result["failed"]
    assert message in result["msg"]
    assert standin.requests() == []
