# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The choice between the ways to log in, each of which is a module of this package."""

from __future__ import annotations

import typing as t

from ansible_collections.community.modelarts.plugins.module_utils.ambient import drop_ambient
from ansible_collections.community.modelarts.plugins.module_utils.auth import aksk, password, token
from ansible_collections.community.modelarts.plugins.module_utils.errors import OptionsError

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.auth.access import Access, Iam

NO_LOGIN = (
    "No login is given. Give one of: token; access_key and secret_key; username and password (with user_domain_name or "
    "user_domain_id); user_id and password. Each can also come from the environment, for example OS_TOKEN"
)


class Way(t.Protocol):
    """What the module of a way offers."""

    @property
    def CREDENTIALS(self) -> tuple[str, ...]:
        """The options whose presence says that this way is meant."""

    def validate(self, options: t.Mapping[str, t.Any]) -> None:
        """Raises OptionsError that names what is missing; sends nothing."""

    def authenticate(self, options: t.Mapping[str, t.Any], iam: Iam) -> Access:
        """Log in; ``iam`` sends to IAM, where that is needed."""


# In the order in which they are chosen.
WAYS: tuple[Way, ...] = (token, aksk, password)

# The options that make up a login. Two sessions that agree in all of them can share one.
IDENTITY = (
    "auth_url",
    *(name for way in WAYS for name in way.CREDENTIALS),
    "user_domain_name",
    "user_domain_id",
    "project_id",
    "project_name",
)


def choose(options: dict[str, t.Any]) -> Way:
    """The first way that ``options`` (see ``options.given``) give, validated.

    A login written in the task beats one from the environment: the latter's options are removed from ``options``.
    Raises OptionsError if no way is given, or if the chosen one is incomplete.
    """
    drop_ambient(options, [way.CREDENTIALS for way in WAYS])
    for way in WAYS:
        if any(name in options for name in way.CREDENTIALS):
            way.validate(options)
            return way
    raise OptionsError(NO_LOGIN)
