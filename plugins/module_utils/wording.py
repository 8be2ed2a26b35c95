# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How numbers and names are written in messages."""

from __future__ import annotations

import typing as t

LONGEST_NAME = 60


def number(value: float) -> str:
    """``8.0`` as "8", ``0.5`` as "0.5"; no exponent below a quadrillion."""
    return f"{value:.15g}"


def counted(value: float, one: str, many: str) -> str:
    """``1, "GPU", "GPUs"`` as "1 GPU", ``4`` of the same as "4 GPUs"."""
    return f"{number(value)} {one if value == 1 else many}"


def name(text: str, longest: int = LONGEST_NAME) -> str:
    """A name as the API or the user wrote it, cut off where it would fill the message."""
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def listed(
    names: t.Iterable[str], most: int, rest: str = "more", notes: t.Callable[[str], str] = lambda name: ""
) -> str:
    """The different names as "a, b, c"; "a, b and 3 more" where there are more than ``most``.

    ``notes`` gives what stands behind a name.
    """
    return _capped(names, most, ", ", f"and {{}} {rest}", notes)


def either(names: t.Iterable[str], most: int) -> str:
    """The different names as "a or b or c"; "a or b or 3 more" where there are more than ``most``."""
    return _capped(names, most, " or ", "or {} more", lambda name: "")


def _capped(names: t.Iterable[str], most: int, joint: str, rest: str, notes: t.Callable[[str], str]) -> str:
    different = list(dict.fromkeys(names))
    # One more name says more than "1 more".
    if len(different) <= most + 1:
        most = len(different)
    shown = joint.join(name(each) + notes(each) for each in different[:most])
    return shown if len(different) == most else f"{shown} {rest.format(len(different) - most)}"
