# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of the rooms of the code has each file in one room, and arrows as the imports run."""

from __future__ import annotations

import pathlib
import re

import pytest

from ansible_collections.community.modelarts.tests.unit.test_imports import FILES, OWN, is_in

SOURCE = (pathlib.Path(__file__).parents[2] / "docs/pictures/rooms.d2").read_text(encoding="utf-8")

# The last line of a room's label names its files and folders. Those of the core are in module_utils.
ROOMS = {
    name: [part if indent == "  " else f"module_utils.{part}" for part in files.split(", ")]
    for indent, name, files in re.findall(r'(?m)^( {2,4})(\w+): ".*\\n(.*)"$', SOURCE)
}
ARROWS = set(re.findall(r"(?m)^ +(?:core\.)?(\w+) -> (?:core\.)?(\w+)$", SOURCE))

# The arrows to it would hide all others, so only the longest ways lead there.
GROUND = "ground"


def rooms_of(name: str) -> list[str]:
    return [room for room, places in ROOMS.items() if is_in(name, places)]


def imports() -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for name, wanted in OWN.items():
        for other in wanted & set(FILES):
            found.update((mine, its) for mine in rooms_of(name) for its in rooms_of(other) if mine != its)
    return found


def below(room: str) -> set[str]:
    """The rooms to which arrows lead from a room."""
    found: set[str] = set()
    queue = [room]
    while queue:
        current = queue.pop()
        queue += [end for start, end in ARROWS if start == current and end not in found]
        found.update(end for start, end in ARROWS if start == current)
    return found


@pytest.mark.parametrize("name", [name for name in FILES if not is_in(name, ["doc_fragments"])])
def test_a_file_is_in_one_room(name: str) -> None:
    assert len(rooms_of(name)) == 1


@pytest.mark.parametrize("room", ROOMS)
def test_arrows_lead_to_all_that_a_room_imports(room: str) -> None:
    assert {end for start, end in imports() if start == room} - below(room) == set()


def test_each_arrow_is_an_import() -> None:
    assert ARROWS - imports() == set()


def test_the_ground_imports_from_no_other_room() -> None:
    assert {end for start, end in imports() if start == GROUND} == set()
