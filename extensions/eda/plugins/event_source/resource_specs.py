# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An event source for Event-Driven Ansible: what changes among the machine specifications that suit a job."""

from __future__ import annotations

import asyncio
import logging
import pathlib
import random
import sys
import typing as t

# The folder that holds ansible_collections: ansible-rulebook loads this file by its path, and knows no other of ours.
sys.path.append(str(pathlib.Path(__file__).resolve().parents[7]))

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.community.modelarts.plugins.module_utils import options, resource_specs, targets
from ansible_collections.community.modelarts.plugins.module_utils.client import Client
from ansible_collections.community.modelarts.plugins.module_utils.errors import ModelArtsError, OptionsError
from ansible_collections.community.modelarts.plugins.module_utils.logins import Logins
from ansible_collections.community.modelarts.plugins.module_utils.picking import pick

DOCUMENTATION = r"""
short_description: Tell when a machine specification of ModelArts becomes available, sells out, appears or goes
description:
  - Asks ModelArts again and again which specifications a job may use, and emits an event for each change among those
    that meet O(requirements), whether they are available or not.
  - An event has the key C(resource_spec) with C(change), one of V(available), V(sold_out), V(appeared), V(gone); with
    C(spec), the specification as the service gives it; with C(spec_code) and C(spec_id) of it; and with C(first),
    which is V(true) for what was found when the source began. Of those only V(available) is told.
  - A specification that appears is told as V(appeared), and if it is available as V(available) too.
  - A failure is logged, and the next attempt waits twice as long each time, up to O(longest_interval). A login that is
    wrong or refused ends the source, because clouds lock a user or a key after a few of them.
  - It needs ansible-core and requests where ansible-rulebook runs.
options:
  interval:
    description: How long to wait from one query to the next, in seconds.
    type: float
    default: 60
  longest_interval:
    description: How long to wait at most after failures, in seconds.
    type: float
    default: 900
  jitter:
    description: By what part of it each wait is longer or shorter, by chance, so that many sources do not ask at once.
    type: float
    default: 0.1
  requirements:
    description: What a specification has to meet. See M(community.modelarts.modelarts_resource_specs_info).
    type: dict
    default: {}
notes:
  - All options of M(community.modelarts.modelarts_resource_specs_info) that say where the cloud is, how to log in and
    what to ask can be given, and come from the environment of ansible-rulebook otherwise.
"""

EXAMPLES = r"""
- name: Train as soon as a V100 is free
  hosts: all
  sources:
    - community.modelarts.resource_specs:
        job_type: train
        requirements:
          gpu_types: [v100]
        interval: 120
  rules:
    - name: A V100 is free
      condition: event.resource_spec.change == "available"
      action:
        run_playbook:
          name: community.modelarts.pick_spec
"""

LOGGER = logging.getLogger(__name__)

OWN_ARGUMENTS: dict[str, dict[str, t.Any]] = {
    "interval": {"type": "float", "default": 60},
    "longest_interval": {"type": "float", "default": 900},
    "jitter": {"type": "float", "default": 0.1},
}

Spec = dict[str, t.Any]
Key = tuple[t.Any, ...]


async def main(queue: asyncio.Queue[dict[str, t.Any]], args: dict[str, t.Any]) -> None:
    """Entry of ansible-rulebook. Raises ModelArtsError where to go on would be of no use."""
    parameters = parse(args)
    logins = Logins()
    before: dict[Key, Spec] | None = None
    failures = 0
    while True:
        try:
            now = await asyncio.to_thread(matching, parameters, logins)
        except ModelArtsError as error:
            if isinstance(error, OptionsError) or error.http_status == 401:
                raise
            failures += 1
            LOGGER.warning("%s", error)
        else:
            failures = 0
            for change in changes(before, now):
                await queue.put({"resource_spec": change})
            before = now
        await asyncio.sleep(pause(parameters, failures, random.uniform(-1, 1)))


def parse(args: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The options of the source, parsed as those of the module are. Raises OptionsError."""
    of_the_module = options.arguments()
    spec = {**of_the_module["argument_spec"], **OWN_ARGUMENTS}
    result = ArgumentSpecValidator(**{**of_the_module, "argument_spec": spec}).validate(dict(args))
    if result.error_messages:
        raise OptionsError("; ".join(result.error_messages))
    parameters = dict(result.validated_parameters)
    parameters["requirements"] = {**(parameters["requirements"] or {}), "available": False}
    if parameters["interval"] <= 0 or not 0 <= parameters["jitter"] < 1:
        raise OptionsError("interval must be more than 0 (seconds), and jitter from 0 to less than 1")
    pick((), requirements=parameters["requirements"])
    return parameters


def matching(parameters: t.Mapping[str, t.Any], logins: Logins) -> dict[Key, Spec]:
    """The specs that meet the requirements, sold out or not, by what identifies them. Raises ModelArtsError."""
    answer = targets.ask(parameters, lambda one: resource_specs.query(Client(one, logins), one), LOGGER.warning)
    found = pick(answer["specs"], requirements=parameters["requirements"])["candidates"]
    return {(spec.get("target"), spec.get("spec_code"), spec.get("spec_id")): spec for spec in found}


def changes(before: dict[Key, Spec] | None, now: dict[Key, Spec]) -> list[dict[str, t.Any]]:
    """What happened between two answers; ``before`` is None for the first."""
    told = []
    for key in [*now, *((before or {}).keys() - now.keys())]:
        old, new = (before or {}).get(key), now.get(key)
        for change in _changes_of(old, new, before is None):
            spec = t.cast("Spec", new or old)
            told.append(
                {
                    "change": change,
                    "first": before is None,
                    "spec_code": spec.get("spec_code"),
                    "spec_id": spec.get("spec_id"),
                    "spec": spec,
                }
            )
    return told


def _changes_of(old: Spec | None, new: Spec | None, is_first: bool) -> t.Iterator[str]:
    if new is None:
        yield "gone"
    elif old is None:
        if not is_first:
            yield "appeared"
        if _is_available(new):
            yield "available"
    elif _is_available(old) != _is_available(new):
        yield "available" if _is_available(new) else "sold_out"


def _is_available(spec: Spec) -> bool:
    return bool(pick([spec], requirements={})["candidates"])


def pause(parameters: t.Mapping[str, t.Any], failures: int, chance: float) -> float:
    """How long to wait after so many failures in a row, in seconds; ``chance`` is from -1 to 1."""
    wait = parameters["interval"] * 2 ** min(failures, 32)
    longest = max(parameters["longest_interval"], parameters["interval"]) if failures else wait
    return float(min(wait, longest) * (1 + parameters["jitter"] * chance))
