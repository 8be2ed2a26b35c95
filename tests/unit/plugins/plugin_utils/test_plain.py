# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of Ansible as plain Python. The integration target of the lookup has those that only a play can make."""

from __future__ import annotations

import datetime
import typing as t

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.community.modelarts.plugins.plugin_utils._plain import plain
from ansible_collections.community.modelarts.tests.unit.conftest import trust_as_template

PLACEHOLDER = "__omit_place_holder__0123456789abcdef"


def types(value: t.Any) -> t.Any:
    """Replace each value by its type."""
    if isinstance(value, dict):
        return type(value), [(types(name), types(item)) for name, item in value.items()]
    return (type(value), [types(item) for item in value]) if isinstance(value, list) else type(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (0.5, 0.5),
        ("text", "text"),
        (wrap_var("{{ text }}"), "{{ text }}"),
        (wrap_var({"a": ["b", 1]}), {"a": ["b", 1]}),
        (trust_as_template("{{ text }}"), "{{ text }}"),
        ({"a": ("b", {"c"})}, {"a": ["b", ["c"]]}),
        ((number for number in (1, 2)), [1, 2]),
        ({None: 1, 7: 2}, {None: 1, 7: 2}),
        (datetime.date(2026, 1, 2), "2026-01-02"),
        (PLACEHOLDER, None),
        ({"a": PLACEHOLDER, "b": ["c", PLACEHOLDER]}, {"b": ["c"]}),
    ],
)
def test_plain_values(value: t.Any, expected: t.Any) -> None:
    found = plain(value)
    assert found == expected
    assert types(found) == types(expected)


def test_what_a_template_gives() -> None:
    variables = {"nested": {"a": trust_as_template("{{ 6 * 7 }}"), "b": [trust_as_template("{{ text }}")], "text": "x"}}
    variables["text"] = "y"  # type: ignore[assignment]
    value = plain(Templar(DataLoader(), variables=variables).template(trust_as_template("{{ nested }}")))
    assert value == {"a": value["a"], "b": ["y"], "text": "x"}
    assert types(value) == types({"a": value["a"], "b": [""], "text": ""})
