# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: select_resource_spec
short_description: Pick a machine specification for a ModelArts job
version_added: 1.0.0
author:
  - community.modelarts contributors (@ansible-collections)
description:
  - Picks from a list of specifications in the same way as M(community.modelarts.modelarts_resource_specs_info).
  - It sends no request, and does not fail if nothing matches.
extends_documentation_fragment:
  - community.modelarts.picking
positional: requirements
options:
  _input:
    description:
      - The specifications, as the module or the lookup returns them.
    type: list
    elements: dict
    required: true
  requirements:
    required: true
seealso:
  - module: community.modelarts.modelarts_resource_specs_info
  - plugin: community.modelarts.modelarts_resource_specs
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: List the specifications for training jobs
  community.modelarts.modelarts_resource_specs_info:
    endpoint: "{{ endpoint }}"
    project_id: "{{ project_id }}"
    access_key: "{{ access_key }}"
    secret_key: "{{ secret_key }}"
    job_type: train
  register: result

- name: Pick from them, once for each size
  ansible.builtin.debug:
    msg: "{{ choice.selected.spec_code if choice.selected else choice.explanation }}"
  vars:
    choice: "{{ result.specs | community.modelarts.select_resource_spec({'gpu_types': ['v100'], 'min_gpus': item}) }}"
  loop: [1, 8, 64]
"""

RETURN = r"""
_value:
  description: The picked specification, and why the others were rejected.
  type: dict
  contains:
    selected:
      description: The first of the candidates, V(null) if there is none.
      type: dict
    candidates:
      description: The specifications that meet the requirements named by RV(_value.met_by), best first.
      type: list
      elements: dict
    rejected:
      description: The other specifications, each with C(spec_id), C(spec_code) and a list of C(reasons).
      type: list
      elements: dict
    met_by:
      description: V(requirements), or V(fallbacks[0]) and so on, V(null) if nothing matches.
      type: str
    explanation:
      description: What would have to change for something to match.
      returned: if nothing matches
      type: str
"""

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.community.modelarts.plugins.module_utils._errors import ModelArtsError
from ansible_collections.community.modelarts.plugins.plugin_utils._given_specs import pick_from


def select_resource_spec(
    specs: t.Any, requirements: t.Any, fallbacks: t.Any = None, order_by: t.Any = None, prices: t.Any = None
) -> dict[str, t.Any]:
    try:
        return pick_from(specs, requirements=requirements, fallbacks=fallbacks, order_by=order_by, prices=prices)
    except ModelArtsError as error:
        raise AnsibleFilterError(f"select_resource_spec: {error}") from None


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"select_resource_spec": select_resource_spec}
