# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of cases that the core and each plugin have to pass."""

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


# Runs a test with each ``case``.
each_case = pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])


def options_of(case: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the options that a case gives."""
    return {name: case[name] for name in OPTIONS if name in case}


def check_result(case: dict[str, t.Any], result: dict[str, t.Any]) -> None:
    """Compare what picking returned with what the case expects."""
    assert result["met_by"] == case["met_by"]
    assert (result["selected"] or {}).get("spec_id") == case["selected"]
    assert [spec.get("spec_id") for spec in result["candidates"]] == case["candidates"]
    reasons = {rejected["spec_id"]: rejected["reasons"] for rejected in result["rejected"]}
    assert {name: reasons[name] for name in case.get("rejected", {})} == case.get("rejected", {})
    assert case.get("explanation", "") in result.get("explanation", "")
    assert ("explanation" in result) == (case["met_by"] is None)
