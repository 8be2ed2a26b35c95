# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source at the wire: what it emits, how often it logs in, and what it does when it fails."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
import typing as t

import pytest
import yaml

from ansible_collections.community.modelarts.extensions.eda.plugins.event_source import resource_specs
from ansible_collections.community.modelarts.plugins.module_utils._errors import ModelArtsError, OptionsError
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.faces import module

Options = dict[str, t.Any]
Event = dict[str, t.Any]

# Nothing here takes long, but the machine may be busy.
PATIENCE = 60


def spec(code: str, sold_out: bool = False, **others: t.Any) -> Options:
    return {"spec_id": 1, "spec_code": code, "gpu_num": 1, "gpu_type": "v100", "no_resource": sold_out, **others}


class Source:
    """A running event source, which asks all the time unless it is told otherwise."""

    def __init__(self, **args: t.Any) -> None:
        self._queue: asyncio.Queue[Event] = asyncio.Queue(1)  # as ansible-rulebook has it
        args = {"interval": 0.05, "jitter": 0, "retries": 0, **args}
        self.task = asyncio.create_task(resource_specs.main(self._queue, args))

    async def event(self) -> Event:
        """The next event; raises what the source ended with where that comes first."""
        getting = asyncio.create_task(self._queue.get())
        await asyncio.wait([getting, self.task], timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if getting.done():
            return getting.result()
        getting.cancel()
        assert self.task.done(), "neither an event came nor an end"
        await self.task
        raise AssertionError("the source ended without an error")

    async def changes(self, number: int) -> list[tuple[str, str]]:
        """Change and code of so many events."""
        told = [(await self.event())["resource_spec"] for _number in range(number)]
        return [(one["change"], one["spec"]["spec_code"]) for one in told]

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.wait([self.task], timeout=PATIENCE)
        assert self.task.cancelled()


async def wait_until(condition: t.Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def queried(standin: StandIn, times: int) -> None:
    """Wait until the source has sent this number of further queries."""
    enough = standin.counts()["resource-specs"] + times
    await wait_until(lambda: standin.counts()["resource-specs"] >= enough)


# What it emits


def test_changes_of_specs_are_events(standin: StandIn, password_login: Options) -> None:
    async def watch() -> None:
        standin.specs([spec("a"), spec("b", sold_out=True)])
        source = Source(**password_login)
        assert await source.changes(1) == [("available", "a")]
        standin.specs([spec("a", sold_out=True), spec("b", sold_out=True)])
        assert await source.changes(1) == [("sold_out", "a")]
        standin.specs([spec("a", sold_out=True), spec("b")])
        assert await source.changes(1) == [("available", "b")]
        standin.specs([spec("a", sold_out=True), spec("b"), spec("c")])
        assert await source.changes(2) == [("appeared", "c"), ("available", "c")]
        standin.specs([spec("c")])
        assert await source.changes(2) == [("gone", "a"), ("gone", "b")]
        await queried(standin, 3)
        standin.specs([spec("c", sold_out=True)])
        assert await source.changes(1) == [("sold_out", "c")]
        await source.stop()

    asyncio.run(watch())


def test_an_event_is_the_spec_as_the_service_gives_it(standin: StandIn, key_login: Options) -> None:
    whole = spec("a", core="8", npu_info=None, unknown={"nested": [1, 2.5, True]})

    async def watch() -> Event:
        standin.specs([whole])
        source = Source(**key_login)
        event = await source.event()
        await source.stop()
        return event

    before = time.time()
    event = asyncio.run(watch())["resource_spec"]
    # Written in UTC and in whole seconds.
    seen = time.mktime(time.strptime(event.pop("time"), "%Y-%m-%dT%H:%M:%SZ")) - time.mktime(time.gmtime(0))
    assert before - 1 <= seen <= time.time()
    assert event == {"change": "available", "spec": whole}
    assert json.loads(json.dumps(event)) == event


def test_only_matching_specs_cause_events(standin: StandIn, key_login: Options) -> None:
    async def watch() -> None:
        standin.specs([spec("a"), spec("b", gpu_type="p4")])
        source = Source(**key_login, requirements={"gpu_types": "p4", "available": True})
        assert await source.changes(1) == [("available", "b")]
        standin.specs([spec("a", sold_out=True), spec("b", gpu_type="p4", sold_out=True)])
        assert await source.changes(1) == [("sold_out", "b")]
        standin.specs([spec("a", gpu_type="p4"), spec("b", gpu_type="v100")])
        assert await source.changes(3) == [("appeared", "a"), ("available", "a"), ("gone", "b")]
        await source.stop()

    asyncio.run(watch())


def test_the_first_response_can_be_ignored(standin: StandIn, key_login: Options) -> None:
    async def watch() -> None:
        standin.specs([spec("a"), spec("b")])
        source = Source(**key_login, initial="no")
        await queried(standin, 1)
        standin.specs([spec("a"), spec("b", sold_out=True)])
        assert await source.changes(1) == [("sold_out", "b")]
        await source.stop()

    asyncio.run(watch())


def test_the_query_is_that_of_the_options(standin: StandIn, key_login: Options) -> None:
    async def watch() -> None:
        source = Source(**key_login, job_type="inference", engine_id="7", interval=60)
        await queried(standin, 1)
        await source.stop()

    asyncio.run(watch())
    assert [request["query"] for request in standin.requests()] == [{"job_type": "inference", "engine_id": "7"}]


# The login


def test_one_login_lasts_as_long_as_its_token(standin: StandIn, password_login: Options) -> None:
    async def watch() -> None:
        standin.specs([spec("a")])
        source = Source(**password_login)
        assert await source.changes(1) == [("available", "a")]
        await queried(standin, 5)
        assert standin.counts()["tokens"] == 1
        standin.expire_tokens()
        await queried(standin, 5)
        standin.specs([])
        # No failure has come between.
        assert await source.changes(1) == [("gone", "a")]
        await source.stop()

    asyncio.run(watch())
    assert standin.counts()["tokens"] == 2


def test_the_environment_gives_what_the_rulebook_does_not(
    standin: StandIn, password_login: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"auth_url": "OS_AUTH_URL", "username": "OS_USERNAME", "password": "OS_PASSWORD"}
    names |= {"user_domain_name": "OS_USER_DOMAIN_NAME", "project_name": "OS_PROJECT_NAME"}
    for option, value in password_login.items():
        monkeypatch.setenv(names[option], value)

    async def watch() -> None:
        standin.specs([spec("a")])
        source = Source()
        assert await source.changes(1) == [("available", "a")]
        await source.stop()

    asyncio.run(watch())


async def events_until_it_ends(source: Source) -> tuple[list[Event], ModelArtsError]:
    events: list[Event] = []
    while True:
        try:
            events.append(await source.event())
        except ModelArtsError as error:
            return events, error


def ends(**args: t.Any) -> tuple[list[Event], ModelArtsError]:
    async def watch() -> tuple[list[Event], ModelArtsError]:
        return await events_until_it_ends(Source(**args))

    return asyncio.run(watch())


def test_a_wrong_password_is_sent_once(standin: StandIn, password_login: Options) -> None:
    events, error = ends(**{**password_login, "password": "wrong-password"})
    assert "HTTP 401" in str(error)
    (failure,) = (event["resource_specs_failure"] for event in events)
    assert (failure["failures"], failure["next_in"], failure["msg"]) == (1, None, str(error))
    assert standin.counts() == {"tokens": 1, "projects": 0, "resource-specs": 0}
    assert "wrong-password" not in json.dumps(events) + str(error)


@pytest.mark.parametrize("fault", ["bad-key", "gateway-no-such-key"])
def test_a_wrong_key_is_sent_once(fault: str, standin: StandIn, key_login: Options) -> None:
    standin.fault(fault)
    events, error = ends(**key_login)
    assert error.http_status in (401, 403)
    assert len(events) == 1
    assert standin.counts()["resource-specs"] == 1
    assert key_login["secret_key"] not in json.dumps(events) + str(error)


def test_a_token_that_is_refused_when_new_ends_it(standin: StandIn, password_login: Options) -> None:
    standin.fault("unauthorized")
    _events, error = ends(**password_login)
    assert error.http_status == 401
    assert standin.counts() == {"tokens": 2, "projects": 0, "resource-specs": 2}


def test_a_token_that_is_refused_with_status_200_ends_it(standin: StandIn, password_login: Options) -> None:
    standin.fault("token-200")
    events, error = ends(**password_login)
    assert (error.http_status, len(events)) == (200, 1)


def test_one_target_that_refuses_the_login_ends_it(
    standin: StandIn, password_login: Options, key_login: Options
) -> None:
    wrong = {"name": "wrong", **password_login, "password": "wrong-password"}
    events, error = ends(targets=[{"name": "right", **key_login}, wrong])
    assert str(error).startswith("Target wrong failed: ")
    assert [list(event) for event in events] == [["resource_specs_failure"]]
    assert standin.counts()["tokens"] == 1


def test_the_login_may_come_from_the_environment_of_ansible_rulebook() -> None:
    events, _error = ends(endpoint="https://modelarts.example.com", project_id="project")
    assert "ansible-rulebook on the controller" in events[0]["resource_specs_failure"]["msg"]


def test_options_that_cannot_work_end_it(standin: StandIn, password_login: Options) -> None:
    _events, error = ends(**{**password_login, "project_name": None, "project_id": None, "auth_url": "ftp://host"})
    assert isinstance(error, OptionsError)
    assert sum(standin.counts().values()) == 0


# Failures


def test_a_failure_is_an_event_and_the_next_wait_is_longer(
    standin: StandIn, password_login: Options, caplog: pytest.LogCaptureFixture
) -> None:
    async def watch() -> list[Event]:
        standin.specs([spec("a")])
        source = Source(**password_login, max_interval=0.3)
        assert await source.changes(1) == [("available", "a")]
        standin.fault("html-502", times=4)
        failures = [await source.event() for _number in range(4)]
        standin.specs([])
        assert await source.changes(1) == [("gone", "a")]
        standin.fault("html-502", times=1)
        failures.append(await source.event())
        await source.stop()
        return failures

    with caplog.at_level(logging.WARNING):
        told = [event["resource_specs_failure"] for event in asyncio.run(watch())]
    # Doubled each time up to the maximum, and from the start after a response.
    assert [one["failures"] for one in told] == [1, 2, 3, 4, 1]
    assert [one["next_in"] for one in told] == [0.1, 0.2, 0.3, 0.3, 0.1]
    assert {one["http_status"] for one in told} == {502}
    assert all("HTTP 502" in one["msg"] and one["time"].endswith("Z") for one in told)
    warned = [record.getMessage() for record in caplog.records if record.name == "community.modelarts.resource_specs"]
    assert [text.partition(" Failures in a row: ")[0] for text in warned] == [one["msg"] for one in told]
    assert password_login["password"] not in caplog.text + json.dumps(told)


def test_it_waits_as_long_as_it_says(standin: StandIn, key_login: Options) -> None:
    async def watch() -> float:
        begin = time.monotonic()
        source = Source(**key_login, interval=0.5)
        await queried(standin, 4)
        await source.stop()
        return time.monotonic() - begin

    standin.specs([])
    assert asyncio.run(watch()) >= 1.4


def test_a_target_out_of_reach_leaves_the_others(
    standin: StandIn, key_login: Options, caplog: pytest.LogCaptureFixture
) -> None:
    async def watch() -> None:
        standin.specs([spec("a")])
        with StandIn() as other:
            other.specs([spec("b")])
            there = {"name": "there", "endpoint": other.endpoint}
            source = Source(**{**key_login, "targets": [{"name": "here", "endpoint": standin.endpoint}, there]})
            first = [(await source.event())["resource_spec"] for _number in range(2)]
        assert [(one["change"], one["spec"]["target"]) for one in first] == [
            ("available", "here"),
            ("available", "there"),
        ]
        await wait_until(lambda: "Target there failed" in caplog.text)
        standin.specs([spec("a", sold_out=True)])
        # And not that those of the other are gone.
        assert await source.changes(1) == [("sold_out", "a")]
        await source.stop()

    asyncio.run(watch())


@pytest.mark.parametrize("seed", range(20))
def test_jitter_makes_waits_longer_and_shorter(seed: int) -> None:
    random.seed(seed)
    waits = [resource_specs.pause({"interval": 100, "max_interval": 100, "jitter": 0.2}, 0) for _number in range(50)]
    assert all(80 <= wait <= 120 for wait in waits)
    assert min(waits) < 90 and max(waits) > 110


@pytest.mark.parametrize(
    ("interval", "failures", "expected"),
    [(60, 0, 60), (60, 1, 120), (60, 3, 480), (60, 4, 900), (60, 10**6, 900), (3600, 0, 3600), (3600, 5, 3600)],
)
def test_waits_are_bounded(interval: float, failures: int, expected: float) -> None:
    assert resource_specs.pause({"interval": interval, "max_interval": 900, "jitter": 0}, failures) == expected


def test_it_can_be_stopped_while_the_service_hangs(standin: StandIn, key_login: Options) -> None:
    async def watch() -> None:
        standin.fault("hang")
        source = Source(**key_login, timeout=2)
        await asyncio.sleep(0.5)
        begin = time.monotonic()
        await source.stop()
        assert time.monotonic() - begin < 1

    begin = time.monotonic()
    asyncio.run(watch())
    # The thread that asks has ended as well, by its timeout.
    assert time.monotonic() - begin < 10
    standin.clear()


# The options


@pytest.mark.parametrize(
    "wrong",
    [
        {"job_type": "play"},
        {"engine_id": "seven"},
        {"requirements": {"min_cores": "many"}},
        {"requirements": {"min_gpus": 4, "max_gpus": 2}},
        {"requirements": "gpus"},
        {"access_key": "only-half"},
        {"targets": [{"endpoint": "https://modelarts.example.com"}]},
        {"timeout": 0},
        {"endpoint": "http://modelarts.example.com"},
        {"project_id": ""},
        {"secret_key": ""},
    ],
    ids=json.dumps,
)
def test_bad_options_have_the_messages_of_the_module(wrong: Options, key_login: Options) -> None:
    args = {**key_login, **wrong}
    if wrong == {"access_key": "only-half"}:
        del args["secret_key"]
    with pytest.raises(OptionsError) as caught:
        _events, error = ends(**args)
        raise error
    # Of several the module tells the first.
    assert str(caught.value).partition("; ")[0] == module(**args)["msg"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"interval": 0}, "interval must be more than 0 and at most 86400 (seconds)"),
        ({"interval": "nan"}, "interval must be"),
        ({"interval": 86401}, "interval must be"),
        ({"max_interval": -1}, "max_interval must be more than 0"),
        ({"jitter": 1}, "jitter must be from 0 to less than 1"),
        ({"jitter": -0.1}, "jitter must be"),
        ({"interval": "often"}, "argument 'interval' is of type"),
        ({"initial": "perhaps"}, "argument 'initial' is of type"),
        ({"fallbacks": [{}]}, "Unsupported option: fallbacks"),
        ({"delay": 5}, "Unsupported option: delay"),
    ],
)
def test_its_own_options_are_checked(wrong: Options, message: str, key_login: Options) -> None:
    with pytest.raises(OptionsError, match="^" + message.replace("(", r"\(").replace(")", r"\)")):
        resource_specs.parsed({**key_login, **wrong})


def test_the_page_describes_its_own_options() -> None:
    """The others come from fragments."""
    documented = yaml.safe_load(resource_specs.DOCUMENTATION)["options"]
    for option in documented.values():
        assert option.pop("description")
    assert documented == {"requirements": {"type": "dict"}, **resource_specs.OWN_OPTIONS}


def test_the_examples_are_sources_with_good_options(password_login: Options) -> None:
    for source in yaml.safe_load(resource_specs.EXAMPLES):
        ((name, args),) = source.items()
        assert name == "community.modelarts.resource_specs"
        resource_specs.parsed({**password_login, **args})
