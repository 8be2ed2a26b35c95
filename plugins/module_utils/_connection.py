# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task's options resolved, once, into frozen connections.

Options come in layers: environment and ansible.cfg, clouds.yaml, the task, the target. What a layer gives takes
precedence over what contradicts it in the layers below, so a login in the task replaces one of the environment.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import dataclasses
import os
import re
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import _endpoint
from ansible_collections.community.modelarts.plugins.module_utils._errors import NoLoginError, OptionsError
from ansible_collections.community.modelarts.plugins.module_utils._options import (
    CLOUDS_FILE,
    CONNECTION,
    environment,
)

# The methods in the order in which they are chosen, as messages call them.
METHODS = {"token": "a token", "aksk": "an access key", "password": "a password"}

# The options that choose each method.
_CREDENTIALS = {
    "token": ("token",),
    "aksk": ("access_key", "secret_key", "security_token"),
    "password": ("username", "user_id", "password", "passcode"),
}

# The options that make up each login. A passcode is none: it may complete a login from elsewhere.
_LOGINS = tuple(tuple(name for name in names if name != "passcode") for names in _CREDENTIALS.values())

NO_LOGIN = (
    "No login is given. Give one of: token; access_key and secret_key; username or user_id and password (with "
    "user_domain_name or user_domain_id, and passcode where the user needs one); cloud. "
    f"Each can also come from {NoLoginError.ON_TARGET}"
)

# A day, in seconds: more overflows the clock.
LONGEST_TIMEOUT = 24 * 60 * 60

# These are sent as headers, or sign them: only printable ASCII without white space around it is valid.
_HEADER_OPTIONS = ("token", "access_key", "secret_key", "security_token", "project_id")

# What Python puts in place of bytes of the environment that are not UTF-8.
_SURROGATE = re.compile("[\ud800-\udfff]")

# Values of one group exclude those of the others.
_ALTERNATIVES = (
    (*_LOGINS, ("cloud",)),
    (("project_id",), ("project_name",)),
    (("username",), ("user_id",)),
    (("user_domain_name",), ("user_domain_id",)),
)

# Where to connect to, most specific first: a target that gives one of these ignores those behind it in the task.
_PLACE = ("cloud", "auth_url", "region", "endpoint")


@dataclasses.dataclass(frozen=True)
class Connection:
    """One project of one cloud, and how to log in there: complete and valid, so that nobody checks it again.

    ``auth_method`` is a key of ``METHODS``. ``auth_url`` ends in ``/v3`` and is None where IAM is not needed;
    ``endpoint`` has no version, and is None where the token's catalog is needed to find it. ``region_is_written`` tells
    whether ``region`` was meant for this ``auth_url``. ``target`` is the name of the target, if it is one.
    """

    auth_method: str
    target: str | None = None
    endpoint: str | None = None
    region: str | None = None
    region_is_written: bool = False
    auth_url: str | None = None
    project_id: str | None = None
    project_name: str | None = None
    # Only clouds.yaml has these two.
    project_domain_id: str | None = None
    project_domain_name: str | None = None
    token: str | None = dataclasses.field(default=None, repr=False)
    username: str | None = None
    user_id: str | None = None
    password: str | None = dataclasses.field(default=None, repr=False)
    passcode: str | None = dataclasses.field(default=None, repr=False)
    user_domain_name: str | None = None
    user_domain_id: str | None = None
    access_key: str | None = None
    secret_key: str | None = dataclasses.field(default=None, repr=False)
    security_token: str | None = dataclasses.field(default=None, repr=False)
    agency_name: str | None = None
    agency_domain_name: str | None = None
    validate_certs: bool = True
    ca_path: str | None = None
    timeout: int = 30
    retries: int = 4
    allow_http: bool = False

    def secrets(self) -> list[str]:
        """Return the secrets among the values."""
        return [value for name in CONNECTION if CONNECTION[name].secret and (value := getattr(self, name, None))]

    def key(self) -> dict[str, t.Any]:
        """Return what a response depends on. TLS is part of it: an unverified response must not serve a verified task.

        It holds secrets: hash it.
        """
        ignored = ("target", "timeout", "retries", "region_is_written")
        return {name: value for name, value in dataclasses.asdict(self).items() if name not in ignored and value}


def resolve(parameters: t.Mapping[str, t.Any], configured: t.Container[str] = ()) -> list[Connection]:
    """Resolve parsed options into connections: one for each target, or a single one if there are no targets.

    ``configured`` names the options whose value is from ansible.cfg: the environment takes precedence over these.
    Raises OptionsError, which names the target if there are any, if the options make no valid connection.
    """
    task = _stated(parameters)
    defaults = {name: task.pop(name) for name in list(task) if name in configured}
    defaults.update(environment())
    if os.environ.get(CLOUDS_FILE):
        defaults.setdefault("cloud", "")  # the only one of that file
    targets = parameters.get("targets") or []
    names = [target["name"] for target in targets]
    for number, name in enumerate(names):
        if not name.strip():
            raise OptionsError(f"targets[{number}] has an empty name")
        if name in names[:number]:
            raise OptionsError(f"Two targets are named {name}: give each a name of its own")
    if not targets:
        return [_connection(None, defaults, task, {})]
    return [_target(target, defaults, task) for target in targets]


def _target(target: t.Mapping[str, t.Any], defaults: dict[str, t.Any], task: dict[str, t.Any]) -> Connection:
    own = _stated(target)
    first = min((_PLACE.index(name) for name in _PLACE if name in own), default=len(_PLACE))
    ignored = _PLACE[first:]
    try:
        return _connection(target["name"], _without(defaults, *ignored), _without(task, *ignored), own)
    except OptionsError as error:
        error.args = (f"Target {target['name']}: {error}",)
        raise


def _stated(parameters: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the connection options that are given. Empty text counts as not given."""
    return {name: value for name in CONNECTION if (value := parameters.get(name)) is not None and value != ""}


def _overlay(*layers: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Merge options from several places, the last of which takes precedence over what contradicts it in the others."""
    merged: dict[str, t.Any] = {}
    for layer in layers:
        replaced: set[str] = set()
        for alternatives in _ALTERNATIVES:
            given = [group for group in alternatives if any(name in layer for name in group)]
            if given:
                replaced.update(name for group in alternatives if group not in given for name in group)
        if "access_key" in layer or "secret_key" in layer:
            replaced.add("security_token")  # it belongs to another key
        merged = {**_without(merged, *replaced), **layer}
    return merged


def _connection(target: str | None, *layers: dict[str, t.Any]) -> Connection:
    """Resolve layers of options: of environment and ansible.cfg, of the task, of the target."""
    origin, layers = _with_cloud(layers)
    values = _without(_overlay(*layers), "cloud")
    method = _choose(values)
    if method is None:
        raise NoLoginError(f"{origin}{NO_LOGIN}")
    missing = _missing(method, values)
    if missing:
        raise OptionsError(f"{origin}The login with {METHODS[method]} is incomplete: {'; '.join(missing)} missing")
    _check(values, layers)
    at = {
        name: max((n for n, layer in enumerate(layers) if name in layer), default=0) for name in ("region", "auth_url")
    }
    values["region_is_written"] = "region" in values and (at["region"] > 0 or at["auth_url"] == 0)
    return Connection(auth_method=method, target=target, **_with_addresses(method, values))


def _with_cloud(layers: tuple[dict[str, t.Any], ...]) -> tuple[str, tuple[dict[str, t.Any], ...]]:
    """Replace ``cloud`` by what clouds.yaml says, which takes precedence over the layers below the one that names it.

    A cloud of the environment is used only if nothing else makes a login. Returns how messages about it begin as well.
    """
    merged = _overlay(*layers)
    name = merged.pop("cloud", None)
    position = max((number for number, layer in enumerate(layers) if "cloud" in layer), default=0)
    method = _choose(merged)
    if name is None or (not position and method and not _missing(method, merged)):
        return "", layers
    # Not at the top: few tasks have a cloud, and each file is compiled at each run of a module.
    from ansible_collections.community.modelarts.plugins.module_utils._auth import clouds_yaml

    found, origin = clouds_yaml.read(name, (_overlay(*layers[1:]) if position else merged).get("region"))
    # Naming the cloud replaces other logins below, even those that clouds.yaml says nothing about.
    lower = _overlay(*layers[: max(position, 1)], *([{"cloud": name}] if position else []))
    upper = layers[max(position, 1) :]
    return origin, tuple(_without(layer, "cloud") for layer in (lower, found, *upper))


def _without(options: t.Mapping[str, t.Any], *names: str) -> dict[str, t.Any]:
    return {name: value for name, value in options.items() if name not in names}


def _with_addresses(method: str, values: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the values with the addresses of IAM and ModelArts checked, and derived where that needs no request."""
    issues_token = _issues_token(method, values)
    result = dict(values)
    auth_url = result.pop("auth_url", None)
    if auth_url and (issues_token or "project_id" not in values or "endpoint" not in values):
        result["auth_url"] = _endpoint.iam_url(auth_url, values["allow_http"])
    if "endpoint" in values:
        result["endpoint"] = _endpoint.modelarts_url("endpoint", values["endpoint"], values["allow_http"])
    elif not issues_token:
        region = values.get("region") if values["region_is_written"] else None
        result["endpoint"] = _endpoint.derived_url(result.get("auth_url"), region)
    return result


def _check(values: t.Mapping[str, t.Any], layers: t.Sequence[t.Mapping[str, t.Any]]) -> None:
    """Refuse what could only fail later, before a login is spent on it. Messages name the variable a value is from."""

    def name_of(option: str) -> str:
        is_from_task = any(option in layer for layer in layers[1:])
        variables = [] if is_from_task else [name for name in CONNECTION[option].env if os.environ.get(name)]
        return variables[0] if variables else option

    if not 1 <= values["timeout"] <= LONGEST_TIMEOUT:
        raise OptionsError(f"timeout must be from 1 to {LONGEST_TIMEOUT} seconds")
    if values["retries"] < 0:
        raise OptionsError("retries must not be negative")
    for name in (name for name in values if name in CONNECTION and isinstance(values[name], str)):
        value = values[name]
        if _SURROGATE.search(value):
            raise OptionsError(f"{name_of(name)} is not valid UTF-8")
        if name in _HEADER_OPTIONS and not (value.isascii() and value.isprintable() and value == value.strip()):
            raise OptionsError(
                f"{name_of(name)} contains non-ASCII or control characters such as a line break, or begins or ends "
                "with white space"
            )
    if values.get("project_id") in (".", ".."):
        raise OptionsError(f"{name_of('project_id')} is not a project ID")
    if values.get("validate_certs", True) and not os.path.exists(values.get("ca_path", os.curdir)):
        raise OptionsError(f"{name_of('ca_path')}: {values['ca_path']!r} does not exist on this machine")


def _choose(options: t.Mapping[str, t.Any]) -> str | None:
    """Return the first method of ``METHODS`` that the options choose, or None."""
    return next((method for method, names in _CREDENTIALS.items() if any(name in options for name in names)), None)


def _issues_token(method: str, options: t.Mapping[str, t.Any]) -> bool:
    """Tell whether IAM issues a token, with a catalog, for this login."""
    return method == "password" or "agency_name" in options


def _missing(method: str, options: t.Mapping[str, t.Any]) -> list[str]:
    """Return what the login lacks, in words."""
    lacking = _missing_credentials(method, options)
    agency = ("agency_name", "agency_domain_name")
    if any(name in options for name in agency):
        lacking += [name for name in agency if name not in options]
    if "project_id" not in options and "project_name" not in options:
        lacking.append("project_id or project_name (the project to query)")
    looks_up_project = "project_name" in options and "project_id" not in options
    if "auth_url" not in options and (_issues_token(method, options) or looks_up_project):
        lacking.append("auth_url (the address of IAM)")
    return lacking


def _missing_credentials(method: str, options: t.Mapping[str, t.Any]) -> list[str]:
    if method == "token":
        return []
    if method == "aksk":
        lacking = [name for name in ("access_key", "secret_key") if name not in options]
        return [" and ".join(lacking)] if lacking else []
    lacking = [] if "username" in options or "user_id" in options else ["username or user_id"]
    lacking += [] if "password" in options else ["password"]
    # A token that assumes an agency must be of the user's domain.
    needs_domain = "user_id" not in options or "agency_name" in options
    if needs_domain and "user_domain_name" not in options and "user_domain_id" not in options:
        lacking.append("user_domain_name or user_domain_id (the account that the user belongs to)")
    return lacking
