# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide "What can go wrong" has what the table of faults says, to which module and lookup are held."""

from __future__ import annotations

import pathlib
import re
import typing as t

import pytest
import yaml

ROOT = pathlib.Path(__file__).parents[2]
FAULTS: list[dict[str, t.Any]] = [
    fault
    for name in ("faults", "job_faults")
    for fault in yaml.safe_load((ROOT / f"tests/data/{name}.yml").read_text(encoding="utf-8"))["faults"]
]


def rows() -> list[list[str]]:
    """The rows of all tables of the guide but their heads, each a list of cells."""
    page = (ROOT / "docs/docsite/rst/what_can_go_wrong.rst").read_text(encoding="utf-8")
    found: list[list[str]] = []
    for row in re.findall(r"(?m)^   \* - (.*\n(?:     .*\n)*)", page):
        found.append([" ".join(cell.split()) for cell in re.split(r"(?m)^     - ", row)])
    return [row for row in found if row[0] != "What happens"]


ROWS = {row[0]: row[1:] for row in rows()}


def test_there_is_a_row_for_all_that_happens_and_no_other() -> None:
    assert [row[0] for row in rows()] == list(dict.fromkeys(fault["happens"] for fault in FAULTS))


@pytest.mark.parametrize("fault", [pytest.param(fault, id=fault["name"]) for fault in FAULTS])
def test_a_row_says_what_is_seen(fault: dict[str, t.Any]) -> None:
    seen, to_do = ROWS[fault["happens"]]
    assert to_do
    assert ("specs" in fault) == seen.startswith("No failure")
    literals = re.findall("``([^`]*)``", seen)
    assert [part for part in fault.get("says", []) if part not in literals] == []
    assert fault.get("error_code") in (None, *literals)
    status = fault.get("http_status")
    assert status in (None, 200, 201) or f"HTTP {status}" in seen


def test_names_are_unique() -> None:
    assert len({fault["name"] for fault in FAULTS}) == len(FAULTS)


def test_a_failure_says_what_to_do_next_if_known() -> None:
    assert {fault["happens"] for fault in FAULTS if "specs" not in fault and "next" not in fault} == {
        "The service reports a failure, whatever the HTTP status"
    }
