# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logging in as clouds.yaml says, which openstacksdk reads."""

from __future__ import annotations

import builtins
import json
import pathlib
import sys
import typing as t

import pytest
import yaml

from ansible_collections.community.modelarts.plugins.module_utils import options
from ansible_collections.community.modelarts.plugins.module_utils.auth import aksk, choice, password, token
from ansible_collections.community.modelarts.plugins.module_utils.client import Client
from ansible_collections.community.modelarts.plugins.module_utils.errors import OptionsError
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.asking import DEFAULTS, failed, query
from ansible_collections.community.modelarts.tests.unit.conftest import sample

Options = dict[str, t.Any]
Write = t.Callable[..., pathlib.Path]

AUTH = {
    "auth_url": "https://iam.test/v3",
    "username": "user",
    "password": "very-secret",
    "project_name": "project",
    "user_domain_name": "domain",
}


@pytest.fixture
def write(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a clouds.yaml that the environment names, from clouds by name or from a text."""

    def write(content: str | None = None, **clouds: t.Any) -> pathlib.Path:
        path = tmp_path / "clouds.yaml"
        path.write_text(yaml.safe_dump({"clouds": clouds}) if content is None else content, encoding="utf-8")
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(path))
        return path

    return write


def resolved(**parameters: t.Any) -> tuple[choice.Way, Options]:
    """The way that is chosen, and the options that it is taken with."""
    values = options.given({**DEFAULTS, **parameters})
    return choice.choose(values), values


def refused(**parameters: t.Any) -> str:
    with pytest.raises(OptionsError) as caught:
        resolved(**parameters)
    assert "very-secret" not in str(caught.value)
    return str(caught.value)


def of_the_standin(standin: StandIn, **more: t.Any) -> Options:
    names = ("username", "password", "project_name", "user_domain_name")
    return {"auth": {"auth_url": standin.auth_url, **{name: standin.account[name] for name in names}, **more}}


def test_a_password_in_the_file(write: Write, standin: StandIn, password_login: Options) -> None:
    write(one=of_the_standin(standin), other={})
    assert query({"cloud": "one"}) == query(password_login)


def test_the_credential_of_awx_as_it_is(write: Write, standin: StandIn, password_login: Options) -> None:
    clouds = sample("awx_openstack_clouds_yaml")["clouds"]
    assert list(clouds) == ["devstack"]
    names = {"project_domain_name": "user_domain_name", "domain_name": "user_domain_name"}
    auth = clouds["devstack"]["auth"]
    for name in auth:
        auth[name] = standin.auth_url if name == "auth_url" else standin.account[names.get(name, name)]
    clouds["devstack"]["region_name"] = standin.region
    write(**clouds)
    assert query({}) == query(password_login)


def test_a_key_in_the_file(write: Write, standin: StandIn, key_login: Options) -> None:
    auth = {"auth_url": standin.auth_url, "project_name": standin.account["project_name"]}
    keys = {"ak": key_login["access_key"], "sk": key_login["secret_key"]}
    override = {"modelarts_endpoint_override": f"{standin.endpoint}/v1/%(project_id)s"}
    write(beside={"auth": auth, **keys, **override}, inside={"auth": {**auth, **keys}, **override})
    standin.reset()
    for cloud in ("beside", "inside"):
        assert query({"cloud": cloud})["specs"]
    assert {request["auth"] for request in standin.requests()} == {"signature"}


def test_a_temporary_key_in_the_file(write: Write, standin: StandIn) -> None:
    account = standin.account
    keys = {"ak": account["temporary_access_key"], "sk": account["temporary_secret_key"]}
    auth = {"auth_url": standin.auth_url, "project_id": account["project_id"]}
    more = {"security_token": account["security_token"], "modelarts_endpoint_override": standin.endpoint}
    write(one={"auth": auth, **keys, **more})
    assert query({"cloud": "one"})["specs"]


def test_a_token_in_the_file(write: Write, standin: StandIn, password_login: Options) -> None:
    value = Client({**DEFAULTS, **password_login}).access().token
    auth = {"auth_url": standin.auth_url, "token": value, "project_id": standin.account["project_id"]}
    write(one={"auth_type": "v3token", "auth": auth, "modelarts_endpoint_override": standin.endpoint})
    assert query({})["specs"]


def test_a_passcode_beside_the_cloud(write: Write, standin: StandIn, passcode_login: Options) -> None:
    user = {name: passcode_login[name] for name in ("username", "password")}
    methods = {"auth_type": "v3multifactor", "auth_methods": ["v3password", "v3totp"]}
    write(one={**of_the_standin(standin, **user), **methods})
    assert query({"cloud": "one", "passcode": passcode_login["passcode"]})["specs"]
    in_the_file = of_the_standin(standin, **user, passcode=standin.passcode())
    write(one={**in_the_file, **methods})
    assert query({"cloud": "one"})["specs"]


def test_an_agency_on_top_of_a_cloud(write: Write, standin: StandIn) -> None:
    write(one=of_the_standin(standin))
    names = ("agency_name", "agency_domain_name")
    assert query({"cloud": "one", **{name: standin.account[name] for name in names}})["specs"]
    assert standin.counts()["tokens"] == 2


def test_what_the_file_says_becomes_options(write: Write, tmp_path: pathlib.Path) -> None:
    (tmp_path / "ca.pem").touch()
    cloud: Options = {
        "auth": {**AUTH, "project_id": "p1", "project_domain_name": "other domain"},
        "region_name": "region-1",
        "cacert": str(tmp_path / "ca.pem"),
        "modelarts_endpoint_override": "https://modelarts.test",
    }
    write(one=cloud)
    way, values = resolved(cloud="one")
    assert way is password
    given = {name: value for name, value in values.items() if name not in ("timeout", "retries", "allow_http")}
    assert {name: value for name, value in given.items() if name in (*DEFAULTS, "project_domain_name")} == {
        **cloud["auth"],
        "region": "region-1",
        "ca_path": cloud["cacert"],
        "endpoint": "https://modelarts.test",
        "on_no_match": "error",
        "on_target_error": "error",
    }


@pytest.mark.parametrize("setting", [{"verify": False}, {"insecure": True}, {"insecure": "true"}])
def test_verification_can_be_turned_off_in_the_file(setting: Options, write: Write) -> None:
    write(one={"auth": AUTH, **setting})
    assert resolved(cloud="one")[1]["validate_certs"] is False
    assert resolved(cloud="one", validate_certs=True)[1]["validate_certs"] is True


def test_options_of_the_task_go_before_those_of_the_cloud(write: Write) -> None:
    write(one={"auth": {**AUTH, "project_id": "p1"}, "region_name": "region-1"})
    task = {"project_name": "of-the-task", "region": "region-2", "auth_url": "https://task.test", "user_id": "u1"}
    _way, values = resolved(cloud="one", **task)
    assert {name: values[name] for name in task} == task
    assert "project_id" not in values
    assert "username" not in values
    assert values["password"] == "very-secret"


def test_a_login_of_the_task_goes_before_that_of_the_cloud(write: Write) -> None:
    write(one={"auth": AUTH})
    way, values = resolved(cloud="one", token="of-the-task")
    assert way is token
    assert "password" not in values
    assert values["project_name"] == "project"


def test_the_cloud_of_the_task_goes_before_the_environment(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TOKEN", "USERNAME", "PASSWORD", "PROJECT_ID", "DOMAIN_ID", "AUTH_URL", "REGION_NAME", "CLOUD"):
        monkeypatch.setenv(f"OS_{name}", "of-the-environment")
    write(one={"auth": AUTH, "region_name": "region-1"})
    way, values = resolved(cloud="one")
    assert way is password
    assert {name: values[name] for name in AUTH} == AUTH
    assert values["region"] == "region-1"
    assert "of-the-environment" not in values.values()


def test_the_environment_completes_its_own_cloud(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_PASSWORD", "of-the-environment")
    write(one={"auth": {name: value for name, value in AUTH.items() if name != "password"}})
    assert resolved()[1]["password"] == "of-the-environment"
    assert "The login with a password is incomplete: password missing" in refused(cloud="one")


@pytest.mark.parametrize("login", [{"cloud": "one"}, {"cloud": None}, {**AUTH, "cloud": None}])
def test_a_passcode_of_the_environment_goes_with_any_password(
    login: Options, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OS_PASSCODE", "123456")
    write(one={"auth": AUTH})
    assert resolved(**login)[1]["passcode"] == "123456"


@pytest.mark.parametrize("login", [{"OS_TOKEN": "x"}, {"HW_ACCESS_KEY": "x", "HW_SECRET_KEY": "x"}])
def test_a_cloud_of_the_environment_is_the_last_way(
    login: dict[str, str], write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(one={"auth": AUTH})
    path.unlink()
    monkeypatch.setenv("OS_CLOUD", "one")
    for name, value in login.items():
        monkeypatch.setenv(name, value)
    assert resolved(project_id="p")[0] in (token, aksk)


def test_half_a_login_of_the_environment_does_not_keep_the_cloud_out(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(one={"auth": AUTH})
    monkeypatch.setenv("OS_USERNAME", "of-the-environment")
    assert resolved()[1]["username"] == "user"


def test_a_security_token_of_the_environment_is_not_the_clouds(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_SECURITY_TOKEN", "of-the-environment")
    write(one={"auth": {"project_id": "p"}, "ak": "key", "sk": "very-secret"})
    way, values = resolved(cloud="one")
    assert way is aksk
    assert "security_token" not in values


def test_the_only_cloud_of_the_file_need_not_be_named(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write(one={"auth": AUTH})
    assert resolved()[1]["username"] == "user"
    assert resolved(cloud="")[1]["username"] == "user"
    write(one={"auth": AUTH}, two={"auth": {**AUTH, "username": "second"}})
    assert "has one, two. Give cloud, or set OS_CLOUD" in refused()
    monkeypatch.setenv("OS_CLOUD", "two")
    assert resolved()[1]["username"] == "second"
    monkeypatch.setenv("OS_CLOUD", "three")
    assert "There is no cloud 'three': " in refused()


def test_a_file_at_a_usual_place_must_be_asked_for(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    from openstack.config import loader

    path = write(one={"auth": AUTH})
    monkeypatch.delenv("OS_CLIENT_CONFIG_FILE")
    monkeypatch.setattr(loader, "CONFIG_FILES", ["/nonexistent/clouds.yaml", str(path)])
    assert resolved(cloud="one")[1]["username"] == "user"
    assert "No login is given" in refused()
    monkeypatch.setattr(loader, "CONFIG_FILES", ["/nonexistent/clouds.yaml", "/nonexistent/clouds.yml"])
    assert "No clouds.yaml is found" in refused(cloud="one")
    assert "or put it at /nonexistent/clouds.yaml" in refused(cloud="one")


def test_secure_yaml_is_merged(write: Write, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(one={"auth": {**AUTH, "password": None}})
    secure = tmp_path / "secure.yaml"
    secure.write_text(yaml.safe_dump({"clouds": {"one": {"auth": {"password": "of-secure"}}}}), encoding="utf-8")
    monkeypatch.setenv("OS_CLIENT_SECURE_FILE", str(secure))
    assert resolved(cloud="one")[1]["password"] == "of-secure"


def test_a_profile_of_openstacksdk(write: Write) -> None:
    write(one={"profile": "otc", "auth": {name: value for name, value in AUTH.items() if name != "auth_url"}})
    assert resolved(cloud="one")[1]["auth_url"] == "https://iam.eu-de.otc.t-systems.com/v3"
    assert resolved(cloud="one", region="eu-nl")[1]["auth_url"] == "https://iam.eu-nl.otc.t-systems.com/v3"
    assert "Region eu-xx is not a valid region name for cloud one. Valid choices are eu-de" in refused(
        cloud="one", region="eu-xx"
    )


def test_the_environment_chooses_a_region_of_its_own_cloud(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write(one={"profile": "otc", "auth": {name: value for name, value in AUTH.items() if name != "auth_url"}})
    monkeypatch.setenv("OS_REGION_NAME", "eu-nl")
    assert resolved()[1]["region"] == "eu-nl"
    assert resolved(cloud="one")[1]["region"] == "eu-de"


def test_two_files_do_not_share_a_login(write: Write) -> None:
    identities = []
    for user in ("first", "second"):
        write(one={"auth": {**AUTH, "username": user}})
        identities.append(choice.identity(resolved(cloud="one")[1]))
    assert [identity["username"] for identity in identities] == ["first", "second"]
    assert all("cloud" not in identity for identity in identities)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("clouds:\n  one:\n    auth: {password: [very-secret\n", "is not valid YAML: look at line 4"),
        ("clouds:\n  one:\n    auth:\n      password: *very-secret\n", "is not valid YAML: look at line 4"),
        ("clouds: !very-secret\n", "is not valid YAML: look at line 1"),
        ("password: very\0secret", "is not valid YAML"),
        ("very-secret", "is not laid out as openstacksdk wants it"),
        ("clouds: very-secret", "is not laid out as openstacksdk wants it"),
        ("clouds: {one: very-secret}", "is not laid out as openstacksdk wants it"),
        ("", "There is no cloud 'one': "),
        ("clouds: {two: {}}", "clouds.yaml has two"),
        ("clouds: {one: {auth: very-secret}}", "cannot be read by openstacksdk: "),
        ("clouds: {one: {auth: {auth_url: '{very-secret}'}}}", "cannot be read by openstacksdk: "),
        ("clouds: {one: {auth: {password: [very-secret]}}}", "has something else than text for password"),
        ("clouds: {one: {regions: [{very-secret: 1}]}}", "cannot be read by openstacksdk: "),
        ("clouds: {one: {}}", "No login is given"),
        ("clouds: {one: {ak: key}}", "The login with an access key is incomplete: secret_key; project_id"),
        ("clouds: {one: {auth: {username: me, password: very-secret}}}", "user_domain_name or user_domain_id"),
        ("clouds: {one: {auth_type: v3oidcpassword}}", "has the auth_type 'v3oidcpassword', which is not supported"),
        ("clouds: {one: {auth_type: v3multifactor, auth_methods: [v3oauth1]}}", "with ['v3oauth1'], which is not"),
    ],
)
def test_what_is_wrong_with_the_file_is_told_without_its_secrets(
    content: str, message: str, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(content)
    told = refused(cloud="one")
    assert message in told
    assert str(path) in told
    assert "very-secret" not in caplog.text


def test_json_is_read_as_well(write: Write, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "clouds.json"
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(path))
    path.write_text(json.dumps({"clouds": {"one": {"auth": AUTH}}}), encoding="utf-8")
    assert resolved()[1]["username"] == "user"
    path.write_text('{"clouds":\n very-secret}', encoding="utf-8")
    assert "is not valid JSON: look at line 2" in refused()


def test_a_file_that_is_not_there(write: Write) -> None:
    path = write(one={"auth": AUTH})
    path.unlink()
    assert refused(cloud="one") == f"{path} cannot be read: No such file or directory"


def test_the_library_that_reads_it_is_missing(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write(one={"auth": AUTH})
    real = builtins.__import__

    def without(name: str, *arguments: t.Any, **keywords: t.Any) -> t.Any:
        if name.startswith("openstack"):
            raise ImportError(name)
        return real(name, *arguments, **keywords)

    monkeypatch.setattr(builtins, "__import__", without)
    message = refused(cloud="one")
    assert f"The Python library openstacksdk is missing for {sys.executable}, which cloud needs" in message
    assert resolved(token="x", project_id="p")[0] is token


def test_the_passwords_of_the_file_are_hidden(write: Write, standin: StandIn) -> None:
    write(one=of_the_standin(standin, password="very-secret"))
    error = failed({"cloud": "one"})
    assert error.http_status == 401
    assert "very-secret" not in str(error.result())
