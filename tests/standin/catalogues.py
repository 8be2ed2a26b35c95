# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The other catalogues: engines of v1 and v2, flavors of v2, and the specifications of inference services."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from access import Access
from exchange import Answer, Request, sample
from job_errors import v2_error
from modelarts import JOB_TYPES, failed

FLAVOR_TYPES = ("CPU", "GPU", "Ascend")
_INFER_TYPES = ("real-time", "batch", "edge")
_OLD_SERVICE_FIELDS = tuple(sample("services_specifications_doc")["body"]["specifications"][0])
_LISTS = ("flavors", "engines_v1", "engines_v2", "services")


@dataclass(frozen=True)
class Shape:
    """How the catalogues look; a cloud can do all of it."""

    # Every list in the opposite order.
    reverse: bool = False
    # Service specifications without the blocks that state sizes, as older editions have them.
    old_services: bool = False
    # Most service specifications in a response, however many are asked for.
    page_size: int | None = None
    # Every page of service specifications is the first one.
    ignore_offset: bool = False
    # max_num only inside flavor_info.
    inner_max_num: bool = False


class Catalogues:
    def __init__(self, access: Access) -> None:
        self._access = access
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Go back to the lists and the shape of the start."""
        with self._lock:
            self.shape = Shape()
            self._lists = default_lists()

    def configure(self, changes: Mapping[str, Any]) -> None:
        """Change the shape, or replace lists. Raises ValueError for an unknown name."""
        shape = {field.name for field in fields(Shape)}
        unknown = sorted(set(changes) - shape - set(_LISTS))
        if unknown:
            raise ValueError(f"unknown {unknown[0]!r}, there are: {', '.join(sorted(shape) + list(_LISTS))}")
        lists = {name: value for name, value in changes.items() if name in _LISTS}
        for name, value in lists.items():
            if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
                raise ValueError(f"{name} must be a list of objects")
        with self._lock:
            self.shape = replace(self.shape, **{name: changes[name] for name in shape if name in changes})
            self._lists = {**self._lists, **lists}

    def flavor(self, flavor_id: str) -> dict[str, Any] | None:
        return next((flavor for flavor in self._lists["flavors"] if flavor["flavor_id"] == flavor_id), None)

    def engine_v1(self, engine_id: int) -> dict[str, Any] | None:
        return next((engine for engine in self._lists["engines_v1"] if engine["engine_id"] == engine_id), None)

    def engine_v2(self, wanted: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the engine of an ID, or of a name and a version."""
        keys = ("engine_id",) if wanted.get("engine_id") else ("engine_name", "engine_version")
        engines = self._lists["engines_v2"]
        return next((engine for engine in engines if all(engine[key] == wanted.get(key) for key in keys)), None)

    def list_engines_v1(self, request: Request) -> Answer:
        refusal = self._access.refuse(request)
        if refusal:
            return refusal
        job_type = request.query.get("job_type")
        if job_type not in (None, *JOB_TYPES):
            return failed(400, f"The operation is not allowed: job_type {job_type!r}.")
        return Answer(200, {"engines": self._items("engines_v1"), "is_success": True})

    def list_engines_v2(self, request: Request) -> Answer:
        engines = self._items("engines_v2")
        return self._access.refuse(request) or Answer(200, {"total": len(engines), "items": engines})

    def list_flavors(self, request: Request) -> Answer:
        refusal = self._access.refuse(request)
        if refusal:
            return refusal
        flavor_type = request.query.get("flavor_type")
        if flavor_type not in (None, *FLAVOR_TYPES):
            return v2_error("2788", f"Invalid parameter(flavor_type must be one of [{' '.join(FLAVOR_TYPES)}]).")
        flavors = [flavor for flavor in self._items("flavors") if flavor_type in (None, flavor["flavor_type"])]
        if self.shape.inner_max_num:
            flavors = [{name: value for name, value in flavor.items() if name != "max_num"} for flavor in flavors]
        return Answer(200, {"total_count": len(flavors), "flavors": flavors})

    def list_services(self, request: Request) -> Answer:
        """List a page of the specifications; ``total_count`` is that of all pages, ``count`` that of this one."""
        refusal = self._access.refuse(request)
        if refusal:
            return refusal
        query = request.query
        try:
            limit, offset = int(query.get("limit", "10")), int(query.get("offset", "0"))
        except ValueError:
            limit, offset = 0, 0
        if limit < 1 or limit > 1000 or offset < 0:
            return failed(400, "The operation is not allowed: limit must be 1 to 1000, offset at least 0.")
        if query.get("infer_type") not in (None, *_INFER_TYPES):
            return failed(400, f"The operation is not allowed: infer_type {query['infer_type']!r}.")
        services = self._items("services")
        if self.shape.old_services:
            services = [
                {name: service[name] for name in _OLD_SERVICE_FIELDS if name in service} for service in services
            ]
        start = 0 if self.shape.ignore_offset else offset
        page = services[start : start + min(limit, self.shape.page_size or limit)]
        return Answer(200, {"total_count": len(services), "count": len(page), "specifications": page})

    def _items(self, name: str) -> list[dict[str, Any]]:
        items = self._lists[name]
        return items[::-1] if self.shape.reverse else items


def default_lists() -> dict[str, list[dict[str, Any]]]:
    """Return the lists of the documentation, each followed by what is made up."""

    def bodies(key: str, *names: str) -> list[dict[str, Any]]:
        return [item for name in names for item in sample(name)["body"][key]]

    made_up = sample("engines_made_up")
    return {
        "flavors": bodies("flavors", "v2_flavors_doc_cpu", "v2_flavors_gpu_ascend_built")
        + sample("flavors_made_up")["flavors"],
        "engines_v1": bodies("engines", "v1_engines_tutorial", "v1_engines_reference_page") + made_up["v1"],
        "engines_v2": bodies("items", "v2_engines") + made_up["v2"],
        "services": bodies("specifications", "services_specifications_otc")
        + sample("services_made_up")["specifications"],
    }
