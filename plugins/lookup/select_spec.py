# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: select_spec
short_description: Internal part of the role select_spec
version_added: 1.0.0
author:
  - community.modelarts contributors (@ansible-collections)
description:
  - This is a part of the role P(community.modelarts.select_spec#role), whose variables it reads. It can change in any
    release, so use the role instead.
options:
  _terms:
    description:
      - Pick of an earlier evaluation, to return its facts. Without it, this queries and picks.
    type: list
    elements: dict
"""

EXAMPLES = r"""
- name: Pick with the variables of the role
  ansible.builtin.debug:
    msg: "{{ lookup('community.modelarts.select_spec').modelarts_spec_code }}"
  vars:
    select_spec_job_type: train
    select_spec_requirements: {min_cores: 8}
    modelarts_endpoint: "{{ endpoint }}"
    modelarts_project_id: "{{ project_id }}"
    modelarts_access_key: "{{ access_key }}"
    modelarts_secret_key: "{{ secret_key }}"
"""

RETURN = r"""
_raw:
  description: A dictionary with the facts of the role, and with private ones.
  type: list
  elements: dict
"""

import multiprocessing

from ansible_collections.community.modelarts.plugins.plugin_utils._role import SelectSpecLookup

if multiprocessing.parent_process():
    # for the reason that the lookup modelarts_resource_specs states
    del DOCUMENTATION


class LookupModule(SelectSpecLookup):
    pass
