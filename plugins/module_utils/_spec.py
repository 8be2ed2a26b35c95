# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read one spec of the API: its numbers and names, in all forms that the service sends.

The API documents strings for ``core`` and ``cpu``; related responses of the same service have integers, units, empty
strings and nulls. A value that is absent or unreadable is unknown (None), not zero.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import functools
import json
import math
import re
import typing as t

RawSpec = t.Mapping[str, t.Any]

# Spec IDs in a form that can be compared: numbers by size, then texts.
SpecId = tuple[int, float, str]

# The API fields that a rejection quotes if they cannot be read.
FIELDS = {"cores": "core", "memory_gb": "cpu", "gpus": "gpu_num", "storage_gb": "storage", "max_num": "max_num"}

_QUANTITY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*", re.ASCII | re.IGNORECASE)

# Clouds use GB and GiB for the same size, so both are equal here; each prefix is 1024 times the one before.
_GIGABYTES = {
    prefix + suffix: 1024.0**power
    for prefix, power in (("k", -2), ("m", -1), ("g", 0), ("t", 1), ("p", 2))
    for suffix in ("", "b", "i", "ib")
}

# Ascend chips in spec codes. Some v1 specs mention their NPUs nowhere else.
# There may be a count in front: "modelarts.bm.npu.arm.8snt9b3.d", "modelarts.bm.arm.24u.192g.npu.1d910b".
_ASCEND_CODE = re.compile(
    r"ascend|(?<![a-z0-9])(?:npu|(?:\d*d|a)?[39]10(?:[a-z]\d*)?|\d*snt\d+[a-z]?\d*|kat\d+)(?![a-z0-9])", re.IGNORECASE
)


class Spec(t.NamedTuple):
    """What one spec states; None is unknown. Sizes are in GB, accelerator memory is that of each GPU or NPU."""

    raw: RawSpec
    spec_id: SpecId | None
    spec_code: str | None
    cores: float | None
    memory_gb: float | None
    gpus: float | None
    gpu_type: str | None
    npus: float | None
    npu_type: str | None
    accelerator_memory_gb: float | None
    cpu_arch: str | None
    storage_gb: float | None
    unit_num: float | None
    max_num: float | None
    sold_out: bool
    target: str | None


def read(raw: RawSpec) -> Spec:
    """Read a spec of any source, with the v1 names that ``_catalogs`` adds. Never raises, whatever the fields contain.

    ``cpu`` is the memory, in ``memory_unit`` or else in GB. GPUs and NPUs are also read from the blocks of v2 flavors
    (``flavor_info``) and of service specifications. A spec is sold out if ``no_resource`` is true; absent or null
    counts as available. ``target`` is the name that specs of several targets are labelled with.
    """
    get = raw.get
    info = _block(get("flavor_info"))
    gpu = _block(info.get("gpu")) or _block(get("gpu_info"))
    npu = _block(info.get("npu")) or _block(get("npu_info"))
    cpu = _block(info.get("cpu")) or _block(get("cpu_info"))
    code = text(get("spec_code"))
    kind = (text(get("flavor_type")) or text(get("category")) or "").lower()
    gpus = _first(count(get(FIELDS["gpus"])), count(gpu.get("unit_num")), count(gpu.get("gpu")))
    if gpus is None and kind in ("cpu", "npu", "ascend") and not gpu:
        gpus = 0
    npus = _first(*(count(npu.get(name)) for name in ("unit_num", "npu_num", "npu")))
    # Specs without NPUs do not mention them, so a spec that does not mention NPUs has none.
    if npus is None and not (npu or get("npu_info") or kind in ("npu", "ascend") or _ASCEND_CODE.search(code or "")):
        npus = 0
    gpu_memory = _first(
        gigabytes(gpu.get("memory"), gpu.get("unit")),
        gigabytes(get("gpu_memory"), get("gpu_memory_unit")),
        gigabytes(get("gpu_memory_unit")),
    )
    memories = ((gpus, gpu_memory), (npus, gigabytes(npu.get("memory"), npu.get("unit"))))
    return Spec(
        raw=raw,
        spec_id=_spec_id(get("spec_id")),
        spec_code=code,
        cores=count(get(FIELDS["cores"])),
        memory_gb=gigabytes(get(FIELDS["memory_gb"]), get("memory_unit")),
        gpus=gpus,
        gpu_type=text(get("gpu_type")) or text(gpu.get("product_name")) or text(gpu.get("version")),
        npus=npus,
        npu_type=text(npu.get("product_name")) or text(npu.get("npu_type")) or text(npu.get("version")),
        # Services state a memory of zero for GPUs that do not exist.
        accelerator_memory_gb=min((memory for number, memory in memories if number != 0 and memory), default=None),
        cpu_arch=text(cpu.get("arch")),
        storage_gb=gigabytes(get(FIELDS["storage_gb"])),
        unit_num=count(get("unit_num")),
        max_num=count(get(FIELDS["max_num"])),
        sold_out=_is_true(get("no_resource")),
        target=text(get("target")),
    )


def engine_names(spec: Spec) -> list[str]:
    """Return the version and the ID of the engine for which the spec was listed, as far as they are stated."""
    engine = _block(spec.raw.get("engine"))
    return [str(engine[field]) for field in ("engine_version", "engine_id") if engine.get(field)]


def supports_its_engine(spec: Spec) -> bool:
    """Tell whether a flavor supports the engine for which it was listed.

    ``support_engines`` is a JSON array within a string, or a list, of engine IDs. A spec that does not state it
    supports any engine. Versions are compared as well, because they often equal the IDs.
    """
    names = [name.lower() for name in engine_names(spec)]
    stated = spec.raw.get("support_engines") if names else None
    if isinstance(stated, str):
        try:
            stated = json.loads(stated)
        except (ValueError, RecursionError):
            return True
    return not isinstance(stated, list) or any(str(name).lower() in names for name in stated)


def count(value: object) -> float | None:
    """Read a number without a unit: ``8``, ``"8"``. Negative numbers, booleans and anything else are unknown."""
    amount, unit = _quantity(value)
    return None if unit else amount


def gigabytes(value: object, default_unit: object = None) -> float | None:
    """Read a size in GB: ``64``, ``"64"``, ``"64GB"``, ``"64 GiB"``, ``"65536 MB"``. An unknown unit makes it unknown.

    ``default_unit`` is the unit of a bare number, by default GB.
    """
    amount, unit = _quantity(value)
    if amount is None:
        return None
    factor = _GIGABYTES.get(unit or (text(default_unit) or "gb").lower())
    return None if factor is None else amount * factor


def text(value: object) -> str | None:
    """Return a name without surrounding white space, None if nothing is left."""
    return (value.strip() or None) if isinstance(value, str) else None


def _block(value: object) -> t.Mapping[str, t.Any]:
    return value if isinstance(value, t.Mapping) else {}


def _first(*values: float | None) -> float | None:
    return next((value for value in values if value is not None), None)


def _quantity(value: object) -> tuple[float | None, str]:
    """Return the number in ``value`` and the unit behind it in lower case."""
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
    """Tell whether a flag is set: related responses, and templates, write it as text or number."""
    return value.strip().lower() in ("true", "1") if isinstance(value, str) else value == 1
