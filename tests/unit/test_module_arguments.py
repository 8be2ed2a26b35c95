# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only the module does: it repeats its arguments, as all modules do, and thereby may tell secrets."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import _client
from ansible_collections.community.modelarts.plugins.modules import modelarts_training_job
from ansible_collections.community.modelarts.tests.unit import faces

TOKEN = "very-secret-token"


@pytest.mark.parametrize(
    "targets",
    ["eu-de", ["eu-de"], [["eu-de"]], [{"name": "eu-de", "password": TOKEN}, "eu-nl"]],
    ids=["text", "list of texts", "list of lists", "one of two"],
)
def test_unparsed_arguments_are_hidden(targets: t.Any) -> None:
    result = faces.module(endpoint="http://127.0.0.1:9", project_id="project", token=TOKEN, targets=targets)
    assert result["failed"]
    assert result["msg"]
    assert TOKEN not in str(result)


def test_parsed_arguments_are_shown_without_secrets() -> None:
    result = faces.module(endpoint="http://127.0.0.1:9", project_id="project", token=TOKEN, retries=0)
    assert result["failed"]
    # Of late, ansible-core leaves it to the controller to tell them.
    told = result.get("invocation", {"module_args": {"project_id": "project"}})
    assert told["module_args"]["project_id"] == "project"
    assert TOKEN not in str(result)


@pytest.mark.parametrize("place", ["task", "target"])
def test_a_login_is_hidden_although_the_job_is_given_the_same_value(place: str) -> None:
    login = {"endpoint": "http://127.0.0.1:9", "project_id": "project", "access_key": "ak", "secret_key": TOKEN}
    given = login if place == "task" else {"target": {"name": "one", **login}}
    job = {"name": "mnist", "candidates": ["one"], "image": "i:1", "command": "c", "environments": {"KEY": TOKEN}}
    result = faces.module(modelarts_training_job, **job, **given, retries=-1)
    assert "retries must not be negative" in result["msg"]
    assert TOKEN not in str(result)


def test_advice_is_about_the_target(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"endpoint": "http://127.0.0.1:9", "project_id": "project"}
    assert "the environment of the target, which a play's 'environment' sets" in faces.module(**options)["msg"]
    monkeypatch.setattr(_client, "HAS_REQUESTS", False)
    assert "or set ansible_python_interpreter to a Python" in faces.module(token=TOKEN, **options)["msg"]
