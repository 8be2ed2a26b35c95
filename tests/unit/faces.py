# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The query as its users call it, within the process of a test: as a module, and as a lookup. And the other modules."""

from __future__ import annotations

import contextlib
import io
import json
import typing as t
from unittest import mock

from ansible.module_utils import basic
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader
from ansible.template import Templar

from ansible_collections.community.modelarts.plugins.module_utils._module import ModelArtsModule
from ansible_collections.community.modelarts.plugins.modules import modelarts_resource_specs_info

LOOKUP = "community.modelarts.modelarts_resource_specs"


class NotParsed(Exception):
    """Ansible itself broke down over the arguments, before anything of the module ran."""


def module(face: t.Any = modelarts_resource_specs_info, /, **options: t.Any) -> dict[str, t.Any]:
    """What the module returns for these options; another one than that of the query can be named.

    Raises what a user would see as a traceback (NotParsed where that is Ansible's own), and ValueError if what it
    prints is no JSON.
    """
    # As Ansible hands arguments over; since ansible-core 2.19 with a profile of how values are written.
    arguments = {"_ANSIBLE_ARGS": json.dumps({"ANSIBLE_MODULE_ARGS": options}).encode(), "_ANSIBLE_PROFILE": "legacy"}
    arguments = {name: value for name, value in arguments.items() if hasattr(basic, name)}
    output = io.StringIO()
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(output))
        stack.enter_context(contextlib.suppress(SystemExit))
        stack.enter_context(mock.patch.multiple(basic, **t.cast("dict[str, t.Any]", arguments)))
        stack.enter_context(mock.patch.object(face, "ModelArtsModule", _parse))
        face.main()
    result = json.loads(output.getvalue())
    assert isinstance(result, dict)
    # Beside what was given, which Ansible repeats as it is.
    json.dumps({name: value for name, value in result.items() if name != "invocation"}, allow_nan=False)
    return result


def lookup(*terms: t.Any, variables: dict[str, t.Any] | None = None, **keywords: t.Any) -> list[dict[str, t.Any]]:
    """What the lookup gives for these terms and keywords; raises what it raises."""
    templar = Templar(DataLoader(), variables=variables or {})
    plugin = lookup_loader.get(LOOKUP, templar=templar)
    return t.cast("list[dict[str, t.Any]]", plugin.run(list(terms), variables=variables or {}, **keywords))


def _parse(arguments: dict[str, t.Any]) -> ModelArtsModule:
    try:
        return ModelArtsModule(arguments)
    except Exception as error:
        raise NotParsed from error
