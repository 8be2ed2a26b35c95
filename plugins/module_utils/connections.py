# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection of each target: its own options, laid over those that the task gives for all."""

from __future__ import annotations

import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import options
from ansible_collections.community.modelarts.plugins.module_utils.ambient import Ambient
from ansible_collections.community.modelarts.plugins.module_utils.auth import choice
from ansible_collections.community.modelarts.plugins.module_utils.client import Client
from ansible_collections.community.modelarts.plugins.module_utils.errors import OptionsError

# What says where to ask. Where a target has one of these, those behind it are not taken from the task: they would lead
# to another place than the one that the target names.
PLACE = ("cloud", "auth_url", "region", "endpoint")


class Connection(t.NamedTuple):
    """What is asked for one target: ``parameters`` are complete, those of the query among them."""

    name: str
    parameters: dict[str, t.Any]


def connections(parameters: t.Mapping[str, t.Any]) -> list[Connection]:
    """The connections of ``targets``, in the order given.

    Raises OptionsError, naming the target, if its options do not make a request, or if its name is not its own.
    """
    targets = parameters["targets"]
    _check_names([target["name"] for target in targets])
    of_a_connection = options.connection()
    common = options.given({name: parameters.get(name) for name in of_a_connection})
    others = {
        name: value
        for name, value in parameters.items()
        if name not in of_a_connection and name not in ("targets", "on_target_error")
    }
    return [_connection(target, common, others) for target in targets]


def _check_names(names: t.Sequence[str]) -> None:
    for number, name in enumerate(names):
        if not name.strip():
            raise OptionsError(f"targets[{number}] has an empty name")
        if name in names[:number]:
            raise OptionsError(f"Two targets have the name {name}: each needs one of its own")


def _connection(
    target: t.Mapping[str, t.Any], common: t.Mapping[str, t.Any], others: t.Mapping[str, t.Any]
) -> Connection:
    own = {name: value for name, value in target.items() if name != "name" and value is not None and value != ""}
    try:
        chosen = _laid_over(common, own)
        way = choice.choose(chosen)
        # What clouds.yaml says is said for the region.
        has_address = "auth_url" in own or "endpoint" in chosen or "cloud" in own or "cloud" in common
        if "region" in own and not has_address and not choice.asks_for_a_token(way, chosen):
            raise OptionsError(
                "region finds ModelArts only in the catalog of a token that IAM issues: give endpoint or auth_url"
            )
        Client(chosen)
    except OptionsError as error:
        raise OptionsError(f"Target {target['name']}: {error}") from None
    return Connection(target["name"], {**others, **chosen})


def _laid_over(common: t.Mapping[str, t.Any], own: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The target's ``own`` options, and of the ``common`` ones those that go together with them.

    What the target gives beats what the task gives as that beats the environment; for that moment all of the latter
    counts as ambient. It goes on to, where the target names a cloud: what clouds.yaml says is then the target's own.
    """
    places = [PLACE.index(name) for name in PLACE if name in own]
    left_out = PLACE[min(places) :] if places else ()
    marked = {
        name: Ambient(value) if isinstance(value, str) else value
        for name, value in common.items()
        if name not in left_out
    }
    values = options.given({**marked, **own})
    choice.settle(values)
    return {name: own.get(name, (marked if "cloud" in own else common).get(name)) for name in values}
