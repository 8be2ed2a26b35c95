# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is picked, the reasons against the others, and the words where nothing matches."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import explanation, keys, offer, picking, selection
from ansible_collections.community.modelarts.plugins.module_utils.errors import OptionsError
from ansible_collections.community.modelarts.tests.unit.selection_table import (
    CASES,
    SPECS,
    check_result,
    each_case,
    options_of,
)


def select(specs: str, requirements: t.Any, **options: t.Any) -> selection.Selection:
    return selection.select(SPECS[specs], requirements, **options)


def explain(specs: str, requirements: dict[str, t.Any], *fallbacks: dict[str, t.Any]) -> str:
    return explanation.explain(select(specs, requirements, fallbacks=fallbacks))


def spec_id(spec: t.Mapping[str, t.Any] | None) -> t.Any:
    return None if spec is None else spec.get("spec_id")


@each_case(of_the_core=True)
def test_table(case: dict[str, t.Any]) -> None:
    if "error" in case:
        with pytest.raises(OptionsError) as caught:
            picking.pick(SPECS[case["specs"]], **options_of(case))
        assert case["error"] in str(caught.value)
    else:
        check_result(case, picking.pick(SPECS[case["specs"]], **options_of(case)))


def test_every_requirement_and_order_stands_in_the_table() -> None:
    used = {key for case in CASES for wanted in (case["requirements"], *case.get("fallbacks", ())) for key in wanted}
    assert used >= set(keys.REQUIREMENTS)


def test_specs_are_handed_on_as_the_objects_that_they_are() -> None:
    specs = SPECS["documented"]
    selected = selection.select(iter(specs), {"min_gpus": 1})
    assert selected.selected is specs[1]
    assert selected.candidates[0] is specs[1]
    assert selected.rejected == [
        {"spec_id": 2, "spec_code": "modelarts.vm.cpu.2u", "reasons": ["at least 1 GPU wanted, 0 offered"]}
    ]


def test_requirements_and_fallbacks_may_be_none() -> None:
    assert select("documented", None, fallbacks=None, order_by=None, prices=None).met_by == "requirements"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("64", None, 64),
        (64.5, None, 64.5),
        ("64gb", None, 64),
        ("64 Gi", "MB", 64),
        ("2TB", None, 2048),
        ("512 MiB", None, 0.5),
        (2048, "MB", 2),
        ("2048", " mib ", 2),
        (64, "", 64),
        (64, "parsecs", None),
        ("64B", None, None),
        ("1,024", None, None),
        ("-1", None, None),
        (float("nan"), None, None),
        (float("inf"), None, None),
        pytest.param(10**400, None, None, id="an integer too large for a float"),
        pytest.param("9" * 400, None, None, id="a text too large for a float"),
        (True, None, None),
        ([64], None, None),
    ],
)
def test_sizes(value: object, unit: object, expected: float | None) -> None:
    assert offer.gigabytes(value, unit) == expected


def test_a_number_with_a_unit_is_no_count() -> None:
    assert offer.count("8") == 8
    assert offer.count("8GB") is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"requirements": {"min_gpu": 1}},
            f"requirements has the unknown key min_gpu; allowed are {', '.join(keys.REQUIREMENTS)}",
        ),
        ({"requirements": {"min_gpus": 1.5}}, "requirements.min_gpus must be a whole number, 0 or more, not 1.5"),
        ({"requirements": {"nodes": -1}}, "requirements.nodes must be a whole number, 0 or more, not -1"),
        ({"requirements": {"min_cores": True}}, "requirements.min_cores must be a whole number, 0 or more, not True"),
        (
            {"requirements": {"min_memory_gb": "64GB"}},
            "requirements.min_memory_gb must be a number, 0 or more, not '64GB'",
        ),
        (
            {"requirements": {"min_memory_gb": "nan"}},
            "requirements.min_memory_gb must be a number, 0 or more, not 'nan'",
        ),
        ({"requirements": {"gpu_types": [["p4"]]}}, "requirements.gpu_types must be a list of strings, not [['p4']]"),
        ({"requirements": {"gpu_types": {"p4": 1}}}, "requirements.gpu_types must be a list of strings, not {'p4': 1}"),
        ({"requirements": {"available": "maybe"}}, "requirements.available must be true or false, not 'maybe'"),
        (
            {"requirements": {"min_memory_gb": 8, "max_memory_gb": 4.5}},
            "requirements.min_memory_gb is 8 and max_memory_gb is 4.5: no spec can meet both",
        ),
        ({"requirements": ["min_gpus"]}, "requirements must be a dictionary of requirements, not ['min_gpus']"),
        ({"fallbacks": {"min_gpus": 1}}, "fallbacks must be a list of requirements, not {'min_gpus': 1}"),
        ({"fallbacks": [{}, "p4"]}, "fallbacks[1] must be a dictionary of requirements, not 'p4'"),
        ({"fallbacks": [{"nodes": "x"}]}, "fallbacks[0].nodes must be a whole number, 0 or more, not 'x'"),
        (
            {"order_by": ["+a"]},
            f"order_by has the unknown key +a; allowed are {', '.join(keys.ORDER_KEYS)}, each also with - in front",
        ),
        ({"order_by": {"gpus": 1}}, "order_by must be a list of strings, not {'gpus': 1}"),
        ({"order_by": ["price"]}, "order_by has price, but prices gives none, and the API states none"),
        (
            {"order_by": ["-price"], "prices": {"x": ""}},
            "order_by has price, but prices gives none, and the API states none",
        ),
        ({"prices": [1]}, "prices must be a dictionary of spec_code and price, not [1]"),
        ({"prices": {"x": -1}}, "prices[x] must be a number, 0 or more, not -1"),
        ({"prices": {"x": float("nan")}}, "prices[x] must be a number, 0 or more, not nan"),
        ({"prices": {"x": "dear"}}, "prices[x] must be a number, 0 or more, not 'dear'"),
        ({"specs": {"specs": []}}, "specs must be a list of specs as the API gives them, not {'specs': []}"),
        ({"specs": ["modelarts"]}, "specs must be a list of specs as the API gives them, not ['modelarts']"),
        ({"specs": None}, "specs must be a list of specs as the API gives them, not None"),
    ],
)
def test_errors_name_the_option_and_what_is_allowed(options: dict[str, t.Any], message: str) -> None:
    with pytest.raises(OptionsError) as caught:
        selection.select(**{"specs": [], "requirements": {}, **options})
    assert str(caught.value) == message


def test_nothing_is_explained_where_something_matched() -> None:
    assert explain("documented", {"min_gpus": 8}, {}) == ""


def test_one_requirement_is_in_the_way() -> None:
    assert explain("documented", {"gpu_types": ["a100"], "min_gpus": 1}) == (
        "None of the 2 specs looked at meets the requirements. "
        "Turned away: 2 by gpu_types (GPU type a100 wanted), 1 by min_gpus (at least 1 GPU wanted). "
        "Without gpu_types, 1 would match: modelarts.vm.gpu.v100. "
        "a100: the types offered are v100."
    )


def test_several_ways_out_and_a_sold_out_spec() -> None:
    assert explain("fleet", {"min_gpus": 4, "nodes": 8, "exclude_spec_codes": ["*v100*"]}) == (
        "None of the 6 specs looked at meets the requirements. "
        "Turned away: 4 by min_gpus (at least 4 GPUs wanted), 3 by nodes (8 nodes wanted), "
        "2 by exclude_spec_codes (spec_code other than *v100* wanted), 1 by available (sold out). "
        "Without min_gpus, 1 would match: modelarts.vm.cpu.2u. "
        "Without exclude_spec_codes, 1 would match: modelarts.bm.gpu.8v100NV. "
        "Sold out, but would match otherwise: modelarts.bm.gpu.8a100."
    )


def test_no_way_out_by_one_requirement() -> None:
    assert explain("documented", {"nodes": 100, "min_cores": 64}) == (
        "None of the 2 specs looked at meets the requirements. "
        "Turned away: 2 by min_cores (at least 64 cores wanted), 2 by nodes (100 nodes wanted). "
        "No single requirement is in the way: each spec misses two or more."
    )


def test_a_line_for_each_fallback() -> None:
    wanted = {"spec_codes": ["modelarts.vm.GPU.v10"]}
    assert explain("documented", wanted, {"gpu_types": ["p4", "v100"], "nodes": 8}, {"min_cores": 16}) == (
        "None of the 2 specs looked at meets the requirements or a fallback.\n"
        "requirements: Turned away: 2 by spec_codes (spec_code modelarts.vm.GPU.v10 wanted). "
        "Without spec_codes, 2 would match: modelarts.vm.cpu.2u, modelarts.vm.gpu.v100. "
        "modelarts.vm.GPU.v10: similar codes are modelarts.vm.gpu.v100.\n"
        "fallbacks[0]: Turned away: 2 by nodes (8 nodes wanted), 1 by gpu_types (GPU type p4 or v100 wanted). "
        "Without nodes, 1 would match: modelarts.vm.gpu.v100. "
        "p4: the types offered are v100.\n"
        "fallbacks[1]: Turned away: 2 by min_cores (at least 16 cores wanted). "
        "Without min_cores, 2 would match: modelarts.vm.cpu.2u, modelarts.vm.gpu.v100."
    )


def test_names_that_resemble_nothing() -> None:
    assert explain("documented", {"spec_codes": ["*zzz*"]}).endswith(
        " *zzz*: the codes offered are modelarts.vm.cpu.2u, modelarts.vm.gpu.v100."
    )


def test_specs_without_names() -> None:
    text = explanation.explain(selection.select([{"spec_id": 1}], {"spec_codes": "a", "gpu_types": "p4"}))
    assert text == (
        "The one spec looked at does not meet the requirements. "
        "Turned away: 1 by spec_codes (spec_code a wanted), 1 by gpu_types (GPU type p4 wanted). "
        "No single requirement is in the way: each spec misses two or more. "
        "a: no code is offered. p4: no GPU type is offered."
    )


def test_what_is_left_out_is_counted() -> None:
    specs = [{"spec_code": f"code{number:02}", "gpu_num": 1, "gpu_type": f"p{number:02}"} for number in range(12)]
    assert explanation.explain(selection.select(specs, {"gpu_types": ["a", "b", "c", "d", "e"]})) == (
        "None of the 12 specs looked at meets the requirements. "
        "Turned away: 12 by gpu_types (GPU type a or b or c or 2 more wanted). "
        "Without gpu_types, 12 would match: code00, code01, code02, code03, code04 and 7 other codes. "
        "a, b, c and 2 more: the types offered are p00, p01, p02, p03, p04, p05, p06, p07, p08, p09 and 2 more."
    )


def test_the_text_stays_short() -> None:
    specs = [
        {"spec_code": f"{'code' * 20}{number}", "gpu_type": f"{'type' * 20}{number}", "core": number}
        for number in range(3_000)
    ]
    wanted = {"spec_codes": [f"{'none' * 20}{number}" for number in range(50)], "gpu_types": ["p4"] * 50}
    fallbacks = [{"min_cores": 20_000, "gpu_types": [f"p{number}"]} for number in range(50)]
    text = explanation.explain(selection.select(specs, wanted, fallbacks))
    assert len(text) < 10_000
    assert text.endswith("\nAnd 45 more fallbacks.")
