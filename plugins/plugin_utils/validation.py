# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse options as Ansible does it for modules, where there is no module."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from ansible_collections.community.modelarts.plugins.module_utils.errors import OptionsError


def validated(arguments: t.Mapping[str, t.Any], parameters: dict[str, t.Any]) -> dict[str, t.Any]:
    """The options as a module would get them, by the same argument spec. Raises OptionsError, in Ansible's words.

    ``arguments`` is what ``ArgumentSpecValidator`` takes.
    """
    try:
        result = ArgumentSpecValidator(**arguments).validate(parameters)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # It breaks down over some values, such as a number where it wants a dictionary.
        raise OptionsError(f"Ansible cannot parse the options, one has a value of a wrong kind: {error}") from error
    messages = [
        f"Unsupported option: {error}" if isinstance(error, UnsupportedError) else str(error) for error in result.errors
    ]
    if messages:
        raise OptionsError("; ".join(messages))
    return dict(result.validated_parameters)
