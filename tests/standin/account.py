# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one account that the stand-in knows. All of it is invented."""

from __future__ import annotations

REGION = "zz-standin-1"

ACCOUNT = {
    "user_domain_name": "STANDIN-DOMAIN-0001",
    "user_domain_id": "d0000000000000000000000000000d01",
    "username": "stand-in-user",
    "user_id": "c0000000000000000000000000000c01",
    "password": "stand-in-password-0001",
    # As on the real clouds, the default project of a region is named like the region.
    "project_name": REGION,
    "project_id": "a0000000000000000000000000000a01",
    "other_project_name": f"{REGION}_other",
    "other_project_id": "b0000000000000000000000000000b02",
    "access_key": "STANDINACCESSKEY0001",
    "secret_key": "stand-in-secret-key-0001-only-for-tests",
}

DOMAIN = {"id": ACCOUNT["user_domain_id"], "name": ACCOUNT["user_domain_name"]}

PROJECTS = {
    ACCOUNT["project_id"]: ACCOUNT["project_name"],
    ACCOUNT["other_project_id"]: ACCOUNT["other_project_name"],
}
