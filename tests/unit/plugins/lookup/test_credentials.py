# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials in a lookup, which is evaluated again and again, in processes that share no memory.

A one-time code is sent once in a run, and what was refused is not sent until it is locked.
"""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.faces import lookup
from ansible_collections.community.modelarts.tests.unit.plugins.lookup.test_modelarts_resource_specs import failed

Options = dict[str, t.Any]


def test_evaluations_share_what_it_gave(standin: StandIn, passcode_login: Options) -> None:
    for term in ("train", "inference", "train"):
        assert lookup(term, **passcode_login)
    assert standin.counts() == {"tokens": 1, "projects": 0, "resource-specs": 2}


@pytest.mark.parametrize("change", [{"cache": False}, {"project_name": "zz-standin-1_other"}])
def test_it_is_not_sent_by_another_login(change: Options, standin: StandIn, passcode_login: Options) -> None:
    assert lookup(**{**passcode_login, **change})
    assert "sent to IAM before, and works only once" in failed("train", **{**passcode_login, "cache": False})
    assert standin.counts()["tokens"] == 1


def test_it_is_not_sent_again_after_a_failure(standin: StandIn, passcode_login: Options) -> None:
    standin.fault("unavailable", operation="tokens")
    assert "The passcode is used up" in failed(**passcode_login)
    assert "works only once" in failed(**{**passcode_login, "cache": False})
    assert standin.counts()["tokens"] == 1


@pytest.mark.parametrize("caching", [{}, {"cache": False}])
def test_a_wrong_password_for_many_projects(caching: Options, standin: StandIn, password_login: Options) -> None:
    right = password_login.pop("password")
    for number in range(8):
        message = failed(**password_login, **caching, password="wrong-password", project_id=f"project{number}")
        assert "HTTP 401: The username or password is wrong" in message
    assert standin.counts()["tokens"] == 3
    assert lookup(**password_login, password=right)


@pytest.mark.parametrize("caching", [{}, {"cache": False}])
def test_a_wrong_key_for_many_projects(caching: Options, standin: StandIn, key_login: Options) -> None:
    right = {name: key_login.pop(name) for name in ("secret_key", "project_id")}
    for number in range(8):
        assert "APIGW.0301" in failed(**key_login, **caching, secret_key="wrong", project_id=f"project{number}")
    assert standin.counts()["resource-specs"] == 3
    assert lookup(**key_login, **right)


def test_a_host_out_of_reach_keeps_no_other_out(standin: StandIn, key_login: Options) -> None:
    lost = {**key_login, "endpoint": "http://127.0.0.1:9", "retries": 0}
    assert "Connection refused" in failed(**lost)
    assert lookup(**key_login)
