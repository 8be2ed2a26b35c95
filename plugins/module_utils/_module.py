# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Base class of the collection's modules. The rest of the core does not use AnsibleModule.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.community.modelarts.plugins.module_utils._errors import ModelArtsError, OptionsError
from ansible_collections.community.modelarts.plugins.module_utils._options import prepare


class ModelArtsModule(AnsibleModule):
    """A module that supports check mode and fails with ``ModelArtsError.result``."""

    is_parsed = False
    params: dict[str, t.Any]

    def __init__(self, arguments: t.Mapping[str, t.Any]) -> None:
        """``arguments`` are those of ``AnsibleModule``, the argument spec among them."""
        super().__init__(supports_check_mode=True, **arguments)
        self.is_parsed = True

    def _load_params(self) -> None:
        """Read the parameters: Ansible's own hook for modules that prepare them before they are parsed."""
        super()._load_params()
        try:
            self.params = prepare(self.params)
        except OptionsError as error:
            failure = str(error)
        else:
            return
        self.fail_json(failure)

    def fail_json(self, msg: str, **result: t.Any) -> None:
        """Fail; hide the invocation when argument parsing fails: ``no_log`` values may be unknown at that point."""
        super().fail_json(msg, **(result if self.is_parsed else {"invocation": {}, **result}))

    def run(self, action: t.Callable[[], dict[str, t.Any]]) -> None:
        """Exit with what ``action`` returns, or fail with the ModelArtsError that it raises."""
        try:
            result = {"changed": False, **action()}
        except ModelArtsError as error:
            result = {"failed": True, **error.result()}
        # Not in the handler, where Ansible would add a traceback at -vvv.
        if result.pop("failed", False):
            self.fail_json(**result)
        self.exit_json(**result)
