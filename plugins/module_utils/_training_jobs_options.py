# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of the modules for training jobs.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import typing as t

from ansible_collections.community.modelarts.plugins.module_utils._options import connection_spec, targets_spec

# Options of a training job whose content is up to the user.
FREE_FORM = ("parameters", "environments", "definition")

# Codes with which ModelArts refuses a training job because of its spec: unknown flavor, too many nodes, engine not
# supported, quota of free flavors.
FAILOVER_CODES = ("2763", "2781", "2793", "2833", "2840")


def training_job_arguments() -> dict[str, t.Any]:
    """Return the arguments of ``AnsibleModule`` for a training job."""
    what = ("engine", "engine_id", "image", "algorithm_id")
    texts = ("description", "workspace_id", "pool_id", *what, "code_dir", "boot_file", "command", "log_url")
    choices = {
        "api": ("v2", "v1"),
        "state": ("present", "stopped", "absent"),
        "on_existing": ("keep", "replace_failed", "replace"),
        "wait_for": ("running", "created", "completed"),
    }
    numbers = {"nodes": 1, "wait_timeout": 3600, "pending_timeout": 0}
    return {
        "argument_spec": {
            **connection_spec(),
            "target": {"type": "dict", "options": targets_spec()["targets"]["options"]},
            "name": {"type": "str", "required": True},
            **{name: {"type": "str"} for name in texts},
            **{name: {"type": "dict"} for name in ("inputs", "outputs")},
            **{name: {"type": "str", "choices": list(of), "default": of[0]} for name, of in choices.items()},
            **{name: {"type": "int", "default": default} for name, default in numbers.items()},
            # They may contain credentials, which must not appear in the system log.
            **{name: {"type": "dict", "no_log": True} for name in FREE_FORM},
            "candidates": {"type": "list", "elements": "raw"},
            "failover_on": {"type": "list", "elements": "str", "default": list(FAILOVER_CODES)},
        },
        "mutually_exclusive": [["candidates", "pool_id"], list(what)],
        "required_together": [["code_dir", "boot_file"]],
        "required_by": {"image": ["command"]},
        "required_if": [("state", "present", ("candidates", "pool_id"), True)],
    }


def training_job_info_arguments() -> dict[str, t.Any]:
    """Return the arguments of ``AnsibleModule`` for the list of training jobs."""
    api = training_job_arguments()["argument_spec"]["api"]
    texts = {name: {"type": "str"} for name in ("name", "job_id", "workspace_id")}
    return {
        "argument_spec": {**connection_spec(), "api": api, **texts},
        "mutually_exclusive": [["name", "job_id"]],
    }
