# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an option's value comes from, and which of several wins."""

from __future__ import annotations

import typing as t

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.community.modelarts.plugins.module_utils import options
from ansible_collections.community.modelarts.plugins.module_utils.auth import aksk, choice, password


def parse(**parameters: t.Any) -> dict[str, t.Any]:
    """The parameters as a module gets them."""
    result = ArgumentSpecValidator(**options.arguments()).validate(parameters)
    assert not result.error_messages
    return t.cast("dict[str, t.Any]", result.validated_parameters)


@pytest.mark.parametrize(
    ("option", "name"),
    [(option, name) for option in options.connection() for name in options.ENVIRONMENT.get(option, ())],
)
def test_each_variable_of_the_environment_is_read(option: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "true")
    # required_together is a rule between two options of which only one is set here
    result = ArgumentSpecValidator(options.arguments()["argument_spec"]).validate({})
    assert result.validated_parameters[option] == (False if option == "validate_certs" else "true")


def test_the_first_variable_that_is_not_empty_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_PROJECT_ID", "")
    monkeypatch.setenv("OS_TENANT_ID", "second")
    monkeypatch.setenv("HW_PROJECT_ID", "third")
    assert parse()["project_id"] == "second"


def test_an_option_beats_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_PROJECT_ID", "environment")
    assert parse(project_id="task")["project_id"] == "task"


@pytest.mark.parametrize("value", ["", "False", "false", "0", "no", "nonsense"])
def test_only_a_true_value_turns_verification_off(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_INSECURE", value)
    assert "validate_certs" not in options.given(parse())


def test_the_option_beats_os_insecure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_INSECURE", "True")
    assert parse(validate_certs=True)["validate_certs"] is True


def test_empty_options_count_as_not_given() -> None:
    values = options.given(parse(token="", project_id="", region=""))
    assert values.keys().isdisjoint({"token", "project_id", "region", "endpoint"})


def test_the_environment_is_asked_for_empty_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELARTS_ENDPOINT", "https://environment.test")
    assert options.given(parse(endpoint=""))["endpoint"] == "https://environment.test"


@pytest.mark.parametrize(
    ("variable", "written", "left_out"),
    [
        ("OS_PROJECT_ID", "project_name", "project_id"),
        ("OS_USER_ID", "username", "user_id"),
        ("OS_DOMAIN_ID", "user_domain_name", "user_domain_id"),
    ],
)
def test_a_name_in_the_task_beats_an_id_of_the_environment(
    variable: str, written: str, left_out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "environment")
    values = options.given(parse(**{written: "task"}))
    assert values[written] == "task"
    assert left_out not in values


def test_names_and_ids_of_the_environment_stay_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_PROJECT_ID", "id")
    monkeypatch.setenv("OS_PROJECT_NAME", "name")
    values = options.given(parse())
    assert (values["project_id"], values["project_name"]) == ("id", "name")


def test_a_login_in_the_task_beats_one_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_TOKEN", "from-another-cloud")
    values = options.given(parse(access_key="key", secret_key="secret", project_id="p"))
    assert choice.choose(values) is aksk
    assert "token" not in values


def test_a_login_in_the_task_may_be_completed_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_TOKEN", "from-another-cloud")
    monkeypatch.setenv("OS_PASSWORD", "secret")
    task = {"username": "me", "user_domain_name": "domain", "project_name": "project", "auth_url": "https://iam.test"}
    values = options.given(parse(**task))
    assert choice.choose(values) is password
    assert values["password"] == "secret"


def test_a_security_token_of_the_environment_belongs_to_the_key_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("OS_SECURITY_TOKEN", "OS_ACCESS_KEY", "OS_SECRET_KEY", "OS_PROJECT_ID"):
        monkeypatch.setenv(name, "of-the-environment")
    of_the_environment = options.given(parse())
    written = options.given(parse(access_key="key", secret_key="secret"))
    for values in (of_the_environment, written):
        assert choice.choose(values) is aksk
    assert of_the_environment["security_token"] == "of-the-environment"
    assert "security_token" not in written
