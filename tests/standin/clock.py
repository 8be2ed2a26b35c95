# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The clock of the training jobs, which tests turn."""

from __future__ import annotations

import threading
import time

# Some instant, so that the times in responses look like times.
START = 1_800_000_000.0


class Clock:
    """Seconds since the epoch. Stands still unless it is advanced, runs in (scaled) real time, or ticks."""

    def __init__(self, scale: float = 0) -> None:
        self._lock = threading.Lock()
        self._initial_scale = _not_negative(scale)
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._base = START
            self._since = time.monotonic()
            self.scale = self._initial_scale
            # Seconds by which each request for training jobs advances the clock.
            self.tick = 0.0

    def now(self) -> float:
        with self._lock:
            return self._now()

    def advance(self, seconds: float) -> None:
        """Advance the clock. Raises ValueError for a negative number of seconds."""
        with self._lock:
            self._base += _not_negative(seconds)

    def run(self, scale: float) -> None:
        """Let so many seconds pass in each second of real time; 0 stops the clock. Raises ValueError."""
        with self._lock:
            self._base = self._now()
            self._since = time.monotonic()
            self.scale = _not_negative(scale)

    def set_tick(self, seconds: float) -> None:
        """Let each request for training jobs advance the clock. Raises ValueError."""
        self.tick = _not_negative(seconds)

    def _now(self) -> float:
        return self._base + (time.monotonic() - self._since) * self.scale


def _not_negative(number: float) -> float:
    number = float(number)
    if not 0 <= number < 1e9:
        raise ValueError("the clock takes numbers from 0 on")
    return number
