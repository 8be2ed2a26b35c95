#!/usr/bin/python

# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: modelarts_training_job
short_description: Create, wait for, stop and delete a ModelArts training job
version_added: 1.0.0
author:
  - community.modelarts contributors (@ansible-collections)
description:
  - Creates a training job with the first of several specs that has a free machine, and waits until it runs or has
    completed. Also stops and deletes jobs.
  - If no machine is free, ModelArts queues the job, possibly for hours. With O(pending_timeout), a job that has not
    started in time is stopped and deleted, and the next candidate is tried.
  - The name identifies the job within the workspace. A job of that name is left alone unless O(on_existing) says
    otherwise, and after a lost response the module searches for the name before it sends the request again. So no
    failure of the network or the service creates two jobs.
extends_documentation_fragment:
  - community.modelarts.attributes
  - community.modelarts.attributes.actiongroup_modelarts
  - community.modelarts.connection
  - community.modelarts.targets.one
attributes:
  check_mode:
    support: full
    details:
      - Sends only the search for the job.
  diff_mode:
    support: full
    details:
      - Shows the body that creates the job, without credentials.
options:
  name:
    description:
      - Name of the job, 1 to 64 letters, digits, hyphens and underscores.
    type: str
    required: true
  workspace_id:
    description:
      - ID of the workspace. If not set, the service uses the default workspace, V(0).
    type: str
  api:
    description:
      - Version of the training API. Some sites no longer have V(v1), others have only V(v1).
    type: str
    choices: [v2, v1]
    default: v2
  state:
    description:
      - V(present) creates the job unless it exists, and waits as O(wait_for) says.
      - V(stopped) stops the job and waits until it has ended. Does nothing if the job has ended or does not exist.
      - V(absent) stops and deletes the job, and waits until it is gone.
    type: str
    choices: [present, stopped, absent]
    default: present
  description:
    description:
      - Description of the job.
    type: str
  candidates:
    description:
      - The specs to try, best first, as RV(community.modelarts.modelarts_resource_specs_info#module:candidates) lists
        them, or their codes.
      - With O(api=v2) a spec is named by its C(flavor_id), or else its C(spec_code). Take specs with
        O(community.modelarts.modelarts_resource_specs_info#module:source=training_job_flavors) there, as codes of the
        two catalogs differ. With O(api=v1) it is named by its C(spec_id), or else its C(spec_code).
      - Either this or O(pool_id) is required with O(state=present). They are mutually exclusive.
    type: list
    elements: raw
  pool_id:
    description:
      - ID of a dedicated resource pool that runs the job.
    type: str
  nodes:
    description:
      - Number of nodes.
    type: int
    default: 1
  engine:
    description:
      - Name and version of the engine, with a space between them, for example
        V(PyTorch pytorch_1.8.0-cuda_10.2-py_3.7-ubuntu_18.04-x86_64). Only with O(api=v2).
    type: str
  engine_id:
    description:
      - ID of the engine, text with O(api=v2) and a number with O(api=v1).
    type: str
  code_dir:
    description:
      - OBS path of the folder with the code.
    type: str
  boot_file:
    description:
      - OBS path of the script to run. Required with O(code_dir).
    type: str
  image:
    description:
      - Custom image to run instead of an engine. O(engine), O(engine_id), O(image), and O(algorithm_id) are mutually
        exclusive.
    type: str
  command:
    description:
      - Command to run in O(image). Required with O(image).
    type: str
  algorithm_id:
    description:
      - ID of a ModelArts algorithm, which includes code and engine. Only with O(api=v2).
    type: str
  parameters:
    description:
      - Parameters of the training script.
      - Values of parameters that are named like a credential are hidden in the result.
    type: dict
  environments:
    description:
      - Environment variables of the job. Only with O(api=v2).
      - Values are hidden in the result.
    type: dict
  inputs:
    description:
      - OBS paths of the training data by name, for example V(data_url). With O(api=v1) at most one, whose name is not
        used.
    type: dict
  outputs:
    description:
      - OBS paths of the results by name, for example V(train_url). With O(api=v1) at most one, whose name is not used.
    type: dict
  log_url:
    description:
      - OBS path where the logs are stored.
    type: str
  definition:
    description:
      - Anything else of the API's body, for example C(spec.auto_stop) or C(spec.volumes). Merged with the
        other options. A key that an option sets as well is an error.
    type: dict
  on_existing:
    description:
      - What to do with an existing job of this name.
      - V(keep) leaves it alone and waits for it as O(wait_for) says.
      - V(replace_failed) deletes and recreates a failed or stopped job, V(replace) any job.
      - An existing job is not compared with the options, and cannot be updated.
    type: str
    choices: [keep, replace_failed, replace]
    default: keep
  wait_for:
    description:
      - V(running) waits until the job has started, V(completed) until it has completed, V(created) does not wait.
      - If the job failed or was stopped, the task fails, except with V(created).
    type: str
    choices: [running, created, completed]
    default: running
  wait_timeout:
    description:
      - Maximum number of seconds to wait. When they are over, the task fails and leaves the job as it is.
      - It applies to all candidates together, so it should be longer than O(pending_timeout) times their number.
      - A short outage of the service or the network does not end the wait. The task fails when 11 polls in a row fail.
    type: int
    default: 3600
  pending_timeout:
    description:
      - Seconds that a job may wait for a machine before it is stopped, deleted, and created with the next candidate.
        The last candidate stays in the queue until O(wait_timeout).
      - V(0) stays in the queue. With a real cloud, use at least V(300), because a job takes minutes to start even on a
        free machine.
      - Has no effect with O(wait_for=created).
      - If an interrupted run left a job of the same name, the module recognizes its spec, waits for it, and then tries
        the candidates after that spec, or all if that spec is not among them.
    type: int
    default: 0
  failover_on:
    description:
      - Error codes on which the next candidate is tried at once, with or without the prefix V(ModelArts.). The default
        codes are those that concern the spec.
      - V(2815) and V(0118) mean that a quota is used up. On some sites, that is the quota of the spec.
      - Failures with HTTP status 401, 403, 404, 409, 429 or 5xx never lead to the next candidate.
    type: list
    elements: str
    default: ["2763", "2781", "2793", "2833", "2840"]
notes:
  - Environment variables are read on the host that the module runs on, not on the controller.
  - If it is not known what became of the request that creates the job, for example after a timeout, the module searches
    for the name before it sends the request again, at most O(retries) times. A stop or a deletion that is not accepted
    yet is sent up to five times.
  - Each change of phase is written to the system log of the host that the module runs on, as it happens.
seealso:
  - module: community.modelarts.modelarts_training_job_info
  - module: community.modelarts.modelarts_resource_specs_info
"""

EXAMPLES = r"""
- name: Rank the specs with a GPU
  community.modelarts.modelarts_resource_specs_info:
    auth_url: "{{ auth_url }}"
    user_domain_name: "{{ domain }}"
    username: "{{ user }}"
    password: "{{ secret_password }}"
    project_name: "{{ project }}"
    source: training_job_flavors
    requirements:
      min_gpus: 1
  register: picked

- name: Train on the first spec that has a free machine within ten minutes
  community.modelarts.modelarts_training_job:
    auth_url: "{{ auth_url }}"
    user_domain_name: "{{ domain }}"
    username: "{{ user }}"
    password: "{{ secret_password }}"
    project_name: "{{ project }}"
    name: mnist-nightly
    candidates: "{{ picked.candidates }}"
    pending_timeout: 600
    engine_id: pytorch_1.8.0-cuda_10.2-py_3.7-ubuntu_18.04-x86_64
    code_dir: /bucket/mnist/code/
    boot_file: /bucket/mnist/code/train.py
    parameters:
      epochs: 3
    inputs:
      data_url: /bucket/mnist/data/
    outputs:
      train_url: /bucket/mnist/out/
    log_url: /bucket/mnist/log/
    definition:
      spec:
        auto_stop:
          time_unit: HOURS
          duration: 2
  register: training

- name: Show where it runs
  ansible.builtin.debug:
    msg: "{{ training.job_id }} is {{ training.phase }} on {{ training.spec_code }}"

- name: Train with the v1 API, and wait until the job has completed
  community.modelarts.modelarts_training_job:
    endpoint: "{{ endpoint }}"
    project_id: "{{ project_id }}"
    access_key: "{{ access_key }}"
    secret_key: "{{ secret_key }}"
    api: v1
    name: mnist-nightly
    candidates: [modelarts.vm.gpu.v100, modelarts.vm.gpu.p100]
    engine_id: 4
    code_dir: /bucket/mnist/code/
    boot_file: /bucket/mnist/code/train.py
    inputs:
      data: /bucket/mnist/data/
    outputs:
      results: /bucket/mnist/out/
    wait_for: completed
    wait_timeout: 86400

- name: Remove the job
  community.modelarts.modelarts_training_job:
    endpoint: "{{ endpoint }}"
    project_id: "{{ project_id }}"
    access_key: "{{ access_key }}"
    secret_key: "{{ secret_key }}"
    name: mnist-nightly
    state: absent
"""

RETURN = r"""
job:
  description:
    - The job as the service describes it. V(null) if there is none.
    - The values of C(environments), and of parameters named like a credential, are hidden.
  returned: always, once the options were accepted
  type: dict
job_id:
  description: ID of the job. It is text with both versions of the API.
  returned: always, once the options were accepted
  type: str
  sample: 66ff6991-fd66-40b6-8101-0829a46d3731
version_id:
  description: ID of the job's version. V(null) with O(api=v2).
  returned: always, once the options were accepted
  type: str
  sample: "1108482"
phase:
  description:
    - Phase of the job, the same with both versions of the API. One of V(creating), V(pending), V(running), V(stopping),
      V(completed), V(failed), V(stopped), and V(unknown) if the service states one that is not documented.
  returned: always, once the options were accepted
  type: str
  sample: running
spec:
  description: The candidate that the job was created with, as given. V(null) if a code was given, if the job existed
    before with another spec, or if there is no job.
  returned: always, once the options were accepted
  type: dict
spec_code:
  description: Code of the spec that the job was created with, or its ID until the service states the code.
  returned: always, once the options were accepted
  type: str
  sample: modelarts.vm.gpu.v100
attempts:
  description:
    - Each candidate that was tried, in order, also on failure. A job that existed before is the first one.
  returned: always, once the options were accepted
  type: list
  elements: dict
  contains:
    spec_code:
      description: Code of the spec.
      type: str
      sample: modelarts.vm.gpu.v100
    outcome:
      description:
        - V(refused) if the service refused the job, V(no_machine) if it did not start in time and was deleted.
        - V(unknown) if no response states whether the job was created. It may exist.
        - V(deleted) if an existing job was replaced by a new one.
        - Otherwise the phase in which the job was last seen.
      type: str
      sample: no_machine
    job_id:
      description: ID of the job.
      returned: when it was created
      type: str
      sample: 66ff6991-fd66-40b6-8101-0829a46d3731
    error_code:
      description: Error code from the service.
      returned: when it was refused
      type: str
      sample: ModelArts.2781
    msg:
      description: What happened.
      returned: when it was refused, or did not start in time
      type: str
      sample: It had not started after 600 seconds
    seconds:
      description: Seconds that this attempt took.
      type: int
      sample: 604
phases:
  description: Each change of phase that was seen with O(state=present), in order.
  returned: always, once the options were accepted
  type: list
  elements: dict
  contains:
    spec_code:
      description: Code of the spec of the job.
      type: str
      sample: modelarts.vm.gpu.v100
    phase:
      description: The new phase.
      type: str
      sample: pending
    seconds:
      description: Seconds since the attempt began.
      type: int
      sample: 2
error_code:
  description: Error code from the service.
  returned: failure, if known
  type: str
  sample: ModelArts.2788
error_message:
  description: Error message from the service.
  returned: failure, if known
  type: str
  sample: Invalid parameter.
http_status:
  description: HTTP status of the response.
  returned: failure, if there was a response
  type: int
  sample: 400
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
    _options,
    _response,
    _training_jobs,
    _training_jobs_options,
)
from ansible_collections.community.modelarts.plugins.module_utils._client import Client
from ansible_collections.community.modelarts.plugins.module_utils._module import ModelArtsModule

# Shorter values would hide parts of other texts, in results and in messages; only their own fields are masked.
SHORTEST_SECRET = 8
SHORTEST_IN_MESSAGES = 4


def main() -> None:
    module = ModelArtsModule(_training_jobs_options.training_job_arguments())
    options = dict(module.params)
    free_form = {name: options[name] for name in _training_jobs_options.FREE_FORM}
    # Masked in place: with no_log, Ansible would hide every text of the result that contains a value such as "1".
    secrets, named, texts = set[str](), set[str](), set[str]()
    module.params.update(_response.mask(free_form, secrets))
    _response.mask({"environments": free_form}, texts)
    _response.mask(list(free_form.values()), named)
    # A value that the login has as well stays hidden everywhere.
    of_login = [name for name, option in _options.CONNECTION.items() if option.secret]
    login = {given.get(name) for given in (options, options["target"] or {}) for name in of_login}
    module.no_log_values -= texts - login
    module.no_log_values |= {text for text in named if len(text) >= SHORTEST_SECRET}

    def ensure() -> dict[str, object]:
        connection = _connection.resolve({**options, "targets": [options["target"]] if options["target"] else None})[0]
        module.no_log_values.update(connection.secrets())
        client = Client(connection, secrets=[text for text in secrets if len(text) >= SHORTEST_IN_MESSAGES])
        return _training_jobs.TrainingJob(client, options, module.check_mode, module.log).ensure()

    module.run(ensure)


if __name__ == "__main__":
    main()
