#!/usr/bin/python

# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: modelarts_training_job_info
short_description: List ModelArts training jobs and their phases
version_added: 1.0.0
author:
  - community.modelarts contributors (@ansible-collections)
description:
  - Lists the training jobs of a workspace, or shows a single one.
  - Use it with C(until) to wait for a job without keeping a connection to the host open.
extends_documentation_fragment:
  - community.modelarts.attributes
  - community.modelarts.attributes.info_module
  - community.modelarts.attributes.actiongroup_modelarts
  - community.modelarts.connection
options:
  api:
    description:
      - Version of the training API. Each version lists only its own jobs.
    type: str
    choices: [v2, v1]
    default: v2
  name:
    description:
      - List only the job with exactly this name, if it exists. Null and empty text list all jobs.
    type: str
  job_id:
    description:
      - Show only the job with this ID, if it exists. Null and empty text list all jobs.
    type: str
  workspace_id:
    description:
      - ID of the workspace. If not set, the service uses the default workspace, V(0).
    type: str
notes:
  - Environment variables are read on the host that the module runs on, not on the controller.
seealso:
  - module: community.modelarts.modelarts_training_job
"""

EXAMPLES = r"""
- name: List the training jobs of the default workspace
  community.modelarts.modelarts_training_job_info:
    endpoint: "{{ endpoint }}"
    project_id: "{{ project_id }}"
    access_key: "{{ access_key }}"
    secret_key: "{{ secret_key }}"
  register: listed

- name: Show the names of those that wait for a machine
  ansible.builtin.debug:
    msg: "{{ listed.jobs | selectattr('phase', 'eq', 'pending') | map(attribute='name') }}"

- name: Look once a minute, for at most a day, until the job has ended
  community.modelarts.modelarts_training_job_info:
    endpoint: "{{ endpoint }}"
    project_id: "{{ project_id }}"
    access_key: "{{ access_key }}"
    secret_key: "{{ secret_key }}"
    name: mnist-nightly
  register: looked
  until: >-
    looked is success
    and (looked.jobs | length == 0 or looked.jobs[0].phase in ['completed', 'failed', 'stopped'])
  retries: 1440
  delay: 60
"""

RETURN = r"""
jobs:
  description: The training jobs, newest first.
  returned: success
  type: list
  elements: dict
  contains:
    job_id:
      description: ID of the job. It is text with both versions of the API.
      type: str
      sample: 66ff6991-fd66-40b6-8101-0829a46d3731
    version_id:
      description: ID of the newest version of the job. V(null) with O(api=v2), which has no versions of a job.
      type: str
      sample: "1108482"
    name:
      description: Name of the job.
      type: str
      sample: mnist-nightly
    phase:
      description:
        - Phase of the job, the same with both versions of the API. One of V(creating), V(pending), V(running),
          V(stopping), V(completed), V(failed), V(stopped), and V(unknown) if the service states one that is not
          documented.
      type: str
      sample: running
    spec_code:
      description: Code of the spec that the job runs on. The list of O(api=v1) does not have it, unless O(name) or
        O(job_id) is given.
      type: str
      sample: modelarts.vm.gpu.v100
    nodes:
      description: Number of nodes. As RV(jobs[].spec_code), not always known with O(api=v1).
      type: int
      sample: 1
    job:
      description: The job as the service describes it. The values of C(environments), and parameters named like a
        credential, are hidden.
      type: dict
error_code:
  description: Error code from the service.
  returned: failure, if known
  type: str
  sample: ModelArts.0105
error_message:
  description: Error message from the service.
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

if sys.version_info < (3, 9):  # noqa: UP036 - such a Python cannot compile the rest of the collection
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    message = f"This module needs Python 3.9 or later on the target, which has {version}"
    sys.stdout.write(f'{{"failed": true, "msg": "{message}"}}')
    raise SystemExit(1)

from ansible_collections.community.modelarts.plugins.module_utils import (
    _connection,
    _training_jobs_api,
    _training_jobs_options,
)
from ansible_collections.community.modelarts.plugins.module_utils._client import Client
from ansible_collections.community.modelarts.plugins.module_utils._module import ModelArtsModule


def main() -> None:
    module = ModelArtsModule(_training_jobs_options.training_job_info_arguments())

    def list_jobs() -> dict[str, object]:
        connection = _connection.resolve(module.params)[0]
        module.no_log_values.update(connection.secrets())
        return _training_jobs_api.list_jobs(Client(connection), module.params)

    module.run(list_jobs)


if __name__ == "__main__":
    main()
