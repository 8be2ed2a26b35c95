# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections of clouds.yaml, which openstacksdk reads."""

from __future__ import annotations

import builtins
import json
import pathlib
import sys
import typing as t

import pytest
import yaml

from ansible_collections.community.modelarts.plugins.module_utils._auth import clouds_yaml
from ansible_collections.community.modelarts.plugins.module_utils._connection import Connection, resolve
from ansible_collections.community.modelarts.plugins.module_utils._errors import OptionsError
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.asking import connect, failed, parse, query
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
KEY: Options = {"auth": {"project_id": "p", "auth_url": "https://iam.eu-de.test"}, "ak": "key", "sk": "very-secret"}


@pytest.fixture
def write(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a function that writes the clouds.yaml that the environment names, of clouds by name or of text."""

    def write(content: str | None = None, **clouds: t.Any) -> pathlib.Path:
        path = tmp_path / "clouds.yaml"
        path.write_text(yaml.safe_dump({"clouds": clouds}) if content is None else content, encoding="utf-8")
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(path))
        return path

    return write


def given(connection: Connection) -> Options:
    """Return the values of a connection that are not their defaults."""
    defaults = Connection._field_defaults
    return {
        name: value for name, value in connection._asdict().items() if name not in defaults or value != defaults[name]
    }


def refused(**options: t.Any) -> str:
    with pytest.raises(OptionsError) as caught:
        connect(**options)
    assert "very-secret" not in str(caught.value)
    return str(caught.value)


def auth_at(standin: StandIn, **more: t.Any) -> Options:
    return {"auth": {**standin.login(), **more}}


# At the wire


def test_the_clouds_of_a_file(write: Write, standin: StandIn, passcode_login: Options) -> None:
    account = standin.account
    place = {"auth_url": standin.auth_url, "project_id": account["project_id"]}
    endpoint = {"modelarts_endpoint_override": f"{standin.endpoint}/v1/%(project_id)s"}
    temporary = {name: account[f"temporary_{long}"] for name, long in (("ak", "access_key"), ("sk", "secret_key"))}
    user = {name: passcode_login[name] for name in ("username", "password")}
    multifactor = {"auth_type": "v3multifactor", "auth_methods": ["v3password", "v3totp"]}
    write(
        password=auth_at(standin),
        flat=auth_at(standin)["auth"],
        key={"auth": place, "ak": account["access_key"], "sk": account["secret_key"], **endpoint},
        inside={"auth": {**place, "ak": account["access_key"], "sk": account["secret_key"]}, **endpoint},
        temporary={"auth": place, **temporary, "security_token": account["security_token"], **endpoint},
        beside={**auth_at(standin, **user), **multifactor},
        passcode={**auth_at(standin, **user, passcode=standin.passcode()), **multifactor},
    )
    agency = {name: account[name] for name in ("agency_name", "agency_domain_name")}
    for more in (
        *({"cloud": cloud} for cloud in ("password", "flat", "key", "inside", "temporary", "passcode")),
        {"cloud": "beside", "passcode": passcode_login["passcode"]},
        {"cloud": "password", **agency},
    ):
        assert query(more)["specs"]
    methods = [request["auth"] for request in standin.requests() if request["operation"] == "resource-specs"]
    assert methods == [*["token"] * 2, *["signature"] * 3, *["token"] * 3]


def test_the_credential_of_awx_as_it_is(write: Write, standin: StandIn) -> None:
    clouds = sample("awx_openstack_clouds_yaml")["clouds"]
    assert list(clouds) == ["devstack"]
    names = {"project_domain_name": "user_domain_name", "domain_name": "user_domain_name"}
    auth = clouds["devstack"]["auth"]
    for name in auth:
        auth[name] = standin.auth_url if name == "auth_url" else standin.account[names.get(name, name)]
    clouds["devstack"]["region_name"] = standin.region
    write(**clouds)
    assert query({})["specs"]


def test_the_passwords_of_the_file_are_hidden(write: Write, standin: StandIn) -> None:
    write(one=auth_at(standin, password="very-secret"))
    error = failed({"cloud": "one"})
    assert error.http_status == 401
    assert "very-secret" not in str(error.result())


# What the file says


def test_the_keys_of_a_cloud_become_options(write: Write, tmp_path: pathlib.Path) -> None:
    (tmp_path / "ca.pem").touch()
    cloud: Options = {
        "auth": {**AUTH, "project_id": "p1", "project_domain_name": "other domain"},
        "region_name": "region-1",
        "cacert": str(tmp_path / "ca.pem"),
        "modelarts_endpoint_override": "https://modelarts.test",
    }
    write(one=cloud)
    assert given(connect(cloud="one")) == {
        **cloud["auth"],
        "auth_method": "password",
        "region": "region-1",
        "region_is_written": True,
        "ca_path": cloud["cacert"],
        "endpoint": "https://modelarts.test",
    }


@pytest.mark.parametrize("place", ["auth", "cloud"])
@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"default_domain_name": "default"}, {"user_domain_name": "default", "project_domain_name": "default"}),
        ({"default_domain_id": "default"}, {"user_domain_id": "default", "project_domain_id": "default"}),
        (
            {"user_domain_name": "domain", "default_domain_id": "default"},
            {"user_domain_name": "domain", "project_domain_id": "default"},
        ),
        ({"domain_name": "domain"}, {"user_domain_name": "domain", "project_domain_name": "domain"}),
        ({"user-domain-id": "domain", "tenant-name": "tenant"}, {"user_domain_id": "domain", "project_name": "tenant"}),
    ],
)
def test_domains_are_those_of_openstacksdk(place: str, keys: Options, expected: Options, write: Write) -> None:
    auth = {name: value for name, value in AUTH.items() if name != "user_domain_name"}
    if "tenant-name" in keys:
        del auth["project_name"]
    write(one={"auth": {**auth, **keys}} if place == "auth" else {**auth, **keys})
    values = given(connect(cloud="one"))
    names = [name for name in values if "domain" in name or name in expected]
    assert {name: values[name] for name in names} == expected


@pytest.mark.parametrize(
    ("settings", "verified"),
    [
        *(({"verify": value}, False) for value in (False, "false", "False", "no", 0, "0")),
        *(({"verify": value, "cacert": "/nonexistent"}, False) for value in (False, "false")),
        *(({"insecure": value}, False) for value in (True, "true")),
        *(({"verify": value}, True) for value in (True, "true", 1, None)),
    ],
)
def test_verification_can_be_disabled_in_the_file(settings: Options, verified: bool, write: Write) -> None:
    write(one={"auth": AUTH, **settings})
    connection = connect(cloud="one")
    assert (connection.validate_certs, connection.ca_path) == (verified, None)
    if "cacert" not in settings:
        assert connect(cloud="one", validate_certs=True).validate_certs is True


@pytest.mark.parametrize("key", ["verify", "cacert"])
def test_certificates_that_do_not_exist_are_named_as_in_the_file(key: str, write: Write) -> None:
    path = write(one={"auth": AUTH, key: "/nonexistent.pem"})
    message = f"{key} of the cloud 'one' of {path}: '/nonexistent.pem' does not exist on this machine"
    assert refused(cloud="one") == message
    assert connect(cloud="one", validate_certs=False).validate_certs is False


def test_a_client_certificate_is_refused(write: Write) -> None:
    write(one={"auth": AUTH, "cert": "/cert.pem", "key": "/key.pem"})
    assert "has a client certificate, which is not supported: remove cert and key" in refused(cloud="one")


@pytest.mark.parametrize("key", ["password", "passcode", "project_id", "token", "user-domain-id", "default_domain_id"])
@pytest.mark.parametrize("place", ["auth", "cloud"])
def test_an_unquoted_number_is_refused(key: str, place: str, write: Write) -> None:
    # YAML reads 83.
    entry = f"{key}: 0123" if place == "cloud" else f"auth: {{{key}: 0123}}"
    write(f"clouds: {{one: {{{entry}}}}}")
    assert f"has {key} that is not text: put it in quotes" in refused(cloud="one")


def test_secure_yaml_is_merged(write: Write, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(one={"auth": {**AUTH, "password": None}})
    secure = tmp_path / "secure.yaml"
    secure.write_text(yaml.safe_dump({"clouds": {"one": {"auth": {"password": "of-secure"}}}}), encoding="utf-8")
    monkeypatch.setenv("OS_CLIENT_SECURE_FILE", str(secure))
    assert connect(cloud="one").password == "of-secure"


def test_the_regions_of_a_cloud(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write(one={"profile": "otc", "auth": {name: value for name, value in AUTH.items() if name != "auth_url"}})
    for region in ("eu-de", "eu-nl"):
        assert connect(cloud="one", region=region).auth_url == f"https://iam.{region}.otc.t-systems.com/v3"
    assert "has no region 'eu-xx', only eu-de" in refused(cloud="one", region="eu-xx")
    # The environment selects in a cloud of its own.
    monkeypatch.setenv("OS_REGION_NAME", "eu-nl")
    assert connect().region == "eu-nl"
    assert connect(cloud="one").region == "eu-de"


def test_the_region_of_a_cloud_is_never_dropped(write: Write) -> None:
    write(
        same={**KEY, "region_name": "eu-de"},
        other={**KEY, "region_name": "eu-nl"},
        inserted={**KEY, "auth": {**KEY["auth"], "auth_url": "https://iam.test"}, "region_name": "eu-nl"},
    )
    assert connect(cloud="same").endpoint == "https://modelarts.eu-de.test"
    assert connect(cloud="inserted").endpoint == "https://modelarts.eu-nl.test"
    assert "region 'eu-nl' cannot be derived from auth_url, which is that of eu-de" in refused(cloud="other")
    assert "region 'eu-nl' cannot be derived" in refused(cloud="same", region="eu-nl")


def test_the_endpoint_of_a_cloud_is_that_of_its_region_and_its_iam(write: Write) -> None:
    write(one={**KEY, "region_name": "eu-de", "modelarts_endpoint_override": "https://modelarts.eu-de.test"})
    assert connect(cloud="one", region="eu-de").endpoint == "https://modelarts.eu-de.test"
    assert "region 'eu-nl' cannot be derived" in refused(cloud="one", region="eu-nl")
    targets = [{"name": "there", "auth_url": "https://iam.eu-nl.test"}, {"name": "here"}]
    there, here = resolve(parse({"cloud": "one", "targets": targets}))
    assert (there.endpoint, here.endpoint) == ("https://modelarts.eu-nl.test", "https://modelarts.eu-de.test")


# Layers


def test_the_task_takes_precedence_over_the_cloud(write: Write) -> None:
    write(one={"auth": {**AUTH, "project_id": "p1"}, "region_name": "region-1"})
    task = {"project_name": "task", "region": "region-2", "auth_url": "https://task.test/v3", "user_id": "u1"}
    values = given(connect(cloud="one", **task))
    assert {name: values[name] for name in task} == task
    assert values["password"] == "very-secret"
    assert not {"project_id", "username"} & values.keys()
    with_token = given(connect(cloud="one", token="task"))
    assert (with_token["auth_method"], with_token["project_name"]) == ("token", "project")
    assert "password" not in with_token


def test_a_cloud_of_the_task_takes_precedence_over_the_environment(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("TOKEN", "USERNAME", "PASSWORD", "PROJECT_ID", "DOMAIN_ID", "AUTH_URL", "REGION_NAME", "SECURITY_TOKEN")
    for name in (*names, "CLOUD"):
        monkeypatch.setenv(f"OS_{name}", "environment")
    monkeypatch.setenv("MODELARTS_ENDPOINT", "environment")
    write(
        two={"auth": AUTH},
        one={"auth": AUTH, "region_name": "region-1"},
        key={**KEY, "auth": {**KEY["auth"], "project_id": "p"}},
    )
    values = given(connect(cloud="one"))
    assert {name: values[name] for name in (*AUTH, "region")} == {**AUTH, "region": "region-1"}
    assert "environment" not in values.values()
    assert "environment" not in given(connect(cloud="two")).values()
    assert connect(cloud="key").security_token is None


def test_the_environment_completes_its_own_cloud(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_USERNAME", "environment")  # half a login, in place of which there is the cloud's
    monkeypatch.setenv("OS_PASSWORD", "environment")
    monkeypatch.setenv("OS_PASSCODE", "123456")
    write(one={"auth": {name: value for name, value in AUTH.items() if name != "password"}}, two={"auth": AUTH})
    monkeypatch.setenv("OS_CLOUD", "one")
    connection = connect()
    assert (connection.username, connection.password, connection.passcode) == ("user", "environment", "123456")
    assert "The login with a password is incomplete: password missing" in refused(cloud="one")
    assert connect(cloud="two").passcode == "123456"


@pytest.mark.parametrize("login", [{"OS_TOKEN": "x"}, {"HW_ACCESS_KEY": "x", "HW_SECRET_KEY": "x"}])
def test_a_cloud_of_the_environment_is_used_last(
    login: dict[str, str], write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(one={"auth": AUTH}).unlink()
    for name, value in {"OS_CLOUD": "one", **login}.items():
        monkeypatch.setenv(name, value)
    assert connect(project_id="p", endpoint="https://modelarts.test").auth_method in ("token", "aksk")


def test_the_only_cloud_of_the_file_need_not_be_named(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write(one={"auth": AUTH})
    assert connect().username == connect(cloud="").username == "user"
    write(one={"auth": AUTH}, two={"auth": {**AUTH, "username": "second"}})
    assert "clouds.yaml has one, two. Set cloud or OS_CLOUD" in refused()
    monkeypatch.setenv("OS_CLOUD", "two")
    assert connect().username == "second"
    monkeypatch.setenv("OS_CLOUD", "three")
    assert "There is no cloud 'three': " in refused()


def test_targets_have_clouds_of_their_own(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = ({"auth": {**AUTH, "username": name}, "region_name": f"{name}-region"} for name in ("first", "second"))
    write(one=one, two=two)
    reads: list[str] = []
    read = clouds_yaml.read

    def counting_read(name: str, region: str | None) -> clouds_yaml.Cloud:
        reads.append(name)
        return read(name, region)

    monkeypatch.setattr(clouds_yaml, "read", counting_read)
    # None of this is meant for a target that names its cloud.
    beside = {"token": "t", "auth_url": "https://x.test", "region": "r", "endpoint": "https://x.test"}
    targets = [{"name": "a", "cloud": "one"}, {"name": "b", "cloud": "two"}]
    connections = resolve(parse({**beside, "targets": targets}))
    assert [connection.username for connection in connections] == ["first", "second"]
    assert [connection.region for connection in connections] == ["first-region", "second-region"]
    assert all(connection.endpoint is None for connection in connections)
    # Each connection reads the file once.
    assert reads == ["one", "two"]
    # The task's cloud is for targets without one of their own, and without another login.
    own = {"name": "c", "token": "own", "project_id": "p", "endpoint": "https://x.test"}
    connections = resolve(parse({"cloud": "one", "targets": [{"name": "a", "project_name": "other"}, own]}))
    assert [(connection.auth_method, connection.project_name) for connection in connections] == [
        ("password", "other"),
        ("token", None),
    ]
    assert reads == ["one", "two", "one"]


# Files


def test_a_file_at_a_usual_place_is_used_for_a_cloud_that_is_named(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openstack.config import loader

    path = write(one={"auth": AUTH})
    monkeypatch.delenv("OS_CLIENT_CONFIG_FILE")
    monkeypatch.setattr(loader, "CONFIG_FILES", ["/nonexistent/clouds.yaml", str(path)])
    assert connect(cloud="one").username == "user"
    # Of ansible.cfg.
    assert resolve(parse({"cloud": "one"}), configured=["cloud"])[0].username == "user"
    assert "No login is given" in refused()
    monkeypatch.setattr(loader, "CONFIG_FILES", ["/nonexistent/clouds.yaml", "/nonexistent/clouds.yml"])
    message = refused(cloud="one")
    assert "No clouds.yaml is found" in message
    assert message.endswith("or put it at /nonexistent/clouds.yaml")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("clouds:\n  one:\n    auth: {password: [very-secret\n", "is not valid YAML: look at line 4"),
        ("clouds:\n  one:\n    auth:\n      password: *very-secret\n", "is not valid YAML: look at line 4"),
        ("clouds: !very-secret\n", "is not valid YAML: look at line 1"),
        ("password: very\0secret", "is not valid YAML"),
        ("very-secret", "does not have the structure that openstacksdk expects"),
        ("clouds: very-secret", "does not have the structure that openstacksdk expects"),
        ("clouds: {one: very-secret}", "does not have the structure that openstacksdk expects"),
        ("", "There is no cloud 'one': "),
        ("clouds: {two: {}}", "clouds.yaml has two"),
        ("clouds: {one: {auth: very-secret}}", "cannot be read by openstacksdk: "),
        ("clouds: {one: {auth: {auth_url: '{very-secret}'}}}", "cannot be read by openstacksdk: "),
        ("clouds: {one: {auth: {password: [very-secret]}}}", "has password that is not text"),
        ("clouds: {one: {regions: [{very-secret: 1}]}}", "cannot be read by openstacksdk: "),
        ("clouds: {one: {regions: [{name: a, values: {password: [very-secret]}}]}}", "has password that is not"),
        ("clouds: {one: {}}", "No login is given"),
        ("clouds: {one: {ak: key}}", "The login with an access key is incomplete: secret_key; project_id"),
        ("clouds: {one: {auth: {username: me, password: very-secret}}}", "user_domain_name or user_domain_id"),
        ("clouds: {one: {auth_type: v3oidcpassword}}", "has the auth_type 'v3oidcpassword', which is not supported"),
        ("clouds: {one: {auth_type: v3multifactor, auth_methods: [v3oauth1]}}", "with ['v3oauth1'], which is not"),
    ],
)
def test_an_invalid_file_is_described_without_its_secrets(
    content: str, message: str, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(content)
    shown = refused(cloud="one")
    assert message in shown
    assert str(path) in shown
    assert "very-secret" not in caplog.text


def test_json_is_read_as_well(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "clouds.json"
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(path))
    path.write_text(json.dumps({"clouds": {"one": {"auth": AUTH}}}), encoding="utf-8")
    assert connect().username == "user"
    path.write_text('{"clouds":\n very-secret}', encoding="utf-8")
    assert "is not valid JSON: look at line 2" in refused()
    path.unlink()
    assert refused() == f"{path} cannot be read: No such file or directory"


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
    assert connect(token="x", project_id="p", endpoint="https://modelarts.test").auth_method == "token"
