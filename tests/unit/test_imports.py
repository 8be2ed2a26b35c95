# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports run one way, faces -> plugin_utils -> module_utils. The core knows neither modules nor display."""

from __future__ import annotations

import ast
import pathlib
import sys
import typing as t

import pytest

PLUGINS = pathlib.Path(__file__).parents[2] / "plugins"
PREFIX = "ansible_collections.community.modelarts.plugins."

FACES = ("modules", "lookup", "filter")

# What each part may import of ours, by the longest name that fits. The types of a connection may be named everywhere.
GROUND = ("module_utils._errors", "module_utils._options")
PICKING = ("module_utils._spec", "module_utils._selection", "module_utils._picking")
ALLOWED: dict[str, tuple[str, ...]] = {
    "modules": ("module_utils",),
    "lookup": ("plugin_utils", "module_utils"),
    "filter": ("plugin_utils", "module_utils"),
    "plugin_utils": ("plugin_utils", "module_utils"),
    "module_utils": ("module_utils",),
    "doc_fragments": (),
    # Errors and the table of options are the ground of all.
    "module_utils._errors": (),
    "module_utils._options": ("module_utils._errors",),
    "module_utils._endpoint": ("module_utils._errors",),
    "module_utils._response": ("module_utils._errors",),
    "module_utils._module": GROUND,
    # Resolving options sends nothing.
    "module_utils._connection": (*GROUND, "module_utils._endpoint", "module_utils._auth.clouds_yaml"),
    # A login can read a response, but does not know who sends the request.
    "module_utils._auth": (*GROUND, "module_utils._auth", "module_utils._connection", "module_utils._response"),
    "module_utils._auth.clouds_yaml": GROUND,
    # Picking is pure: it knows no cloud.
    **dict.fromkeys(PICKING, (*GROUND, *PICKING)),
}

# What the core may import beside the standard library and itself. The rest of Ansible is for faces and plugin_utils.
# yaml comes with openstack. Only _module.py knows Ansible's modules.
CORE_LIBRARIES = (
    "requests",
    "urllib3",
    "openstack",
    "yaml",
    "ansible.module_utils.common",
    "ansible.module_utils.errors",
)
MODULE = "module_utils._module"


def imports(path: pathlib.Path) -> set[str]:
    """The modules that a file imports, also inside functions and for types only."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            module = str(node.module)
            # "from package import module" is one of the module, "from module import name" of the module as well.
            found.update(
                f"{module}.{alias.name}" if _is_file(f"{module}.{alias.name}") else module for alias in node.names
            )
    return found


def _is_file(name: str) -> bool:
    return name.startswith(PREFIX) and (PLUGINS / name[len(PREFIX) :].replace(".", "/")).with_suffix(".py").is_file()


def name_of(path: pathlib.Path) -> str:
    return ".".join(path.relative_to(PLUGINS).with_suffix("").parts).removesuffix(".__init__")


def is_in(name: str, places: t.Iterable[str]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


# Packages are empty.
FILES = {name_of(path): path for path in sorted(PLUGINS.rglob("*.py")) if path.name != "__init__.py"}
OWN = {
    name: {one[len(PREFIX) :] for one in imports(path) if one.startswith(PREFIX)} - {name}
    for name, path in FILES.items()
}


@pytest.mark.parametrize("name", FILES)
def test_imports_run_one_way(name: str) -> None:
    rule = max((rule for rule in ALLOWED if is_in(name, [rule])), key=len)
    assert {one for one in OWN[name] if not is_in(one, ALLOWED[rule])} == set()


def test_nobody_imports_in_a_circle() -> None:
    remaining = {name: set(wanted) & set(FILES) for name, wanted in OWN.items()}
    while leaves := [name for name, wanted in remaining.items() if not wanted & set(remaining)]:
        for name in leaves:
            del remaining[name]
    assert remaining == {}


@pytest.mark.parametrize("name", [name for name in FILES if is_in(name, ["module_utils"]) and name != MODULE])
def test_the_core_knows_neither_modules_nor_the_display_of_ansible(name: str) -> None:
    foreign = {one for one in imports(FILES[name]) if one.partition(".")[0] not in sys.stdlib_module_names}
    assert {one for one in foreign if not one.startswith(PREFIX) and not is_in(one, CORE_LIBRARIES)} == set()


@pytest.mark.parametrize("name", [name for name in FILES if is_in(name, FACES)])
def test_faces_are_thin(name: str) -> None:
    """Beside its documentation a face has its imports and a function or two of a few lines."""
    tree = ast.parse(FILES[name].read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert sum(1 for function in functions for _node in ast.walk(function) if isinstance(_node, ast.stmt)) <= 36


@pytest.mark.parametrize("name", [name for name in FILES if is_in(name, ["module_utils", "plugin_utils"])])
def test_what_is_shared_is_private(name: str) -> None:
    assert name.split(".")[1].startswith("_")
    assert "PRIVATE: do not import outside this collection." in FILES[name].read_text(encoding="utf-8")
