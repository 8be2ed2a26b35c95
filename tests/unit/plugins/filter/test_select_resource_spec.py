# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter as a template calls it."""

from __future__ import annotations

import typing as t

import pytest
from ansible import template
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.utils.display import Display

from ansible_collections.community.modelarts.plugins.module_utils import _options
from ansible_collections.community.modelarts.tests.unit.conftest import trust_as_template
from ansible_collections.community.modelarts.tests.unit.selection_table import (
    CASES,
    SPECS,
    check_result,
    each_case,
    options_of,
)


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    messages: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda self, message, *args, **kwargs: messages.append(message))
    return messages


def render(expression: str, **variables: t.Any) -> t.Any:
    templar = Templar(DataLoader(), variables=variables)
    return templar.template(trust_as_template(f"{{{{ {expression} }}}}"))


def select(specs: t.Any, **options: t.Any) -> t.Any:
    arguments = ", ".join(f"{name}={name}" for name in options)
    return render(f"specs | community.modelarts.select_resource_spec({arguments})", specs=specs, **options)


@each_case
def test_picking(case: dict[str, t.Any], warnings: list[str]) -> None:
    if "error" in case:
        with pytest.raises(AnsibleError) as caught:
            select(SPECS[case["specs"]], **options_of(case))
        assert case["error"] in str(caught.value)
    else:
        check_result(case, select(SPECS[case["specs"]], **options_of(case)))
        assert warnings == ([case["warning"]] if "warning" in case else [])


def test_every_requirement_and_order_is_in_the_table() -> None:
    sets = [wanted for case in CASES for wanted in (case["requirements"], *case.get("fallbacks", ()))]
    assert {key for wanted in sets if isinstance(wanted, dict) for key in wanted} >= set(_options.REQUIREMENTS)


@pytest.mark.parametrize("specs", ["text", {"spec_id": 1}, [1], None])
def test_what_are_no_specs(specs: t.Any) -> None:
    with pytest.raises(AnsibleError, match="specs must be a list of specs as the API returns them"):
        select(specs, requirements={})


@pytest.mark.parametrize("requirements", [None, "", {}])
def test_empty_requirements_accept_what_is_not_sold_out(requirements: t.Any) -> None:
    assert select(SPECS["fleet"], requirements=requirements)["selected"]["spec_id"] == 11


def test_what_jinja_selects_is_a_list_of_specs() -> None:
    expression = "specs | selectattr('gpu_num') | community.modelarts.select_resource_spec({})"
    assert render(expression, specs=SPECS["documented"])["selected"]["spec_id"] == 4


def test_an_omitted_value_is_not_given() -> None:
    # Until ansible-core 2.18, ``omit`` is a variable with a text.
    variables = {} if hasattr(template, "trust_as_template") else {"omit": "__omit_place_holder__0123"}
    expression = (
        "specs | community.modelarts.select_resource_spec({'min_gpus': 1, 'nodes': omit, 'gpu_types': [omit, 'v100']},"
        " fallbacks=omit, order_by=nothing | default(omit))"
    )
    assert render(expression, specs=SPECS["documented"], **variables)["selected"]["spec_id"] == 4


def test_vaulted_text_is_decrypted() -> None:
    selected = select(SPECS["fleet"], requirements={"gpu_types": [encrypted("p4")], "min_cores": encrypted("8")})
    assert selected["selected"]["spec_id"] == 21


def encrypted(text: str) -> t.Any:
    """Return an inline vault as a play holds it."""
    try:
        from ansible.parsing.vault import EncryptedString
    except ImportError:
        from ansible.parsing.yaml.objects import AnsibleVaultEncryptedUnicode

        value = AnsibleVaultEncryptedUnicode(b"")
        value.vault = type("Vault", (), {"decrypt": staticmethod(lambda ciphertext, obj=None: text.encode())})()
        return value
    value = EncryptedString(ciphertext="$ANSIBLE_VAULT;1.1;AES256\n")
    object.__setattr__(value, "_plaintext", text)
    return value
