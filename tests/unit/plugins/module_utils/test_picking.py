# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What picking returns, warns about and explains, beside what the table of cases shows, and how options are parsed."""

from __future__ import annotations

import contextlib
import json
import typing as t
from unittest import mock

import pytest
from ansible.module_utils import basic

from ansible_collections.community.modelarts.plugins.module_utils import _options, _picking
from ansible_collections.community.modelarts.plugins.module_utils._errors import NoMatchError, OptionsError
from ansible_collections.community.modelarts.plugins.module_utils._module import ModelArtsModule
from ansible_collections.community.modelarts.tests.unit.selection_table import SPECS

NOTHING_MATCHES = {"requirements": {"gpu_types": ["a100"]}}


def parsed(**options: t.Any) -> dict[str, t.Any]:
    return _options.parse({"argument_spec": _options.picking_spec()}, options)


def pick(specs: str, more: t.Mapping[str, t.Any] | None = None, **options: t.Any) -> dict[str, t.Any]:
    return _picking.pick(SPECS[specs], {**parsed(**options), **(more or {})}, pytest.fail)


def explain(specs: str, requirements: dict[str, t.Any], *fallbacks: dict[str, t.Any]) -> str:
    return str(pick(specs, requirements=requirements, fallbacks=list(fallbacks))["explanation"])


def test_the_given_spec_objects_are_returned() -> None:
    specs = SPECS["documented"]
    result = _picking.pick(iter(specs), parsed(requirements={"min_gpus": 1}), pytest.fail)
    assert result["selected"] is specs[1]
    assert result["candidates"][0] is specs[1]
    assert result["rejected"] == [
        {"spec_id": 2, "spec_code": "modelarts.vm.cpu.2u", "reasons": ["at least 1 GPU required, has 0"]}
    ]


def test_without_requirements_nothing_is_picked_and_the_rest_is_ignored_with_a_warning() -> None:
    warnings: list[str] = []
    given = parsed(fallbacks=[{}], order_by="gpus", prices={"x": 1})
    assert _picking.pick(SPECS["fleet"], given, warnings.append) == {}
    assert warnings == ["Ignored without requirements, as nothing is picked: fallbacks, order_by, prices"]
    _picking.check(given)
    assert pick("fleet") == {}


def test_what_cannot_work_is_an_error_before_anything_is_requested() -> None:
    with pytest.raises(OptionsError, match="order_by has price, but prices gives none"):
        _picking.check(parsed(requirements={}, order_by=["-price"], prices={"x": ""}))
    with pytest.raises(OptionsError, match=r"fallbacks\[0\].min_npus is 2 and max_npus is 1: no spec can meet both"):
        _picking.check(parsed(requirements={}, fallbacks=[{"min_npus": 2, "max_npus": 1}]))


def test_the_engine_in_the_specs_counts_as_well() -> None:
    specs = [{**spec, "engine": {"engine_id": "mindspore_1.3"}} for spec in SPECS["accelerators"]]
    rejected = _picking.pick(specs, parsed(requirements={}), pytest.fail)["rejected"]
    assert [spec["reasons"] for spec in rejected] == [["engine mindspore_1.3 required, does not support mindspore_1.3"]]


def test_nothing_matches_and_that_is_an_error() -> None:
    targets = [{"name": "one", "spec_total_count": 2}, {"name": "two", "failed": True, "msg": "No."}]
    with pytest.raises(NoMatchError) as caught:
        _picking.pick(
            SPECS["documented"], {**parsed(**NOTHING_MATCHES), "on_no_match": "error"}, pytest.fail, targets=targets
        )
    assert str(caught.value).endswith(" Not searched because they failed: two.")
    result = caught.value.result()
    assert result.keys() == {"msg", "selected", "candidates", "rejected", "met_by", "targets"}
    assert result["targets"] == targets


def test_nothing_matches_and_that_is_a_warning_or_nothing() -> None:
    warnings: list[str] = []
    warned = _picking.pick(SPECS["documented"], {**parsed(**NOTHING_MATCHES), "on_no_match": "warn"}, warnings.append)
    assert warnings == [warned["explanation"]]
    assert pick("documented", {"on_no_match": "skip"}, **NOTHING_MATCHES) == warned


@pytest.mark.parametrize(
    ("engine", "selected"),
    [
        ({"engine_id": "PyTorch_1.8.0-cuda_10.2-py_3.7-ubuntu_18.04-x86_64", "engine_name": "PyTorch"}, 6),
        ({"engine_id": 4, "engine_version": "pytorch_1.8.0-cuda_10.2-py_3.7-ubuntu_18.04-x86_64"}, 6),
        ({"engine_id": "mindspore_1.3", "engine_name": "MindSpore"}, 5),
        (None, 6),
    ],
)
def test_a_flavor_that_does_not_support_the_engine_is_rejected(engine: t.Any, selected: int) -> None:
    requirements = {"min_gpus": 1, "exclude_spec_codes": ["*pnt004"]}
    specs = [{**spec, "engine": engine} for spec in SPECS["accelerators"]]
    result = _picking.pick(specs, parsed(requirements=requirements), pytest.fail)
    assert result["selected"]["spec_id"] == selected
    reasons = {spec["spec_id"]: spec["reasons"] for spec in result["rejected"]}
    rejection = ["engine mindspore_1.3 required, does not support mindspore_1.3"]
    assert reasons.get(6, rejection) == rejection


def test_each_spec_is_judged_by_its_own_engine() -> None:
    specs: list[dict[str, t.Any]] = [
        {"spec_code": "of-any", "support_engines": '["y"]'},
        {"spec_code": "of-x", "support_engines": ["x"], "engine": {"engine_id": "x"}},
        {"spec_code": "of-y", "support_engines": ["x"], "engine": {"engine_id": "y"}},
    ]
    result = _picking.pick(specs, parsed(requirements={}), pytest.fail)
    assert [spec["spec_code"] for spec in result["candidates"]] == ["of-any", "of-x"]
    assert [spec["reasons"] for spec in result["rejected"]] == [["engine x or y required, does not support y"]]


def test_lists_may_be_json_text() -> None:
    wanted = {"exclude_spec_codes": '["modelarts.vm.cpu.2u"]', "gpu_types": ' ["v100"]', "spec_codes": "[mn]*.gpu.*"}
    options = parsed(requirements=wanted, fallbacks="[]", order_by='["-cores", "gpus"]')
    assert options["requirements"]["exclude_spec_codes"] == ["modelarts.vm.cpu.2u"]
    assert options["requirements"]["gpu_types"] == ["v100"]
    assert options["requirements"]["spec_codes"] == ["[mn]*.gpu.*"]
    assert options["order_by"] == ["-cores", "gpus"]
    assert parsed(fallbacks=[]).get("fallbacks") is None


# What Ansible makes of a value is up to its version; that all make the same of it is not.
@pytest.mark.parametrize(
    "value", ["", " ", None, "8", "8.0", 8.0, 8.5, True, "1,2", "1, 2", '["v100"]', [], {}, [None]]
)
@pytest.mark.parametrize("key", ["min_gpus", "min_memory_gb", "gpu_types", "available"])
def test_the_module_parses_as_plugins_do(key: str, value: t.Any) -> None:
    for options in (
        {"requirements": {key: value}},
        {"requirements": json.dumps({key: value})},
        {"requirements": {}, "fallbacks": [{key: value}]},
        {"requirements": {}, "fallbacks": json.dumps([{key: value}])},
    ):
        try:
            expected: object = _options.parse({"argument_spec": _options.picking_spec()}, options)
        except OptionsError as error:
            expected = str(error)
        assert parsed_by_the_module(options) == expected


@pytest.mark.parametrize(
    "options", [{"requirements": "v100"}, {"order_by": "", "prices": " "}, {"targets": ["a", "b"]}]
)
def test_the_module_fails_as_plugins_do(options: dict[str, t.Any]) -> None:
    spec = {**_options.picking_spec(), **_options.targets_spec()}
    try:
        expected: object = _options.parse({"argument_spec": spec}, options)
    except OptionsError as error:
        expected = str(error)
    assert parsed_by_the_module(options, spec) == expected


def test_targets_that_are_names_are_shown_the_right_form() -> None:
    with pytest.raises(OptionsError) as caught:
        _options.prepare({"targets": ["eu-de", "eu-nl"]})
    assert str(caught.value) == "targets must be a list of dictionaries, such as [{name: eu-de, region: eu-de}]"


def test_what_is_given_stays_as_it_is() -> None:
    given = {"requirements": {"min_gpus": "", "gpu_types": ["p4"]}, "fallbacks": [{"nodes": None}]}
    before = json.dumps(given)
    parsed(**given)
    assert json.dumps(given) == before


def parsed_by_the_module(options: dict[str, t.Any], spec: t.Any = None) -> object:
    """Return the parameters of a module, or its message."""
    arguments = {"_ANSIBLE_ARGS": json.dumps({"ANSIBLE_MODULE_ARGS": options}).encode(), "_ANSIBLE_PROFILE": "legacy"}
    arguments = {name: value for name, value in arguments.items() if hasattr(basic, name)}
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.multiple(basic, **t.cast("dict[str, t.Any]", arguments)))
        failed = stack.enter_context(mock.patch.object(basic.AnsibleModule, "fail_json", side_effect=SystemExit))
        try:
            module = ModelArtsModule({"argument_spec": spec or _options.picking_spec()})
        except SystemExit:
            return failed.call_args.args[0]
    return {name: value for name, value in module.params.items() if not name.startswith("_ansible")}


def test_one_requirement_to_drop() -> None:
    assert explain("documented", {"gpu_types": ["a100"], "min_gpus": 1}) == (
        "None of the 2 specs meets the requirements. "
        "Rejected: 2 by gpu_types (GPU type a100 required), 1 by min_gpus (at least 1 GPU required). "
        "Without gpu_types, 1 would match: modelarts.vm.gpu.v100. "
        "a100: the listed GPU types are v100."
    )


def test_several_requirements_to_drop_and_a_sold_out_spec() -> None:
    assert explain("fleet", {"min_gpus": 4, "nodes": 8, "exclude_spec_codes": ["*v100*"]}) == (
        "None of the 6 specs meets the requirements. "
        "Rejected: 4 by min_gpus (at least 4 GPUs required), 3 by nodes (8 nodes required), "
        "2 by exclude_spec_codes (spec_code other than *v100* required), 1 by available (sold out). "
        "Without min_gpus, 1 would match: modelarts.vm.cpu.2u. "
        "Without exclude_spec_codes, 1 would match: modelarts.bm.gpu.8v100NV. "
        "Sold out, but would match otherwise: modelarts.bm.gpu.8a100."
    )


def test_a_line_for_each_fallback_without_one_requirement_to_drop() -> None:
    wanted = {"spec_codes": ["modelarts.vm.GPU.v10"]}
    assert explain("documented", wanted, {"gpu_types": ["p4", "v100"], "nodes": 8}, {"min_cores": 64, "nodes": 9}) == (
        "None of the 2 specs meets the requirements or a fallback.\n"
        "requirements: Rejected: 2 by spec_codes (spec_code modelarts.vm.GPU.v10 required). "
        "Without spec_codes, 2 would match: modelarts.vm.cpu.2u, modelarts.vm.gpu.v100. "
        "modelarts.vm.GPU.v10: similar codes are modelarts.vm.gpu.v100.\n"
        "fallbacks[0]: Rejected: 2 by nodes (8 nodes required), 1 by gpu_types (GPU type p4 or v100 required). "
        "Without nodes, 1 would match: modelarts.vm.gpu.v100. "
        "p4: the listed GPU types are v100.\n"
        "fallbacks[1]: Rejected: 2 by min_cores (at least 64 cores required), 2 by nodes (9 nodes required). "
        "Dropping one requirement is not enough: each spec fails two or more."
    )


def test_names_that_resemble_nothing() -> None:
    assert explain("documented", {"spec_codes": ["*zzz*"]}).endswith(
        " *zzz*: the listed codes are modelarts.vm.cpu.2u, modelarts.vm.gpu.v100."
    )


def test_specs_without_names() -> None:
    wanted = parsed(requirements={"spec_codes": "a", "gpu_types": "p4", "npu_types": "snt9"})
    assert _picking.pick([{"spec_id": 1}], wanted, pytest.fail)["explanation"] == (
        "The only spec does not meet the requirements. Rejected: 1 by spec_codes (spec_code a required), "
        "1 by gpu_types (GPU type p4 required), 1 by npu_types (NPU type snt9 required). "
        "Dropping one requirement is not enough: each spec fails two or more. "
        "a: no code is listed. p4: no GPU type is listed. snt9: no NPU type is listed."
    )


def test_what_is_left_out_is_counted_and_the_text_stays_short() -> None:
    specs = [{"spec_code": f"code{number:02}", "gpu_num": 1, "gpu_type": f"p{number:02}"} for number in range(12)]
    few = parsed(requirements={"gpu_types": ["a", "b", "c", "d", "e"]})
    assert _picking.pick(specs, few, pytest.fail)["explanation"] == (
        "None of the 12 specs meets the requirements. "
        "Rejected: 12 by gpu_types (GPU type a or b or c or 2 more required). "
        "Without gpu_types, 12 would match: code00, code01, code02, code03, code04 and 7 other codes. "
        "a, b, c and 2 more: the listed GPU types are p00, p01, p02, p03, p04, p05, p06, p07, p08, p09 and 2 more."
    )
    specs = [{"spec_code": f"{'code' * 20}{number}", "gpu_type": f"{'type' * 20}{number}"} for number in range(3_000)]
    many = parsed(
        requirements={"spec_codes": [f"{'none' * 20}{number}" for number in range(50)], "gpu_types": ["p4"] * 50},
        fallbacks=[{"min_cores": 20_000, "gpu_types": [f"p{number}"]} for number in range(50)],
    )
    text = _picking.pick(specs, many, pytest.fail)["explanation"]
    assert len(text) < 10_000
    assert text.endswith("\nAnd 45 more fallbacks.")
