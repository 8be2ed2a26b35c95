#!/usr/bin/python

# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: modelarts_resource_specs_info
short_description: List the machine specifications that ModelArts jobs may use
version_added: 1.0.0
author:
  - community.modelarts contributors (@ansible-collections)
description:
  - Query the machine specifications of ModelArts for training or inference jobs.
  - Each specification has a C(spec_code) or a C(spec_id), which is needed to create a job.
  - With O(requirements), pick the specification that suits the job best, and explain why the others were rejected.
extends_documentation_fragment:
  - community.modelarts.attributes
  - community.modelarts.attributes.info_module
  - community.modelarts.attributes.actiongroup_modelarts
  - community.modelarts.connection
  - community.modelarts.targets
  - community.modelarts.query
  - community.modelarts.picking
  - community.modelarts.picking.on_no_match
notes:
  - Environment variables are read on the host that the module runs on, not on the controller.
seealso:
  - plugin: community.modelarts.modelarts_resource_specs
    plugin_type: lookup
    description: The same query in a template expression. It runs on the controller.
  - plugin: community.modelarts.select_resource_spec
    plugin_type: filter
    description: Pick from specifications that were queried before.
"""

EXAMPLES = r"""
- name: List the specifications for training jobs, with a password login
  community.modelarts.modelarts_resource_specs_info:
    auth_url: "{{ auth_url }}"
    user_domain_name: "{{ domain }}"
    username: "{{ user }}"
    password: "{{ secret_password }}"
    project_name: "{{ project }}"
    job_type: train
  register: result

- name: Show the codes of the specifications that are not sold out
  ansible.builtin.debug:
    msg: "{{ (result.specs | community.modelarts.select_resource_spec({})).candidates | map(attribute='spec_code') }}"

- name: Pick a specification with four V100 on each of two nodes, or else any with a P4
  community.modelarts.modelarts_resource_specs_info:
    endpoint: "{{ endpoint }}"
    project_id: "{{ project_id }}"
    access_key: "{{ access_key }}"
    secret_key: "{{ secret_key }}"
    job_type: train
    requirements:
      gpu_types: [v100]
      min_gpus: 4
      nodes: 2
    fallbacks:
      - gpu_types: [p4]
  register: picked

- name: Show the pick
  ansible.builtin.debug:
    msg: "spec_id {{ picked.selected.spec_id }} ({{ picked.selected.spec_code }}), met by {{ picked.met_by }}"

- name: Pick a V100 in whichever project has one free
  community.modelarts.modelarts_resource_specs_info:
    auth_url: "{{ auth_url }}"
    user_domain_name: "{{ domain }}"
    username: "{{ user }}"
    password: "{{ secret_password }}"
    targets:
      - name: research
        project_name: "{{ project }}"
      - name: production
        project_name: "{{ other_project }}"
    job_type: train
    requirements:
      gpu_types: [v100]
  register: anywhere

- name: Show where
  ansible.builtin.debug:
    msg: "{{ anywhere.selected.spec_code }} in {{ anywhere.selected.target }}"

- name: List the specifications of an ExeML object detection project, with signed requests
  community.modelarts.modelarts_resource_specs_info:
    endpoint: "{{ endpoint }}"
    project_id: "{{ project_id }}"
    access_key: "{{ access_key }}"
    secret_key: "{{ secret_key }}"
    project_type: 2

- name: Take the login from the environment (OS_AUTH_URL, OS_USERNAME, ...), and wait longer for the response
  community.modelarts.modelarts_resource_specs_info:
    timeout: 60
"""

RETURN = r"""
specs:
  description:
    - The specifications, in the order and with the values that the service returns.
    - Fields that are not listed here are returned unchanged. With another O(source) than V(resource_specs), the fields
      of that API come first, and those listed here are added as far as the API states them.
  returned: success
  type: list
  elements: dict
  contains:
    spec_id:
      description: ID of the specification. It differs between sites for the same C(spec_code).
      type: int
      sample: 4
    core:
      description: Number of cores.
      type: str
      sample: "8"
    cpu:
      description: Memory. The unit is not stated by the service; it is GB in practice.
      type: str
      sample: "64"
    gpu_num:
      description: Number of GPUs.
      type: int
      sample: 1
    gpu_type:
      description: Type of the GPUs. Empty if there are none.
      type: str
      sample: v100
    spec_code:
      description: Code of the specification.
      type: str
      sample: modelarts.vm.gpu.v100
    max_num:
      description: Maximum number of nodes of this specification in a job.
      type: int
      sample: 4
    unit_num:
      description: Number of pricing units.
      type: int
      sample: 1
    storage:
      description: Size of the SSD. Empty if there is none.
      type: str
      sample: ""
    interface_type:
      description: Interface type.
      type: int
      sample: 1
    no_resource:
      description: Whether the specification is sold out. Missing if the service does not state it.
      type: bool
      sample: false
    target:
      description: Name of the target that has it.
      returned: with O(targets)
      type: str
      sample: eu-de
    engine:
      description: The engine that O(engine) matched, see RV(engine).
      returned: with O(engine)
      type: dict
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
spec_total_count:
  description:
    - Number of specifications as the service states it. It can be larger than the list.
    - With O(targets), the sum over those that did not fail.
  returned: success
  type: int
  sample: 1
availability_stated:
  description: Whether the API of O(source) states what is sold out. If not, every specification counts as available.
  returned: success
  type: bool
  sample: true
engine:
  description: The engine that O(engine) matched, as the service lists it. With O(targets) it is in RV(targets) instead.
  returned: with O(engine)
  type: dict
  sample:
    engine_type: 1
    engine_id: 4
    engine_name: TensorFlow
    engine_version: TF-1.8.0-python3.6
targets:
  description: Outcome of each target, in the order of O(targets).
  returned: with O(targets), also on failure once they were queried
  type: list
  elements: dict
  contains:
    name:
      description: Name of the target.
      type: str
      sample: eu-de
    spec_total_count:
      description: Number of specifications as the service states it.
      returned: when it did not fail
      type: int
      sample: 1
    engine:
      description: The engine that O(engine) matched.
      returned: when it did not fail, with O(engine)
      type: dict
    failed:
      description: V(true) if it failed.
      returned: when it failed
      type: bool
      sample: true
    msg:
      description: The error message.
      returned: when it failed
      type: str
      sample: >-
        Cannot log in at iam.eu-de.otc.t-systems.com: HTTP 401: The username or password is wrong.
    error_code:
      description: Error code of the service.
      returned: when it failed, if known
      type: str
      sample: ModelArts.0105
    error_message:
      description: Error message of the service.
      returned: when it failed, if known
      type: str
      sample: Error string
    http_status:
      description: HTTP status of the response.
      returned: when it failed, if there was a response
      type: int
      sample: 403
    request_id:
      description: ID of the request. Give it to the cloud's support.
      returned: when it failed, if known
      type: str
      sample: c50619de20b0e70590f57a99dbed044f
selected:
  description:
    - The specification that was picked, with the fields of RV(specs).
    - V(null) when nothing matches.
  returned: with O(requirements), also on failure when nothing matches
  type: dict
candidates:
  description: All specifications that meet the requirements named by RV(met_by), best first.
  returned: with O(requirements)
  type: list
  elements: dict
rejected:
  description: The rejected specifications, and the reasons.
  returned: with O(requirements)
  type: list
  elements: dict
  contains:
    spec_id:
      description: ID of the specification.
      type: int
      sample: 2
    spec_code:
      description: Code of the specification.
      type: str
      sample: modelarts.vm.cpu.2u
    target:
      description: Name of the target that has it.
      returned: with O(targets)
      type: str
      sample: eu-de
    reasons:
      description: Each requirement that it does not meet, and what it has instead.
      type: list
      elements: str
      sample:
        - at least 1 GPU required, has 0
met_by:
  description:
    - Which requirements the pick meets, V(requirements), V(fallbacks[0]) and so on.
    - V(null) when nothing matches.
  returned: with O(requirements)
  type: str
  sample: requirements
explanation:
  description: What would have to change for something to match. If the task fails, the error message says the same.
  returned: with O(requirements), when nothing matches and the task does not fail
  type: str
  sample: >-
    None of the 2 specs meets the requirements. Rejected: 2 by gpu_types (GPU type a100 required).
    Without gpu_types, 2 would match: modelarts.vm.cpu.2u, modelarts.vm.gpu.v100. a100: the listed GPU types are v100.
error_code:
  description: Error code of the service.
  returned: failure, if known
  type: str
  sample: ModelArts.0105
error_message:
  description: Error message of the service.
  returned: failure, if known
  type: str
  sample: Error string
http_status:
  description: HTTP status of the response.
  returned: failure, if there was a response
  type: int
  sample: 403
request_id:
  description: ID of the request. Give it to the cloud's support.
  returned: failure, if known
  type: str
  sample: c50619de20b0e70590f57a99dbed044f
"""

import sys
import typing as t

if sys.version_info < (3, 9):  # noqa: UP036 - such a Python cannot compile the rest of the collection
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    message = f"This module needs Python 3.9 or later on the target, which has {version}"
    sys.stdout.write(f'{{"failed": true, "msg": "{message}"}}')
    raise SystemExit(1)

from ansible_collections.community.modelarts.plugins.module_utils import _connection, _options, _resource_specs
from ansible_collections.community.modelarts.plugins.module_utils._client import Client
from ansible_collections.community.modelarts.plugins.module_utils._module import ModelArtsModule
from ansible_collections.community.modelarts.plugins.module_utils._tokens import Tokens


def main() -> None:
    module = ModelArtsModule(_options.resource_specs_arguments())
    tokens = Tokens()

    def fetch(connection: _connection.Connection) -> dict[str, t.Any]:
        return _resource_specs.query(Client(connection, tokens), module.params)

    def query_and_pick() -> dict[str, t.Any]:
        _resource_specs.check(module.params)
        # Most tasks only list specs, and Ansible compiles what a module imports at each run.
        is_picking = any(module.params[name] is not None for name in _options.picking_spec())
        if is_picking:
            from ansible_collections.community.modelarts.plugins.module_utils import _picking

            _picking.check(module.params)
        connections = _connection.resolve(module.params)
        module.no_log_values.update(secret for connection in connections for secret in connection.secrets())
        result = _resource_specs.query_all(connections, module.params["on_target_error"], fetch, module.warn)
        result["availability_stated"] = module.params["source"] in _options.STATES_AVAILABILITY
        if is_picking:
            result.update(_picking.pick(result["specs"], module.params, module.warn, targets=result.get("targets", ())))
        return result

    module.run(query_and_pick)


if __name__ == "__main__":
    main()
