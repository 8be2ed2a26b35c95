# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of cases that the core and each face of it are held to."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
import yaml

_TABLE = yaml.safe_load(
    (pathlib.Path(__file__).parents[1] / "data" / "selection_cases.yml").read_text(encoding="utf-8")
)

SPECS: dict[str, list[dict[str, t.Any]]] = _TABLE["selection_specs"]
CASES: list[dict[str, t.Any]] = _TABLE["selection_cases"]

OPTIONS = ("requirements", "fallbacks", "order_by", "prices")


def each_case(of_the_core: bool) -> pytest.MarkDecorator:
    """Runs a test with each ``case``; those that Ansible's argument specs refuse only for the core and the filter."""
    cases = [case for case in CASES if of_the_core or not case.get("core_only")]
    return pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in cases])


def options_of(case: dict[str, t.Any]) -> dict[str, t.Any]:
    """The options that a case gives."""
    return {name: case[name] for name in OPTIONS if name in case}


def check_result(case: dict[str, t.Any], result: dict[str, t.Any]) -> None:
    """Hold what picking gave against what the case expects."""
    assert result["met_by"] == case["met_by"]
    assert (result["selected"] or {}).get("spec_id") == case["selected"]
    assert [spec.get("spec_id") for spec in result["candidates"]] == case["candidates"]
    reasons = {rejected["spec_id"]: rejected["reasons"] for rejected in result["rejected"]}
    assert {name: reasons[name] for name in case.get("rejected", {})} == case.get("rejected", {})
    assert case.get("explanation", "") in result.get("explanation", "")
    assert ("explanation" in result) == (case["met_by"] is None)
