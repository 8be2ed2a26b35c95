# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the collection: their argument specs, and where a value comes from when the task gives none.

The documentation fragments ``connection``, ``targets``, ``query`` and ``picking`` describe the same options; a unit
test holds the two together.
"""

from __future__ import annotations

import os
import typing as t

from ansible.module_utils.common.parameters import AnsibleFallbackNotFound

from ansible_collections.community.modelarts.plugins.module_utils.ambient import Ambient, drop_alternatives
from ansible_collections.community.modelarts.plugins.module_utils.keys import ORDER_KEYS, REQUIREMENTS

# Which environment variables stand in for an option, first match first. The names are those that OpenStack clients,
# Terraform and the Huawei Cloud SDKs read, so that an environment made for them works here untouched.
ENVIRONMENT: dict[str, tuple[str, ...]] = {
    "endpoint": ("MODELARTS_ENDPOINT",),
    "region": ("OS_REGION_NAME", "HW_REGION_NAME"),
    "auth_url": ("OS_AUTH_URL", "HW_AUTH_URL"),
    "project_id": ("OS_PROJECT_ID", "OS_TENANT_ID", "HW_PROJECT_ID", "HUAWEICLOUD_SDK_PROJECT_ID"),
    "project_name": ("OS_PROJECT_NAME", "OS_TENANT_NAME", "HW_PROJECT_NAME"),
    "token": ("OS_TOKEN", "OS_AUTH_TOKEN", "HW_AUTH_TOKEN"),
    "username": ("OS_USERNAME", "HW_USER_NAME"),
    "user_id": ("OS_USER_ID",),
    "password": ("OS_PASSWORD", "HW_USER_PASSWORD"),
    "passcode": ("OS_PASSCODE",),
    "user_domain_name": ("OS_USER_DOMAIN_NAME", "OS_DOMAIN_NAME", "HW_DOMAIN_NAME"),
    "user_domain_id": ("OS_DOMAIN_ID", "HW_DOMAIN_ID", "HUAWEICLOUD_SDK_DOMAIN_ID"),
    "access_key": ("OS_ACCESS_KEY", "HW_ACCESS_KEY", "HUAWEICLOUD_SDK_AK"),
    "secret_key": ("OS_SECRET_KEY", "HW_SECRET_KEY", "HUAWEICLOUD_SDK_SK"),
    "security_token": ("OS_SECURITY_TOKEN", "HW_SECURITY_TOKEN", "HUAWEICLOUD_SDK_SECURITY_TOKEN"),
    "cloud": ("OS_CLOUD",),
    "ca_path": ("OS_CACERT",),
    # These two say the contrary of the option.
    "validate_certs": ("OS_INSECURE", "HW_INSECURE"),
    # Of lookups only.
    "cache_plugin": ("MODELARTS_CACHE_PLUGIN",),
    "cache_connection": ("MODELARTS_CACHE_CONNECTION",),
    "cache_prefix": ("MODELARTS_CACHE_PREFIX",),
}

SECRETS = ("token", "password", "passcode", "secret_key", "security_token")


def from_environment(option: str) -> t.Any:
    """The value that the environment gives an option, or None. An empty variable counts as unset (AWX sets those)."""
    value = next((os.environ[name] for name in ENVIRONMENT.get(option, ()) if os.environ.get(name)), None)
    if option == "validate_certs":
        insecure = value is not None and value.strip().lower() in ("1", "true", "yes", "on", "y", "t")
        return False if insecure else None
    return None if value is None else Ambient(value)


def _fallback(option: str) -> t.Any:
    value = from_environment(option)
    if value is None:
        raise AnsibleFallbackNotFound
    return value


def fallback(option: str) -> dict[str, t.Any]:
    """What an argument spec says of an option that the environment can give."""
    return {"fallback": (_fallback, [option])}


def connection() -> dict[str, dict[str, t.Any]]:
    """The argument spec of the options that say where the cloud is and how to log in."""
    spec: dict[str, dict[str, t.Any]] = {
        "endpoint": {"type": "str"},
        "region": {"type": "str"},
        "auth_url": {"type": "str"},
        "project_id": {"type": "str"},
        "project_name": {"type": "str"},
        "token": {"type": "str", "no_log": True},
        "username": {"type": "str"},
        "user_id": {"type": "str"},
        "password": {"type": "str", "no_log": True},
        "passcode": {"type": "str", "no_log": True},
        "user_domain_name": {"type": "str"},
        "user_domain_id": {"type": "str"},
        "access_key": {"type": "str", "no_log": False},
        "secret_key": {"type": "str", "no_log": True},
        "security_token": {"type": "str", "no_log": True},
        "agency_name": {"type": "str"},
        "agency_domain_name": {"type": "str"},
        "cloud": {"type": "str"},
        # No default here: whether it is written decides between it and what clouds.yaml says.
        "validate_certs": {"type": "bool"},
        "ca_path": {"type": "path"},
        "timeout": {"type": "int", "default": 30},
        "retries": {"type": "int", "default": 4},
        "allow_http": {"type": "bool", "default": False},
    }
    for option in spec.keys() & ENVIRONMENT.keys():
        spec[option].update(fallback(option))
    return spec


def _targets_spec() -> dict[str, dict[str, t.Any]]:
    # The environment and the defaults stand in for the task's own options. They must not go before those in a target.
    of_a_target = {
        name: {key: value for key, value in properties.items() if key not in ("fallback", "default")}
        for name, properties in connection().items()
    }
    return {
        "targets": {
            "type": "list",
            "elements": "dict",
            "options": {"name": {"type": "str", "required": True}, **of_a_target},
        },
        "on_target_error": {"type": "str", "choices": ["error", "warn", "skip", "strict"], "default": "error"},
    }


def query() -> dict[str, dict[str, t.Any]]:
    """The argument spec of the options that say what is asked."""
    return {
        "job_type": {"type": "str", "choices": ["train", "inference"]},
        "engine_id": {"type": "int"},
        "project_type": {"type": "int"},
    }


def makes_the_answer() -> set[str]:
    """The names of the options that an answer depends on.

    Those of TLS are among them, or an answer that came over a connection that was not checked would be given to a task
    that wants it checked.
    """
    return {*connection(), *query()} - {"timeout", "retries"}


def _requirements_spec() -> dict[str, dict[str, t.Any]]:
    spec: dict[str, dict[str, t.Any]] = {name: {"type": kind} for name, kind in REQUIREMENTS.items()}
    for properties in spec.values():
        if properties["type"] == "list":
            properties["elements"] = "str"
    spec["available"]["default"] = True
    return spec


def _picking_spec() -> dict[str, dict[str, t.Any]]:
    return {
        "requirements": {"type": "dict", "options": _requirements_spec()},
        "fallbacks": {"type": "list", "elements": "dict", "options": _requirements_spec()},
        "order_by": {
            "type": "list",
            "elements": "str",
            "choices": [f"{sign}{key}" for key in ORDER_KEYS for sign in ("", "-")],
        },
        "prices": {"type": "dict"},
        "on_no_match": {"type": "str", "choices": ["error", "warn", "skip"], "default": "error"},
    }


def arguments() -> dict[str, t.Any]:
    """What ``AnsibleModule`` and ``ArgumentSpecValidator`` take: the argument spec and the rules between options."""
    return {
        "argument_spec": {**connection(), **_targets_spec(), **query(), **_picking_spec()},
        "required_together": [["access_key", "secret_key"]],
        "required_by": {"fallbacks": ["requirements"]},
    }


def given(parameters: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The parameters that say something: without None and empty strings, alternatives from the environment left out.

    Ansible asks the environment only for options that are absent; here it is asked for those that are empty as well.
    """
    values = {}
    for name, parameter in parameters.items():
        value = from_environment(name) if parameter is None or parameter == "" else parameter
        if value is not None:
            values[name] = value
    drop_alternatives(values)
    return values
