# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long to wait before a request is sent again."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import retry


def test_pauses_double_up_to_a_bound_and_are_jittered() -> None:
    for attempt in (*range(20), 100, 10_000):
        full = min(retry.FIRST_PAUSE * 2.0 ** min(attempt, 9), retry.LONGEST_PAUSE)
        assert 0.5 * full <= retry.pause(attempt) <= full
    assert len({retry.pause(3) for _dummy in range(20)}) > 10


def test_the_service_is_never_undercut() -> None:
    assert 7 <= (retry.pause_as_told(7.0) or 0) <= 7 + retry.FIRST_PAUSE


def test_a_service_that_asks_for_too_much_is_not_asked_again() -> None:
    assert retry.pause_as_told(retry.LONGEST_RETRY_AFTER) is not None
    assert retry.pause_as_told(retry.LONGEST_RETRY_AFTER + 1) is None


@pytest.mark.parametrize(("value", "seconds"), [("0", 0.0), ("7", 7.0), (" 120 ", 120.0)])
def test_retry_after_in_seconds(value: str, seconds: float) -> None:
    assert retry.retry_after_seconds(value) == seconds


def test_retry_after_as_a_date() -> None:
    assert retry.retry_after_seconds(formatdate(time.time() + 30, usegmt=True)) == pytest.approx(30, abs=2)
    assert retry.retry_after_seconds(formatdate(time.time() - 30, usegmt=True)) == 0


@pytest.mark.parametrize("value", [None, "", "soon", "-5", "1.5", "Mon, 99 Nov 2026 00:00:00 GMT", "٣"])
def test_what_says_nothing_is_ignored(value: str | None) -> None:
    assert retry.retry_after_seconds(value) is None
