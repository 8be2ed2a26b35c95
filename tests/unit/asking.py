# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Query with the core as a module does: options in, specs out, or the failure that the user sees."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import _connection, _options, _resource_specs
from ansible_collections.community.modelarts.plugins.module_utils._client import Client
from ansible_collections.community.modelarts.plugins.module_utils._errors import ModelArtsError, ServiceError

# What Ansible hands over where nothing is given.
DEFAULTS: dict[str, t.Any] = {
    name: spec.get("default") for name, spec in _options.resource_specs_arguments()["argument_spec"].items()
}

SECRETS = [name for name, option in _options.CONNECTION.items() if option.secret]


def query(login: dict[str, t.Any], **more: t.Any) -> dict[str, t.Any]:
    """Return what the query of a single connection returns."""
    parameters = {**DEFAULTS, **login, **more}
    [connection] = _connection.resolve(parameters)
    return _resource_specs.query(Client(connection), parameters)


def failed(login: dict[str, t.Any], kind: type[ModelArtsError] = ServiceError, **more: t.Any) -> ModelArtsError:
    """Return the error of a query that fails; it must not contain a secret of the login."""
    with pytest.raises(kind) as caught:
        query(login, **more)
    for secret in SECRETS:
        assert str(login.get(secret) or "no such text") not in str(caught.value.result())
    return caught.value
