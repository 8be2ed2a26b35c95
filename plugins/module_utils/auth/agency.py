# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Act for another account: on top of any login, a token of the agency by which that account delegates its project.

The request is ``POST /v3/auth/tokens`` with the method assume_role as the clouds document it ("Obtaining an Agency
Token"). The permission for it, Agent Operator, is one of the caller's domain.
"""

from __future__ import annotations

import typing as t

from ansible_collections.community.modelarts.plugins.module_utils.auth import issued, password
from ansible_collections.community.modelarts.plugins.module_utils.errors import ServiceError

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.auth.access import Access, Iam

OPTIONS = ("agency_name", "agency_domain_name")

OPERATION = "assume the agency"

# Of the project, which belongs to the other account, the caller's own login must not know.
_OF_THE_AGENCY = (*OPTIONS, "project_id", "project_name", "project_domain_id", "project_domain_name")


def is_given(options: t.Mapping[str, t.Any]) -> bool:
    """Whether the options ask to act for another account, wholly or by half."""
    return any(name in options for name in OPTIONS)


def missing(options: t.Mapping[str, t.Any]) -> list[str]:
    """What is missing to act for another account, where the options ask for that."""
    return [name for name in OPTIONS if name not in options] if is_given(options) else []


def base(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The options of the caller's own login."""
    return {name: value for name, value in options.items() if name not in _OF_THE_AGENCY}


def assume(options: t.Mapping[str, t.Any], caller: Access, iam: Iam) -> Access:
    """Ask IAM for a token of the agency, with the caller's own login.

    Raises ServiceError if IAM refuses, AnswerError if its answer lacks the token, TransportError if none came.
    """
    try:
        answer = iam(OPERATION, "POST", "/auth/tokens", body=request_body(options), auth=caller.auth)
    except ServiceError as error:
        if error.http_status == 403:
            raise error.with_hint(
                "Check agency_name and agency_domain_name: the agency must delegate to the account that logs in, "
                "whose user needs the permission Agent Operator."
            ) from None
        raise
    return issued.access(*answer)


def request_body(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The body of ``POST /v3/auth/tokens``: the method assume_role, scoped to the project of the other account."""
    domain_name = options["agency_domain_name"]
    assumed = {"domain_name": domain_name, "xrole_name": options["agency_name"]}
    return {
        "auth": {
            "identity": {"methods": ["assume_role"], "assume_role": assumed},
            "scope": {"project": password.project_scope(options, {"name": domain_name})},
        }
    }
