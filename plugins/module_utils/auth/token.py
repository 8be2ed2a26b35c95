# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log in with a project-scoped token that was obtained elsewhere."""

from __future__ import annotations

import typing as t

from ansible_collections.community.modelarts.plugins.module_utils.auth.access import Access, TokenAuth

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.auth.access import Iam

CREDENTIALS = ("token",)


def validate(options: t.Mapping[str, t.Any]) -> None:
    """A token needs nothing beside it."""


def authenticate(options: t.Mapping[str, t.Any], iam: Iam) -> Access:
    """The token as it is; nothing is sent."""
    return Access(TokenAuth(options["token"]))
