# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""ModelArts: the job resource specifications."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from access import Access
from exchange import Answer, Request, sample

JOB_TYPES = ("train", "inference")

_DOCUMENTED_SPECS = ("rs_doc_two_specs_cpu_v100", "rs_fixture_otc_job_flavor")


def failed(status: int, message: str) -> Answer:
    """A failed call, as the page of the API describes it."""
    return Answer(status, {"is_success": False, "error_message": message, "error_code": "ModelArts.0105"})


class ModelArts:
    def __init__(self, access: Access, offers: list[dict[str, Any]] | None = None) -> None:
        self._access = access
        self._initial_offers = default_offers() if offers is None else offers
        self._offers = self._initial_offers

    def replace_offers(self, offers: list[dict[str, Any]]) -> None:
        self._offers = offers

    def restore_offers(self) -> None:
        self._offers = self._initial_offers

    def specs(self) -> list[dict[str, Any]]:
        """Return every spec that is served to anybody."""
        return [offer["spec"] for offer in self._offers]

    def list_resource_specs(self, request: Request) -> Answer:
        """List the specs that serve the job type, the engine and the project type asked for."""
        refusal = self._access.refuse(request)
        if refusal:
            return refusal
        query = request.query
        job_type = query.get("job_type")
        if job_type not in (None, *JOB_TYPES):
            return failed(400, f"The operation is not allowed: job_type {job_type!r}.")
        try:
            engine_id = int(query.get("engine_id", "0"))
            project_type = int(query.get("project_type", "0"))
        except ValueError:
            return failed(400, "The operation is not allowed: engine_id and project_type must be numbers.")

        specs = [offer["spec"] for offer in self._offers if _serves(offer, job_type, engine_id, project_type)]
        return Answer(200, {"specs": specs, "is_success": True, "spec_total_count": len(specs)})


def offers_of(specs: Iterable[Any]) -> list[dict[str, Any]]:
    """Make offers from specs: as in the catalogue, or bare ones, which then serve everything. Raises ValueError."""
    offers = []
    for item in specs:
        if not isinstance(item, dict):
            raise ValueError("a spec must be an object")
        offers.append(item if "spec" in item else _offer(item))
    return offers


def default_offers() -> list[dict[str, Any]]:
    """The specs of the documentation, then the made up ones."""
    documented = [
        _offer(spec, job_types=["train"], project_types=[0])
        for name in _DOCUMENTED_SPECS
        for spec in sample(name)["body"]["specs"]
    ]
    return documented + offers_of(sample("catalogue")["specs"])


def _offer(spec: dict[str, Any], **serves: Any) -> dict[str, Any]:
    return {"job_types": None, "engine_ids": None, "project_types": None, **serves, "spec": spec}


def _serves(offer: Mapping[str, Any], job_type: str | None, engine_id: int, project_type: int) -> bool:
    """Whether the offer is for that query. An offer's None means any."""

    def holds(name: str, value: Any) -> bool:
        return offer.get(name) is None or value in offer[name]

    return (
        (job_type is None or holds("job_types", job_type))
        and (engine_id == 0 or holds("engine_ids", engine_id))
        and holds("project_types", project_type)
    )
