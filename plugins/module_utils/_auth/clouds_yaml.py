# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cloud of clouds.yaml as connection options; openstacksdk reads the file.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import json
import os
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils._errors import OptionsError, missing_library
from ansible_collections.community.modelarts.plugins.module_utils._options import CLOUDS_FILE

# Path of the file that openstacksdk merges into the one of CLOUDS_FILE.
SECURE_FILE = "OS_CLIENT_SECURE_FILE"

# The supported values of auth_type. A cloud with ak and sk needs none.
PASSWORD_TYPES = ("password", "v3password", "v3multifactor")
TOKEN_TYPES = ("token", "v3token")
METHODS = ("v3password", "v3totp")

# The keys of a cloud by option, in order of precedence. Each can be below "auth" or beside it.
_KEYS = {
    "auth_url": ("auth_url",),
    "username": ("username", "user_name"),
    "user_id": ("user_id",),
    "password": ("password",),
    "passcode": ("passcode",),
    "token": ("token",),
    "project_id": ("project_id",),
    "project_name": ("project_name",),
    "user_domain_id": ("user_domain_id", "domain_id"),
    "user_domain_name": ("user_domain_name", "domain_name"),
    "project_domain_id": ("project_domain_id",),
    "project_domain_name": ("project_domain_name",),
    "access_key": ("access_key", "ak"),
    "secret_key": ("secret_key", "sk"),
    "security_token": ("security_token",),
}

# Other spellings that openstacksdk accepts, and keys that are read separately.
_OTHER_KEYS = (
    *("tenant_id", "tenant_name", "auth_token", "default_domain_id", "default_domain_name"),
    *("region_name", "modelarts_endpoint_override", "cacert"),
)

_FALSE = ("false", "0", "no", "off", "n", "f")
_TRUE = ("true", "1", "yes", "on", "y", "t")


class Cloud(t.NamedTuple):
    """The options of a cloud, the start of messages about it, and the names that its options have in the file."""

    options: dict[str, t.Any]
    origin: str
    names: dict[str, str]


def read(name: str, region: str | None) -> Cloud:
    """Return the options that the cloud ``name`` gives in ``region``; an empty name means the only cloud of the file.

    Beside the options of the public contract there may be ``project_domain_id`` and ``project_domain_name``. Raises
    OptionsError, whose message quotes only keys and the names of clouds and regions from the file.
    """
    try:
        import yaml
        from openstack.config import loader
        from openstack.exceptions import ConfigException
    except ImportError as error:
        raise missing_library("openstacksdk", ", which cloud needs") from error
    path = _find(os.environ.get(CLOUDS_FILE), loader.CONFIG_FILES)
    if path is None:
        raise OptionsError(
            f"No clouds.yaml is found: name it in the environment variable {CLOUDS_FILE}, "
            f"or put it at {' or '.join(file for file in loader.CONFIG_FILES if file.endswith('clouds.yaml'))}"
        )
    secure_path = _find(os.environ.get(SECURE_FILE), loader.SECURE_FILES)
    files = {file: _clouds(file, yaml) for file in (path, secure_path) if file}
    name = _choose(name, path, sorted({str(cloud) for clouds in files.values() for cloud in clouds}))
    origin = f"The cloud {name!r} of {path}"
    for clouds in files.values():
        _check_types(origin, clouds.get(name, {}))
    try:
        # without the environment, which is a separate layer of the options
        config = loader.OpenStackConfig(
            config_files=[path], secure_files=[secure_path] if secure_path else [], load_envvars=False
        )
        try:
            found = config.get_one(name, region_name=region, validate=False)
        except ConfigException as error:
            if not str(error).startswith("Region "):
                raise
            # A region in the file is a default, but a list of regions is a restriction.
            if "region_name" not in files[path].get(name, {}):
                regions = str(error).partition("Valid choices are ")[2].partition(". Please")[0]
                raise OptionsError(f"{origin} has no region {region!r}, only {regions}") from None
            found = config.get_one(name, validate=False)
        options, names = _options(origin, found)
        if region and files[path].get(name, {}).get("region_name") not in (None, region):
            options.pop("endpoint", None)  # it is that of another region
    except OptionsError:
        raise
    except Exception as error:
        # There are many kinds of exceptions, and their texts may quote a line of the file that contains a secret.
        raise OptionsError(f"{origin} cannot be read by openstacksdk: {type(error).__name__}") from None
    if region:
        options["region"] = region
    return Cloud(options, f"{origin}: ", names)


def _find(named: str | None, usual: t.Iterable[str]) -> str | None:
    """Return the file that is ``named``, or else the first of the ``usual`` ones that exists."""
    return named or next((file for file in usual if os.path.exists(file)), None)


def _clouds(path: str, yaml: t.Any) -> dict[t.Any, t.Any]:
    """Return the clouds of a file. openstacksdk ignores a file that it cannot read, or quotes it in its error."""
    kind = "JSON" if path.endswith("json") else "YAML"
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file) if kind == "JSON" else yaml.safe_load(file)
    except OSError as error:
        raise OptionsError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else getattr(error, "lineno", None)
        raise OptionsError(f"{path} is not valid {kind}{f': look at line {line}' if line else ''}") from None
    clouds = (content or {}).get("clouds") or {} if isinstance(content, (dict, type(None))) else None
    if not isinstance(clouds, dict) or not all(isinstance(cloud, dict) for cloud in clouds.values()):
        raise OptionsError(
            f"{path} does not have the structure that openstacksdk expects: clouds, names, their settings"
        )
    return clouds


def _choose(name: str, path: str, names: list[str]) -> str:
    if name in names:
        return name
    there_are = f"{path} has {', '.join(names) or 'none'}"
    if name:
        raise OptionsError(f"There is no cloud {name!r}: {there_are}")
    if len(names) != 1:
        raise OptionsError(f"clouds.yaml defines no single cloud: {there_are}. Set cloud or OS_CLOUD")
    return names[0]


def _check_types(origin: str, cloud: t.Mapping[str, t.Any]) -> None:
    """Refuse anything but text. YAML reads an unquoted 0123 as 83, and openstacksdk converts that to text."""
    known = {*_OTHER_KEYS, *(key for keys in _KEYS.values() for key in keys)}
    auth = cloud.get("auth")
    for place in (cloud, auth if isinstance(auth, dict) else {}):
        for key, value in place.items():
            is_list = key == "region_name" and isinstance(value, list)
            if str(key).replace("-", "_") in known and not isinstance(value, (str, type(None))) and not is_list:
                raise OptionsError(f"{origin} has {key} that is not text: put it in quotes")


def _options(origin: str, found: t.Any) -> tuple[dict[str, t.Any], dict[str, str]]:
    """Return the options of a cloud of openstacksdk, and the keys with other names."""
    config = found.config
    _check_types(origin, config)
    settings = {**config, **{key: value for key, value in config["auth"].items() if value}}
    values = {option: _first(settings, keys) for option, keys in _KEYS.items()}
    for whose in ("user", "project"):
        if not values[f"{whose}_domain_id"] and not values[f"{whose}_domain_name"]:
            values.update({f"{whose}_domain_{key}": settings.get(f"default_domain_{key}") for key in ("id", "name")})
    _narrow(origin, values, config)
    if config.get("cert") or config.get("key"):
        raise OptionsError(f"{origin} has a client certificate, which is not supported: remove cert and key")
    values.update(endpoint=found.get_endpoint("modelarts"), region=config.get("region_name"))
    verify = "false" if config.get("insecure") else config.get("verify")
    key, path = "cacert", config.get("cacert")
    if str(verify).lower() in _FALSE:
        return {**_stated(values), "validate_certs": False}, {}
    if isinstance(verify, str) and verify.lower() not in _TRUE and not path:
        key, path = "verify", verify
    if path:
        values["ca_path"] = os.path.expanduser(path)
    return _stated(values), {"ca_path": f"{key} of {origin[0].lower()}{origin[1:]}"}


def _stated(values: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {option: value for option, value in values.items() if value}


def _narrow(origin: str, values: dict[str, t.Any], config: t.Mapping[str, t.Any]) -> None:
    """Keep only the login that the cloud's ``auth_type`` selects."""
    if values["access_key"] or values["secret_key"]:
        return
    values["security_token"] = None
    kind = config["auth_type"]
    methods = config.get("auth_methods") or []
    if kind in TOKEN_TYPES:
        values.update(username=None, user_id=None, password=None, passcode=None)
    elif kind in PASSWORD_TYPES and not set(methods) - set(METHODS):
        if values["password"]:
            values["token"] = None
    else:
        raise OptionsError(
            f"{origin} has the auth_type {kind!r}{f' with {methods}' if methods else ''}, which is not supported: "
            f"use one of {', '.join((*PASSWORD_TYPES, *TOKEN_TYPES))} (v3multifactor with {' and '.join(METHODS)}), "
            "or give ak and sk"
        )


def _first(values: t.Mapping[str, t.Any], names: t.Iterable[str]) -> t.Any:
    return next((values[name] for name in names if values.get(name)), None)
