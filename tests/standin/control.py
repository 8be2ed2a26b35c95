# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control API, below /standin/: what tests order and look up. No part of the real service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloud import Cloud
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
            ("PUT", "fault"): self._set_fault,
            ("DELETE", "fault"): lambda _body: cloud.faults.clear(),
            ("PUT", "latency"): self._set_latency,
            ("POST", "tokens/expire"): lambda _body: cloud.iam.expire_tokens(),
            ("POST", "passcodes"): lambda _body: {"passcode": cloud.iam.make_passcode()},
            ("DELETE", "locks"): lambda _body: cloud.unlock(),
            ("PUT", "specs"): self._set_specs,
            ("DELETE", "specs"): lambda _body: cloud.modelarts.restore_offers(),
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
