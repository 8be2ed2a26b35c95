# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every pick, checked by a second, naive reading of the requirements."""

from __future__ import annotations

import copy
import json
import re
import typing as t

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.community.modelarts.plugins.module_utils import _options, _picking, _selection

Spec = dict[str, t.Any]
Wanted = dict[str, t.Any]

bounded = settings(
    max_examples=100, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)

# Few values, so that specs collide with each other and with the bounds.
SIZES = st.sampled_from([None, "", 0, "0", 1, "2", 8, "8", "8GB", " 64 ", 64, "64 GiB", 2048, "2 TB", "lots", True, -1])
CODES = st.sampled_from([None, "", "a.cpu", "a.gpu", "A.GPU.2", "b.gpu", "b.cpu.small"])
TYPES = st.sampled_from([None, "", "v100", "nvidia-v100-pcie", "V1000", "Tesla T4", "p4"])
FIELDS: dict[str, st.SearchStrategy[t.Any]] = {
    "spec_id": st.sampled_from([None, 1, 2, 3, "2", "x"]),
    "spec_code": CODES,
    "core": SIZES,
    "cpu": SIZES,
    "gpu_num": SIZES,
    "gpu_type": TYPES,
    "storage": SIZES,
    "unit_num": SIZES,
    "max_num": SIZES,
    "npu_info": st.sampled_from([None, "", {"npu": 0}, {"unit_num": "2", "product_name": "Snt9", "memory": "64GB"}]),
    "no_resource": st.sampled_from([None, True, False, "true", "False", 1, "1", 0]),
    "target": st.sampled_from(["one", "two"]),
}
SPECS = st.lists(st.fixed_dictionaries({}, optional=FIELDS), max_size=12)

COUNTS = st.sampled_from([0, 1, 2, 8])
GIGABYTES = st.sampled_from([0.0, 8.0, 63.5, 64.0, 2048.0])
MINIMA = {
    "min_cores": COUNTS,
    "min_memory_gb": GIGABYTES,
    "min_gpus": COUNTS,
    "min_npus": COUNTS,
    "min_accelerator_memory_gb": GIGABYTES,
    "min_storage_gb": GIGABYTES,
    "nodes": COUNTS,
}
MAXIMA = {"max_cores": COUNTS, "max_memory_gb": GIGABYTES, "max_gpus": COUNTS, "max_npus": COUNTS}
GLOBS = st.lists(st.sampled_from(["a.*", "*.GPU", "?.cpu", "b.gpu", "nothing"]), max_size=3)
BOUNDS: dict[str, st.SearchStrategy[t.Any]] = {
    **MINIMA,
    **MAXIMA,
    "spec_codes": GLOBS,
    "exclude_spec_codes": GLOBS,
    "gpu_types": st.lists(st.sampled_from(["v100", "T4", "p*", "*100*", "a100"]), max_size=3),
    "npu_types": st.lists(st.sampled_from(["snt9", "snt*", "910b"]), max_size=2),
    "cpu_archs": st.lists(st.just("x86"), max_size=1),
    "available": st.booleans(),
}


def can_be_met(wanted: Wanted) -> bool:
    pairs = ((wanted.get(f"min_{what}"), wanted.get(f"max_{what}")) for what in ("cores", "memory_gb", "gpus", "npus"))
    return all(low is None or high is None or low <= high for low, high in pairs)


WANTED = st.fixed_dictionaries({}, optional=BOUNDS).filter(can_be_met)
ORDERS = st.lists(st.sampled_from([sign + key for key in _options.ORDER_KEYS for sign in ("", "-")]), max_size=3)
PRICES = st.dictionaries(CODES.filter(bool), st.sampled_from([0, 0.5, 2]), min_size=1)

ALL_FIELDS = [*FIELDS, "memory_unit", "flavor_type", "flavor_info", "gpu_info", "cpu_info", "support_engines", "engine"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=2),
    max_leaves=4,
)


def oracle_number(value: t.Any) -> float | None:
    """The number in one of SIZES, by removal of what may stand behind it."""
    if value is None or value is True:
        return None
    digits = str(value).replace(" ", "").replace("GiB", "").replace("GB", "")
    if digits.endswith("TB"):
        return 1024 * float(digits[:-2])
    return float(digits) if digits.isdigit() else None


def oracle_value(spec: Spec, what: str) -> float | None:
    has_npus = isinstance(spec.get("npu_info"), dict) and "memory" in spec["npu_info"]
    if what == "npus":
        return 2 if has_npus else 0
    if what == "accelerator_memory_gb":
        return 64 if has_npus else None
    fields = {"cores": "core", "memory_gb": "cpu", "gpus": "gpu_num", "storage_gb": "storage", "nodes": "max_num"}
    raw = spec.get(fields[what])
    # A unit belongs to a size only.
    has_unit = isinstance(raw, str) and "B" in raw
    return None if has_unit and not what.endswith("_gb") else oracle_number(raw)


def oracle_fails(spec: Spec, key: str, bound: t.Any) -> bool:
    """Whether the spec violates one requirement, spelt out once for each key."""
    if key in ("spec_codes", "exclude_spec_codes"):
        if bound == []:
            return False
        if not spec.get("spec_code"):
            return True
        patterns = [re.escape(glob).replace(r"\*", ".*").replace(r"\?", ".") for glob in bound]
        listed = any(re.fullmatch(pattern, spec["spec_code"], re.IGNORECASE) for pattern in patterns)
        return listed if key == "exclude_spec_codes" else not listed
    if key == "gpu_types":
        kind = (spec.get("gpu_type") or "").lower()
        answers = {
            "v100": kind in ("v100", "nvidia-v100-pcie"),
            "T4": kind == "tesla t4",
            "p*": kind == "p4",
            "*100*": "100" in kind,
            "a100": False,
        }
        return bool(bound) and not any(answers[name] for name in bound)
    if key == "npu_types":
        return bool(bound) and not (oracle_value(spec, "npus") and bound != ["910b"] and bound != ["910b", "910b"])
    if key == "cpu_archs":
        return bool(bound)
    if key == "available":
        return bool(bound) and spec.get("no_resource") in (True, "true", "1")
    value = oracle_value(spec, key.removeprefix("min_").removeprefix("max_"))
    return value is None or bool(value > bound if key.startswith("max_") else value < bound)


def violated(spec: Spec, wanted: Wanted) -> list[str]:
    complete = {"available": True, **wanted}
    return [key for key in _options.REQUIREMENTS if key in complete and oracle_fails(spec, key, complete[key])]


def texts(specs: t.Iterable[t.Any]) -> list[str]:
    return sorted(json.dumps(spec, sort_keys=True) for spec in specs)


def pick(
    specs: list[t.Any], wanted: Wanted, fallbacks: t.Any = None, order_by: t.Any = None, prices: t.Any = None
) -> dict[str, t.Any]:
    given = {"requirements": wanted, "fallbacks": fallbacks, "order_by": order_by, "prices": prices}
    return _picking.pick(specs, _options.parse({"argument_spec": _options.picking_spec()}, given), lambda message: None)


@bounded
@given(SPECS, WANTED, st.lists(WANTED, max_size=2))
def test_what_is_picked_meets_the_requirements_that_are_named(
    specs: list[Spec], wanted: Wanted, fallbacks: list[Wanted]
) -> None:
    result = pick(specs, wanted, fallbacks)
    sets = {"requirements": wanted, **{f"fallbacks[{number}]": each for number, each in enumerate(fallbacks)}}
    met = [place for place, each in sets.items() if any(not violated(spec, each) for spec in specs)]
    assert result["met_by"] == next(iter(met), None)
    measure = sets[result["met_by"] or "requirements"]
    assert texts(result["candidates"]) == texts(spec for spec in specs if not violated(spec, measure))
    assert result["selected"] is (result["candidates"][0] if met else None)
    # Each of the others has a reason for each requirement that it violates.
    expected = [len(broken) for spec in specs if (broken := violated(spec, measure))]
    assert sorted(len(spec["reasons"]) for spec in result["rejected"]) == sorted(expected)


@bounded
@given(st.data(), SPECS, WANTED, ORDERS, PRICES)
def test_the_order_of_the_response_makes_no_difference(
    data: st.DataObject, specs: list[Spec], wanted: Wanted, order_by: list[str], prices: dict[str, float]
) -> None:
    targets = [spec.get("target") for spec in specs]
    shuffled = sorted(data.draw(st.permutations(specs)), key=lambda spec: targets.index(spec.get("target")))
    assert pick(specs, wanted, [], order_by, prices) == pick(shuffled, wanted, [], order_by, prices)


@bounded
@given(SPECS, SPECS, WANTED, ORDERS, PRICES)
def test_a_spec_that_does_not_match_makes_no_difference(
    specs: list[Spec], others: list[Spec], wanted: Wanted, order_by: list[str], prices: dict[str, float]
) -> None:
    irrelevant = [spec for spec in others if violated(spec, wanted)]
    alone = pick(specs, wanted, [], order_by, prices)
    assert pick(irrelevant + specs, wanted, [], order_by, prices)["candidates"] == alone["candidates"]


@bounded
@given(
    SPECS,
    st.sampled_from(["cores", "memory_gb", "gpus", "npus", "accelerator_memory_gb", "storage_gb", "price"]),
    st.booleans(),
    ORDERS,
    PRICES,
)
def test_values_rise_or_fall_and_unknown_ones_come_last(
    specs: list[Spec], key: str, falling: bool, order_by: list[str], prices: dict[str, float]
) -> None:
    order = [f"-{key}" if falling else key, *order_by]
    candidates = pick(specs, {}, [], order, prices)["candidates"]
    values = [
        prices.get(spec.get("spec_code") or "") if key == "price" else oracle_value(dict(spec), key)
        for spec in candidates
    ]
    known = [value for value in values if value is not None]
    assert values == sorted(known, reverse=falling) + [None] * (len(values) - len(known))


@bounded
@given(SPECS, WANTED, st.lists(WANTED, max_size=2), ORDERS, PRICES)
def test_what_is_given_is_left_as_it_is(
    specs: list[Spec], wanted: Wanted, fallbacks: list[Wanted], order_by: list[str], prices: dict[str, float]
) -> None:
    arguments = (specs, wanted, fallbacks, order_by, prices)
    before = copy.deepcopy(arguments)
    pick(*arguments)
    assert arguments == before


@bounded
@given(st.lists(st.dictionaries(st.sampled_from(ALL_FIELDS), JSON), max_size=5), WANTED, ORDERS)
def test_no_content_of_a_spec_raises(specs: list[Spec], wanted: Wanted, order_by: list[str]) -> None:
    picked = pick(specs, wanted, [], order_by, {"a": 1})
    assert len(picked["candidates"]) + len(picked["rejected"]) == len(specs)
    _selection.select([{**spec, "engine": {"engine_id": "x"}} for spec in specs], {"requirements": {}})
