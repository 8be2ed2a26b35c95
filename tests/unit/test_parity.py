# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is not generated from the table of options agrees with it: pages that people write, the role, Connection.

ansible-test compares modules with their argument specs.
"""

from __future__ import annotations

import importlib
import inspect
import pathlib
import typing as t

import pytest
import yaml

from ansible_collections.community.modelarts.plugins.module_utils import _connection, _options, _training_jobs_options
from ansible_collections.community.modelarts.plugins.plugin_utils import _role
from ansible_collections.community.modelarts.tests.unit.conftest import sample

PLUGINS = "ansible_collections.community.modelarts.plugins"
MODULE = "modules.modelarts_resource_specs_info"
LOOKUP = "lookup.modelarts_resource_specs"
FILTER = "filter.select_resource_spec"

# What a person reads beside the properties that are compared.
PROSE = ("description", "env", "ini", "vars", "version_added")

# What ansible-doc does not show.
UNDOCUMENTED = ("no_log", "fallback")


def document(plugin: str, variable: str = "DOCUMENTATION") -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", yaml.safe_load(getattr(importlib.import_module(f"{PLUGINS}.{plugin}"), variable)))


def fragment(name: str) -> dict[str, t.Any]:
    name, _dot, variable = name.removeprefix("community.modelarts.").partition(".")
    source = importlib.import_module(f"{PLUGINS}.doc_fragments.{name}").ModuleDocFragment
    return t.cast("dict[str, t.Any]", yaml.safe_load(getattr(source, variable.upper() or "DOCUMENTATION")))


def documented_options(plugin: str) -> dict[str, dict[str, t.Any]]:
    """The options that ansible-doc shows: the plugin's own and those of its fragments, merged by name."""
    page = document(plugin)
    merged: dict[str, dict[str, t.Any]] = {}
    for part in (page, *(fragment(name) for name in page["extends_documentation_fragment"])):
        for option, properties in part.get("options", {}).items():
            merged.setdefault(option, {}).update(properties)
    return merged


def properties(specs: dict[str, dict[str, t.Any]], *left_out: str) -> dict[str, dict[str, t.Any]]:
    """Options by name with what is compared; suboptions in the same way, whatever they are called."""
    result: dict[str, dict[str, t.Any]] = {}
    for name, spec in specs.items():
        result[name] = {key: value for key, value in spec.items() if key not in (*left_out, "options", "suboptions")}
        nested = spec.get("options") or spec.get("suboptions")
        if nested:
            result[name]["options"] = properties(nested, *left_out)
    return result


ARGUMENT_SPEC = _options.resource_specs_arguments()["argument_spec"]


def test_each_option_is_a_field_of_a_connection() -> None:
    fields = set(_connection.Connection._fields)
    assert set(_options.CONNECTION) - fields == {"cloud"}  # clouds.yaml takes its place
    values: t.Any = {name: f"value of {name}" for name in fields - {"auth_method"}}
    shown = repr(_connection.Connection("token", **values))
    assert [name for name in values if f"value of {name}" in shown] == []


def test_the_page_of_the_lookup_describes_the_argument_spec() -> None:
    documented = properties(documented_options(LOOKUP), *PROSE)
    documented.pop("_terms", None)
    assert documented == properties({**ARGUMENT_SPEC, **_options.caching_spec()}, *UNDOCUMENTED)


def test_the_filter_takes_what_the_picking_options_are() -> None:
    documented = documented_options(FILTER)
    assert documented.pop("_input")["required"] is True
    assert documented["requirements"].pop("required") is True
    assert documented == fragment("picking")["options"]
    parameters = list(inspect.signature(importlib.import_module(f"{PLUGINS}.{FILTER}").select_resource_spec).parameters)
    assert parameters == ["specs", *documented]
    assert document(FILTER)["positional"] == parameters[1]


ROLES = pathlib.Path(__file__).parents[2] / "roles"


def role_file(name: str, role: str = "select_spec") -> t.Any:
    return yaml.safe_load((ROLES / role / name).read_text(encoding="utf-8"))


def test_the_role_takes_every_option_of_query_and_picking() -> None:
    of_connection = {*_options.CONNECTION, *_options.CACHING}
    of_the_role = {"specs", "wait_timeout", "wait_interval", "set_stats"}
    documented = set(role_file("meta/argument_specs.yml")["argument_specs"]["main"]["options"])
    assert documented == {f"select_spec_{name}" for name in {*ARGUMENT_SPEC, *of_the_role} - of_connection}
    assert documented == {f"select_spec_{name}" for name in _role.KNOWN}


def test_the_role_for_jobs_passes_on_every_option_of_the_module() -> None:
    variables = role_file("vars/main.yml", "run_training_job")
    documented = role_file("meta/argument_specs.yml", "run_training_job")
    options = set(_training_jobs_options.training_job_arguments()["argument_spec"]) - set(_options.CONNECTION)
    assert set(variables["_run_training_job_connection"]) == set(_options.CONNECTION)
    # The target is that of the pick.
    assert set(variables["_run_training_job_options"]) == options - {"state", "target"}
    assert set(documented["argument_specs"]["main"]["options"]) == {
        f"run_training_job_{name}" for name in (*variables["_run_training_job_options"], "set_stats")
    }


def test_ansible_checks_no_type_of_the_role() -> None:
    """Ansible would fail before the role sets its facts; before 2.19 it also takes ``omit`` for a wrong type."""
    options_of_the_role = role_file("meta/argument_specs.yml")["argument_specs"]["main"]["options"].values()
    assert all(set(option) <= {"description", "type", "default"} for option in options_of_the_role)
    assert {option["type"] for option in options_of_the_role} == {"raw"}


@pytest.mark.parametrize("role, fact", [("select_spec", "candidates"), ("run_training_job", "job_id")])
def test_no_fact_of_a_role_is_a_variable_of_the_lookup(role: str, fact: str) -> None:
    (reset,) = role_file("meta/main.yml", role)["dependencies"]
    facts = set(reset["vars"]["_pick_base_facts"])
    assert f"modelarts_{fact}" in facts
    assert not facts & {f"modelarts_{name}" for name in documented_options(LOOKUP)}


def test_return_describes_each_field_of_a_documented_spec_with_its_type() -> None:
    ansible_types: dict[type, str] = {str: "str", int: "int", bool: "bool"}
    documented = document(MODULE, "RETURN")["specs"]["contains"]
    added = {name: documented.pop(name)["type"] for name in ("target", "engine")}
    assert added == {"target": "str", "engine": "dict"}
    for spec in sample("rs_doc_two_specs_cpu_v100")["specs"]:
        assert {name: field["type"] for name, field in documented.items()} == {
            name: ansible_types[type(value)] for name, value in spec.items()
        }
