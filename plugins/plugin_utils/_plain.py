# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert the values that Ansible passes to a lookup or a filter to plain Python.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping

# Prefix of the text that represents ``omit`` up to ansible-core 2.18; later versions use an object.
OMIT_PLACEHOLDER = "__omit_place_holder__"
OMIT_TYPE = "_OmitType"


def plain(value: t.Any) -> t.Any:
    """Return ``value`` as plain Python: None, bool, int, float, str, list, dict. Filters use this as well.

    Ansible passes containers that render their items on access, text that is tagged or marked as unsafe, and encrypted
    text. Anything but numbers and containers becomes text, as with an argument spec. ``omit`` becomes None, and is
    removed from containers.
    """
    if value is None or isinstance(value, bool) or _is_omitted(value):
        return None if _is_omitted(value) else value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (int, float)):
        return int(value) if isinstance(value, int) else float(value)
    if isinstance(value, Mapping):
        return {_plain_key(name): plain(item) for name, item in value.items() if not _is_omitted(item)}
    # Encrypted text is a sequence up to ansible-core 2.18.
    if isinstance(value, Iterable) and not isinstance(value, bytes) and not hasattr(type(value), "__ENCRYPTED__"):
        return [plain(item) for item in value if not _is_omitted(item)]
    return str(value)


def _is_omitted(value: t.Any) -> bool:
    return type(value).__name__ == OMIT_TYPE or (isinstance(value, str) and value.startswith(OMIT_PLACEHOLDER))


def is_empty(value: t.Any) -> bool:
    """Tell whether a plain value counts as not given."""
    return value is None or value == ""


def _plain_key(name: t.Any) -> t.Any:
    return str.__str__(name) if isinstance(name, str) else name
