# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a request is sent again, and after how long."""

from __future__ import annotations

import random
import time
from email.utils import parsedate_to_datetime

# What a busy or restarting service answers. A 401 is never among them: failed logins lock the user or the key.
RETRIED_STATUSES = (429, 502, 503, 504)

# Seconds: the first pause, the longest of our own, and the longest that a service may ask for.
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
LONGEST_RETRY_AFTER = 60.0


def pause(attempt: int) -> float:
    """Seconds to wait after the failed attempt number ``attempt`` (from 0).

    They double, each jittered, so that many hosts that failed together do not come back together.
    """
    return min(FIRST_PAUSE * 2.0 ** min(attempt, 20), LONGEST_PAUSE) * random.uniform(0.5, 1.0)


def pause_as_told(retry_after: float) -> float | None:
    """Seconds to wait when the service asks for ``retry_after``, a little jittered; None if it asks for too much."""
    return None if retry_after > LONGEST_RETRY_AFTER else retry_after + random.uniform(0.0, FIRST_PAUSE)


def retry_after_seconds(value: str | None) -> float | None:
    """The header ``Retry-After`` (RFC 9110: seconds or an HTTP date) as seconds from now; None if it says nothing."""
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None
