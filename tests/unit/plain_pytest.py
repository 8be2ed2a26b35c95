# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make ``ansible_collections.community.modelarts`` this checkout, for pytest without ansible-test."""

from __future__ import annotations

import importlib
import pathlib
import sys

from ansible.plugins.loader import init_plugin_loader

sys.path.append(str(pathlib.Path(__file__).parents[1] / "tools"))
init_plugin_loader([str(importlib.import_module("demo").collections_path())])
