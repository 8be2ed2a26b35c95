# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of the code has each file in one room. Which way imports run is tested by test_imports.py."""

from __future__ import annotations

import pathlib
import re

import pytest

from ansible_collections.community.modelarts.tests.unit.test_imports import FILES, is_in

SOURCE = (pathlib.Path(__file__).parents[2] / "docs/pictures/rooms.d2").read_text(encoding="utf-8")

# The last line of a room's label names its files and folders. Those of the core are in module_utils.
ROOMS = {
    name: [part if indent == "  " else f"module_utils.{part}" for part in files.split(", ")]
    for indent, name, files in re.findall(r'(?m)^( {2,4})(\w+): ".*\\n(.*)"$', SOURCE)
}


def rooms_of(name: str) -> list[str]:
    return [room for room, places in ROOMS.items() if is_in(name, places)]


@pytest.mark.parametrize("name", [name for name in FILES if not is_in(name, ["doc_fragments"])])
def test_a_file_is_in_one_room(name: str) -> None:
    assert len(rooms_of(name)) == 1
