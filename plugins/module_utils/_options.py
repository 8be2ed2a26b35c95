# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options: one table, the argument specs made from it, and a task's options resolved into connections.

``tests/tools/generate.py`` writes from the tables what the documentation says about types, variables and defaults.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import _endpoint
from ansible_collections.community.modelarts.plugins.module_utils._auth import choice
from ansible_collections.community.modelarts.plugins.module_utils._errors import OptionsError


class Option(t.NamedTuple):
    """An option of an argument spec.

    ``env`` are the environment variables that set it, the first one that is not empty wins. ``secret`` is ``no_log``.
    """

    type: str = "str"
    env: tuple[str, ...] = ()
    default: t.Any = None
    secret: bool = False

    def spec(self) -> dict[str, t.Any]:
        """Return the entry of an argument spec."""
        spec: dict[str, t.Any] = {"type": self.type}
        return {**spec, "default": self.default} if self.default is not None else spec


# The environment variables are those that OpenStack clients, Terraform and the Huawei Cloud SDKs read, so that an
# environment made for them works here.
CONNECTION: dict[str, Option] = {
    "endpoint": Option(env=("MODELARTS_ENDPOINT",)),
    "region": Option(env=("OS_REGION_NAME", "HW_REGION_NAME")),
    "auth_url": Option(env=("OS_AUTH_URL", "HW_AUTH_URL")),
    "project_id": Option(env=("OS_PROJECT_ID", "OS_TENANT_ID", "HW_PROJECT_ID", "HUAWEICLOUD_SDK_PROJECT_ID")),
    "project_name": Option(env=("OS_PROJECT_NAME", "OS_TENANT_NAME", "HW_PROJECT_NAME")),
    "token": Option(env=("OS_TOKEN", "OS_AUTH_TOKEN", "HW_AUTH_TOKEN"), secret=True),
    "username": Option(env=("OS_USERNAME", "HW_USER_NAME")),
    "user_id": Option(env=("OS_USER_ID", "HW_USER_ID")),
    "password": Option(env=("OS_PASSWORD", "HW_USER_PASSWORD"), secret=True),
    "passcode": Option(env=("OS_PASSCODE",), secret=True),
    "user_domain_name": Option(env=("OS_USER_DOMAIN_NAME", "OS_DOMAIN_NAME", "HW_DOMAIN_NAME")),
    "user_domain_id": Option(env=("OS_USER_DOMAIN_ID", "OS_DOMAIN_ID", "HW_DOMAIN_ID", "HUAWEICLOUD_SDK_DOMAIN_ID")),
    "access_key": Option(env=("OS_ACCESS_KEY", "HW_ACCESS_KEY", "HUAWEICLOUD_SDK_AK")),
    "secret_key": Option(env=("OS_SECRET_KEY", "HW_SECRET_KEY", "HUAWEICLOUD_SDK_SK"), secret=True),
    "security_token": Option(
        env=("OS_SECURITY_TOKEN", "HW_SECURITY_TOKEN", "HUAWEICLOUD_SDK_SECURITY_TOKEN"), secret=True
    ),
    "agency_name": Option(env=("OS_AGENCY_NAME", "HW_ASSUME_ROLE_AGENCY_NAME")),
    "agency_domain_name": Option(env=("OS_AGENCY_DOMAIN_NAME", "HW_ASSUME_ROLE_DOMAIN_NAME")),
    "cloud": Option(env=("OS_CLOUD",)),
    # No default: where it is not given, clouds.yaml decides. Its variables have the opposite meaning.
    "validate_certs": Option("bool", env=("OS_INSECURE", "HW_INSECURE")),
    "ca_path": Option("path", env=("OS_CACERT",)),
    "timeout": Option("int", default=30),
    "retries": Option("int", default=4),
    "allow_http": Option("bool", default=False),
}

# Only plugins on the controller have these.
CACHING: dict[str, Option] = {
    "cache": Option("bool", default=True),
    "cache_timeout": Option("int", default=300),
    "cache_plugin": Option(env=("MODELARTS_CACHE_PLUGIN",)),
    # It can hold a password, for example that of Redis.
    "cache_connection": Option(env=("MODELARTS_CACHE_CONNECTION",), secret=True),
    "cache_prefix": Option(env=("MODELARTS_CACHE_PREFIX",), default="modelarts_"),
}

REQUIREMENTS = {
    "spec_codes": "list",
    "exclude_spec_codes": "list",
    "min_cores": "int",
    "max_cores": "int",
    "min_memory_gb": "float",
    "max_memory_gb": "float",
    "min_gpus": "int",
    "max_gpus": "int",
    "gpu_types": "list",
    "min_npus": "int",
    "max_npus": "int",
    "npu_types": "list",
    "min_accelerator_memory_gb": "float",
    "cpu_archs": "list",
    "min_storage_gb": "float",
    "nodes": "int",
    "available": "bool",
}

# Keys of ``order_by``; a "-" in front reverses one.
ORDER_KEYS = (
    "gpus",
    "npus",
    "cores",
    "memory_gb",
    "accelerator_memory_gb",
    "storage_gb",
    "unit_num",
    "max_num",
    "price",
    "spec_code",
    "spec_id",
)

# The options that hold dictionaries, and what one looks like; those with brackets are lists of them.
_EXAMPLES = {
    "requirements": "{gpu_types: [v100], min_gpus: 1}",
    "fallbacks": "[{gpu_types: [v100], min_gpus: 1}]",
    "prices": "{modelarts.vm.gpu.v100: 3.5}",
    "targets": "[{name: eu-de, region: eu-de}]",
}

QUERY = ("job_type", "engine_id", "project_type")

# A day, in seconds: more overflows the clock.
LONGEST_TIMEOUT = 24 * 60 * 60

# These are sent as headers, or sign them: only printable ASCII without white space around it is valid.
_HEADER_OPTIONS = ("token", "access_key", "secret_key", "security_token", "project_id")

# What Python puts in place of bytes of the environment that are not UTF-8.
_SURROGATE = re.compile("[\ud800-\udfff]")

# Values of one group exclude those of the others: what a target gives replaces what the task gives, and that what the
# environment gives. The passcode is no login: it may be set for one run beside a password from elsewhere.
_ALTERNATIVES = (
    (*choice.LOGINS, ("cloud",)),
    (("project_id",), ("project_name",)),
    (("username",), ("user_id",)),
    (("user_domain_name",), ("user_domain_id",)),
)

# Where to connect to, most specific first: a target that gives one of these ignores those behind it in the task.
_PLACE = ("cloud", "auth_url", "region", "endpoint")


@dataclasses.dataclass(frozen=True)
class Connection:
    """One project of one cloud, and how to log in there: complete and valid, so that nobody checks it again.

    ``auth_method`` is a key of ``choice.METHODS``. ``auth_url`` ends in ``/v3`` and is None where IAM is not needed;
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


def connection_spec() -> dict[str, dict[str, t.Any]]:
    """Return the argument spec of the connection options.

    The environment is no ``fallback`` in it: ``resolve`` reads it, as it needs to know where a value comes from.
    """
    # Ansible takes anything with "key" or "token" in its name for a secret, unless it is told.
    return {name: {**option.spec(), **_no_log(name, option)} for name, option in CONNECTION.items()}


def caching_spec() -> dict[str, dict[str, t.Any]]:
    """Return the argument spec of the caching options."""
    return {name: {**option.spec(), **_no_log(name, option)} for name, option in CACHING.items()}


def _no_log(name: str, option: Option) -> dict[str, bool]:
    return {"no_log": option.secret} if option.secret or name == "access_key" else {}


def targets_spec() -> dict[str, dict[str, t.Any]]:
    """Return the argument spec of ``targets`` and ``on_target_error``. A target has no defaults: the task's count."""
    of_a_target = {name: {"type": option.type, **_no_log(name, option)} for name, option in CONNECTION.items()}
    return {
        "targets": {
            "type": "list",
            "elements": "dict",
            "options": {"name": {"type": "str", "required": True}, **of_a_target},
        },
        "on_target_error": {"type": "str", "choices": ["error", "warn", "skip", "strict"], "default": "error"},
    }


def query_spec() -> dict[str, dict[str, t.Any]]:
    """Return the argument spec of the query."""
    return {
        "job_type": {"type": "str", "choices": ["train", "inference"]},
        "engine_id": {"type": "int"},
        "project_type": {"type": "int"},
    }


def picking_spec() -> dict[str, dict[str, t.Any]]:
    """Return the argument spec of picking without ``on_no_match``: what the filter takes as well."""

    def requirements() -> dict[str, dict[str, t.Any]]:
        lists = {name: {"elements": "str"} for name, kind in REQUIREMENTS.items() if kind == "list"}
        spec = {name: {"type": kind, **lists.get(name, {})} for name, kind in REQUIREMENTS.items()}
        return {**spec, "available": {"type": "bool", "default": True}}

    return {
        "requirements": {"type": "dict", "options": requirements()},
        "fallbacks": {"type": "list", "elements": "dict", "options": requirements()},
        "order_by": {
            "type": "list",
            "elements": "str",
            "choices": [f"{sign}{key}" for key in ORDER_KEYS for sign in ("", "-")],
        },
        "prices": {"type": "dict"},
    }


def resource_specs_arguments() -> dict[str, t.Any]:
    """Return the arguments of ``AnsibleModule`` and ``ArgumentSpecValidator`` for a query of resource specs."""
    on_no_match = {"type": "str", "choices": ["error", "warn", "skip"], "default": "error"}
    return {
        "argument_spec": {
            **connection_spec(),
            **targets_spec(),
            **query_spec(),
            **picking_spec(),
            "on_no_match": on_no_match,
        },
        "required_by": {"fallbacks": ["requirements"]},
    }


def prepare(parameters: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return ``parameters`` as an argument spec can parse them, whoever they are from: all entry points call this.

    JSON text becomes what it stands for, which Ansible does for dictionaries, but not for lists of them. Text that is
    empty, such as what a survey leaves out, and null count as not given, within requirements and prices too.
    Raises OptionsError, which shows the right form, for options that should hold dictionaries and do not.
    """
    from ansible.module_utils.common.validation import check_type_dict

    prepared = dict(parameters)
    for name in [name for name in ("order_by", *_EXAMPLES) if _is_blank(prepared.get(name))]:
        prepared.pop(name, None)
    for name in prepared.keys() & _EXAMPLES.keys():
        is_list = _EXAMPLES[name].startswith("[")
        try:
            value = json.loads(prepared[name]) if is_list and isinstance(prepared[name], str) else prepared[name]
            values = [check_type_dict(one) for one in (value if is_list and isinstance(value, list) else [value])]
            if (is_list and not isinstance(value, list)) or not all(isinstance(one, dict) for one in values):
                raise TypeError
        except (RecursionError, TypeError, ValueError):
            kind = "a list of dictionaries" if is_list else "a dictionary"
            raise OptionsError(f"{name} must be {kind}, such as {_EXAMPLES[name]}") from None
        if name != "targets":
            values = [{key: value for key, value in one.items() if not _is_blank(value)} for one in values]
        prepared[name] = values if is_list else values[0]
    return prepared


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def parse(arguments: t.Mapping[str, t.Any], parameters: dict[str, t.Any]) -> dict[str, t.Any]:
    """Parse ``parameters`` as a module's, by the same argument spec; for plugins, which Ansible does not parse.

    ``arguments`` is what ``ArgumentSpecValidator`` takes. Raises OptionsError with Ansible's message.
    """
    from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
    from ansible.module_utils.errors import UnsupportedError

    try:
        result = ArgumentSpecValidator(**arguments).validate(prepare(parameters))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # The validator fails on some values, such as a number in place of a dictionary.
        raise OptionsError(f"Ansible cannot parse the options: {error}") from error
    messages = [
        f"Unsupported option: {error}" if isinstance(error, UnsupportedError) else str(error) for error in result.errors
    ]
    if messages:
        raise OptionsError("; ".join(messages))
    return dict(result.validated_parameters)


def environment(options: t.Mapping[str, Option] = CONNECTION) -> dict[str, t.Any]:
    """Return the values of options that the environment gives. An empty variable counts as unset, as AWX sets those."""
    values: dict[str, t.Any] = {}
    for name, option in options.items():
        value = next((os.environ[variable] for variable in option.env if os.environ.get(variable)), None)
        if value is not None and name == "validate_certs":
            value = False if value.strip().lower() in ("1", "true", "yes", "on", "y", "t") else None
        if value is not None:
            values[name] = value
    return values


def resolve(parameters: t.Mapping[str, t.Any], configured: t.Container[str] = ()) -> list[Connection]:
    """Resolve parsed options into connections: one for each target, or a single one if there are no targets.

    ``configured`` names the options whose value is from ansible.cfg: the environment takes precedence over these.
    Raises OptionsError, which names the target if there are any, if the options make no valid connection.
    """
    task = _stated(parameters)
    defaults = {name: task.pop(name) for name in list(task) if name in configured}
    defaults.update(environment())
    if os.environ.get(choice.CONFIG_FILE):
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
        raise OptionsError(f"Target {target['name']}: {error}") from None


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
    method = choice.choose(values)
    if method is None:
        raise OptionsError(f"{origin}{choice.NO_LOGIN}")
    missing = choice.missing(method, values)
    if missing:
        raise OptionsError(
            f"{origin}The login with {choice.METHODS[method]} is incomplete: {'; '.join(missing)} missing"
        )
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
    method = choice.choose(merged)
    if name is None or (not position and method and not choice.missing(method, merged)):
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
    issues_token = choice.issues_token(method, values)
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
