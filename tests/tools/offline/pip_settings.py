# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy the user's pip settings into the HOME that tests run with. See README.md."""

from __future__ import annotations

import configparser
import os
from pathlib import Path

# ansible-test's pip must not inherit these: it brings its own constraints.
NOT_INHERITED = {"constraint", "cache-dir", "config-file", "require-virtualenv", "target", "user"}


def write(home: Path) -> None:
    """Write the current user's pip settings to the pip.conf of another HOME."""
    pip_conf = home / ".config/pip/pip.conf"
    pip_conf.parent.mkdir(parents=True, exist_ok=True)
    pip_conf.touch(mode=0o600)  # An index address may carry a password.
    with pip_conf.open("w", encoding="utf-8") as stream:
        _merged().write(stream)


def _merged() -> configparser.RawConfigParser:
    """Merge pip's files, and over them the PIP_* variables, which ansible-test does not pass on."""
    settings = configparser.RawConfigParser()
    config_home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    settings.read([Path.home() / ".pip/pip.conf", config_home / "pip/pip.conf"])
    if not settings.has_section("global"):
        settings.add_section("global")
    for name, value in sorted(os.environ.items()):
        option = name[4:].lower().replace("_", "-")
        if name.startswith("PIP_") and value and option not in NOT_INHERITED:
            settings.set("global", option, value)
    return settings
