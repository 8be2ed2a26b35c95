# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token that IAM issues: Keystone's answer to ``POST /v3/auth/tokens``, whatever the method was."""

from __future__ import annotations

import datetime
import time
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import answers
from ansible_collections.community.modelarts.plugins.module_utils.auth.access import Access, TokenAuth

# A token is renewed so many seconds before it ends, or when nine tenths of a short life are over.
RENEWED_BEFORE = 300


def access(answer: answers.Answer, document: t.Any) -> Access:
    """The login that an answer of IAM and its document stand for. Raises AnswerError if the token is missing."""
    token = document.get("token") if isinstance(document, dict) else None
    subject_token = answer.headers.get("x-subject-token")
    if not subject_token or not isinstance(token, dict):
        lacking = "the object token" if subject_token else "the header X-Subject-Token"
        raise answers.undocumented(answer, f"{lacking} is missing")
    project = token.get("project")
    project_id = project.get("id") if isinstance(project, dict) else None
    catalog = token.get("catalog")
    return Access(
        TokenAuth(subject_token),
        token=subject_token,
        project_id=project_id if isinstance(project_id, str) else None,
        catalog=tuple(catalog) if isinstance(catalog, list) else (),
        good_until=good_until(token, time.time()),
    )


def good_until(token: dict[str, t.Any], now: float) -> float | None:
    """When to renew a token that was issued ``now``; None if IAM does not say how long it lives.

    Only the difference of IAM's two times is used: its clock and ours may be apart.
    """
    times = [_seconds(token.get(name)) for name in ("issued_at", "expires_at")]
    if times[0] is None or times[1] is None:
        return None
    lifetime = times[1] - times[0]
    return now + lifetime - min(RENEWED_BEFORE, lifetime / 10)


def _seconds(text: t.Any) -> float | None:
    """A time as Keystone writes it, ``2026-01-02T03:04:05.000000Z``, in seconds since the epoch; None if it is none."""
    try:
        moment = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")
    except (TypeError, ValueError):
        return None
    return moment.replace(tzinfo=datetime.timezone.utc).timestamp()
