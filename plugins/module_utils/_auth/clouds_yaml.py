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

# Names the file that openstacksdk merges with the one of CLOUDS_FILE.
SECURE_FILE = "OS_CLIENT_SECURE_FILE"

# What auth_type may be. A cloud that has ak and sk needs none of them.
PASSWORD_TYPES = ("password", "v3password", "v3multifactor")
TOKEN_TYPES = ("token", "v3token")
METHODS = ("v3password", "v3totp")

# What stands under "auth", by the option that takes it; the first name that is there counts.
_AUTH = {
    **{
        name: (name,) for name in ("auth_url", "user_id", "password", "passcode", "token", "project_id", "project_name")
    },
    "username": ("username", "user_name"),
    "user_domain_id": ("user_domain_id", "domain_id"),
    "user_domain_name": ("user_domain_name", "domain_name"),
    **{name: (name,) for name in ("project_id", "project_name", "project_domain_id", "project_domain_name")},
}

# What stands beside "auth", or in it.
_KEYS = {
    "access_key": ("access_key", "ak"),
    "secret_key": ("secret_key", "sk"),
    "security_token": ("security_token",),
}


def read(name: str, region: str | None) -> tuple[dict[str, t.Any], str]:
    """The options that the cloud ``name`` gives, in ``region`` of it, and how messages about them begin.

    An empty name means the only cloud of the file. Beside the options of the public contract there may be
    ``project_domain_id`` and ``project_domain_name``. Raises OptionsError, whose message holds nothing of the file but
    the names of clouds and regions.
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
    try:
        # The environment is read here and not by openstacksdk: what stands for which option is said in one place.
        config = loader.OpenStackConfig(
            config_files=[path], secure_files=[secure_path] if secure_path else [], load_envvars=False
        )
        try:
            found = config.get_one(name, region_name=region, validate=False)
        except ConfigException as error:
            # The region of the file is a default, as everything in it is. A list of regions is more than that.
            if not str(error).startswith("Region ") or "region_name" not in files[path].get(name, {}):
                raise
            found = config.get_one(name, validate=False)
        return {**_values(origin, found), **({"region": region} if region else {})}, f"{origin}: "
    except OptionsError:
        raise
    except Exception as error:
        # Many kinds, the texts of which may hold a line of the file with a secret in it.
        text = str(error).partition(". Please note")[0] if str(error).startswith("Region ") else type(error).__name__
        raise OptionsError(f"{origin} cannot be read by openstacksdk: {text}") from None


def _find(named: str | None, usual: t.Iterable[str]) -> str | None:
    """The file that is ``named``, or else the first of the ``usual`` ones that exists."""
    return named or next((file for file in usual if os.path.exists(file)), None)


def _clouds(path: str, yaml: t.Any) -> dict[t.Any, t.Any]:
    """The clouds of a file. openstacksdk would pass over one that it cannot read, or tell what stands in it."""
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
        raise OptionsError(f"{path} is not laid out as openstacksdk wants it: clouds, names, their settings")
    return clouds


def _choose(name: str, path: str, names: list[str]) -> str:
    if name in names:
        return name
    there_are = f"{path} has {', '.join(names) or 'none'}"
    if name:
        raise OptionsError(f"There is no cloud {name!r}: {there_are}")
    if len(names) != 1:
        raise OptionsError(f"Which cloud is meant is not said: {there_are}. Give cloud, or set OS_CLOUD")
    return names[0]


def _values(origin: str, found: t.Any) -> dict[str, t.Any]:
    """The options that a cloud gives, as openstacksdk knows it."""
    config = found.config
    auth = config["auth"]
    values = {option: _first(auth, names) for option, names in _AUTH.items()}
    keys = {option: _first({**auth, **config}, names) for option, names in _KEYS.items()}
    if keys["access_key"] or keys["secret_key"]:
        values.update(keys)
    _narrow(origin, values, config)
    verify, _certificate = found.get_requests_verify_args()
    values.update(endpoint=found.get_endpoint("modelarts"), region=config.get("region_name"))
    for option, value in values.items():
        if not isinstance(value, (str, type(None))):
            raise OptionsError(f"{origin} has something else than text for {option}")
    return {
        **{option: value for option, value in values.items() if value},
        **({"ca_path": verify} if isinstance(verify, str) else {"validate_certs": False} if verify is False else {}),
    }


def _narrow(origin: str, values: dict[str, t.Any], config: t.Mapping[str, t.Any]) -> None:
    """Leave of the logins that a cloud may hold the one that its ``auth_type`` means."""
    if "access_key" in values:
        return
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
