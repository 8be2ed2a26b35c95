# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must not be told: the secrets of a session, wherever a service or a library echoes them."""

from __future__ import annotations

import base64
import json
import typing as t
from urllib.parse import quote, quote_plus

MASK = "********"

# What has fewer characters would be found by chance.
SHORTEST_PART = 4


class Secrets:
    """Hides secrets in text that comes from elsewhere, as they are and in the forms in which they travel."""

    def __init__(self, values: t.Iterable[str] = ()) -> None:
        self._forms: set[str] = set()
        for value in values:
            self.add(value)

    def add(self, value: str) -> None:
        """Hide ``value`` from now on."""
        quoted = (quote(value), quote(value, safe=""), quote_plus(value))
        escaped = (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
        self._forms.update(form for form in (value, *quoted, *escaped, *_in_base64(value.encode("utf-8"))) if form)

    def hide(self, text: str) -> str:
        """``text`` without the secrets. To be applied before it is cut, or the rest of a secret would stay."""
        # Longer forms first: one may hold another.
        for form in sorted(self._forms, key=len, reverse=True):
            text = text.replace(form, MASK)
        return text


def _in_base64(value: bytes) -> t.Iterator[str]:
    """``value`` in base64: alone, and as a part of what is encoded, which looks otherwise for each place modulo 3.

    Characters that hold bits of a neighbour as well are left out of a part.
    """
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(value).decode("ascii").rstrip("=")
        for before in range(3):
            encoded = encode(bytes(before) + value).decode("ascii")
            part = encoded[(before * 8 + 5) // 6 : (before + len(value)) * 8 // 6]
            if len(part) >= SHORTEST_PART:
                yield part
