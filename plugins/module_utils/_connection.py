# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task's options resolved, once, into frozen connections.

Options come in layers: environment and ansible.cfg, clouds.yaml, the task, the target. A layer takes precedence
over contradicting options in the layers below, so a login in the task replaces one in the environment.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import os
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import _endpoint
from ansible_collections.community.modelarts.plugins.module_utils._errors import NoLoginError, OptionsError
from ansible_collections.community.modelarts.plugins.module_utils._options import (
    CLIENTS,
    CLOUDS_FILE,
    CONNECTION,
    environment,
)

# The names of the auth methods in messages.
METHODS = {"token": "a token", "aksk": "an access key", "password": "a password"}

# The options that choose each method, in order of precedence.
_CREDENTIALS = {
    "token": ("token",),
    "aksk": ("access_key", "secret_key", "security_token"),
    "password": ("username", "user_id", "password", "passcode"),
}

# The options of each login. A passcode is not one of them: it may complete a login from another layer.
_LOGINS = tuple(tuple(name for name in names if name != "passcode") for names in _CREDENTIALS.values())

NO_LOGIN = (
    "No login is given. Give one of: token; access_key and secret_key; username or user_id and password (with "
    "user_domain_name or user_domain_id, and passcode where the user needs one); cloud. "
    f"Each can also come from {NoLoginError.ON_TARGET}"
)

# A day, in seconds: more overflows the clock.
LONGEST_TIMEOUT = 24 * 60 * 60

# These are sent in headers or used for signing: only printable ASCII without surrounding white space is valid.
_HEADER_OPTIONS = ("token", "access_key", "secret_key", "security_token", "project_id")

# Values of one group exclude those of the other groups.
_ALTERNATIVES = (
    (*_LOGINS, ("cloud",)),
    (("project_id",), ("project_name",)),
    (("username",), ("user_id",)),
    (("user_domain_name",), ("user_domain_id",)),
)

# The address, most specific first: a target that sets one of these ignores the later ones of the task.
_PLACE = ("cloud", "auth_url", "region", "endpoint")


class Connection(t.NamedTuple):
    """One project of one cloud, and how to log in there: complete and valid, so it is not checked again.

    ``auth_method`` is a key of ``METHODS``. ``auth_url`` ends in ``/v3`` and is None where IAM is not needed;
    ``endpoint`` has no version, and is None where the token's catalog is needed to find it. ``region_is_written``
    says whether ``region`` belongs to this ``auth_url``: a region in the environment may belong to another cloud.
    ``target`` is the name of the target, if it is one.
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
    token: str | None = None
    username: str | None = None
    user_id: str | None = None
    password: str | None = None
    passcode: str | None = None
    user_domain_name: str | None = None
    user_domain_id: str | None = None
    access_key: str | None = None
    secret_key: str | None = None
    security_token: str | None = None
    agency_name: str | None = None
    agency_domain_name: str | None = None
    validate_certs: bool = True
    ca_path: str | None = None
    timeout: int = 30
    retries: int = 4
    allow_http: bool = False

    def __repr__(self) -> str:
        """Name the method only, since tracebacks and logs show what this returns."""
        return f"{type(self).__name__}({self.auth_method})"

    def secrets(self) -> list[str]:
        """Return the secrets among the values."""
        return [value for name in CONNECTION if CONNECTION[name].secret and (value := getattr(self, name, None))]

    def key(self) -> dict[str, t.Any]:
        """Return what a response depends on. TLS is part of it: an unverified response must not serve a verified task.

        It contains secrets: hash it.
        """
        ignored = ("target", "timeout", "retries")
        return {name: value for name, value in self._asdict().items() if name not in ignored and value}


class _Layer(t.NamedTuple):
    """Options from one place; ``names`` are their names there, if they differ from the options' names."""

    values: dict[str, t.Any]
    names: t.Mapping[str, str]

    def without(self, *names: str) -> _Layer:
        return self._replace(values={name: value for name, value in self.values.items() if name not in names})


def resolve(parameters: t.Mapping[str, t.Any], configured: t.Container[str] = ()) -> list[Connection]:
    """Resolve parsed options into connections: one for each target, or a single one if there are no targets.

    ``configured`` names the options whose value is from ansible.cfg: the environment takes precedence over these.
    Raises OptionsError, which names the target if there are any, if the options make no valid connection.
    """
    values = _stated(parameters)
    task = _Layer({name: values[name] for name in values if name not in configured}, {})
    defaults = _defaults({name: values[name] for name in values if name in configured})
    if any(_differ(name, task, defaults) for name in ("auth_url", "region")):
        defaults = defaults.without("endpoint")  # it is that of another cloud or region
    targets = parameters.get("targets")
    if targets == []:
        raise OptionsError("targets is an empty list: give at least one, or leave out the option")
    names = [target["name"] for target in targets or []]
    for number, name in enumerate(names):
        if not name.strip():
            raise OptionsError(f"targets[{number}] has an empty name")
        if name in names[:number]:
            raise OptionsError(f"Two targets are named {name}: give each a name of its own")
    if not targets:
        return [_connection(None, defaults, task)]
    return [_target(target, defaults, task) for target in targets]


def _target(target: t.Mapping[str, t.Any], defaults: _Layer, task: _Layer) -> Connection:
    own = _Layer(_stated(target), {})
    first = min((_PLACE.index(name) for name in _PLACE if name in own.values), default=len(_PLACE))
    try:
        return _connection(target["name"], defaults.without(*_PLACE[first:]), task.without(*_PLACE[first:]), own)
    except OptionsError as error:
        error.args = (f"Target {target['name']}: {error}",)
        raise


def _differ(name: str, *layers: _Layer) -> bool:
    """Tell whether layers have different values of an option; an address of IAM may have its version."""
    values = {str(layer.values[name]).rstrip("/").removesuffix("/v3") for layer in layers if name in layer.values}
    return len(values) > 1


def _stated(parameters: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the connection options that are given. Empty text counts as not given."""
    return {name: value for name in CONNECTION if (value := parameters.get(name)) is not None and value != ""}


def _defaults(configured: dict[str, t.Any]) -> _Layer:
    """Return the options of the environment and of ansible.cfg."""
    # A cloud contradicts no login of the environment: it is used last.
    layers = [_Layer(environment(CONNECTION, client), {}).without("cloud") for client in CLIENTS]
    values = _merged(layers)
    if "ca_path" in values:
        values["ca_path"] = os.path.expanduser(os.path.expandvars(values["ca_path"]))
    cloud = environment({"cloud": CONNECTION["cloud"]})
    names = {name: next(filter(os.environ.get, CONNECTION[name].env)) for name in (*values, *cloud)}
    if "cloud" in configured:
        cloud = {"cloud": configured["cloud"], **cloud}
    elif os.environ.get(CLOUDS_FILE):
        cloud = {"cloud": "", **cloud}  # the only one of that file
    below = _Layer(configured, {}).without("cloud")
    return _Layer({**_merged([below, _Layer(values, {})]), **cloud}, names)


def _connection(target: str | None, *layers: _Layer) -> Connection:
    """Resolve the layers of one connection, the least important first: environment and ansible.cfg, task, target."""
    origin, layers = _with_cloud(layers)
    values = _merged(layers)
    values.pop("cloud", None)  # there is another login
    method = _choose(values)
    if method is None:
        raise NoLoginError(f"{origin}{NO_LOGIN}")
    missing = _missing(method, values)
    if missing:
        raise OptionsError(f"{origin}The login with {METHODS[method]} is incomplete: {'; '.join(missing)} missing")
    _check(values, {option: layer.names.get(option, option) for layer in layers for option in layer.values})
    levels = {option: level for level, layer in enumerate(layers) for option in layer.values}
    # A region of the environment (level 0) applies only to the auth_url of the environment.
    values["region_is_written"] = "region" in values and (levels["region"] > 0 or not levels.get("auth_url"))
    return Connection(auth_method=method, target=target, **_with_addresses(method, values))


def _merged(layers: t.Iterable[_Layer]) -> dict[str, t.Any]:
    """Merge layers; each one takes precedence over contradicting options in those before it."""
    merged: dict[str, t.Any] = {}
    for layer in layers:
        replaced: set[str] = set()
        for alternatives in _ALTERNATIVES:
            given = [group for group in alternatives if any(name in layer.values for name in group)]
            if given:
                replaced.update(name for group in alternatives if group not in given for name in group)
        if "access_key" in layer.values or "secret_key" in layer.values:
            replaced.add("security_token")  # it belongs to another key
        merged = {**{name: merged[name] for name in merged if name not in replaced}, **layer.values}
    return merged


def _with_cloud(layers: tuple[_Layer, ...]) -> tuple[str, tuple[_Layer, ...]]:
    """Insert the values of clouds.yaml as a layer directly above the one that names the ``cloud``.

    A cloud in the environment is used only if there is no other login. Also returns the start of messages about it.
    """
    merged = _merged(layers)
    method = _choose(merged)
    level = max((level for level, layer in enumerate(layers) if "cloud" in layer.values), default=0)
    if "cloud" not in merged or (not level and method and not _missing(method, merged)):
        return "", layers
    # imported lazily: few tasks have a cloud, and a module compiles each imported file at each run
    from ansible_collections.community.modelarts.plugins.module_utils._auth import clouds_yaml

    # If the task names a cloud, address and login of the environment do not apply.
    region = _merged(layers[1:] if level else layers).get("region")
    replaced = ["region", "endpoint", *(name for login in _LOGINS for name in login)] if level else []
    cloud = clouds_yaml.read(merged["cloud"], region)
    above = max(level, 1)
    below = [layer.without("cloud", *replaced) for layer in layers[:above]]
    others = [layer.without("cloud") for layer in layers[above:]]
    of_cloud = _Layer(cloud.options, cloud.names)
    if any("auth_url" in layer.values for layer in others):
        of_cloud = of_cloud.without("region", "endpoint")
    return cloud.origin, (*below, of_cloud, *others)


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


def _check(values: t.Mapping[str, t.Any], names: t.Mapping[str, str]) -> None:
    """Refuse values that can only fail, before a login is attempted. ``names`` are the names for messages."""
    if not 1 <= values["timeout"] <= LONGEST_TIMEOUT:
        raise OptionsError(f"timeout must be from 1 to {LONGEST_TIMEOUT} seconds")
    if values["retries"] < 0:
        raise OptionsError("retries must not be negative")
    for option, value in values.items():
        # Python replaces bytes of the environment that are not UTF-8 by surrogates, which cannot be encoded.
        if isinstance(value, str) and value.encode("utf-8", "ignore").decode() != value:
            raise OptionsError(f"{names[option]} is not valid UTF-8")
        if option in _HEADER_OPTIONS and not (value.isascii() and value.isprintable() and value == value.strip()):
            raise OptionsError(
                f"{names[option]} contains non-ASCII or control characters such as a line break, or begins or ends "
                "with white space"
            )
    if values.get("project_id") in (".", ".."):
        raise OptionsError(f"{names['project_id']} is not a project ID")
    if values.get("validate_certs", True) and not os.path.exists(values.get("ca_path", os.curdir)):
        raise OptionsError(f"{names['ca_path']}: {values['ca_path']!r} does not exist on this machine")


def _choose(options: t.Mapping[str, t.Any]) -> str | None:
    """Return the first method of ``_CREDENTIALS`` that the options choose, or None."""
    return next((method for method, names in _CREDENTIALS.items() if any(name in options for name in names)), None)


def _issues_token(method: str, options: t.Mapping[str, t.Any]) -> bool:
    """Tell whether IAM issues a token, with a catalog, for this login."""
    return method == "password" or "agency_name" in options


def _missing(method: str, options: t.Mapping[str, t.Any]) -> list[str]:
    """Describe the options that the login lacks."""
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
    # Assuming an agency requires a token of the user's domain.
    needs_domain = "user_id" not in options or "agency_name" in options
    if needs_domain and "user_domain_name" not in options and "user_domain_id" not in options:
        lacking.append("user_domain_name or user_domain_id (the account that the user belongs to)")
    return lacking
