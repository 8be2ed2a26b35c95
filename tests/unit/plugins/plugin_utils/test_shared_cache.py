# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers beyond a run, in a cache plugin of Ansible: what is found again, what is not, and what a broken one does."""

from __future__ import annotations

import json
import pathlib
import re
import time
import typing as t

import pytest
import requests
from ansible import constants
from ansible.plugins.loader import cache_loader
from ansible.utils.display import Display

from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.faces import lookup
from ansible_collections.community.modelarts.tests.unit.plugins.lookup.test_modelarts_resource_specs import failed

Options = dict[str, t.Any]

REDIS_PASSWORD = "swordfish"


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    """Where the cache plugin keeps its files."""
    return tmp_path / "shared"


@pytest.fixture
def caching(folder: pathlib.Path) -> Options:
    return {"cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(folder)}


@pytest.fixture
def next_run(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> t.Callable[[], None]:
    """From here on it is as in another run of ansible."""
    return lambda: monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path_factory.mktemp("run")))


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the user was warned of."""
    messages: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda self, message, *more, **options: messages.append(str(message)))
    return messages


def the_file(folder: pathlib.Path) -> pathlib.Path:
    (file,) = folder.iterdir()
    return file


def read_entry(file: pathlib.Path) -> t.Any:
    """What was kept. Since ansible-core 2.19, it is in an envelope."""
    content = json.loads(file.read_text(encoding="utf-8"))
    return json.loads(content["__payload__"]) if "__payload__" in content else content


def write_entry(file: pathlib.Path, entry: t.Any) -> None:
    """Replace what was kept."""
    content: t.Any = entry
    if "__payload__" in json.loads(file.read_text(encoding="utf-8")):
        content = {"__payload__": json.dumps(entry)}
    file.write_text(json.dumps(content), encoding="utf-8")


def test_the_next_run_asks_nothing(
    standin: StandIn, password_login: Options, caching: Options, next_run: t.Callable[[], None]
) -> None:
    answer = lookup("train", **password_login, **caching)
    for _run in range(2):
        next_run()
        assert lookup("train", **password_login, **caching) == answer
        assert lookup("train", requirements={"min_gpus": 1}, **password_login, **caching)
    assert standin.counts() == {"tokens": 1, "projects": 0, "resource-specs": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"cache_plugin": None},
        {"cache": False},
        {"cache_prefix": "other_"},
        {"job_type": "train"},
        {"project_name": None, "project_id": "b0000000000000000000000000000b02"},
        {"username": None, "user_id": "c0000000000000000000000000000c01"},
        {"validate_certs": False},
    ],
    ids=",".join,
)
def test_another_question_or_identity_is_another_query(
    change: Options, standin: StandIn, password_login: Options, caching: Options, next_run: t.Callable[[], None]
) -> None:
    lookup(**password_login, **caching)
    next_run()
    lookup(**{**password_login, **caching, **change})
    assert standin.counts()["resource-specs"] == 2


def test_another_token_is_another_identity(
    standin: StandIn, caching: Options, folder: pathlib.Path, next_run: t.Callable[[], None]
) -> None:
    login: Options = {"endpoint": standin.endpoint, "project_id": standin.account["project_id"], "token": "refused"}
    lookup_with = {**login, **caching}
    for token, message in (("refused", "HTTP 401"), ("another", "HTTP 401")):
        assert message in failed(**{**lookup_with, "token": token})
        next_run()
    keys = {_cache.shared_key(_connection.resolve({**DEFAULTS, **login, "token": token})[0], []) for token in "ab"}
    assert len(keys) == 2


def test_an_answer_ages_while_it_is_handed_on(
    standin: StandIn,
    key_login: Options,
    caching: Options,
    next_run: t.Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Or it would be as old as both caches together allow."""
    now = time.time
    lookup(cache_timeout=10, **key_login, **caching)
    next_run()
    for seconds, queries in ((8, 1), (11, 2)):
        monkeypatch.setattr(time, "time", lambda seconds=seconds: now() + seconds)
        lookup(cache_timeout=10, **key_login, **caching)
        assert standin.counts()["resource-specs"] == queries


def test_it_holds_no_secret_and_no_login(
    standin: StandIn, password_login: Options, key_login: Options, caching: Options, folder: pathlib.Path
) -> None:
    lookup(**password_login, **caching)
    lookup(**key_login, **caching)
    assert [sorted(read_entry(file)) for file in folder.iterdir()] == [["made", "spec_total_count", "specs"]] * 2
    contents = [file.read_text(encoding="utf-8") for file in folder.iterdir()]
    for secret in (password_login["password"], key_login["secret_key"]):
        assert not [content for content in contents if secret in content]
    assert all(re.fullmatch("(s1_)?modelarts_(s1_)?[0-9a-f]{64}", file.name) for file in folder.iterdir())


def test_a_failure_is_not_kept(standin: StandIn, key_login: Options, caching: Options, folder: pathlib.Path) -> None:
    standin.fault("failed-200")
    failed(**key_login, **caching)
    assert not folder.exists() or not list(folder.iterdir())


def _change(**values: t.Any) -> t.Callable[[dict[str, t.Any]], t.Any]:
    return lambda entry: {**entry, **values}


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda entry: [], id="list"),
        pytest.param(lambda entry: None, id="null"),
        pytest.param(lambda entry: "text", id="text"),
        pytest.param(lambda entry: {}, id="empty"),
        pytest.param(_change(specs={"spec_code": "a"}), id="specs is a dictionary"),
        pytest.param(_change(specs="text"), id="specs is text"),
        pytest.param(_change(specs=["text"]), id="spec is text"),
        pytest.param(_change(specs=None), id="specs is null"),
        pytest.param(_change(spec_total_count="3"), id="count is text"),
        pytest.param(_change(spec_total_count=None), id="count is null"),
        pytest.param(_change(made="yesterday"), id="made is text"),
        pytest.param(_change(made=None), id="made is null"),
        pytest.param(_change(made=float("nan")), id="made is not a number"),
        pytest.param(_change(made=time.time() + 100_000), id="made in the future"),
    ],
)
def test_an_entry_of_another_shape_counts_as_absent(
    spoil: t.Callable[[dict[str, t.Any]], t.Any],
    standin: StandIn,
    key_login: Options,
    caching: Options,
    folder: pathlib.Path,
    next_run: t.Callable[[], None],
) -> None:
    answer = lookup(**key_login, **caching)
    write_entry(the_file(folder), spoil(read_entry(the_file(folder))))
    for _run in range(2):
        next_run()
        assert lookup(**key_login, **caching) == answer
    assert standin.counts()["resource-specs"] == 2


@pytest.mark.parametrize("content", [b"", b'{"specs": [', b"\xff\xfe\x00", b"[" * 100_000])
def test_a_file_that_is_corrupt_is_warned_of_and_written_anew(
    content: bytes,
    standin: StandIn,
    key_login: Options,
    caching: Options,
    folder: pathlib.Path,
    next_run: t.Callable[[], None],
    warnings: list[str],
) -> None:
    answer = lookup(**key_login, **caching)
    the_file(folder).write_bytes(content)
    for _run in range(2):
        next_run()
        assert lookup(**key_login, **caching) == answer
    assert standin.counts()["resource-specs"] == 2
    assert any("The cache plugin ansible.builtin.jsonfile failed, and is done without" in line for line in warnings)


class Plugin:
    """A cache plugin that does as it is told."""

    def __init__(self, stored: t.Any) -> None:
        self._stored = stored

    def get(self, key: str) -> t.Any:
        if isinstance(self._stored, Exception):
            raise self._stored
        return self._stored

    def set(self, key: str, value: t.Any) -> None:
        self.get(key)


def use(plugin: t.Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def get(name: str, **options: t.Any) -> t.Any:
        if isinstance(plugin, Exception):
            raise plugin
        return plugin

    monkeypatch.setattr(cache_loader, "get", get)
    monkeypatch.setattr(cache_loader, "has_plugin", lambda name: True)


class Foreign:
    """What a plugin can make of an entry, and JSON cannot hold: a text that is encrypted, for example."""


def test_values_that_json_cannot_hold_count_as_absent(
    standin: StandIn, key_login: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = {"specs": [{"spec_code": Foreign()}], "spec_total_count": 1, "made": time.time()}
    use(Plugin(stored), monkeypatch)
    for _time in range(2):
        assert len(lookup(cache_plugin="of.our.own", **key_login)) > 2
    assert standin.counts()["resource-specs"] == 1


def test_texts_are_nothing_but_texts(standin: StandIn, key_login: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin can mark a text as a template that Ansible shall render: one that somebody else wrote into it."""
    from ansible_collections.community.modelarts.tests.unit.conftest import trust_as_template

    spec = {"spec_code": trust_as_template("{{ 6 * 7 }}")}
    use(Plugin({"specs": [spec], "spec_total_count": 1, "made": time.time()}), monkeypatch)
    (found,) = lookup(cache_plugin="of.our.own", **key_login)
    assert found["spec_code"].__class__ is str
    assert standin.requests() == []


@pytest.mark.parametrize("when", ["loaded", "used"])
@pytest.mark.parametrize("password", [REDIS_PASSWORD, "p:a@s;s", "1234567890"])
@pytest.mark.parametrize(
    "connection", ["redis.test:6379:0:{}", "tls://redis.test:6379:0:{}", "a:1;b:2;0:{}", "x://me:{}@h/1"]
)
def test_a_plugin_that_fails_is_done_without_and_its_password_hidden(
    connection: str,
    password: str,
    when: str,
    standin: StandIn,
    key_login: Options,
    monkeypatch: pytest.MonkeyPatch,
    warnings: list[str],
) -> None:
    connection = connection.format(password)
    error = RuntimeError(f"cannot connect to {connection} with {password!r} (6379)")
    use(error if when == "loaded" else Plugin(error), monkeypatch)
    assert lookup(cache_plugin="of.our.own", cache_connection=connection, **key_login)
    assert standin.counts()["resource-specs"] == 1
    assert len(warnings) == (1 if when == "loaded" else 2)
    for warning in warnings:
        assert warning.startswith("The cache plugin of.our.own failed, and is done without: RuntimeError: cannot conn")
        assert not [part for part in (password, *password.split(":")) if len(part) > 1 and part in warning]


def test_what_was_warned_of_is_kept_for_the_run(
    standin: StandIn, key_login: Options, monkeypatch: pytest.MonkeyPatch, warnings: list[str]
) -> None:
    use(RuntimeError("no"), monkeypatch)
    for _time in range(3):
        lookup(cache_plugin="of.our.own", **key_login)
    assert standin.counts()["resource-specs"] == 1
    assert len(warnings) == 1


def test_a_folder_that_cannot_be_had_is_done_without(
    standin: StandIn, key_login: Options, caching: Options, folder: pathlib.Path, warnings: list[str]
) -> None:
    folder.touch()
    assert lookup(**{**caching, "cache_connection": f"{folder}/below"}, **key_login)
    assert any("The cache plugin ansible.builtin.jsonfile failed" in line for line in warnings)


@pytest.mark.parametrize("name", ["nonsense", "no.such.plugin", "community.modelarts.modelarts_resource_specs"])
def test_a_plugin_that_is_not_there(name: str, standin: StandIn, key_login: Options) -> None:
    assert f"There is no cache plugin {name}: see 'ansible-doc -t cache -l'" in failed(cache_plugin=name, **key_login)
    assert standin.requests() == []


def test_bad_options_are_not_blamed_on_the_plugin(caching: Options, standin: StandIn, warnings: list[str]) -> None:
    assert "No login is given" in failed(endpoint=standin.endpoint, project_id="p", **caching)
    assert warnings == []


def test_it_is_not_loaded_for_what_the_run_knows(
    standin: StandIn, key_login: Options, caching: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    lookup(**key_login, **caching)
    use(AssertionError("loaded"), monkeypatch)
    assert lookup(**key_login, **caching)
    assert lookup(requirements={}, **key_login, **caching)


def test_the_options_come_from_the_environment_too(
    standin: StandIn,
    key_login: Options,
    folder: pathlib.Path,
    next_run: t.Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MODELARTS_CACHE_PLUGIN", "jsonfile")
    monkeypatch.setenv("MODELARTS_CACHE_CONNECTION", str(folder))
    monkeypatch.setenv("MODELARTS_CACHE_PREFIX", "mine_")
    lookup(**key_login)
    assert the_file(folder).name.startswith("mine_")
    next_run()
    lookup(**key_login)
    assert standin.counts()["resource-specs"] == 1
