# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who failed to prove who they are so often that they are locked out."""

from __future__ import annotations

import threading
import time

# As the clouds document it for access keys.
MOST_FAILURES = 5
LOCKED_SECONDS = 5 * 60


class Lockout:
    """Counts the failures in a row of each user or key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.release()

    def release(self) -> None:
        """Lock nobody any more, and forget what was counted."""
        with self._lock:
            self._failures: dict[str, int] = {}
            self._until: dict[str, float] = {}

    def judge(self, name: str, *, proven: bool) -> bool:
        """Whether ``name``, with a proof that is right or wrong, is locked out: while that lasts, both are."""
        with self._lock:
            if time.monotonic() < self._until.get(name, 0):
                return True
            self._failures[name] = 0 if proven else self._failures.get(name, 0) + 1
            if self._failures[name] >= MOST_FAILURES:
                self._failures[name] = 0
                self._until[name] = time.monotonic() + LOCKED_SECONDS
            return False
