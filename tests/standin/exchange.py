# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes in and out: a request, and the answer to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True)
class Request:
    """A request, as it came over the wire: nothing is decoded yet.

    A fault that the address holds (see faults.py) is no part of the path, but stands before it on the wire.
    """

    method: str
    path: str
    query_string: str
    headers: Message
    body: bytes
    prefix: str = ""

    @property
    def whole_path(self) -> str:
        return self.prefix + self.path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.query_string, keep_blank_values=True))

    def header(self, name: str) -> str:
        """The header's value, or an empty string."""
        return str(self.headers.get(name, "")).strip()

    def json(self) -> Any:
        """The decoded body. Raises ValueError."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """An answer. A body of bytes is sent as it is, any other as JSON, and none at all without a body."""

    status: int | None
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json;charset=utf8"
    # What is done with the handler's connection instead of answering. The status is None then.
    instead: Callable[[Any], None] | None = None
    # Of a fault: whether the request is served first, and only its response is lost.
    after_serving: bool = False

    def payload(self, request_id: str) -> bytes:
        """The bytes to send. A body that names a request ID gets the real one."""
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        body = self.body
        if isinstance(body, dict) and "request_id" in body:
            body = {**body, "request_id": request_id}
        return json.dumps(body, ensure_ascii=False).encode()


def sample(name: str) -> dict[str, Any]:
    """The sample of that name: "body", mostly "http_status", and where it comes from."""
    content: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return content


def documented(name: str, status: int | None = None, **headers: str) -> Answer:
    """The sample of that name as an answer. The status is needed where the sample states none."""
    content = sample(name)
    return Answer(
        status=status or content["http_status"],
        body=content["body"],
        headers={key.replace("_", "-"): value for key, value in headers.items()},
    )
