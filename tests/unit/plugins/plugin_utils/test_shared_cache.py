# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses that runs share in a cache plugin of Ansible: what is found, who queries, and what a broken plugin does."""

from __future__ import annotations

import functools
import json
import os
import pathlib
import re
import tempfile
import time
import typing as t

import pytest
import requests
from ansible import constants
from ansible.plugins.loader import cache_loader
from ansible.utils.display import Display

from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.conftest import trust_as_template
from ansible_collections.community.modelarts.tests.unit.faces import lookup
from ansible_collections.community.modelarts.tests.unit.plugins.lookup.test_modelarts_resource_specs import failed
from ansible_collections.community.modelarts.tests.unit.processes import Fork, at_once, wait_until

Options = dict[str, t.Any]

RUNS = 10


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    """Where the cache plugin keeps its files."""
    return tmp_path / "shared"


@pytest.fixture
def caching(folder: pathlib.Path) -> Options:
    return {"cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(folder)}


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    messages: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda self, message, *more, **options: messages.append(str(message)))
    return messages


def run(**keywords: t.Any) -> list[dict[str, t.Any]]:
    """Look up in a run of its own."""
    with tempfile.TemporaryDirectory() as local, pytest.MonkeyPatch.context() as patch:
        patch.setattr(constants, "DEFAULT_LOCAL_TMP", local)
        return lookup(**keywords)


def queries(standin: StandIn) -> int:
    return standin.counts()["resource-specs"]


def the_file(folder: pathlib.Path) -> pathlib.Path:
    (file,) = folder.iterdir()
    return file


def read_entry(file: pathlib.Path) -> t.Any:
    """Return the entry. Since ansible-core 2.19, it is in an envelope."""
    content = json.loads(file.read_text(encoding="utf-8"))
    return json.loads(content["__payload__"]) if "__payload__" in content else content


def write_entry(file: pathlib.Path, entry: t.Any) -> None:
    content: t.Any = entry
    if "__payload__" in json.loads(file.read_text(encoding="utf-8")):
        content = {"__payload__": json.dumps(entry)}
    file.write_text(json.dumps(content), encoding="utf-8")


# What is found


def test_the_next_run_queries_nothing(standin: StandIn, password_login: Options, caching: Options) -> None:
    result = run(job_type="train", **password_login, **caching)
    for _run in range(2):
        assert run(job_type="train", **password_login, **caching) == result
    assert run(job_type="train", requirements={"min_gpus": 1}, **password_login, **caching)
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
    change: Options, standin: StandIn, password_login: Options, caching: Options
) -> None:
    run(**password_login, **caching)
    run(**{**password_login, **caching, **change})
    assert queries(standin) == 2


def test_another_token_is_another_identity(standin: StandIn, caching: Options) -> None:
    user = {"id": standin.account["user_id"], "password": standin.account["password"]}
    scope = {"project": {"id": standin.account["project_id"]}}
    body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}}
    response = requests.post(f"{standin.auth_url}/auth/tokens", json=body, timeout=30)
    login: Options = {"endpoint": standin.endpoint, "project_id": standin.account["project_id"], **caching}
    for _run in range(2):
        assert run(token=response.headers["X-Subject-Token"], **login)
    assert queries(standin) == 1
    assert "HTTP 401" in failed(token="another", **login)


@pytest.mark.parametrize(("seconds", "number"), [(9, 1), (11, 2), (-25, 1), (-35, 2)])
def test_a_response_that_is_too_old_or_of_the_future_is_not_used(
    seconds: float,
    number: int,
    standin: StandIn,
    key_login: Options,
    caching: Options,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(cache_timeout=10, **key_login, **caching)
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + seconds)
    run(cache_timeout=10, **key_login, **caching)
    assert queries(standin) == number


def test_runs_on_nodes_whose_clocks_differ_query_once(
    standin: StandIn, key_login: Options, caching: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time
    run(**key_login, **caching)
    monkeypatch.setattr(time, "time", lambda: now() - 3)
    for _evaluation in range(2):
        lookup(**key_login, **caching)
    assert queries(standin) == 1


def test_a_response_ages_in_the_cache_of_the_next_run(
    standin: StandIn, key_login: Options, caching: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time
    run(cache_timeout=10, **key_login, **caching)
    for seconds, number in ((8, 1), (11, 2)):
        monkeypatch.setattr(time, "time", lambda seconds=seconds: now() + seconds)
        lookup(cache_timeout=10, **key_login, **caching)
        assert queries(standin) == number


def test_it_holds_no_secret_and_no_token(
    password_login: Options, key_login: Options, caching: Options, folder: pathlib.Path
) -> None:
    run(**password_login, **caching)
    run(**key_login, **caching)
    assert [sorted(read_entry(file)) for file in folder.iterdir()] == [["made", "spec_total_count", "specs"]] * 2
    contents = [file.read_text(encoding="utf-8") for file in folder.iterdir()]
    for secret in (password_login["password"], key_login["secret_key"]):
        assert not [content for content in contents if secret in content]
    assert all(re.fullmatch("(s1_)?modelarts_(s1_)?[0-9a-f]{64}", file.name) for file in folder.iterdir())


def _change(**values: t.Any) -> t.Callable[[dict[str, t.Any]], t.Any]:
    return lambda entry: {**entry, **values}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda entry: [],
        lambda entry: None,
        lambda entry: "text",
        lambda entry: {},
        _change(specs={"spec_code": "a"}),
        _change(specs=["text"]),
        _change(specs=None),
        _change(spec_total_count="3"),
        _change(made="yesterday"),
        _change(made=float("nan")),
        _change(made=time.time() + 100_000),
        lambda entry: {"claimed_by": ["x"], "made": "now"},
        lambda entry: {"claimed_by": "x", "made": time.time() - 31},
    ],
)
def test_an_entry_of_another_shape_counts_as_absent(
    spoil: t.Callable[[dict[str, t.Any]], t.Any],
    standin: StandIn,
    key_login: Options,
    caching: Options,
    folder: pathlib.Path,
) -> None:
    result = run(**key_login, **caching)
    write_entry(the_file(folder), spoil(read_entry(the_file(folder))))
    for _run in range(2):
        assert run(**key_login, **caching) == result
    assert queries(standin) == 2


# Who queries


def test_runs_that_start_at_the_same_moment_query_once(
    standin: StandIn, password_login: Options, caching: Options
) -> None:
    standin.latency(0.5)
    results = at_once(*[functools.partial(run, **password_login, **caching)] * RUNS)
    assert len(results[0]) > 2
    assert results == [results[0]] * RUNS
    assert standin.counts() == {"tokens": 1, "projects": 0, "resource-specs": 1}


def test_a_claim_outlives_a_short_cache_timeout(standin: StandIn, key_login: Options, caching: Options) -> None:
    standin.latency(2)
    results = at_once(*[functools.partial(run, **key_login, **caching, cache_timeout=1)] * 3)
    assert results == [results[0]] * 3
    assert queries(standin) == 1


def test_a_run_that_was_held_up_before_its_claim_does_not_query(
    standin: StandIn, key_login: Options, caching: Options
) -> None:
    """It read before another run's claim was there, and replaces that claim while the other run queries."""
    standin.latency(1)

    def held_up() -> t.Any:
        load = cache_loader.get

        def slow(*arguments: t.Any, **options: t.Any) -> t.Any:
            plugin = load(*arguments, **options)
            write = plugin.set

            def write_late(*entry: t.Any) -> None:
                time.sleep(0.6)
                write(*entry)

            plugin.set = write_late
            return plugin

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cache_loader, "get", slow)
            return run(**key_login, **caching)

    in_time, late = at_once(functools.partial(run, **key_login, **caching), held_up)
    assert in_time == late
    assert queries(standin) == 1


def test_the_claim_of_a_run_that_was_killed_expires(standin: StandIn, key_login: Options, caching: Options) -> None:
    options = {**key_login, **caching, "timeout": 3}
    standin.fault("hang", times=1)
    first = Fork(functools.partial(run, **options))
    wait_until(lambda: queries(standin) == 1)
    others = [Fork(functools.partial(run, **options)) for _each in range(3)]
    first.kill()
    assert all(isinstance(other.result(), list) for other in others)
    assert queries(standin) == 2


def test_a_failure_is_not_shared_and_ends_the_claim(
    standin: StandIn, key_login: Options, caching: Options, folder: pathlib.Path
) -> None:
    standin.fault("failed-200", times=1)
    failed(**key_login, **caching)
    assert read_entry(the_file(folder))["claimed_by"] is None
    assert run(**key_login, **caching)


def test_a_plugin_that_keeps_nothing_makes_nobody_wait(standin: StandIn, key_login: Options) -> None:
    for _run in range(2):
        assert run(cache_plugin="ansible.builtin.memory", timeout=3600, **key_login)
    assert queries(standin) == 2


# Plugins that fail


@pytest.mark.parametrize("content", [b"", b'{"specs": [', b"\xff\xfe\x00", b"[" * 100_000])
def test_a_corrupt_file_is_warned_about_and_replaced(
    content: bytes,
    standin: StandIn,
    key_login: Options,
    caching: Options,
    folder: pathlib.Path,
    warnings: list[str],
) -> None:
    result = run(**key_login, **caching)
    the_file(folder).write_bytes(content)
    for _run in range(2):
        assert run(**key_login, **caching) == result
    assert queries(standin) == 2
    assert any("The cache plugin ansible.builtin.jsonfile failed and is not used" in line for line in warnings)


def test_another_run_may_create_the_folder_at_the_same_moment(
    standin: StandIn,
    key_login: Options,
    caching: Options,
    folder: pathlib.Path,
    warnings: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exists = os.path.exists

    def exists_a_moment_later(path: t.Any) -> bool:
        found = exists(path)
        if path == str(folder):
            folder.mkdir(exist_ok=True)
        return found

    monkeypatch.setattr(os.path, "exists", exists_a_moment_later)
    for _run in range(2):
        run(**key_login, **caching)
    assert queries(standin) == 1
    # Plugins of older versions of ansible-core warn about each entry that they do not have.
    assert not [line for line in warnings if "is not used" in line]


class Plugin:
    """A cache plugin that has one value, or fails."""

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


def test_values_that_json_cannot_hold_count_as_absent(
    standin: StandIn, key_login: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(Plugin({"specs": [{"spec_code": object()}], "spec_total_count": 1, "made": time.time()}), monkeypatch)
    for _time in range(2):
        assert len(lookup(cache_plugin="of.our.own", **key_login)) > 2
    assert queries(standin) == 1


def test_text_is_nothing_but_text(standin: StandIn, key_login: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin can mark text, which somebody else may have written, as a template that Ansible renders."""
    spec = {"spec_code": trust_as_template("{{ 6 * 7 }}")}
    use(Plugin({"specs": [spec], "spec_total_count": 1, "made": time.time()}), monkeypatch)
    (found,) = lookup(cache_plugin="of.our.own", **key_login)
    assert found["spec_code"].__class__ is str
    assert standin.requests() == []


@pytest.mark.parametrize("when", ["loaded", "used"])
@pytest.mark.parametrize("password", ["swordfish", "p:a@s;s", "1234567890"])
@pytest.mark.parametrize(
    "connection", ["redis.test:6379:0:{}", "tls://redis.test:6379:0:{}", "a:1;b:2;0:{}", "x://me:{}@h/1"]
)
def test_a_plugin_that_fails_is_not_used_and_its_password_hidden(
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
    for _time in range(2):
        assert lookup(cache_plugin="of.our.own", cache_connection=connection, **key_login)
    assert queries(standin) == 1
    (warning,) = warnings
    assert warning.startswith("The cache plugin of.our.own failed and is not used: RuntimeError: cannot connect to ")
    assert not [part for part in (password, *password.split(":")) if len(part) > 1 and part in warning]


def test_a_folder_that_cannot_be_created(
    standin: StandIn, key_login: Options, caching: Options, folder: pathlib.Path, warnings: list[str]
) -> None:
    folder.touch()
    assert lookup(**{**caching, "cache_connection": f"{folder}/below"}, **key_login)
    assert any("The cache plugin ansible.builtin.jsonfile failed" in line for line in warnings)


@pytest.mark.parametrize("name", ["nonsense", "no.such.plugin", "community.modelarts.modelarts_resource_specs"])
def test_a_plugin_that_does_not_exist(name: str, standin: StandIn, key_login: Options) -> None:
    assert f"There is no cache plugin {name}: see 'ansible-doc -t cache -l'" in failed(cache_plugin=name, **key_login)
    assert standin.requests() == []


def test_bad_options_are_not_blamed_on_the_plugin(caching: Options, standin: StandIn, warnings: list[str]) -> None:
    assert "No login is given" in failed(endpoint=standin.endpoint, project_id="p", **caching)
    assert warnings == []


def test_it_is_not_loaded_for_what_the_run_has(
    key_login: Options, caching: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    lookup(**key_login, **caching)
    use(AssertionError("loaded"), monkeypatch)
    assert lookup(**key_login, **caching)
    assert lookup(requirements={}, **key_login, **caching)


def test_the_options_come_from_the_environment_too(
    standin: StandIn, key_login: Options, folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELARTS_CACHE_PLUGIN", "jsonfile")
    monkeypatch.setenv("MODELARTS_CACHE_CONNECTION", str(folder))
    monkeypatch.setenv("MODELARTS_CACHE_PREFIX", "mine_")
    run(**key_login)
    assert the_file(folder).name.startswith("mine_")
    run(**key_login)
    assert queries(standin) == 1
