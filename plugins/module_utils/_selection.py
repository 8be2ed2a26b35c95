# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Select specs: turn requirements into checks, apply them to each spec, and rank those that pass.

The parameters are those that an argument spec has parsed (see ``_options``), so types and names are right; here is
what an argument spec cannot say. The API states no prices: a price is one that the user gave.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import collections
import fnmatch
import functools
import json
import math
import operator
import re
import sys
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import _errors, _spec
from ansible_collections.community.modelarts.plugins.module_utils._options import REQUIREMENTS

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils._spec import RawSpec, Spec

Parameters = t.Mapping[str, t.Any]

# The smallest that fits comes first; CPU machines before those with accelerators. It also breaks ties of ``order_by``.
DEFAULT_ORDER = ("gpus", "npus", "cores", "memory_gb", "unit_num")
NAMES = ("spec_code", "spec_id")

NOT_STATED = "not stated"
HAS_NONE = "has none"

_NO_WORD = re.compile(r"[\W_]+")

# What min_* and max_* compare: one, several, and the unit that a spec's value is quoted with.
_UNITS = {
    "cores": ("core", "cores", ""),
    "memory_gb": ("GB memory", "GB memory", " GB"),
    "gpus": ("GPU", "GPUs", ""),
    "npus": ("NPU", "NPUs", ""),
    "accelerator_memory_gb": ("GB memory of each GPU or NPU", "GB memory of each GPU or NPU", " GB"),
    "storage_gb": ("GB storage", "GB storage", " GB"),
}

# What the lists are called whose names match whole words.
TYPES = {"gpu_types": "GPU type", "npu_types": "NPU type", "cpu_archs": "CPU architecture"}

# Other names of CPU architectures: the sources do not agree on one.
_ALIASES = {"arm64": "aarch64", "aarch64": "arm64", "x86": "x86_64", "x86_64": "x86"}


class Check(t.NamedTuple):
    """One requirement, ready to be compared with many specs.

    ``required`` is the requirement in words ("at least 4 GPUs required"), ``stated`` returns what a spec that fails it
    has instead ("has 1"). ``names`` are the elements of a list, of which any suffices.
    """

    key: str
    required: str
    passes: t.Callable[[Spec], bool]
    stated: t.Callable[[Spec], str]
    names: tuple[str, ...] = ()

    def reason(self, spec: Spec) -> str:
        """Say why ``spec``, which fails this check, is rejected."""
        stated = self.stated(spec)
        return f"{self.required}, {stated}" if stated else self.required


class Attempt(t.NamedTuple):
    """One set of requirements applied to all specs, which are in the order of preference.

    ``place`` is its name, such as ``fallbacks[0]``; ``rejected`` has the checks that each rejected spec fails.
    """

    place: str
    checks: list[Check]
    passed: list[Spec]
    rejected: list[tuple[Spec, list[Check]]]


def select(specs: t.Iterable[RawSpec], parameters: Parameters) -> list[Attempt]:
    """Try the requirements and then each fallback until a spec matches, which only the last attempt can have.

    ``specs`` are read by ``_spec``. Their order only matters for targets: if all else ties, the target that
    comes first wins. Flavors are rejected that do not support the engine for which they were listed, their ``engine``.
    Raises OptionsError as ``tries`` does.
    """
    required = tries(parameters)
    ranked = _ranked([_spec.read(spec) for spec in specs], parameters)
    engines = dict.fromkeys(name for spec in ranked for name in _spec.engine_names(spec)[:1])
    more = [_supports(engines)] if engines else []
    attempts: list[Attempt] = []
    for place, checks in required:
        attempts.append(_attempt(place, checks + more, ranked))
        if attempts[-1].passed:
            break
    return attempts


def result(attempts: list[Attempt]) -> dict[str, t.Any]:
    """Return ``selected``, ``candidates``, ``rejected`` and ``met_by``, with the same objects that were given.

    Reasons refer to the requirements that were met. If none were, they refer to ``requirements``, not to a fallback.
    """
    last = attempts[-1]
    candidates = [spec.raw for spec in last.passed]
    return {
        "selected": candidates[0] if candidates else None,
        "candidates": candidates,
        "rejected": [
            {
                "spec_id": spec.raw.get("spec_id"),
                "spec_code": spec.raw.get("spec_code"),
                **({"target": spec.raw["target"]} if spec.target else {}),
                "reasons": [check.reason(spec) for check in failed],
            }
            for spec, failed in (last if candidates else attempts[0]).rejected
        ],
        "met_by": last.place if candidates else None,
    }


def tries(parameters: Parameters) -> list[tuple[str, list[Check]]]:
    """Return the names and checks of the requirements and of each fallback.

    Raises OptionsError for numbers out of range, a minimum above the maximum, and an order by prices that are missing.
    """
    if not prices(parameters) and any(key.lstrip("-") == "price" for key in parameters.get("order_by") or ()):
        raise _errors.OptionsError("order_by has price, but prices gives none, and the API states none")
    sets = [("requirements", parameters["requirements"])]
    sets += [(f"fallbacks[{number}]", required) for number, required in enumerate(parameters.get("fallbacks") or ())]
    return [(place, _checks(place, required)) for place, required in sets]


def prices(parameters: Parameters) -> dict[str, float]:
    """Return the user's prices by spec code. Raises OptionsError for one that is no number."""
    numbers: dict[str, float] = {}
    for code, price in (parameters.get("prices") or {}).items():
        code = str(code)  # YAML reads 101 as a number
        try:
            numbers[code] = float(price)
        except (TypeError, ValueError, OverflowError):
            numbers[code] = math.nan
        _require_range(f"prices[{code}]", numbers[code], price)
    return numbers


def check(key: str, value: t.Any) -> Check:
    """Return the check for one key of ``REQUIREMENTS``; lists are tuples of names."""
    bound, _underscore, field = key.partition("_")
    if field in _UNITS:
        one, many, unit = _UNITS[field]
        holds = operator.le if bound == "max" else operator.ge
        required = f"at {'most' if bound == 'max' else 'least'} {_errors.counted(value, one, many)} required"
        return Check(
            key, required, _compares(field, holds, value), functools.partial(_stated_number, field, "has", unit)
        )
    if key == "nodes":
        required = f"{_errors.counted(value, 'node', 'nodes')} required"
        passes = _compares("max_num", operator.ge, value)
        return Check(key, required, passes, functools.partial(_stated_number, "max_num", "allows at most", ""))
    if key == "available":
        return Check(key, "sold out", lambda spec: not spec.sold_out, lambda spec: "")
    if key in TYPES:
        return _is_of_type(key, value)
    return _has_code(key, value)


def _checks(place: str, required: Parameters) -> list[Check]:
    """Return the checks for one set of requirements, in the order of ``REQUIREMENTS``. Empty lists are not given."""
    given: dict[str, t.Any] = {}
    for key, kind in REQUIREMENTS.items():
        value = required.get(key)
        if isinstance(value, list):
            value = tuple(name.strip() for name in value if name.strip()) or None
        elif value is not None and kind != "bool":
            _require_range(f"{place}.{key}", value, value)
        if value is not None and (kind != "bool" or value):
            given[key] = value
    for key, low in given.items():
        high = given.get(key.replace("min_", "max_"), low) if key.startswith("min_") else low
        if low > high:
            other, numbers = key.replace("min_", "max_"), (_errors.number_text(low), _errors.number_text(high))
            raise _errors.OptionsError(
                f"{place}.{key} is {numbers[0]} and {other} is {numbers[1]}: no spec can meet both"
            )
    return [check(key, value) for key, value in given.items()]


def _require_range(place: str, number: float, given: object) -> None:
    if not 0 <= number <= sys.float_info.max:  # neither holds for "nan"
        raise _errors.OptionsError(f"{place} must be a number, 0 or more, not {_errors.shorten(repr(given))}")


def _compares(field: str, holds: t.Callable[[float, float], bool], required: float) -> t.Callable[[Spec], bool]:
    read_field = operator.attrgetter(field)

    def passes(spec: Spec) -> bool:
        value = read_field(spec)
        return value is not None and holds(value, required)

    return passes


def _stated_number(field: str, verb: str, unit: str, spec: Spec) -> str:
    value = getattr(spec, field)
    if value is not None:
        return f"{verb} {_errors.number_text(value)}{unit}"
    if field == "accelerator_memory_gb" and spec.gpus == spec.npus == 0:
        return HAS_NONE
    stated = spec.raw.get(_spec.FIELDS.get(field, ""))
    is_unset = stated is None or (isinstance(stated, str) and not stated.strip())
    return NOT_STATED if is_unset else f"has {_errors.shorten(repr(stated))}, which is not understood"


def _has_code(key: str, globs: tuple[str, ...]) -> Check:
    """Accept one of the required codes, or none of the excluded ones; a spec without a code fails either."""
    is_listed = _matcher(globs)
    excludes = key == "exclude_spec_codes"
    return Check(
        key,
        f"spec_code {'other than ' if excludes else ''}{_errors.either(globs, most=3)} required",
        lambda spec: spec.spec_code is not None and is_listed(spec.spec_code.lower()) != excludes,
        lambda spec: _stated_name(spec.spec_code),
        globs,
    )


def _is_of_type(key: str, required: tuple[str, ...]) -> Check:
    """Accept names that match a glob or contain a required word: "nvidia-v100-pcie" contains "v100", "v1000" not."""
    read_name = operator.attrgetter(key.removesuffix("s"))
    matches = _matcher(required)
    words = {name.lower() for name in required}

    # Catalogs have few types and many specs.
    @functools.lru_cache(maxsize=1024)
    def is_required(name: str | None) -> bool:
        names = () if name is None else (name.lower(), _ALIASES.get(name.lower(), ""))
        return any(matches(one) or not words.isdisjoint(_NO_WORD.split(one)) for one in names if one)

    def stated(spec: Spec) -> str:
        name = read_name(spec)
        has_none = name is None and getattr(spec, key.replace("_types", "s"), None) == 0
        return HAS_NONE if has_none else _stated_name(name)

    text = f"{TYPES[key]} {_errors.either(required, most=3)} required"
    return Check(key, text, lambda spec: is_required(read_name(spec)), stated, required)


def _supports(engines: t.Iterable[str]) -> Check:
    return Check(
        "engine",
        f"engine {_errors.either(engines, most=3)} required",
        _spec.supports_its_engine,
        lambda spec: f"does not support {_errors.shorten(_spec.engine_names(spec)[0])}",
    )


def _matcher(globs: tuple[str, ...]) -> t.Callable[[str], bool]:
    """Return a function that says whether a lower-case name matches one of the globs, whatever their case."""
    pattern = re.compile("|".join(fnmatch.translate(glob.lower()) for glob in globs))
    return lambda name: pattern.match(name) is not None


def _stated_name(name: str | None) -> str:
    return NOT_STATED if name is None else f"has {_errors.shorten(name)}"


def _attempt(place: str, checks: list[Check], ranked: list[Spec]) -> Attempt:
    attempt = Attempt(place, checks, [], [])
    for spec in ranked:
        failed = [check for check in checks if not check.passes(spec)]
        if failed:
            attempt.rejected.append((spec, failed))
        else:
            attempt.passed.append(spec)
    return attempt


class _Descending(t.NamedTuple):
    """A name that sorts before those that it is greater than."""

    name: t.Any

    def __lt__(self, other: _Descending) -> bool:  # type: ignore[override]
        return bool(other.name < self.name)


def _ranked(specs: list[Spec], parameters: Parameters) -> list[Spec]:
    """Sort the specs by preference; those that do not state a value come after those that do.

    Code, ID and target need not be unique: specs that share them are sorted by their content.
    """
    order = parameters.get("order_by") or []
    given = {key.removeprefix("-") for key in order}
    order = [*order, *(key for key in (*DEFAULT_ORDER, "spec_code") if key not in given)]
    price_of = prices(parameters)
    columns = [column for key in order for column in _columns(key, price_of)]
    targets = {target: number for number, target in enumerate(dict.fromkeys(spec.target for spec in specs))}
    columns.append(lambda spec: targets[spec.target])
    # Sites use different IDs for the same spec, so the order of the targets takes precedence.
    columns += [] if "spec_id" in given else _columns("spec_id", price_of)
    identity = operator.attrgetter("spec_code", "spec_id", "target")
    twins = {one for one, number in collections.Counter(map(identity, specs)).items() if number > 1}

    def key(spec: Spec) -> tuple[t.Any, ...]:
        content = _content(spec.raw) if twins and identity(spec) in twins else ""
        return (*[column(spec) for column in columns], content)

    return sorted(specs, key=key)


def _columns(key: str, price_of: dict[str, float]) -> list[t.Callable[[Spec], t.Any]]:
    """Return the functions that say what specs are sorted by for one key of ``order_by``."""
    name, descends = key.removeprefix("-"), key.startswith("-")
    read = operator.attrgetter(name)
    if name in NAMES:
        return [lambda spec: read(spec) is None, (lambda spec: _Descending(read(spec))) if descends else read]

    def number(spec: Spec) -> float:
        value = price_of.get(spec.spec_code or "") if name == "price" else read(spec)
        if value is None:
            return math.inf
        return value * (-1 if descends else 1)

    return [number]


def _content(raw: RawSpec) -> str:
    """Return the spec as one text that does not depend on the order of its keys."""
    try:
        return json.dumps(raw, sort_keys=True, default=repr)
    except (TypeError, ValueError):  # keys that cannot be compared, or a loop: nothing that came as JSON
        return repr(raw)
    except RecursionError:
        return ""
