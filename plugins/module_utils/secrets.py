# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must not be told: the secrets of a session, wherever a service or a library echoes them."""

from __future__ import annotations

import base64
import json
import typing as t
from urllib.parse import quote

MASK = "********"


class Secrets:
    """Hides secrets in text that comes from elsewhere, as they are and in the forms in which they travel."""

    def __init__(self, values: t.Iterable[str] = ()) -> None:
        self._forms: set[str] = set()
        for value in values:
            self.add(value)

    def add(self, value: str) -> None:
        """Hide ``value`` from now on."""
        encoded = base64.b64encode(value.encode("utf-8")).decode("ascii").rstrip("=")
        escaped = (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
        self._forms.update(form for form in (value, quote(value, safe=""), encoded, *escaped) if form)

    def hide(self, text: str) -> str:
        """``text`` without the secrets. To be applied before it is cut, or the rest of a secret would stay."""
        # Longer forms first: one may hold another.
        for form in sorted(self._forms, key=len, reverse=True):
            text = text.replace(form, MASK)
        return text
