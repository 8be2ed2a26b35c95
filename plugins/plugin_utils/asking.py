# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done when the run's cache has no answer: the cloud is asked, by a login that the whole run shares."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import resource_specs
from ansible_collections.community.modelarts.plugins.module_utils.auth.access import Access, TokenAuth
from ansible_collections.community.modelarts.plugins.module_utils.client import Client
from ansible_collections.community.modelarts.plugins.module_utils.logins import Identity, LogIn, Logins, usable

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.plugin_utils.run_cache import RunCache


class Asker:
    """Asks the cloud; sessions of one identity share their login."""

    def __init__(self, cache: RunCache | None, timeout: float) -> None:
        """``cache`` is where logins are shared with other processes, ``timeout`` how long a refusal of one is kept."""
        self._logins = Logins() if cache is None else RunLogins(cache, timeout)

    def ask(self, parameters: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """``specs`` and ``spec_total_count`` for parsed options. Raises what ``resource_specs.query`` raises."""
        return resource_specs.query(Client(parameters, self._logins), parameters)


class RunLogins(Logins):
    """The logins of one ansible run: a token that one of its forks has obtained serves all of them."""

    def __init__(self, cache: RunCache, timeout: float) -> None:
        super().__init__()
        self._cache = cache
        self._timeout = timeout

    def obtain(self, identity: Identity, log_in: LogIn, refused: Access | None = None) -> Access:
        """See ``Logins``. A login that IAM refused fails for some time, without asking again."""

        def through_cache() -> Access:
            made: list[Access] = []

            def make() -> dict[str, t.Any] | None:
                made.append(log_in())
                return _stored(made[0])

            def is_usable(stored: dict[str, t.Any] | None) -> bool:
                return stored is not None and usable(_restored(stored), refused)

            stored = self._cache.obtain(["login", dict(identity)], self._timeout, make, is_usable)
            return made[0] if made else _restored(stored)

        return super().obtain(identity, through_cache, refused)


def _stored(access: Access) -> dict[str, t.Any] | None:
    """What JSON can hold of a login; None of one for which IAM issued nothing, and which anybody can make."""
    fields = {field.name: getattr(access, field.name) for field in dataclasses.fields(access) if field.name != "auth"}
    return fields if access.token else None


def _restored(stored: dict[str, t.Any]) -> Access:
    """Raises TypeError if this is none of ours."""
    fields = {**stored, "catalog": tuple(stored["catalog"])}
    return Access(TokenAuth(stored["token"]), **fields)
