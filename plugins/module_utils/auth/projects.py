# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ID of the project for logins that are not scoped to one by IAM: as given, or looked up by the project's name."""

from __future__ import annotations

import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import answers
from ansible_collections.community.modelarts.plugins.module_utils.errors import OptionsError, ServiceError

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.auth.access import AuthBase, Iam

OPERATION = "look up the project"

# So many of several projects are told.
MOST_TOLD = 10


def project_id(options: t.Mapping[str, t.Any], iam: Iam, auth: AuthBase) -> str | None:
    """The ID of the project that the options name, None if they name none.

    Raises OptionsError if no project has the name, or more than one has; ServiceError, AnswerError or TransportError
    if IAM does not say.
    """
    if "project_id" in options or "project_name" not in options:
        return options.get("project_id")
    name = options["project_name"]
    try:
        answer, document = iam(OPERATION, "GET", "/projects", query={"name": name}, auth=auth)
    except ServiceError as error:
        raise error.with_hint("With project_id in place of project_name this request is not needed.") from None
    listed = document.get("projects") if isinstance(document, dict) else None
    if not isinstance(listed, list) or not all(isinstance(project, dict) for project in listed):
        raise answers.undocumented(answer, "the list projects is missing")
    found = [project for project in listed if project.get("name") == name]
    if not found:
        raise OptionsError(
            f"{answer.where}: no project that this login may see is named {name!r}. "
            "Check project_name, or give project_id"
        )
    if len(found) > 1:
        told = [f"{project.get('id')} (below {project.get('parent_id')})" for project in found[:MOST_TOLD]]
        rest = f" and {len(found) - len(told)} more" if len(found) > len(told) else ""
        raise OptionsError(
            f"{answer.where}: {len(found)} projects are named {name!r}: {', '.join(told)}{rest}. "
            "Give project_id to choose one"
        )
    if not isinstance(found[0].get("id"), str):
        raise answers.undocumented(answer, "the project has no id")
    return t.cast("str", found[0]["id"])
