# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control API, below /standin/: what tests order and look up. No part of the real service."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from cloud import Cloud
from control_jobs import ControlJobs
from exchange import Answer, Request
from faults import DEFAULT_OPERATION
from modelarts import offers_of

PREFIX = "/standin/"


class Control:
    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        # What an action returns is the answer; nothing, unless it says so.
        self._actions: dict[tuple[str, str], Callable[[Any], dict[str, Any] | None]] = {
            ("GET", "requests"): lambda _body: cloud.log.content(),
            ("DELETE", "requests"): lambda _body: cloud.log.reset(),
            ("DELETE", "changes"): lambda _body: cloud.restore(),
            ("PUT", "fault"): self._set_fault,
            ("DELETE", "fault"): lambda _body: cloud.faults.clear(),
            ("PUT", "latency"): self._set_latency,
            ("POST", "tokens/expire"): lambda _body: cloud.iam.expire_tokens(),
            ("POST", "passcodes"): lambda _body: {"passcode": cloud.iam.make_passcode()},
            ("DELETE", "locks"): lambda _body: cloud.unlock(),
            ("PUT", "specs"): self._set_specs,
            ("DELETE", "specs"): lambda _body: cloud.modelarts.restore_offers(),
            ("PUT", "catalogues"): cloud.catalogues.configure,
            ("DELETE", "catalogues"): lambda _body: cloud.catalogues.reset(),
            ("PUT", "catalog"): self._set_catalog,
            ("DELETE", "catalog"): lambda _body: cloud.iam.catalog.reset(),
            ("PUT", "without"): self._set_without,
            ("PUT", "trigger"): self._set_trigger,
            ("DELETE", "trigger"): lambda _body: cloud.triggers.clear(),
            **ControlJobs(cloud).actions,
        }

    def answer(self, request: Request) -> Answer:
        name = request.path[len(PREFIX) :]
        action = self._actions.get((request.method, name))
        if not action:
            return Answer(404, {"error": f"no {request.method} {request.path}"})
        try:
            content = action(request.json() if request.method == "PUT" else None)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return Answer(400, {"error": f"{type(error).__name__}: {error}"})
        return Answer(200, content or {})

    def _set_fault(self, body: Any) -> None:
        operation = body.get("operation", DEFAULT_OPERATION)
        self._cloud.faults.order(body["fault"], body.get("times"), operation, replace=True)

    def _set_latency(self, body: Any) -> None:
        seconds = float(body["seconds"])
        if not 0 <= seconds <= 3600:
            raise ValueError("seconds must be between 0 and 3600")
        self._cloud.latency = seconds

    def _set_specs(self, body: Any) -> None:
        self._cloud.modelarts.replace_offers(offers_of(body["specs"]))

    def _set_catalog(self, body: Any) -> None:
        catalog = self._cloud.iam.catalog
        catalog.set_entries(body["entries"]) if "entries" in body else catalog.set_mode(body["mode"])

    def _set_without(self, body: Any) -> None:
        versions = frozenset(body["versions"])
        if versions - {"v1", "v2"}:
            raise ValueError('versions must be of "v1" and "v2"')
        self._cloud.without = versions

    def _set_trigger(self, body: Any) -> None:
        method, name, content = body["do"]
        action = self._actions[method, name]
        self._cloud.triggers.add(
            body["operation"], body.get("moment", "before"), body.get("count", 1), lambda: _attempt(action, content)
        )


def _attempt(action: Callable[[Any], object], content: Any) -> None:
    """Do an action whose time has come, which is nobody's request: a job that it names can be gone by now."""
    with contextlib.suppress(ValueError):
        action(content)
