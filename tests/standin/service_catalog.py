# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalog of services in a token: which entries ModelArts has there differs between clouds."""

from __future__ import annotations

from typing import Any

from account import REGION

# Type and address of each entry. URL is where the stand-in listens, PID the token's project.
MODES: dict[str, list[tuple[str, str]]] = {
    "one": [("modelarts", "URL/v1/PID")],
    # As Open Telekom Cloud's published catalog has it.
    "twice": [("modelarts", "URL/v1/PID"), ("modelarts", "URL/v2/PID")],
    "only-v2": [("modelarts", "URL/v2/PID")],
    "without-project": [("modelarts", "URL/v1.0")],
    "plain": [("modelarts", "URL")],
    # As its SDK looks for them.
    "types": [("modelartsv1", "URL/v1/PID"), ("modelartsv2", "URL/v2/PID")],
    "modelartsv1": [("modelartsv1", "URL/v1/PID")],
    "modelartsv2": [("modelartsv2", "URL/v2/PID")],
    "modelarts_v1": [("modelarts_v1", "URL/v1/PID")],
    "upper-case": [("modelarts", "URL/V1/PID"), ("modelarts", "URL/V2/PID")],
    # Two that are not the same service.
    "two-hosts": [("modelarts", "URL/v1/PID"), ("modelarts", "https://modelarts.example.invalid/v2/PID")],
    "none": [],
}
DEFAULT_MODE = "one"


class ServiceCatalog:
    def __init__(self, url: str) -> None:
        self._url = url
        self.reset()

    def reset(self) -> None:
        self.set_mode(DEFAULT_MODE)

    def set_mode(self, mode: str) -> None:
        """Choose one of MODES. Raises ValueError."""
        if mode not in MODES:
            raise ValueError(f"unknown mode {mode!r}, there are: {', '.join(MODES)}")
        self._entries = [(service_type, url, REGION) for service_type, url in MODES[mode]]

    def set_entries(self, entries: list[dict[str, str]]) -> None:
        """Have these entries, each with "type", "url" (with URL and PID to fill in) and maybe "region"."""
        self._entries = [(entry["type"], entry["url"], entry.get("region", REGION)) for entry in entries]

    def entries(self, project_id: str | None) -> list[dict[str, Any]]:
        """Return the catalog of a token, which has ModelArts only if it is scoped to a project."""
        services = [_service("iam", "identity", "*", f"{self._url}/v3")]
        for number, (service_type, address, region) in enumerate(self._entries if project_id else []):
            url = address.replace("URL", self._url).replace("PID", project_id or "")
            name = service_type + (f"-{number}" if number else "")
            services.append(_service(name, service_type, region, url))
        return services


def _service(name: str, service_type: str, region: str, url: str) -> dict[str, Any]:
    endpoint = {"interface": "public", "region": region, "region_id": region, "url": url}
    return {
        "id": f"standin-service-{name}",
        "name": name,
        "type": service_type,
        "endpoints": [{"id": f"standin-endpoint-{name}", **endpoint}],
    }
