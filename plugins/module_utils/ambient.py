# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that the user did not write for this task, and what beats them."""

from __future__ import annotations

import typing as t

# Options that say the same thing in two ways: where one is written down, the other one's ambient value is left out.
ALTERNATIVES = (("project_id", "project_name"), ("username", "user_id"), ("user_domain_name", "user_domain_id"))


class Ambient(str):
    """A value found in the environment or in ansible.cfg; one that the user wrote in the task or a variable beats it.

    Ansible keeps no note of where an option's value came from, so the value itself carries it.
    """


def drop_ambient(values: dict[str, t.Any], groups: t.Iterable[t.Sequence[str]]) -> None:
    """Where the user wrote down an option of one group, remove from ``values`` the ambient ones of the other groups."""
    groups = list(groups)
    written = [any(name in values and not isinstance(values[name], Ambient) for name in group) for group in groups]
    if any(written):
        for group in (group for group, is_written in zip(groups, written) if not is_written):
            for name in group:
                values.pop(name, None)


def drop_alternatives(values: dict[str, t.Any]) -> None:
    """Where one of two options that say the same thing is written down, remove the other one's ambient value."""
    for group in ALTERNATIVES:
        drop_ambient(values, [(name,) for name in group])
