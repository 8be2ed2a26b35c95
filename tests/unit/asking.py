# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask with the core as a module does: options in, specs out, or the one failure that a user is told."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import options, resource_specs
from ansible_collections.community.modelarts.plugins.module_utils.client import Client
from ansible_collections.community.modelarts.plugins.module_utils.errors import ModelArtsError, ServiceError

# What Ansible hands on where nothing is given.
DEFAULTS: dict[str, t.Any] = {name: spec.get("default") for name, spec in options.arguments()["argument_spec"].items()}


def query(login: dict[str, t.Any], **more: t.Any) -> dict[str, t.Any]:
    """What a module returns."""
    parameters = {**DEFAULTS, **login, **more}
    return resource_specs.query(Client(parameters), parameters)


def failed(login: dict[str, t.Any], kind: type[ModelArtsError] = ServiceError, **more: t.Any) -> ModelArtsError:
    """The error that it is told, which must hold no secret of the login."""
    with pytest.raises(kind) as caught:
        query(login, **more)
    for secret in options.SECRETS:
        assert str(login.get(secret) or "no such text") not in str(caught.value.result())
    return caught.value
