# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Query with the core as a module does: options in, specs out, or the one error that a user sees."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import _options, _resource_specs
from ansible_collections.community.modelarts.plugins.module_utils._client import Client
from ansible_collections.community.modelarts.plugins.module_utils._connection import Connection, resolve
from ansible_collections.community.modelarts.plugins.module_utils._errors import ModelArtsError, ServiceError
from ansible_collections.community.modelarts.plugins.module_utils._tokens import Tokens

Options = dict[str, t.Any]


def parse(options: Options) -> Options:
    """Parse the options of a task."""
    return _options.parse(_options.resource_specs_arguments(), options)


def connect(**options: t.Any) -> Connection:
    """Resolve the options of a task without targets."""
    (connection,) = resolve(parse(options))
    return connection


def query(login: Options, tokens: Tokens | None = None, **more: t.Any) -> Options:
    """Return what a module returns."""
    options = {**login, **more}
    return _resource_specs.query(Client(connect(**options), tokens), parse(options))


def failed(
    login: Options, kind: type[ModelArtsError] = ServiceError, tokens: Tokens | None = None, **more: t.Any
) -> ModelArtsError:
    """Return the error that a module shows, which must have no secret of the login in it."""
    with pytest.raises(kind) as caught:
        query(login, tokens, **more)
    secrets = [value for name, value in {**login, **more}.items() if value and _options.CONNECTION[name].secret]
    assert not any(secret in str(caught.value.result()) for secret in secrets)
    return caught.value
