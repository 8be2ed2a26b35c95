# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that are independent of this collection: those of the public SDKs."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.tests.standin.launcher import StandIn


@pytest.fixture
def v2(standin: StandIn) -> t.Any:
    """A client of the public SDK for Huawei Cloud."""
    import huaweicloudsdkmodelarts.v1 as sdk
    from huaweicloudsdkcore.auth.credentials import BasicCredentials

    account = standin.account
    key = BasicCredentials(account["access_key"], account["secret_key"], account["project_id"])
    return sdk.ModelArtsClient.new_builder().with_credentials(key).with_endpoint(standin.endpoint).build()


@pytest.fixture
def v1(standin: StandIn, password_login: dict[str, t.Any]) -> t.Any:
    """A client of the public SDK for Open Telekom Cloud."""
    import openstack
    import otcextensions.sdk

    config = {
        **password_login,
        "project_domain_name": password_login["user_domain_name"],
        "modelartsv1_endpoint_override": f"{standin.endpoint}/v1/{standin.account['project_id']}",
    }
    connection = openstack.connection.Connection(**config)
    otcextensions.sdk.register_otc_extensions(connection)
    return getattr(connection, "modelartsv1")  # noqa: B009 - the extension adds it
