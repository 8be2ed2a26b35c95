# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event source for Event-Driven Ansible: changes of the machine specifications that suit a job."""

from __future__ import annotations

DOCUMENTATION = r"""
---
short_description: Emit events when machine specifications for ModelArts jobs become available or sell out
description:
  - Queries ModelArts repeatedly for the specifications that a job may use, and emits an event for each change among
    those that meet O(requirements).
  - The event has the key C(resource_spec). In it, C(change) says what changed, C(time) when that was seen, in UTC,
    and C(spec) is the specification with the fields and values that the service returns. With O(targets), its field
    C(target) has the name of the target.
  - C(change) is V(available) when the specification became available, V(sold_out) when it sold out, V(appeared) when
    it is new among those that meet O(requirements), and V(gone) when it is no longer among them. A specification that
    appears and is available causes both V(appeared) and V(available). With V(gone), C(spec) is the specification as
    last seen.
  - A failure is logged as a warning, and emitted as an event with the key C(resource_specs_failure). It contains
    C(msg) and, if known, C(error_code), C(error_message), C(http_status) and C(request_id), as the module returns
    them; C(failures), the number of failures in a row; C(time); and C(next_in), the seconds until the next attempt.
    The wait doubles after each failure, up to O(max_interval).
  - A refused login ends the source, because clouds lock a user or a key after a few refusals. Invalid options end it as
    well. C(next_in) of the event is then V(null).
  - It logs in once, and again when the token expires.
  - The Python that runs ansible-rulebook must have ansible-core and requests.
extends_documentation_fragment:
  - community.modelarts.connection
  - community.modelarts.targets
  - community.modelarts.query
options:
  requirements:
    description:
      - What a specification must meet, as in M(community.modelarts.modelarts_resource_specs_info). Without it, all
        specifications are watched.
      - The key C(available) has no effect, because sold-out specifications are watched as well.
    type: dict
  interval:
    description:
      - Number of seconds between a response and the next query.
    type: float
    default: 60
  max_interval:
    description:
      - Maximum number of seconds to wait after failures. If O(interval) is longer, it is used instead.
    type: float
    default: 900
  jitter:
    description:
      - Fraction by which each wait is randomly longer or shorter, so that many sources do not query at the same time.
    type: float
    default: 0.1
  initial:
    description:
      - Whether to emit V(available) for each specification that is available in the first response.
    type: bool
    default: true
notes:
  - Environment variables are read from the environment of ansible-rulebook.
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

# The folder that contains ansible_collections: ansible-rulebook loads this file by its path and finds no other of ours.
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
    refuses_credential,
)
from ansible_collections.community.modelarts.plugins.module_utils._response import refuses_token
from ansible_collections.community.modelarts.plugins.module_utils._tokens import Tokens
from ansible_collections.community.modelarts.plugins.plugin_utils._changes import Watch

# Not ``__name__``, as ansible-rulebook loads this file under another name.
LOGGER = logging.getLogger("community.modelarts.resource_specs")

OWN_OPTIONS: dict[str, dict[str, t.Any]] = {
    "interval": {"type": "float", "default": 60},
    "max_interval": {"type": "float", "default": 900},
    "jitter": {"type": "float", "default": 0.1},
    "initial": {"type": "bool", "default": True},
}

# Options for picking, which an event source does not do.
EXCLUDED = ("fallbacks", "order_by", "prices", "on_no_match")

# A day, in seconds.
LONGEST_INTERVAL = 24 * 60 * 60


async def main(queue: asyncio.Queue[dict[str, t.Any]], args: dict[str, t.Any]) -> None:
    """Run the source for ansible-rulebook until cancelled. Raises ModelArtsError if further queries are of no use."""
    parameters = parsed(args)
    tokens = Tokens()
    watch = Watch(parameters["initial"])
    failures = 0
    while True:
        try:
            result = await asyncio.to_thread(query, parameters, tokens)
        except ModelArtsError as error:
            if isinstance(error, MachineError):
                error.on_controller()
            failures += 1
            wait = None if is_final(error) else pause(parameters, failures)
            failure = {**error.result(), "failures": failures, "time": now(), "next_in": wait}
            await queue.put({"resource_specs_failure": failure})
            if wait is None:
                raise
            LOGGER.warning("%s Failures in a row: %d. Next query in %.0f seconds", error, failures, wait)
        else:
            failures = 0
            wait = pause(parameters, failures)
            for change in watch.changes(result):
                await queue.put({"resource_spec": {**change._asdict(), "time": result["time"]}})
        await asyncio.sleep(wait)


def arguments() -> dict[str, t.Any]:
    """Return the arguments of ``ArgumentSpecValidator``: the options of the module that apply, and its own."""
    of_the_module = _options.resource_specs_arguments()
    kept = {name: spec for name, spec in of_the_module["argument_spec"].items() if name not in EXCLUDED}
    exclusive = {name: value for name, value in of_the_module.items() if name == "mutually_exclusive"}
    return {"argument_spec": {**kept, **OWN_OPTIONS}, **exclusive}


def parsed(args: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the options as a module would get them. Raises OptionsError."""
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


def query(parameters: t.Mapping[str, t.Any], tokens: Tokens) -> dict[str, t.Any]:
    """Return the result of ``query_all`` with only those ``specs`` that meet the requirements, and the ``time``.

    Raises ModelArtsError, also if only some targets refused the login.
    """

    def fetch(connection: _connection.Connection) -> dict[str, t.Any]:
        return _resource_specs.query(Client(connection, tokens), parameters)

    connections = _connection.resolve(parameters)
    result = _resource_specs.query_all(connections, parameters["on_target_error"], fetch, LOGGER.warning)
    refused = [target for target in result.get("targets", ()) if refuses_login(target)]
    if refused:
        raise TargetsError(f"Target {refused[0]['name']} failed: {refused[0]['msg']}", {"targets": result["targets"]})
    specs = _picking.pick(result["specs"], parameters, LOGGER.warning)["candidates"]
    return {**result, "specs": specs, "time": now()}


def is_final(error: ModelArtsError) -> bool:
    """Tell whether another query would be of no use, or would get a user or a key locked."""
    result = error.result()
    return isinstance(error, OptionsError) or any(map(refuses_login, [result, *result.get("targets", ())]))


def refuses_login(failure: t.Mapping[str, t.Any]) -> bool:
    """Tell whether a failure is that of a credential or of a token; one that can be renewed was renewed before."""
    return refuses_credential(failure) or refuses_token(failure)


def pause(parameters: t.Mapping[str, t.Any], failures: int) -> float:
    """Return the seconds to wait after this number of failures in a row."""
    interval = parameters["interval"]
    wait = min(interval * 2.0 ** min(failures, 20), max(interval, parameters["max_interval"]))
    return float(wait * random.uniform(1 - parameters["jitter"], 1 + parameters["jitter"]))


def now() -> str:
    """Return the current time in the form that events have."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
