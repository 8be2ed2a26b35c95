# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A target with a Python that is too old gets one sentence instead of a traceback."""

from __future__ import annotations

import ast
import json
import os
import pathlib
import pwd
import shutil
import subprocess

import pytest

MODULES = sorted((pathlib.Path(__file__).parents[4] / "plugins" / "modules").glob("*.py"))
OLD_VERSIONS = ("3.6", "3.7", "3.8")


def interpreter(version: str) -> str | None:
    """An interpreter of an old version, if one is here: pyenv's own, or one in PATH."""
    home = pathlib.Path(os.environ.get("PYENV_ROOT") or pathlib.Path(pwd.getpwuid(os.getuid()).pw_dir, ".pyenv"))
    found = sorted(home.glob(f"versions/{version}.*/bin/python{version}"))
    return str(found[-1]) if found else shutil.which(f"python{version}")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_a_module_is_read_by_the_oldest_python_of_ansible_targets(module: pathlib.Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"), feature_version=(3, 6))
    futures = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    assert futures == []  # Python 3.6 does not know annotations


@pytest.mark.parametrize("version", OLD_VERSIONS)
@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_an_old_python_is_refused_in_one_sentence(module: pathlib.Path, version: str) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version} here")
    done = subprocess.run([python, str(module)], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout) == {
        "failed": True,
        "msg": f"This module needs Python 3.9 or later on the target, which has {version}",
    }
