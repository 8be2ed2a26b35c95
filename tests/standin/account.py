# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one account that the stand-in knows, and the one that delegated something to it. All of it is invented.

Its secrets hold characters that look otherwise in a URL, so that whoever searches for them has to search for that, too.
"""

from __future__ import annotations

from dataclasses import dataclass

REGION = "zz-standin-1"

ACCOUNT = {
    "user_domain_name": "STANDIN-DOMAIN-0001",
    "user_domain_id": "d0000000000000000000000000000d01",
    "username": "stand-in-user",
    "user_id": "c0000000000000000000000000000c01",
    "password": "stand-in/password+0001=",
    # Logs in with a one-time code as well.
    "mfa_username": "stand-in-mfa-user",
    "mfa_user_id": "c0000000000000000000000000000c02",
    "mfa_password": "stand-in/password+0002=",
    # As on the real clouds, the default project of a region is named like the region.
    "project_name": REGION,
    "project_id": "a0000000000000000000000000000a01",
    "other_project_name": f"{REGION}_other",
    "other_project_id": "b0000000000000000000000000000b02",
    # A project, and a project below another one, of the same name.
    "twin_project_name": f"{REGION}_twin",
    "twin_project_id": "b0000000000000000000000000000b03",
    "twin_subproject_id": "b0000000000000000000000000000b04",
    # Two that are named like parts of what the service answers.
    "modelarts_project_name": "modelarts",
    "modelarts_project_id": "b0000000000000000000000000000b06",
    "de_project_name": "de",
    "de_project_id": "b0000000000000000000000000000b07",
    "access_key": "STANDINACCESSKEY0001",
    "secret_key": "stand-in/secret+key=0001/only-for-tests",
    "temporary_access_key": "STANDINTEMPORARYKEY1",
    "temporary_secret_key": "stand-in/secret+key=0002/only-for-tests",
    "security_token": "stand-in/security+token=0001/only-for-tests",
    # Of another account, which delegated its project to this one. It is named like the region, too.
    "agency_name": "stand-in-agency",
    "agency_domain_name": "STANDIN-DOMAIN-0002",
    "agency_domain_id": "d0000000000000000000000000000d02",
    "agency_project_name": REGION,
    "agency_project_id": "a0000000000000000000000000000a05",
}

DOMAIN = {"id": ACCOUNT["user_domain_id"], "name": ACCOUNT["user_domain_name"]}
AGENCY_DOMAIN = {"id": ACCOUNT["agency_domain_id"], "name": ACCOUNT["agency_domain_name"]}


@dataclass(frozen=True)
class User:
    id: str
    name: str
    password: str
    needs_passcode: bool = False


@dataclass(frozen=True)
class Project:
    id: str
    name: str
    domain_id: str = DOMAIN["id"]
    parent_id: str = DOMAIN["id"]


USERS = (
    User(ACCOUNT["user_id"], ACCOUNT["username"], ACCOUNT["password"]),
    User(ACCOUNT["mfa_user_id"], ACCOUNT["mfa_username"], ACCOUNT["mfa_password"], needs_passcode=True),
)

PROJECTS = (
    Project(ACCOUNT["project_id"], ACCOUNT["project_name"]),
    Project(ACCOUNT["other_project_id"], ACCOUNT["other_project_name"]),
    Project(ACCOUNT["twin_project_id"], ACCOUNT["twin_project_name"]),
    Project(ACCOUNT["twin_subproject_id"], ACCOUNT["twin_project_name"], parent_id=ACCOUNT["other_project_id"]),
    Project(ACCOUNT["modelarts_project_id"], ACCOUNT["modelarts_project_name"]),
    Project(ACCOUNT["de_project_id"], ACCOUNT["de_project_name"]),
    Project(ACCOUNT["agency_project_id"], ACCOUNT["agency_project_name"], AGENCY_DOMAIN["id"], AGENCY_DOMAIN["id"]),
)


def projects_of(domain_id: str) -> list[Project]:
    return [project for project in PROJECTS if project.domain_id == domain_id]
