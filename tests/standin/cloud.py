# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cloud: everything behind the socket, wired together, and the log of what was asked."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import gateway
from access import Access, Tokens
from catalogues import Catalogues
from clock import Clock
from exchange import Answer, Request
from faults import ADDRESS, Faults
from iam import Iam
from modelarts import ModelArts
from operations import ALWAYS_COUNTED, JOB_OPERATIONS, OPERATIONS, kind_of, operation_of
from service_catalog import DEFAULT_MODE
from training_jobs import TrainingJobs
from triggers import Triggers


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
                    "kind": kind_of(request.method, operation),
                    "path": request.whole_path,
                    "query": request.query,
                    "status": status,
                    "auth": _authentication(request),
                    "login": _login(request) if operation == "tokens" else None,
                    "user_agent": request.header("User-Agent"),
                    "domain_id": request.header("X-Domain-Id") or None,
                }
            )

    def content(self) -> dict[str, Any]:
        with self._lock:
            requests = list(self._requests)
        operations = [request["operation"] for request in requests]
        counted = [name for name in OPERATIONS if name in ALWAYS_COUNTED or name in operations]
        return {
            "counts": {name: operations.count(name) for name in counted},
            "reads": Counter(request["path"] for request in requests if request["kind"] == "read"),
            "writes": Counter(request["path"] for request in requests if request["kind"] == "write"),
            "requests": requests,
        }


@dataclass(frozen=True)
class Setup:
    """How the stand-in starts, and what it goes back to."""

    latency: float = 0
    throttle: gateway.Throttle | None = None
    faults: Sequence[str] = ()
    offers: list[dict[str, Any]] | None = None
    catalog: str = DEFAULT_MODE
    # The versions of training that are not published: "v1", "v2".
    without: frozenset[str] = frozenset()
    clock_scale: float = 0


class Cloud:
    """Raises ValueError for a setup that makes no sense."""

    def __init__(self, iam: Iam, tokens: Tokens, setup: Setup) -> None:
        access = Access(tokens)
        self.iam = iam
        self.modelarts = ModelArts(access, setup.offers)
        self.catalogues = Catalogues(access)
        self.training = TrainingJobs(access, self.catalogues, self.modelarts, Clock(setup.clock_scale))
        self.faults = Faults()
        self.triggers = Triggers()
        self.log = RequestLog()
        self._setup = setup
        self.restore()

    def restore(self) -> None:
        """Go back to how it started. Only the tokens stay."""
        self.latency = self._setup.latency
        self.without = self._setup.without
        self.iam.catalog.set_mode(self._setup.catalog)
        self.triggers.clear()
        self.faults.clear()
        for text in self._setup.faults:
            self.faults.order_text(text)
        self.modelarts.restore_offers()
        self.catalogues.reset()
        self.training.reset()
        self.unlock()
        self.log.reset()

    def answer(self, request: Request) -> Answer:
        address = ADDRESS.fullmatch(request.path)
        if address:
            request = replace(request, prefix=address["prefix"], path=address["path"])
        operation = operation_of(request.method, request.path)
        if self.latency:
            time.sleep(self.latency)
        if operation in JOB_OPERATIONS:
            self.training.tick()
        self.triggers.fire(operation, "before")
        fault = self.faults.take_from(address) if address else None
        fault = fault or self._refuse(operation)
        served = self._serve(operation, request) if fault is None or fault.after_serving else None
        answer = fault or served or gateway.not_published()
        self.triggers.fire(operation, "after")
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
        return (self._setup.throttle and self._setup.throttle.refuse(operation)) or self.faults.take(operation)

    def _serve(self, operation: str | None, request: Request) -> Answer:
        if operation is None:
            is_discovery = request.method == "GET" and request.path in ("/", "/v3", "/v3/")
            return self.iam.discover(request) if is_discovery else gateway.not_published()
        version = request.path.split("/")[1]
        if version in self.without and operation != "service-specifications":
            return gateway.not_published()
        if operation in JOB_OPERATIONS:
            return self.training.serve(operation, request)
        serve = {
            "tokens": self.iam.issue_token,
            "projects": self.iam.list_projects,
            "resource-specs": self.modelarts.list_resource_specs,
            "ai-engines": self.catalogues.list_engines_v1,
            "training-job-engines": self.catalogues.list_engines_v2,
            "training-job-flavors": self.catalogues.list_flavors,
            "service-specifications": self.catalogues.list_services,
        }[operation]
        return serve(request)


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
