# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The choice between the ways to log in, each of which is a module of this package."""

from __future__ import annotations

import os
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils.ambient import (
    Ambient,
    drop_alternatives,
    drop_ambient,
)
from ansible_collections.community.modelarts.plugins.module_utils.auth import agency, aksk, cloud, password, token
from ansible_collections.community.modelarts.plugins.module_utils.errors import OptionsError

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.auth.access import Access, Iam

NO_LOGIN = (
    "No login is given. Give one of: token; access_key and secret_key; username or user_id and password (with "
    "user_domain_name or user_domain_id, and passcode where the user needs one); cloud. "
    "Each can also come from the environment, for example OS_TOKEN"
)


class Way(t.Protocol):
    """What the module of a way offers."""

    @property
    def NAME(self) -> str:
        """What completes "The login with ..." in messages."""

    @property
    def CREDENTIALS(self) -> tuple[str, ...]:
        """The options whose presence says that this way is meant."""

    def missing(self, options: t.Mapping[str, t.Any]) -> list[str]:
        """What this way needs beside them."""

    def authenticate(self, options: t.Mapping[str, t.Any], iam: Iam) -> Access:
        """Log in; ``iam`` sends to IAM, where that is needed."""


# In the order in which they are chosen. Last comes the cloud of clouds.yaml, which completes one of these.
WAYS: tuple[Way, ...] = (token, aksk, password)

# The options that make up a login. Two sessions that agree in all of them can share one.
IDENTITY = (
    "auth_url",
    *(name for way in WAYS for name in way.CREDENTIALS),
    *(f"{whose}_domain_{key}" for whose in ("user", "project") for key in ("name", "id")),
    "project_id",
    "project_name",
    *agency.OPTIONS,
)


def choose(options: dict[str, t.Any]) -> Way:
    """The first way that ``options`` (see ``options.given``) give, nothing of which is missing.

    They are settled in place: a login written in the task beats one from the environment, whose options are removed;
    ``cloud`` is replaced by what clouds.yaml says. Raises OptionsError if no way is given, or if the chosen one is
    incomplete.
    """
    if "cloud" not in options and os.environ.get(cloud.CONFIG_FILE):
        options["cloud"] = Ambient("")  # the only one of that file
    settle(options)
    origin = ""
    way = _first(options)
    name = options.pop("cloud", None)
    if name is not None and (not isinstance(name, Ambient) or way is None or way.missing(options)):
        origin = _complete(options, name)
        way = _first(options)
    if way is None:
        raise OptionsError(f"{origin}{NO_LOGIN}")
    lacking = [*way.missing(options), *agency.missing(options), *_missing(way, options)]
    if lacking:
        raise OptionsError(f"{origin}The login with {way.NAME} is incomplete: {'; '.join(lacking)} missing")
    return way


def identity(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Those of ``options`` that make up the login."""
    return {name: options[name] for name in IDENTITY if name in options}


def asks_for_a_token(way: Way, options: t.Mapping[str, t.Any]) -> bool:
    """Whether IAM issues the token, with a catalog, that this login uses."""
    return way is password or agency.is_given(options)


def _first(options: t.Mapping[str, t.Any]) -> Way | None:
    return next((way for way in WAYS if any(name in options for name in way.CREDENTIALS)), None)


def _missing(way: Way, options: t.Mapping[str, t.Any]) -> list[str]:
    """What each login needs, whatever the way."""
    lacking = []
    if "project_id" not in options and "project_name" not in options:
        lacking.append("project_id or project_name (which project ModelArts is asked for)")
    by_name = "project_name" in options and "project_id" not in options
    if "auth_url" not in options and (asks_for_a_token(way, options) or by_name):
        lacking.append("auth_url (the address of IAM)")
    return lacking


def settle(options: dict[str, t.Any]) -> None:
    """Remove from ``options`` what is ambient, and does not go together with what is written in the task."""
    # A passcode is no login: whoever sets it for one run wants it with the password that is written elsewhere.
    logins = [tuple(name for name in way.CREDENTIALS if name != "passcode") for way in WAYS]
    drop_ambient(options, [*logins, ("cloud",)])
    drop_alternatives(options)
    key_is_written = any(
        name in options and not isinstance(options[name], Ambient) for name in ("access_key", "secret_key")
    )
    if key_is_written and isinstance(options.get("security_token"), Ambient):
        del options["security_token"]  # it belongs to another key


def _complete(options: dict[str, t.Any], name: str) -> str:
    """Complete ``options`` by those of a cloud: it beats the environment, and the task beats it. Gives its origin."""
    ambient = {option: value for option, value in options.items() if isinstance(value, Ambient)}
    written = {option: value for option, value in options.items() if option not in ambient}
    regions = written if not isinstance(name, Ambient) else options
    found, origin = cloud.read(name, regions.get("region"))
    found = {**ambient, **found}
    settle(found)
    options.update({option: Ambient(value) if isinstance(value, str) else value for option, value in found.items()})
    for option in ambient.keys() - found.keys():
        del options[option]
    options.update(written)
    settle(options)
    return origin
