# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tokens of a real Keystone, which is asked about each of them in the way of OpenStack's services.

Needs keystonemiddleware, so this is imported only where a Keystone is given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from iam import Token
from keystonemiddleware.auth_token import AuthProtocol
from webob import Request


class KeystoneTokens:
    """Takes the configuration file of a service, with keystonemiddleware's section ``[keystone_authtoken]``."""

    def __init__(self, configuration: Path) -> None:
        self._middleware = AuthProtocol(
            _tell_project, {"oslo_config_project": "modelarts", "oslo_config_file": str(configuration)}
        )

    def token(self, value: str) -> Token | None:
        """The token of that value. None for a bad, an expired and a revoked one: Keystone does not tell them apart."""
        answer = Request.blank("/", headers={"X-Auth-Token": value}).get_response(self._middleware)
        if answer.status_int == 401:
            return None
        if answer.status_int != 200:
            raise RuntimeError(f"Keystone could not be asked: {answer.status}")
        # ModelArts is for projects only: it does not look at the domain.
        return Token(answer.text or None, domain_id="", scoped=bool(answer.text), expires=math.inf)


def _tell_project(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """What the middleware protects: a service that tells which project the token is scoped to."""
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [(environ["HTTP_X_PROJECT_ID"] or "").encode()]
