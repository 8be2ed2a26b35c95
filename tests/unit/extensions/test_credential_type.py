# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credential type for AWX: AWX would accept it. Its fields and variables are generated."""

from __future__ import annotations

import pathlib
import types
import typing as t

import jinja2.sandbox
import pytest
import yaml

FILE = pathlib.Path(__file__).parents[3] / "extensions" / "awx" / "credential_type.yml"
TYPE: dict[str, t.Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
FIELDS: dict[str, dict[str, t.Any]] = {field["id"]: field for field in TYPE["inputs"]["fields"]}

# What AWX lets a field of one's own type say.
OF_A_FIELD = {"id", "label", "type", "help_text", "secret", "multiline"}


def test_it_is_what_the_module_takes() -> None:
    assert TYPE.keys() == {"name", "description", "kind", "inputs", "injectors"}
    assert TYPE["name"] == "ModelArts"
    assert TYPE["kind"] == "cloud"
    # Environment variables only: extra variables would show secrets.
    assert TYPE["injectors"].keys() == {"env", "file"}


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_a_field_is_one_that_awx_knows(field: dict[str, t.Any]) -> None:
    assert field.keys() <= OF_A_FIELD
    assert field["type"] in ("string", "boolean")
    assert field["label"]
    if field["type"] == "boolean":
        assert not field.keys() & {"secret", "multiline"}


def test_each_field_is_there_once() -> None:
    assert len(FIELDS) == len(TYPE["inputs"]["fields"])


def test_templates_use_fields_that_are_there() -> None:
    """As AWX checks it when the type is saved."""
    sandbox = jinja2.sandbox.ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)
    values: dict[str, t.Any] = dict.fromkeys(FIELDS, "EXAMPLE")
    values["tower"] = types.SimpleNamespace(filename="EXAMPLE_FILENAME")
    for templates in TYPE["injectors"].values():
        for template in templates.values():
            assert sandbox.from_string(template).render(values).startswith("EXAMPLE")
