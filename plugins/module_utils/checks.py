# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a job requires of a spec: the user's dictionary in; checks out, each of which a spec passes or fails.

The keys and what they mean are the public contract; all are optional and all must hold. A value that the spec does not
state does not meet a requirement on it.
"""

from __future__ import annotations

import fnmatch
import functools
import math
import operator
import re
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import wording
from ansible_collections.community.modelarts.plugins.module_utils._errors import OptionsError
from ansible_collections.community.modelarts.plugins.module_utils.keys import REQUIREMENTS
from ansible_collections.community.modelarts.plugins.module_utils.offer import FIELDS

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.offer import Offer

_NO_WORD = re.compile(r"[\W_]+")

NOT_STATED = "not stated"


class Check(t.NamedTuple):
    """One key of the user's requirements, ready to be held against many offers.

    ``wanted`` is the bound in words ("at least 4 GPUs wanted"), ``offered`` says what an offer that misses it has
    instead ("1 offered"). ``names`` are those of which any will do, for the keys that are lists.
    """

    key: str
    wanted: str
    passes: t.Callable[[Offer], bool]
    offered: t.Callable[[Offer], str]
    names: tuple[str, ...] = ()

    def reason(self, offer: Offer) -> str:
        """Why ``offer``, which misses this, is turned away: both values."""
        offered = self.offered(offer)
        return f"{self.wanted}, {offered}" if offered else self.wanted


class _Bound(t.NamedTuple):
    """A key that compares one number of the offer."""

    field: str
    holds: t.Callable[[float, float], bool]
    wanted: str
    units: tuple[str, str]
    offered: str


_CORES = ("core", "cores")
_GPUS = ("GPU", "GPUs")
_MEMORY = ("GB memory", "GB memory")
_STORAGE = ("GB storage", "GB storage")
_NODES = ("node", "nodes")

_BOUNDS = {
    "min_cores": _Bound("cores", operator.ge, "at least {} wanted", _CORES, "{} offered"),
    "max_cores": _Bound("cores", operator.le, "at most {} wanted", _CORES, "{} offered"),
    "min_memory_gb": _Bound("memory_gb", operator.ge, "at least {} wanted", _MEMORY, "{} GB offered"),
    "max_memory_gb": _Bound("memory_gb", operator.le, "at most {} wanted", _MEMORY, "{} GB offered"),
    "min_gpus": _Bound("gpus", operator.ge, "at least {} wanted", _GPUS, "{} offered"),
    "max_gpus": _Bound("gpus", operator.le, "at most {} wanted", _GPUS, "{} offered"),
    "min_storage_gb": _Bound("storage_gb", operator.ge, "at least {} wanted", _STORAGE, "{} GB offered"),
    "nodes": _Bound("max_num", operator.ge, "{} wanted", _NODES, "at most {} offered"),
}


def read(place: str, value: t.Any) -> list[Check]:
    """The checks that ``value``, a dictionary of requirements, asks for, in the order of ``REQUIREMENTS``.

    ``place`` is its name in messages, such as ``fallbacks[0]``. None, an empty string and an empty list count as not
    given. Numbers and booleans may come as strings, as survey answers do, and a list as one string with commas.
    Raises OptionsError for an unknown key, a wrong type, and a minimum above the maximum.
    """
    if not isinstance(value, t.Mapping):
        raise OptionsError(f"{place} must be a dictionary of requirements, not {shown(value)}")
    for key in value:
        if key not in REQUIREMENTS:
            raise OptionsError(f"{place} has the unknown key {key}; allowed are {', '.join(REQUIREMENTS)}")
    given = {key: _READERS[REQUIREMENTS[key]](f"{place}.{key}", value.get(key)) for key in REQUIREMENTS}
    for low, high in (("min_cores", "max_cores"), ("min_memory_gb", "max_memory_gb"), ("min_gpus", "max_gpus")):
        if given[low] is not None and given[high] is not None and given[low] > given[high]:
            raise OptionsError(
                f"{place}.{low} is {wording.number(given[low])} and {high} is {wording.number(given[high])}: "
                "no spec can meet both"
            )
    if given["available"] is None:
        given["available"] = True
    # Compared by identity: the bound 0 is given, though it equals False.
    return [check(key, wanted) for key, wanted in given.items() if wanted is not None and wanted is not False]


def check(key: str, value: t.Any) -> Check:
    """The check for one key of ``REQUIREMENTS``; ``value`` is of the key's type, lists are tuples of names."""
    if key in _BOUNDS:
        return _bound(key, value)
    if key == "available":
        return Check(key, "sold out", lambda offer: not offer.sold_out, lambda offer: "")
    if key == "gpu_types":
        return _gpu_types(key, value)
    return _spec_codes(key, value)


def _bound(key: str, wanted: float) -> Check:
    bound = _BOUNDS[key]
    read_field, holds = operator.attrgetter(bound.field), bound.holds

    def passes(offer: Offer) -> bool:
        value = read_field(offer)
        return value is not None and holds(value, wanted)

    def offered(offer: Offer) -> str:
        value = read_field(offer)
        if value is not None:
            return bound.offered.format(wording.number(value))
        stated = offer.spec.get(FIELDS[bound.field])
        return NOT_STATED if _is_unset(stated) else f"{shown(stated)} offered, which is not understood"

    return Check(key, bound.wanted.format(wording.counted(wanted, *bound.units)), passes, offered)


def _spec_codes(key: str, globs: tuple[str, ...]) -> Check:
    """The code is one of those wanted, or none of those excluded; a spec without a code fails either."""
    is_listed = _matcher(globs)
    excludes = key == "exclude_spec_codes"
    return Check(
        key,
        f"spec_code {'other than ' if excludes else ''}{wording.either(globs, most=3)} wanted",
        lambda offer: offer.spec_code is not None and is_listed(offer.spec_code.lower()) != excludes,
        lambda offer: _offered_name(offer.spec_code),
        globs,
    )


def _gpu_types(key: str, wanted: tuple[str, ...]) -> Check:
    """The type matches a glob or has a wanted word: "v100" is a word of "nvidia-v100-pcie", not of "v1000"."""
    matches = _matcher(wanted)
    words = {name.lower() for name in wanted}

    # Catalogues have few types and many specs.
    @functools.lru_cache(maxsize=1024)
    def is_wanted(gpu_type: str) -> bool:
        return matches(gpu_type) or not words.isdisjoint(_NO_WORD.split(gpu_type))

    def offered(offer: Offer) -> str:
        no_gpu = offer.gpu_type is None and offer.gpus == 0
        return "none offered" if no_gpu else _offered_name(offer.gpu_type)

    return Check(
        key,
        f"GPU type {wording.either(wanted, most=3)} wanted",
        lambda offer: offer.gpu_type is not None and is_wanted(offer.gpu_type.lower()),
        offered,
        wanted,
    )


def _matcher(globs: tuple[str, ...]) -> t.Callable[[str], bool]:
    """Whether a lower-case text matches one of the globs, whatever their case."""
    pattern = re.compile("|".join(fnmatch.translate(glob.lower()) for glob in globs))
    return lambda text: pattern.match(text) is not None


def _offered_name(name: str | None) -> str:
    return NOT_STATED if name is None else f"{wording.name(name)} offered"


def number(place: str, value: t.Any, whole: bool = False) -> float | None:
    """A number that the user gave, at least 0, maybe as a string; None where not given. Raises OptionsError."""
    if _is_unset(value):
        return None
    try:
        result = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        result = math.nan
    if not math.isfinite(result) or result < 0 or (whole and not result.is_integer()):
        raise OptionsError(f"{place} must be a {'whole ' if whole else ''}number, 0 or more, not {shown(value)}")
    return result


def names(place: str, value: t.Any) -> tuple[str, ...] | None:
    """A list of names that the user gave, maybe as one string with commas; None where not given or empty.

    A number counts as its text, as in Ansible's argument specs. Raises OptionsError.
    """
    if _is_unset(value):
        return None
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or not all(_is_name(part) for part in parts):
        raise OptionsError(f"{place} must be a list of strings, not {shown(value)}")
    return tuple(str(part).strip() for part in parts if str(part).strip()) or None


def shown(value: object) -> str:
    """A wrong value in an error message."""
    return wording.name(repr(value))


def _whole(place: str, value: t.Any) -> float | None:
    return number(place, value, whole=True)


def _boolean(place: str, value: t.Any) -> bool | None:
    if _is_unset(value) or isinstance(value, bool):
        return None if _is_unset(value) else value
    word = str(value).strip().lower()
    if word in ("true", "yes", "on", "1", "y", "t"):
        return True
    if word in ("false", "no", "off", "0", "n", "f"):
        return False
    raise OptionsError(f"{place} must be true or false, not {shown(value)}")


_READERS: dict[str, t.Callable[[str, t.Any], t.Any]] = {
    "list": names,
    "int": _whole,
    "float": number,
    "bool": _boolean,
}


def _is_name(value: object) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _is_unset(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
