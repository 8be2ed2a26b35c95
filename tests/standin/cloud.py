# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cloud: everything behind the socket, wired together, and the log of what was asked."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import replace
from typing import Any

import gateway
from exchange import Answer, Request
from faults import ADDRESS, OPERATIONS, Faults
from iam import Iam
from modelarts import ModelArts


class RequestLog:
    """The requests of the API, in order. Never holds a credential."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._requests: list[dict[str, Any]] = []

    def add(self, operation: str | None, request: Request, status: int | None) -> None:
        with self._lock:
            self._requests.append(
                {
                    "operation": operation or "other",
                    "method": request.method,
                    "path": request.whole_path,
                    "query": request.query,
                    "status": status,
                    "auth": _authentication(request),
                    "login": _login(request) if operation == "tokens" else None,
                    "user_agent": request.header("User-Agent"),
                }
            )

    def content(self) -> dict[str, Any]:
        with self._lock:
            requests = list(self._requests)
        operations = [request["operation"] for request in requests]
        return {"counts": {name: operations.count(name) for name in OPERATIONS}, "requests": requests}


class Cloud:
    def __init__(self, iam: Iam, modelarts: ModelArts, throttle: gateway.Throttle | None, latency: float) -> None:
        self.iam = iam
        self.modelarts = modelarts
        self.latency = latency
        self.faults = Faults()
        self.log = RequestLog()
        self._throttle = throttle

    def answer(self, request: Request) -> Answer:
        address = ADDRESS.fullmatch(request.path)
        if address:
            request = replace(request, prefix=address["prefix"], path=address["path"])
        operation = _operation(request)
        if self.latency:
            time.sleep(self.latency)
        fault = self.faults.take_from(address) if address else None
        answer = fault or self._refuse(operation) or self._serve(operation, request)
        # Before it is sent: who has an answer finds its request in the log.
        self.log.add(operation, request, answer.status)
        return answer

    def unlock(self) -> None:
        """Let users and keys in again that were locked out."""
        self.iam.lockout.release()
        gateway.LOCKOUT.release()

    def _refuse(self, operation: str | None) -> Answer | None:
        if operation is None:
            return None
        return (self._throttle and self._throttle.refuse(operation)) or self.faults.take(operation)

    def _serve(self, operation: str | None, request: Request) -> Answer:
        if operation == "tokens":
            return self.iam.issue_token(request)
        if operation == "projects":
            return self.iam.list_projects(request)
        if operation == "resource-specs":
            return self.modelarts.list_resource_specs(request)
        if request.method == "GET" and request.path in ("/", "/v3", "/v3/"):
            return self.iam.discover(request)
        return gateway.not_published()


def _operation(request: Request) -> str | None:
    if request.method == "POST" and request.path == "/v3/auth/tokens":
        return "tokens"
    if request.method == "GET" and request.path == "/v3/projects":
        return "projects"
    if request.method == "GET" and re.fullmatch("/v1/[^/]+/job/resource-specs", request.path):
        return "resource-specs"
    return None


def _login(request: Request) -> dict[str, Any] | None:
    """The methods and the scope that a request for a token names, neither of which is a secret."""
    try:
        auth = request.json()["auth"]
        return {"methods": auth["identity"]["methods"], "scope": auth.get("scope")}
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _authentication(request: Request) -> str:
    if request.header("X-Auth-Token"):
        return "token"
    return "signature" if gateway.is_signed(request) else "none"
