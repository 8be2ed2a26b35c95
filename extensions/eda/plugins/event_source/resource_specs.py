# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An event source for Event-Driven Ansible: what happens to the machine specifications that suit a job."""

from __future__ import annotations

DOCUMENTATION = r"""
---
short_description: Tell when a machine specification for ModelArts jobs becomes available, sells out, appears or goes
description:
  - Asks ModelArts again and again which specifications a job may use, and emits an event for each change among those
    that meet O(requirements).
  - Such an event has the key C(resource_spec). In it, C(change) is what happened, C(time) when that was seen, in UTC,
    and C(spec) the specification with the fields and values that the service gives it. With O(targets), C(spec) has
    the name of its own as C(target).
  - C(change) is V(available) when the specification can be had from now on, V(sold_out) when it cannot any more,
    V(appeared) when it is new among those that meet O(requirements), and V(gone) when it is not among them any more.
    One that appears and can be had is told twice, as V(appeared) and as V(available). One that is gone is told with
    what was last seen of it.
  - A failure is logged as a warning, and emitted as an event with the key C(resource_specs_failure). In it are C(msg)
    and, as far as known, C(error_code), C(error_message), C(http_status) and C(request_id), as the module returns
    them; C(failures), the number of failures in a row; C(time); and C(next_in), the seconds until the next attempt.
    Each wait after a failure is twice as long, up to O(max_interval).
  - A login that is refused ends the source, because clouds lock a user or a key that is refused a few times. So do
    options that cannot work. C(next_in) of the event is then V(null).
  - The login is made once, and again when its token has run out.
  - The Python of ansible-rulebook has to have ansible-core and requests.
extends_documentation_fragment:
  - community.modelarts.connection
  - community.modelarts.targets
  - community.modelarts.query
options:
  requirements:
    description:
      - What a specification has to meet, as in M(community.modelarts.modelarts_resource_specs_info). All count unless
        it is given.
      - The key C(available) makes no difference, as specifications that are sold out are watched as well.
    type: dict
  interval:
    description:
      - How many seconds to wait from one answer to the next query.
    type: float
    default: 60
  max_interval:
    description:
      - How many seconds to wait at most after failures. Where O(interval) is longer, it is that.
    type: float
    default: 900
  jitter:
    description:
      - By which part of it, at random, each wait is longer or shorter, so that many sources do not ask at once.
    type: float
    default: 0.1
  initial:
    description:
      - Whether the specifications that are available in the first answer are told as V(available).
    type: bool
    default: true
notes:
  - Environment variables are those of ansible-rulebook.
"""

EXAMPLES = r"""
- community.modelarts.resource_specs:
    job_type: train
    requirements:
      gpu_types: [v100]
      min_gpus: 4

- community.modelarts.resource_specs:
    auth_url: "{{ auth_url }}"
    user_domain_name: "{{ domain }}"
    username: "{{ user }}"
    password: "{{ secret_password }}"
    targets:
      - name: research
        project_name: "{{ project }}"
      - name: production
        project_name: "{{ other_project }}"
    interval: 300
    initial: false
"""

import asyncio
import logging
import pathlib
import random
import sys
import time
import typing as t

# The folder that holds ansible_collections: ansible-rulebook runs this file by its path, and knows no other of ours.
sys.path.append(str(pathlib.Path(__file__).absolute().parents[7]))

from ansible_collections.community.modelarts.plugins.module_utils import (
    _connection,
    _options,
    _picking,
    _resource_specs,
)
from ansible_collections.community.modelarts.plugins.module_utils._client import Client
from ansible_collections.community.modelarts.plugins.module_utils._errors import (
    MachineError,
    ModelArtsError,
    OptionsError,
    TargetsError,
)
from ansible_collections.community.modelarts.plugins.module_utils._tokens import UNAUTHORIZED, Tokens
from ansible_collections.community.modelarts.plugins.plugin_utils._changes import Watch

# Not ``__name__``, as ansible-rulebook loads this file under another name.
LOGGER = logging.getLogger("community.modelarts.resource_specs")

OWN_OPTIONS: dict[str, dict[str, t.Any]] = {
    "interval": {"type": "float", "default": 60},
    "max_interval": {"type": "float", "default": 900},
    "jitter": {"type": "float", "default": 0.1},
    "initial": {"type": "bool", "default": True},
}

# What picks one of several, which nobody does here.
LEFT_OUT = ("fallbacks", "order_by", "prices", "on_no_match")

# A day, in seconds.
LONGEST_INTERVAL = 24 * 60 * 60

# The access key or the secret key is wrong. ModelArts says so with the status 403.
BAD_KEY = "ModelArts.0206"


async def main(queue: asyncio.Queue[dict[str, t.Any]], args: dict[str, t.Any]) -> None:
    """Entry of ansible-rulebook. Ends only by ModelArtsError, where to ask again is of no use, or when cancelled."""
    parameters = parsed(args)
    tokens = Tokens()
    watch = Watch(parameters["initial"])
    failures = 0
    while True:
        try:
            answer = await asyncio.to_thread(ask, parameters, tokens)
        except ModelArtsError as error:
            if isinstance(error, MachineError):
                error.on_controller()
            failures += 1
            wait = None if is_final(error) else pause(parameters, failures)
            told = {**error.result(), "failures": failures, "time": now(), "next_in": wait}
            await queue.put({"resource_specs_failure": told})
            if wait is None:
                raise
            LOGGER.warning("%s Failures in a row: %d. Asking again in %.0f seconds", error, failures, wait)
        else:
            failures = 0
            wait = pause(parameters, failures)
            for change in watch.changes(answer):
                await queue.put({"resource_spec": {**change._asdict(), "time": answer["time"]}})
        await asyncio.sleep(wait)


def arguments() -> dict[str, t.Any]:
    """What ``ArgumentSpecValidator`` takes: the options of the module that are of use, and its own."""
    of_the_module = _options.resource_specs_arguments()
    kept = {name: spec for name, spec in of_the_module["argument_spec"].items() if name not in LEFT_OUT}
    exclusive = {name: value for name, value in of_the_module.items() if name == "mutually_exclusive"}
    return {"argument_spec": {**kept, **OWN_OPTIONS}, **exclusive}


def parsed(args: dict[str, t.Any]) -> dict[str, t.Any]:
    """The options as a module would get them. Raises OptionsError."""
    parameters = _options.parse(arguments(), args)
    for name in ("interval", "max_interval"):
        if not 0 < parameters[name] <= LONGEST_INTERVAL:
            raise OptionsError(f"{name} must be more than 0 and at most {LONGEST_INTERVAL} (seconds)")
    if not 0 <= parameters["jitter"] < 1:
        raise OptionsError("jitter must be from 0 to less than 1")
    parameters["requirements"] = {**(parameters["requirements"] or {}), "available": False}
    _resource_specs.check(parameters)
    _picking.check(parameters)
    return parameters


def ask(parameters: t.Mapping[str, t.Any], tokens: Tokens) -> dict[str, t.Any]:
    """Return what ``query_all`` does, with only those ``specs`` that meet the requirements, and the ``time``.

    Raises ModelArtsError, also if only some targets refused the login.
    """

    def fetch(connection: _connection.Connection) -> dict[str, t.Any]:
        return _resource_specs.query(Client(connection, tokens), parameters)

    connections = _connection.resolve(parameters)
    answer = _resource_specs.query_all(connections, parameters["on_target_error"], fetch, LOGGER.warning)
    refused = [target for target in answer.get("targets", ()) if is_refusal(target)]
    if refused:
        raise TargetsError(f"Target {refused[0]['name']} failed: {refused[0]['msg']}", {"targets": answer["targets"]})
    specs = _picking.pick(answer["specs"], parameters, LOGGER.warning)["candidates"]
    return {**answer, "specs": specs, "time": now()}


def is_final(error: ModelArtsError) -> bool:
    """Whether to ask again is of no use, or would get a user or a key locked."""
    result = error.result()
    return isinstance(error, OptionsError) or any(map(is_refusal, [result, *result.get("targets", ())]))


def is_refusal(failure: t.Mapping[str, t.Any]) -> bool:
    """Whether a failure, as a module returns it, is that of a login."""
    return failure.get("http_status") == UNAUTHORIZED or failure.get("error_code") == BAD_KEY


def pause(parameters: t.Mapping[str, t.Any], failures: int) -> float:
    """How many seconds to wait after so many failures in a row."""
    interval = parameters["interval"]
    wait = min(interval * 2.0 ** min(failures, 20), max(interval, parameters["max_interval"]))
    return float(wait * random.uniform(1 - parameters["jitter"], 1 + parameters["jitter"]))


def now() -> str:
    """The time as it is written in events."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
