# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter as a template calls it."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.community.modelarts.tests.unit.conftest import trust_as_template
from ansible_collections.community.modelarts.tests.unit.selection_table import (
    SPECS,
    check_result,
    each_case,
    options_of,
)


def select(specs: t.Any, **options: t.Any) -> t.Any:
    arguments = ", ".join(f"{name}={name}" for name in options)
    template = f"{{{{ specs | community.modelarts.select_resource_spec({arguments}) }}}}"
    templar = Templar(DataLoader(), variables={"specs": specs, **options})
    return templar.template(trust_as_template(template))


@each_case(of_the_core=True)
def test_picking(case: dict[str, t.Any]) -> None:
    if "error" in case:
        with pytest.raises(AnsibleError) as caught:
            select(SPECS[case["specs"]], **options_of(case))
        assert case["error"] in str(caught.value)
    else:
        check_result(case, select(SPECS[case["specs"]], **options_of(case)))


@pytest.mark.parametrize("specs", ["text", {"spec_id": 1}, [1], None])
def test_what_are_no_specs(specs: t.Any) -> None:
    with pytest.raises(AnsibleError, match="specs must be a list of specs as the API gives them"):
        select(specs, requirements={})
