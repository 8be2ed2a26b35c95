# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of IAM and ModelArts: which request is which, and which of them change something."""

from __future__ import annotations

import re

# The operation, its method and its path. v1 and v2 of an operation share a name: the path tells them apart.
_ROUTES = (
    ("tokens", "POST", "/v3/auth/tokens"),
    ("projects", "GET", "/v3/projects"),
    ("resource-specs", "GET", "/v1/ID/job/resource-specs"),
    ("ai-engines", "GET", "/v1/ID/job/ai-engines"),
    ("training-job-engines", "GET", "/v2/ID/training-job-engines"),
    ("training-job-flavors", "GET", "/v2/ID/training-job-flavors"),
    ("service-specifications", "GET", "/v1/ID/services/specifications"),
    ("create-job", "POST", "/v1/ID/training-jobs"),
    ("create-job", "POST", "/v2/ID/training-jobs"),
    ("search-jobs", "GET", "/v1/ID/training-jobs"),
    ("search-jobs", "POST", "/v2/ID/training-job-searches"),
    ("list-versions", "GET", "/v1/ID/training-jobs/ID/versions"),
    ("show-job", "GET", "/v1/ID/training-jobs/ID/versions/ID"),
    ("show-job", "GET", "/v2/ID/training-jobs/ID"),
    ("stop-job", "POST", "/v1/ID/training-jobs/ID/versions/ID/stop"),
    ("stop-job", "POST", "/v2/ID/training-jobs/ID/actions"),
    ("delete-job", "DELETE", "/v1/ID/training-jobs/ID"),
    ("delete-job", "DELETE", "/v2/ID/training-jobs/ID"),
)
_PATTERNS = tuple((name, method, re.compile(path.replace("ID", "[^/]+"))) for name, method, path in _ROUTES)

OPERATIONS = tuple(dict.fromkeys(name for name, _method, _path in _ROUTES))

# Always among the counts; the others are when they were requested.
ALWAYS_COUNTED = ("tokens", "projects", "resource-specs")

JOB_OPERATIONS = ("create-job", "search-jobs", "list-versions", "show-job", "stop-job", "delete-job")


def operation_of(method: str, path: str) -> str | None:
    """Return the operation that a request is for, None if there is none."""
    return next((name for name, verb, path_of in _PATTERNS if verb == method and path_of.fullmatch(path)), None)


def kind_of(method: str, operation: str | None) -> str:
    """Return "login", "read" or "write". The search of v2 is a POST that reads."""
    if operation == "tokens":
        return "login"
    return "read" if operation == "search-jobs" or method in ("GET", "HEAD") else "write"
