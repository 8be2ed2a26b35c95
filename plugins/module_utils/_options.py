# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options: one table, and the argument specs made from it.

``tests/tools/generate.py`` writes from the tables what the documentation says about types, variables and defaults.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import contextlib
import json
import os
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils._errors import OptionsError


class Option(t.NamedTuple):
    """An option of an argument spec.

    ``env`` are the environment variables that set it; the first one that is not empty takes precedence. ``secret`` is
    ``no_log``.
    """

    type: str = "str"
    env: tuple[str, ...] = ()
    default: t.Any = None
    secret: bool = False

    def spec(self) -> dict[str, t.Any]:
        """Return the entry of an argument spec."""
        spec: dict[str, t.Any] = {"type": self.type}
        return {**spec, "default": self.default} if self.default is not None else spec


# OpenStack clients, Terraform and the Huawei Cloud SDKs read the same environment variables. These are their prefixes,
# the least important first: a client's variables take precedence over contradicting ones of those before it.
CLIENTS = (("HUAWEICLOUD_SDK_",), ("HW_",), ("OS_", "MODELARTS_"))
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
    # No default: if it is not given, clouds.yaml decides. Its variables have the opposite meaning.
    "validate_certs": Option("bool", env=("OS_INSECURE", "HW_INSECURE")),
    "ca_path": Option("path", env=("OS_CACERT",)),
    "timeout": Option("int", default=30),
    "retries": Option("int", default=4),
    "allow_http": Option("bool", default=False),
}

# Path of clouds.yaml, instead of the default locations.
CLOUDS_FILE = "OS_CLIENT_CONFIG_FILE"

# Only plugins on the controller have these.
CACHING: dict[str, Option] = {
    "cache": Option("bool", default=True),
    "cache_timeout": Option("int", default=300),
    "cache_plugin": Option(env=("MODELARTS_CACHE_PLUGIN",)),
    # It can contain a password, for example for Redis.
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

# The sources, and the query options that the API of each one supports.
SOURCES: dict[str, tuple[str, ...]] = {
    "resource_specs": ("job_type", "engine", "engine_id", "project_type"),
    "training_job_flavors": ("engine",),
    "service_specifications": (),
}
DEFAULT_SOURCE = "resource_specs"
# The sources whose API states what is sold out.
STATES_AVAILABILITY = ("resource_specs", "service_specifications")
QUERY = SOURCES[DEFAULT_SOURCE]


def connection_spec() -> dict[str, dict[str, t.Any]]:
    """Return the argument spec of the connection options.

    It has no ``fallback``: ``resolve`` reads the environment, because it needs to know where a value comes from.
    """
    # Ansible treats names that contain "key" or "token" as secrets unless no_log is set.
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
        "source": {"type": "str", "choices": list(SOURCES), "default": DEFAULT_SOURCE},
        "job_type": {"type": "str", "choices": ["train", "inference"]},
        "engine": {"type": "str"},
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
        "mutually_exclusive": [["engine", "engine_id"]],
        "required_by": {"fallbacks": ["requirements"]},
    }


def prepare(parameters: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Prepare ``parameters`` for an argument spec; all entry points call this.

    JSON text is parsed, which Ansible does for dictionaries but not for lists of them. Empty text, such as an empty
    survey field, and null count as not given, also within requirements and prices. Raises OptionsError with an example
    for options that should be dictionaries but are not. Ansible's own parameters, such as ``_ansible_socket``, remain.
    """
    from ansible.module_utils.common.validation import check_type_dict

    prepared = {name: value for name, value in parameters.items() if value != "" or name.startswith("_")}
    for name in [name for name in ("order_by", *_EXAMPLES) if _is_blank(prepared.get(name))]:
        prepared.pop(name, None)
    for name in prepared.keys() & {"order_by", "candidates", "failover_on"}:
        prepared[name] = _from_json(prepared[name])
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
        if name == "targets":
            values = [_without_empty_text(one) for one in values]
        else:
            known = values[0] if name == "prices" else REQUIREMENTS  # unknown keys remain, so that they are reported
            values = [
                {key: _from_json(one[key]) for key in one if key not in known or not _is_blank(one[key])}
                for one in values
            ]
            for number, one in enumerate(values):
                for key in [key for key in one if isinstance(one[key], list) and None in one[key]]:
                    place = f"{name}[{number}]" if is_list else name
                    raise OptionsError(f"{place}.{key} has an element that is null")
        prepared[name] = values if is_list else values[0]
    if prepared.get("fallbacks") == []:
        del prepared["fallbacks"]
    if isinstance(prepared.get("target"), dict):
        prepared["target"] = _without_empty_text(prepared["target"])
    return prepared


def _from_json(value: t.Any) -> t.Any:
    """Return the list that a JSON text has, which Ansible would cut at its commas; any other value as it is."""
    if isinstance(value, str) and value.strip().startswith("["):
        with contextlib.suppress(ValueError, RecursionError):
            return json.loads(value)
    return value


def _without_empty_text(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {name: value for name, value in options.items() if value != ""}


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def parse(arguments: t.Mapping[str, t.Any], parameters: dict[str, t.Any]) -> dict[str, t.Any]:
    """Parse the ``parameters`` of a plugin with an argument spec, as Ansible does for modules.

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


def environment(options: t.Mapping[str, Option], prefixes: tuple[str, ...] = ("",)) -> dict[str, t.Any]:
    """Return the values of options in the environment, in variables that begin with one of ``prefixes``.

    Empty variables, which AWX sets, count as unset.
    """
    values: dict[str, t.Any] = {}
    for name, option in options.items():
        variables = (variable for variable in option.env if variable.startswith(prefixes))
        value = next((os.environ[variable] for variable in variables if os.environ.get(variable)), None)
        if value is not None and name != "validate_certs":
            values[name] = value
        elif value is not None and value.strip().lower() in ("1", "true", "yes", "on", "y", "t"):
            values[name] = False
    return values
