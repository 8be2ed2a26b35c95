# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log in with a project-scoped token that was obtained elsewhere."""

from __future__ import annotations

import typing as t

from ansible_collections.community.modelarts.plugins.module_utils.auth import projects
from ansible_collections.community.modelarts.plugins.module_utils.auth.access import Access, TokenAuth

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.auth.access import Iam

NAME = "a token"

CREDENTIALS = ("token",)


def missing(options: t.Mapping[str, t.Any]) -> list[str]:
    """A token needs nothing beside it."""
    return []


def authenticate(options: t.Mapping[str, t.Any], iam: Iam) -> Access:
    """The token as it is. IAM is asked only for the ID of a project that is given by its name."""
    auth = TokenAuth(options["token"])
    return Access(auth, project_id=projects.project_id(options, iam, auth))
