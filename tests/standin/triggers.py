# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Triggers: something that happens right before or after a certain request is served."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from operations import JOB_OPERATIONS, OPERATIONS

MOMENTS = ("before", "after")
# Any request for training jobs.
ANY = "any-job"


@dataclass
class _Trigger:
    operation: str
    moment: str
    left: int
    action: Callable[[], object]


class Triggers:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set: list[_Trigger] = []

    def clear(self) -> None:
        with self._lock:
            self._set.clear()

    def add(self, operation: str, moment: str, count: int, action: Callable[[], object]) -> None:
        """Do the action once, at the request of the operation that is so many requests away (1: the next one).

        Raises ValueError.
        """
        if operation not in (*OPERATIONS, ANY):
            raise ValueError(f"unknown operation {operation!r}, there are: {', '.join((*OPERATIONS, ANY))}")
        if moment not in MOMENTS or not isinstance(count, int) or count < 1:
            raise ValueError('moment must be "before" or "after", count a number from 1 on')
        with self._lock:
            self._set.append(_Trigger(operation, moment, count, action))

    def fire(self, operation: str | None, moment: str) -> None:
        """Do what is to happen at this moment of a request."""
        with self._lock:
            due = []
            for trigger in self._set:
                fits = trigger.operation == operation or (trigger.operation == ANY and operation in JOB_OPERATIONS)
                if fits and trigger.moment == moment:
                    trigger.left -= 1
                    if not trigger.left:
                        due.append(trigger)
            self._set = [trigger for trigger in self._set if trigger.left]
        for trigger in due:
            trigger.action()
