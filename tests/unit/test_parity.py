# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module, lookup, documentation fragments and argument spec name the same options with the same properties."""

from __future__ import annotations

import importlib
import inspect
import pathlib
import re
import typing as t

import pytest
import yaml

from ansible_collections.community.modelarts.plugins.module_utils import options
from ansible_collections.community.modelarts.plugins.plugin_utils import caching, evaluation
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


ARGUMENT_SPEC = options.arguments()["argument_spec"]


@pytest.mark.parametrize(
    ("plugin", "spec"), [(MODULE, ARGUMENT_SPEC), (LOOKUP, evaluation.arguments()["argument_spec"])]
)
def test_the_page_describes_the_argument_spec(plugin: str, spec: dict[str, t.Any]) -> None:
    documented = properties(documented_options(plugin), *PROSE)
    documented.pop("_terms", None)
    assert documented == properties(spec, *UNDOCUMENTED)


def test_the_filter_takes_what_the_picking_options_are() -> None:
    documented = documented_options(FILTER)
    assert documented.pop("_input")["required"] is True
    assert documented["requirements"].pop("required") is True
    assert documented == fragment("picking")["options"]
    parameters = list(inspect.signature(importlib.import_module(f"{PLUGINS}.{FILTER}").select_resource_spec).parameters)
    assert parameters == ["specs", *documented]
    assert document(FILTER)["positional"] == parameters[1]


ROLE = pathlib.Path(__file__).parents[2] / "roles" / "select_spec"


def role_file(name: str) -> t.Any:
    return yaml.safe_load((ROLE / name).read_text(encoding="utf-8"))


def test_the_role_takes_every_option_of_query_and_picking() -> None:
    of_connection = {*options.connection(), *caching.ARGUMENTS}
    of_the_role = {"engine", "source", "specs", "wait_timeout", "wait_interval", "set_stats"}
    documented = set(role_file("meta/argument_specs.yml")["argument_specs"]["main"]["options"])
    assert documented == {f"select_spec_{name}" for name in {*ARGUMENT_SPEC, *of_the_role} - of_connection}
    assert documented == {f"select_spec_{name}" for name in role_file("vars/main.yml")["_select_spec_known"]}


def test_ansible_checks_no_type_of_the_role() -> None:
    """Else a wrong type leaves the facts of an earlier call, and ``omit`` is one before ansible-core 2.19."""
    options_of_the_role = role_file("meta/argument_specs.yml")["argument_specs"]["main"]["options"].values()
    assert all(set(option) <= {"description", "type", "default"} for option in options_of_the_role)
    assert {option["type"] for option in options_of_the_role} == {"raw"}


def test_no_fact_of_the_role_is_a_variable_of_the_lookup() -> None:
    (reset,) = yaml.safe_load((ROLE.parent / "pick_base/tasks/main.yml").read_text(encoding="utf-8"))
    facts = set(reset["ansible.builtin.set_fact"])
    assert "modelarts_candidates" in facts
    assert not facts & {f"modelarts_{name}" for name in (*documented_options(LOOKUP), "engine", "source")}


def test_a_target_takes_every_option_of_a_connection() -> None:
    of_a_target = dict(ARGUMENT_SPEC["targets"]["options"])
    assert of_a_target.pop("name") == {"type": "str", "required": True}
    # Neither defaults nor the environment go before what stands beside the targets.
    assert of_a_target == {
        name: {key: value for key, value in spec.items() if key not in ("default", "fallback")}
        for name, spec in options.connection().items()
    }


def test_module_and_lookup_share_every_word_on_their_options() -> None:
    module, lookup = documented_options(MODULE), documented_options(LOOKUP)
    assert set(lookup) - set(module) == {"_terms", *caching.ARGUMENTS}
    assert {name: spec["description"] for name, spec in module.items()} == {
        name: lookup[name]["description"] for name in module
    }


def test_the_lookup_names_the_variables_of_the_environment_that_are_read() -> None:
    documented = {
        name: tuple(entry["name"] for entry in spec["env"])
        for name, spec in documented_options(LOOKUP).items()
        if "env" in spec
    }
    assert documented == options.ENVIRONMENT


def test_the_descriptions_name_them_as_well() -> None:
    for name, spec in fragment("connection")["options"].items():
        named = re.findall(r"E\((\w+)\)", " ".join(spec["description"]))
        assert tuple(named) == options.ENVIRONMENT.get(name, ())


def test_the_lookup_takes_each_option_from_a_variable_of_the_same_name() -> None:
    for name, spec in documented_options(LOOKUP).items():
        if name != "_terms":
            assert spec["vars"] == [{"name": f"modelarts_{name}"}]


def test_ansible_cfg_holds_connection_options_but_no_secret() -> None:
    sections = {name: spec["ini"] for name, spec in documented_options(LOOKUP).items() if "ini" in spec}
    connection, cached = fragment("connection")["options"], fragment("caching")["options"]
    assert set(sections) == {*connection, *cached} - {*options.SECRETS, "cache_connection"}
    assert all(entries == [{"section": "modelarts", "key": name}] for name, entries in sections.items())


def test_only_true_secrets_are_hidden() -> None:
    assert {name for name, spec in ARGUMENT_SPEC.items() if spec.get("no_log")} == set(options.SECRETS)


def test_return_describes_each_field_of_a_documented_spec_with_its_type() -> None:
    ansible_types: dict[type, str] = {str: "str", int: "int", bool: "bool"}
    documented = document(MODULE, "RETURN")["specs"]["contains"]
    assert documented.pop("target")["type"] == "str"
    for spec in sample("rs_doc_two_specs_cpu_v100")["specs"]:
        assert {name: field["type"] for name, field in documented.items()} == {
            name: ansible_types[type(value)] for name, value in spec.items()
        }
