# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make ``ansible_collections.community.modelarts`` this checkout, for pytest without ansible-test."""

from __future__ import annotations

import pathlib
import sys

from ansible.plugins.loader import init_plugin_loader

sys.path.append(str(pathlib.Path(__file__).parents[1] / "tools"))
from demo import collections_path

init_plugin_loader([str(collections_path())])
