# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options become connections: which layer takes precedence, which login is chosen, what is refused offline."""

from __future__ import annotations

import copy
import os
import pathlib
import subprocess
import sys
import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import _options
from ansible_collections.community.modelarts.plugins.module_utils._connection import Connection, resolve
from ansible_collections.community.modelarts.plugins.module_utils._errors import OptionsError
from ansible_collections.community.modelarts.tests.unit.asking import connect, parse

Options = dict[str, t.Any]

# The folder that has ansible_collections, wherever the checkout is.
ROOT = str(pathlib.Path(str(_options.__file__)).parents[5])

TOKEN = {"token": "t", "project_id": "p", "endpoint": "https://modelarts.test"}
KEY = {"access_key": "ak", "secret_key": "sk", "project_id": "id", "endpoint": "https://modelarts.test"}
OWN_KEY = {"access_key": "own", "secret_key": "own"}
USER = {
    "username": "user",
    "password": "x",
    "user_domain_name": "domain",
    "project_name": "project",
    "auth_url": "https://iam.test/v3",
}
AGENCY = {"agency_name": "agency", "agency_domain_name": "other domain"}
PLACE = {"endpoint": "https://x.test", "region": "r"}
ELSEWHERE = {"auth_url": "https://iam.s.test/v3"}


def given(connection: Connection) -> Options:
    """Return the options of a connection that are not their defaults."""
    ignored = ("auth_method", "target", "region_is_written")
    values = connection._asdict().items()
    return {name: value for name, value in values if name not in ignored and value != Connection._field_defaults[name]}


def refused(**options: t.Any) -> str:
    with pytest.raises(OptionsError) as caught:
        connect(**options)
    return str(caught.value)


def targets(*chosen: Options, **task: t.Any) -> list[Connection]:
    return resolve(parse({**task, "targets": [{"name": str(number), **one} for number, one in enumerate(chosen)]}))


# The environment


@pytest.mark.parametrize(
    ("option", "variable"),
    [(name, variable) for name, option in _options.CONNECTION.items() for variable in option.env],
)
def test_each_variable_is_read(option: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "true")
    assert _options.environment(_options.CONNECTION) == {option: False if option == "validate_certs" else "true"}


def test_the_first_variable_that_is_not_empty_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_PROJECT_ID", "")
    monkeypatch.setenv("OS_TENANT_ID", "second")
    monkeypatch.setenv("HW_PROJECT_ID", "third")
    assert connect(**{**TOKEN, "project_id": ""}).project_id == "second"
    assert connect(**{**TOKEN, "project_id": "task"}).project_id == "task"


def test_variables_of_one_client_are_not_mixed_with_contradicting_ones_of_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Such as those of Terraform beside those of OpenStack: an ID would win over the name."""
    variables = {"OS_PROJECT_NAME": "os", "HW_PROJECT_ID": "hw", "OS_USER_DOMAIN_NAME": "os", "HW_DOMAIN_ID": "hw"}
    for name, value in {**variables, "OS_AUTH_URL": "https://iam.test", "HUAWEICLOUD_SDK_PROJECT_ID": "sdk"}.items():
        monkeypatch.setenv(name, value)
    with_password = connect(username="u", password="p")
    assert (with_password.project_name, with_password.project_id) == ("os", None)
    assert (with_password.user_domain_name, with_password.user_domain_id) == ("os", None)
    for name in ("OS_ACCESS_KEY", "OS_SECRET_KEY", "HW_SECURITY_TOKEN"):
        monkeypatch.setenv(name, "value")
    assert connect(endpoint="https://m.test", project_id="p").security_token is None


@pytest.mark.parametrize("value", ["", "False", "false", "0", "no", "nonsense"])
def test_only_a_true_value_of_os_insecure_disables_verification(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_INSECURE", value)
    assert connect(**TOKEN).validate_certs is True
    monkeypatch.setenv("OS_INSECURE", "True")
    assert connect(**TOKEN, validate_certs=True).validate_certs is True


def test_the_environment_takes_precedence_over_ansible_cfg(monkeypatch: pytest.MonkeyPatch) -> None:
    options = parse({**TOKEN, "region": "configured"})
    assert resolve(options, configured=["region"])[0].region == "configured"
    monkeypatch.setenv("OS_REGION_NAME", "environment")
    assert resolve(options, configured=["region"])[0].region == "environment"
    assert resolve(options)[0].region == "configured"


@pytest.mark.parametrize(
    ("configured", "environment", "expected"),
    [
        ({"project_id": "cfg"}, {"OS_PROJECT_NAME": "env"}, {"project_id": None, "project_name": "env"}),
        (
            {"user_domain_id": "cfg"},
            {"OS_USER_DOMAIN_NAME": "env"},
            {"user_domain_id": None, "user_domain_name": "env"},
        ),
        ({"user_id": "cfg"}, {"OS_USERNAME": "env"}, {"user_id": None, "username": "env"}),
        (
            {"access_key": "cfg", "secret_key": "cfg"},
            {"OS_USERNAME": "env", "OS_PASSWORD": "env"},
            {"access_key": None, "auth_method": "password"},
        ),
    ],
)
def test_the_environment_replaces_what_contradicts_it_in_ansible_cfg(
    configured: Options, environment: Options, expected: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    general = {"password": "cfg", "user_domain_name": "cfg", "project_name": "cfg", "auth_url": USER["auth_url"]}
    if "user_domain_id" in configured:
        del general["user_domain_name"]
    if "user_id" not in configured:
        general["username"] = "cfg"
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    options = {**general, **configured}
    (connection,) = resolve(parse(options), configured=options)
    assert {name: getattr(connection, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("place", "endpoint"),
    [
        ({}, "https://modelarts.eu-de.test"),
        ({"region": "eu-de"}, "https://modelarts.eu-de.test"),
        ({"auth_url": "https://iam.eu-de.test/v3"}, "https://modelarts.eu-de.test"),
        ({"auth_url": "https://iam.eu-de.test/"}, "https://modelarts.eu-de.test"),
        ({"region": "eu-nl", "auth_url": "https://iam.eu-nl.test/v3"}, "https://modelarts.eu-nl.test"),
        ({"auth_url": "https://iam.other.test/v3"}, "https://modelarts.other.test"),
    ],
)
def test_another_place_in_the_task_replaces_the_endpoint_of_the_environment(
    place: Options, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELARTS_ENDPOINT", "https://modelarts.eu-de.test")
    monkeypatch.setenv("OS_AUTH_URL", "https://iam.eu-de.test/v3")
    monkeypatch.setenv("OS_REGION_NAME", "eu-de")
    login = {name: KEY[name] for name in ("access_key", "secret_key", "project_id")}
    assert connect(**login, **place).endpoint == endpoint


@pytest.mark.parametrize(
    ("variable", "written", "replaced"),
    [
        ("OS_PROJECT_ID", "project_name", "project_id"),
        ("OS_USER_ID", "username", "user_id"),
        ("OS_USER_DOMAIN_ID", "user_domain_name", "user_domain_id"),
    ],
)
def test_a_name_in_the_task_replaces_an_id_of_the_environment(
    variable: str, written: str, replaced: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "environment")
    connection = connect(**USER)
    assert getattr(connection, written) == USER[written]
    assert getattr(connection, replaced) is None


def test_name_and_id_of_one_layer_stay_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_PROJECT_ID", "id")
    monkeypatch.setenv("OS_PROJECT_NAME", "name")
    connection = connect(token="t", endpoint="https://modelarts.test")
    assert (connection.project_id, connection.project_name) == ("id", "name")


def test_a_login_in_the_task_replaces_one_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_TOKEN", "environment")
    monkeypatch.setenv("OS_PASSWORD", "environment")
    monkeypatch.setenv("OS_PASSCODE", "123456")
    assert given(connect(**KEY)) == {**KEY, "passcode": "123456"}
    # Half of one is completed.
    del (user := dict(USER))["password"]
    assert given(connect(**user)) == {**USER, "password": "environment", "passcode": "123456"}


def test_a_security_token_belongs_to_the_key_of_its_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OS_SECURITY_TOKEN", "OS_ACCESS_KEY", "OS_SECRET_KEY"):
        monkeypatch.setenv(name, "environment")
    place = {"project_id": "p", "endpoint": "https://modelarts.test"}
    assert connect(**place).security_token == "environment"
    assert connect(**place, **OWN_KEY).security_token is None


# The login


@pytest.mark.parametrize(
    ("options", "method"),
    [
        (TOKEN, "token"),
        (KEY, "aksk"),
        (USER, "password"),
        ({**USER, **KEY, **TOKEN}, "token"),
        ({**USER, **KEY}, "aksk"),
    ],
)
def test_the_first_login_is_chosen(options: Options, method: str) -> None:
    assert connect(**options).auth_method == method


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ({"access_key": "x"}, "secret_key"),
        ({"secret_key": "x"}, "access_key"),
        ({"security_token": "x"}, "access_key and secret_key"),
        *((({name: USER[name] for name in USER if name != left_out}), left_out) for left_out in USER),
        ({"passcode": "x"}, "username or user_id; password"),
        ({"token": "x"}, "project_id or project_name"),
        ({"access_key": "x", "secret_key": "x"}, "project_id or project_name"),
        ({"token": "x", "project_name": "project"}, "auth_url"),
        *(({**USER, name: value}, other) for (name, value), other in zip(AGENCY.items(), reversed(AGENCY))),
        ({**KEY, **AGENCY}, "auth_url"),
        ({"token": "x", "auth_url": "https://iam.test", **AGENCY}, "project_id or project_name"),
        ({"user_id": "u", "password": "x", "auth_url": "https://iam.test", "project_id": "p", **AGENCY}, "user_domain"),
    ],
)
def test_an_incomplete_login_names_what_is_missing(options: Options, missing: str) -> None:
    message = refused(**options)
    assert "is incomplete: " in message
    assert message.endswith(" missing")
    assert missing in message


def test_without_a_login_all_methods_are_listed() -> None:
    message = refused(auth_url="https://iam.test")
    for way in ("token;", "access_key and secret_key;", "username or user_id and password", "cloud."):
        assert way in message


def test_a_user_id_needs_no_domain() -> None:
    options = {name: value for name, value in USER.items() if name not in ("username", "user_domain_name")}
    assert connect(**options, user_id="id").auth_method == "password"


@pytest.mark.parametrize(
    ("options", "used"),
    [
        (TOKEN, None),
        (KEY, "aksk"),
        ({**USER, **PLACE}, "keystone"),
        ({**KEY, "project_id": None, "project_name": "p", "auth_url": "https://iam.test"}, "aksk keystone"),
    ],
)
def test_a_task_loads_only_the_auth_method_that_it_uses(options: Options, used: str | None) -> None:
    given = {**options, "endpoint": "http://127.0.0.1:9", "retries": 0}
    program = f"""if True:
        import contextlib, sys
        from ansible_collections.community.modelarts.plugins.module_utils import _client, _errors
        from ansible_collections.community.modelarts.tests.unit.asking import connect
        client = _client.Client(connect(**{given!r}))
        with contextlib.suppress(_errors.TransportError):
            client.get("test", "/")
        print(*sorted(name.rpartition(".")[2] for name in sys.modules if ".module_utils._auth." in name))
    """.replace("https://iam.test", "http://127.0.0.1:9")
    environment = {**os.environ, "PYTHONPATH": ROOT}
    result = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment
    )
    assert result.stdout.split() == sorted(["base", *(used or "").split()])


# Where


@pytest.mark.parametrize("login", [KEY, TOKEN])
@pytest.mark.parametrize(
    ("auth_url", "expected"),
    [
        ("https://iam.eu-west-1.test", "https://modelarts.eu-west-1.test"),
        ("https://iam.private.test", "https://modelarts.eu-west-1.private.test"),
        ("https://iam.eu-west-0.test", None),
    ],
)
def test_a_region_that_is_written_is_never_dropped(login: Options, auth_url: str, expected: str | None) -> None:
    options = {**login, "endpoint": None, "auth_url": auth_url, "region": "eu-west-1"}
    if expected:
        assert connect(**options).endpoint == expected
    else:
        assert "'eu-west-1' cannot be derived from auth_url, which is that of eu-west-0: give" in refused(**options)


def test_no_target_in_a_list_of_targets_is_an_error() -> None:
    """Such as a list that was filtered: the query would go to a project that is not in it."""
    with pytest.raises(OptionsError, match="targets is an empty list: give at least one, or leave out the option"):
        resolve({"token": "t", "project_id": "p", "endpoint": "https://m.test", "targets": []})


def test_two_targets_with_one_auth_url_have_their_own_regions() -> None:
    options = {**KEY, "endpoint": None, "auth_url": "https://iam.private.test"}
    regions = [connection.endpoint for connection in targets({"region": "eu-de"}, {"region": "eu-nl"}, **options)]
    assert regions == ["https://modelarts.eu-de.private.test", "https://modelarts.eu-nl.private.test"]
    with pytest.raises(OptionsError, match=r"Target 0: .*'eu-nl' cannot be derived"):
        targets({"region": "eu-nl"}, **{**options, "auth_url": "https://iam.eu-de.test"})


def test_a_region_of_the_environment_is_that_of_its_own_auth_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_REGION_NAME", "eu-nl")
    key = {**KEY, "endpoint": None}
    # It may be of another cloud.
    assert connect(**key, auth_url="https://iam.eu-de.test").endpoint == "https://modelarts.eu-de.test"
    assert connect(**USER).region_is_written is False
    monkeypatch.setenv("OS_AUTH_URL", "https://iam.eu-de.test")
    assert "region 'eu-nl' cannot be derived" in refused(**key)
    monkeypatch.setenv("OS_AUTH_URL", "https://iam.test")
    assert connect(**key).endpoint == "https://modelarts.eu-nl.test"


def test_auth_url_is_not_looked_at_where_it_is_not_needed() -> None:
    assert connect(**TOKEN, auth_url="nonsense").auth_url is None
    assert "auth_url must have the form" in refused(**{**TOKEN, "endpoint": None}, auth_url="nonsense")


# Targets


@pytest.mark.parametrize(
    ("task", "target", "expected"),
    [
        (USER, {"project_name": "own"}, {**USER, "project_name": "own"}),
        (USER, {"project_id": "own"}, {**USER, "project_id": "own", "project_name": None}),
        (USER, {"user_id": "own"}, {**USER, "user_id": "own", "username": None}),
        # Empty text counts as not given.
        (USER, {"project_id": "", "token": ""}, USER),
        # A login of the target replaces any of the task.
        ({**KEY, "token": "t"}, {}, {**KEY, "token": "t"}),
        ({**KEY, "token": "t"}, OWN_KEY, {**KEY, **OWN_KEY}),
        ({**KEY, "token": "t"}, USER, {**USER, "endpoint": None}),
        ({**KEY, "security_token": "t"}, {}, {**KEY, "security_token": "t"}),
        ({**KEY, "security_token": "t"}, OWN_KEY, {**KEY, **OWN_KEY}),
        # The task completes it.
        ({**USER, "token": "t"}, {"password": "own"}, {**USER, "password": "own"}),
        # Options that say where are not mixed.
        ({**USER, **PLACE}, {}, {**USER, **PLACE}),
        ({**USER, **PLACE}, {"region": "s"}, {**USER, "region": "s"}),
        ({**USER, **PLACE}, ELSEWHERE, {**USER, **ELSEWHERE}),
        ({**USER, **PLACE}, {"endpoint": "https://y.test"}, {**USER, **PLACE, "endpoint": "https://y.test"}),
        # False and 0 are given.
        (
            {**USER, "validate_certs": True, "timeout": 20},
            {"validate_certs": False, "retries": 0},
            {**USER, "validate_certs": False, "timeout": 20, "retries": 0},
        ),
    ],
)
def test_a_target_takes_precedence_over_the_task(task: Options, target: Options, expected: Options) -> None:
    (connection,) = targets(target, **task)
    assert connection.target == "0"
    assert given(connection) == {name: value for name, value in expected.items() if value is not None}


def test_the_environment_is_below_task_and_target(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"OS_TOKEN": "t", "OS_PROJECT_ID": "i", "OS_REGION_NAME": "e", "MODELARTS_ENDPOINT": "https://e.test"}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    from_environment = {"region": "e", "endpoint": "https://e.test"}
    assert [given(connection) for connection in targets({}, ELSEWHERE, **USER)] == [
        {**USER, **from_environment},
        {**USER, **ELSEWHERE},
    ]
    assert given(targets({})[0]) == {"token": "t", "project_id": "i", **from_environment}


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"name": "b", "endpoint": "ftp://x"}, "Target b: endpoint must have the form https://HOST"),
        ({"name": "b", "timeout": 0}, "Target b: timeout must be from 1"),
        ({"name": "a"}, "Two targets are named a"),
        ({"name": " "}, "targets[1] has an empty name"),
        ({"project_id": "b"}, "missing required arguments: name found in targets"),
        ({"name": "b", "tiemout": 2}, "targets.tiemout"),
        ({"name": "b", "password": "half"}, "Target b: The login with a password is incomplete"),
        ({"name": "b", "region": "eu-nl"}, "Target b: The address of ModelArts is not known: give endpoint"),
    ],
)
def test_invalid_targets_are_refused_by_name(target: Options, message: str) -> None:
    with pytest.raises(OptionsError) as caught:
        resolve(parse({**KEY, "targets": [{"name": "a"}, target]}))
    assert message in str(caught.value)


# What is refused offline


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("timeout", 0, "timeout must be from 1 to 86400"),
        ("timeout", 2**31, "timeout must be from 1 to 86400"),
        ("retries", -1, "retries must not be negative"),
        ("secret_key", "\udcff", "secret_key is not valid UTF-8"),
        ("secret_key", " secret", "secret_key contains .* or begins or ends with white space"),
        ("secret_key", "sec\nret", "secret_key contains non-ASCII or control characters such as a line break"),
        ("access_key", "key\n", "access_key contains"),
        ("security_token", "wïth", "security_token contains"),
        ("project_id", "..", "project_id is not a project ID"),
        ("project_id", "", r"project_id or project_name \(the project to query\) missing"),
        ("ca_path", "/nonexistent/ca.pem", "ca_path: '/nonexistent/ca.pem' does not exist"),
        ("endpoint", "", "give endpoint; or auth_url"),
        ("endpoint", "http://modelarts.test", "set allow_http to true"),
    ],
)
def test_invalid_options_are_refused_by_name(option: str, value: t.Any, message: str) -> None:
    with pytest.raises(OptionsError, match=message) as caught:
        connect(**{**KEY, option: value})
    assert "ret" not in str(caught.value).replace("secret_key", "").replace("retries", "")


def test_messages_name_the_variable_that_a_value_is_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HW_SECRET_KEY", "secret\n")
    monkeypatch.setenv("OS_CACERT", "~/nonexistent.pem")
    del (key := dict(KEY))["secret_key"]
    assert refused(**key).startswith("HW_SECRET_KEY contains")
    assert refused(**KEY).startswith("OS_CACERT: '/")
    # Nothing is verified.
    assert connect(**KEY, validate_certs=False).validate_certs is False


# The connection


def test_nothing_that_is_given_is_changed() -> None:
    options = parse({**USER, "targets": [{"name": "a", **OWN_KEY}, {"name": "b", "region": "r"}]})
    before = copy.deepcopy(options)
    resolve(options)
    assert options == before


def test_a_connection_shows_no_secret() -> None:
    secrets = {name: f"hidden-{name}" for name, option in _options.CONNECTION.items() if option.secret}
    connection = connect(**{**TOKEN, **KEY, **USER, **secrets})
    assert "hidden" not in repr(connection)
    assert sorted(connection.secrets()) == sorted(secrets.values())


def test_the_key_is_what_a_response_depends_on() -> None:
    key = connect(**KEY).key()
    assert connect(**KEY, timeout=7, retries=0).key() == key
    for other in ({"region": "r"}, {"validate_certs": False}, {"secret_key": "other"}, {"project_id": "other"}):
        assert connect(**{**KEY, **other}).key() != key
