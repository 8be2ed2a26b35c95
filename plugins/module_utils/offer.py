# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A spec as picking reads it: numbers and names out of what the API really sends.

The page of the API says strings for ``core`` and ``cpu``; sibling answers of the same service have integers, units,
empty strings and nulls. A value that is absent or cannot be read is unknown (None), never zero.
"""

from __future__ import annotations

import functools
import math
import re
import typing as t

Spec = t.Mapping[str, t.Any]

# Spec IDs in a form that can be compared: numbers by size, then texts.
SpecId = tuple[int, float, str]

_QUANTITY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*", re.ASCII | re.IGNORECASE)

# Clouds write GB and GiB for the same size, so both are the same number here; from one prefix to the next it is 1024.
_GIGABYTES = {
    prefix + suffix: 1024.0**power
    for prefix, power in (("k", -2), ("m", -1), ("g", 0), ("t", 1), ("p", 2))
    for suffix in ("", "b", "i", "ib")
}


# The field of the API's object that each number of an offer is read from.
FIELDS = {"cores": "core", "memory_gb": "cpu", "gpus": "gpu_num", "storage_gb": "storage", "max_num": "max_num"}


class Offer(t.NamedTuple):
    """What one spec offers; None is unknown. Memory and storage are in GB."""

    spec: Spec
    spec_id: SpecId | None
    spec_code: str | None
    cores: float | None
    memory_gb: float | None
    gpus: float | None
    gpu_type: str | None
    storage_gb: float | None
    unit_num: float | None
    max_num: float | None
    sold_out: bool
    target: str | None


def read(spec: Spec) -> Offer:
    """What ``spec``, one object of the API's list ``specs``, offers. Never raises, whatever the fields hold.

    ``cpu`` is the memory; where it has no unit, ``memory_unit`` of sibling answers is its unit, else GB.
    ``target`` is the name with which specs of many targets are labelled.
    A spec is sold out where ``no_resource`` says true. Absent or null says nothing, so the spec counts as available.
    """
    get = spec.get
    return Offer(
        spec=spec,
        spec_id=_spec_id(get("spec_id")),
        spec_code=text(get("spec_code")),
        cores=count(get(FIELDS["cores"])),
        memory_gb=gigabytes(get(FIELDS["memory_gb"]), get("memory_unit")),
        gpus=count(get(FIELDS["gpus"])),
        gpu_type=text(get("gpu_type")),
        storage_gb=gigabytes(get(FIELDS["storage_gb"])),
        unit_num=count(get("unit_num")),
        max_num=count(get(FIELDS["max_num"])),
        sold_out=_is_true(get("no_resource")),
        target=text(get("target")),
    )


def count(value: object) -> float | None:
    """A number without unit: ``8``, ``"8"``. Negative numbers, booleans and anything else are unknown."""
    amount, unit = _quantity(value)
    return None if unit else amount


def gigabytes(value: object, default_unit: object = None) -> float | None:
    """A size in GB: ``64``, ``"64"``, ``"64GB"``, ``"64 GiB"``, ``"65536 MB"``. What names no known unit is unknown.

    ``default_unit`` is the unit of a bare number; without one it is GB.
    """
    amount, unit = _quantity(value)
    if amount is None:
        return None
    factor = _GIGABYTES.get(unit or (text(default_unit) or "gb").lower())
    return None if factor is None else amount * factor


def text(value: object) -> str | None:
    """A name without the white space around it; None where there is none."""
    return (value.strip() or None) if isinstance(value, str) else None


def _quantity(value: object) -> tuple[float | None, str]:
    """The number in ``value``, and the unit behind it in lower case."""
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return _parsed(value)
    return None, ""


# Thousands of specs have a few dozen different sizes.
@functools.lru_cache(maxsize=1024)
def _parsed(value: str | float) -> tuple[float | None, str]:
    if not isinstance(value, str):
        return _amount(value), ""
    match = _QUANTITY.fullmatch(value)
    return (_amount(match[1]), match[2].lower()) if match else (None, "")


def _amount(value: str | float) -> float | None:
    try:
        amount = float(value)
    except OverflowError:  # an integer of hundreds of digits
        return None
    return amount if math.isfinite(amount) and amount >= 0 else None


def _spec_id(value: object) -> SpecId | None:
    number = count(value)
    if number is not None:
        return (0, number, "")
    name = text(value)
    return None if name is None else (1, 0, name)


def _is_true(value: object) -> bool:
    """Whether a flag is set: sibling answers, and templates on the way here, write booleans as strings."""
    return value.strip().lower() == "true" if isinstance(value, str) else value is True
