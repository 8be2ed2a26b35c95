# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation that modules share: check mode, diff mode, and the group for module_defaults."""

from __future__ import annotations


class ModuleDocFragment:
    # What each module of the collection does.
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the target.
  diff_mode:
    description: Will return details on what has changed or would change, when in diff mode.
"""

    # For modules that change nothing anywhere.
    INFO_MODULE = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - This module does not modify state.
  diff_mode:
    support: N/A
    details:
      - This module does not modify state.
"""

    # For modules in the group of the collection.
    ACTIONGROUP_MODELARTS = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/community.modelarts.modelarts) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - community.modelarts.modelarts
"""
