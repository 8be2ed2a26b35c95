# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: modelarts_resource_specs
short_description: List the machine specifications that ModelArts jobs may use
version_added: 1.0.0
author:
  - community.modelarts contributors (@ansible-collections)
description:
  - Queries the resource specifications that a ModelArts training or inference job may use.
  - Each specification has a C(spec_code) or a C(spec_id), which is needed to create a job.
  - With O(requirements), it returns only the matching specifications, best first.
extends_documentation_fragment:
  - community.modelarts.connection
  - community.modelarts.connection.plugin
  - community.modelarts.targets
  - community.modelarts.targets.plugin
  - community.modelarts.query
  - community.modelarts.query.plugin
  - community.modelarts.picking
  - community.modelarts.picking.on_no_match
  - community.modelarts.picking.plugin
  - community.modelarts.caching
options:
  _terms:
    description:
      - Types of jobs that the specifications are for, V(train) or V(inference).
      - Each term is a separate query, and the results are concatenated. A specification that both types may use is in
        the list twice.
      - Without a term, there is one query, with O(job_type) if that is set.
      - With O(targets), the results of the first target for all terms come first, then those of the next one. A target
        that fails for one term fails as a whole.
    type: list
    elements: str
notes:
  - Ansible evaluates a lookup for each host, task and loop item, and whenever a variable that contains it is used. With
    O(cache), all evaluations together query the cloud only once.
  - Environment variables are read from the controller. The keyword C(environment) of a play or task does not apply to
    lookups.
  - Python libraries must be installed for the Python that runs C(ansible-playbook).
  - Use C(query) or C(q), which always return a list. C(lookup) returns the only element of a list of one.
  - A keyword takes precedence over a variable, a variable over the environment, and the environment over
    C(ansible.cfg). Variables may contain templates. An option that is empty or C(omit) counts as not given.
seealso:
  - module: community.modelarts.modelarts_resource_specs_info
    description: The same query as a task. It runs on the target.
  - plugin: community.modelarts.select_resource_spec
    plugin_type: filter
    description: Picks from specifications that were queried before.
"""

EXAMPLES = r"""
- name: Show the codes of the specifications for training jobs that are not sold out
  ansible.builtin.debug:
    msg: "{{ query('community.modelarts.modelarts_resource_specs', 'train', requirements={}, on_no_match='skip')
      | map(attribute='spec_code') }}"
  vars:
    modelarts_auth_url: "{{ auth_url }}"
    modelarts_user_domain_name: "{{ domain }}"
    modelarts_username: "{{ user }}"
    modelarts_password: "{{ secret_password }}"
    modelarts_project_name: "{{ project }}"

- name: Set the options as keywords
  ansible.builtin.debug:
    msg: "{{ query('community.modelarts.modelarts_resource_specs', 'train', 'inference', endpoint=endpoint,
      project_id=project_id, access_key=access_key, secret_key=secret_key) | length }} specifications"

- name: Pick the one with the most memory among those with at least 8 cores
  ansible.builtin.debug:
    msg: "{{ (query('community.modelarts.modelarts_resource_specs', 'train', endpoint=endpoint, project_id=project_id,
      access_key=access_key, secret_key=secret_key, requirements={'min_cores': 8}, order_by=['-memory_gb'])
      | first).spec_code }}"

- name: List what is free in two projects
  ansible.builtin.debug:
    msg: "{{ query('community.modelarts.modelarts_resource_specs', 'train', auth_url=auth_url, user_domain_name=domain,
      username=user, password=secret_password, targets=projects, requirements={},
      on_no_match='skip') | groupby('target') }}"
  vars:
    projects:
      - name: research
        project_name: "{{ project }}"
      - name: production
        project_name: "{{ other_project }}"

- name: Take the login from the environment of the controller (OS_AUTH_URL, OS_USERNAME, ...)
  ansible.builtin.debug:
    msg: "{{ query('community.modelarts.modelarts_resource_specs') | map(attribute='spec_code') | unique }}"
"""

RETURN = r"""
_raw:
  description:
    - The resource specifications, in the order and with the values that the service returns.
    - The module M(community.modelarts.modelarts_resource_specs_info) describes their fields.
    - With O(targets), each has the name of its target as C(target).
    - With O(requirements), only the matching specifications, best first. Empty if nothing matches and O(on_no_match)
      allows that.
  type: list
  elements: dict
  sample:
    - spec_id: 4
      core: "8"
      cpu: "64"
      gpu_num: 1
      gpu_type: v100
      spec_code: modelarts.vm.gpu.v100
      max_num: 4
      unit_num: 1
      storage: ""
      interface_type: 1
      no_resource: false
"""

import multiprocessing
import typing as t

from ansible_collections.community.modelarts.plugins.plugin_utils._lookup import ModelArtsLookup

if multiprocessing.parent_process():
    # Ansible would parse this in each worker, to find out where the options come from: 18 ms, more than all the rest of
    # a cached lookup. The lookup finds that out by itself, so it hides its documentation from workers.
    del DOCUMENTATION


class LookupModule(ModelArtsLookup):
    def result(self, specs: list[dict[str, t.Any]], pick: dict[str, t.Any]) -> list[t.Any]:
        return t.cast("list[t.Any]", pick.get("candidates", specs))
