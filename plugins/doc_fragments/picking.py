# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options that pick a specification."""

from __future__ import annotations


class ModuleDocFragment:
    # The options themselves, for modules and plugins alike.
    DOCUMENTATION = r"""
options:
  requirements:
    description:
      - What the job needs. If set, a specification is picked, and the result says why each other one was rejected.
      - All keys are optional; a specification must meet all given keys. An empty dictionary accepts every specification
        that is not sold out.
      - A value that a specification does not state does not meet a requirement on it.
      - Empty text, an empty list and V(null) count as not given, here and in O(fallbacks), O(order_by) and O(prices).
    type: dict
    suboptions: &requirements
      spec_codes:
        description:
          - Globs, one of which the C(spec_code) must match. They are not case-sensitive.
        type: list
        elements: str
      exclude_spec_codes:
        description:
          - Globs, none of which the C(spec_code) may match. They are not case-sensitive.
        type: list
        elements: str
      min_cores:
        description:
          - Minimum number of cores.
        type: int
      max_cores:
        description:
          - Maximum number of cores.
        type: int
      min_memory_gb:
        description:
          - Minimum size of the memory in GB. GB and GiB count as the same.
        type: float
      max_memory_gb:
        description:
          - Maximum size of the memory in GB.
        type: float
      min_gpus:
        description:
          - Minimum number of GPUs of each node.
        type: int
      max_gpus:
        description:
          - Maximum number of GPUs of each node.
        type: int
      gpu_types:
        description:
          - Accepted types of GPU, as globs or whole words. They are not case-sensitive.
          - V(v100) matches V(v100) and V(nvidia-v100-pcie), but not V(v1000).
        type: list
        elements: str
      min_npus:
        description:
          - Minimum number of NPUs (Ascend) of each node.
        type: int
      max_npus:
        description:
          - Maximum number of NPUs of each node. V(0) excludes all NPU machines.
        type: int
      npu_types:
        description:
          - Accepted types of NPU, as globs or whole words. They are not case-sensitive.
        type: list
        elements: str
      min_accelerator_memory_gb:
        description:
          - Minimum size of the memory of each GPU or NPU in GB.
        type: float
      cpu_archs:
        description:
          - Accepted CPU architectures, as globs or whole words such as V(x86) or V(arm64).
          - V(x86) is the same as V(x86_64), and V(arm64) as V(aarch64).
        type: list
        elements: str
      min_storage_gb:
        description:
          - Minimum size of the storage in GB.
        type: float
      nodes:
        description:
          - Number of nodes that the job runs on. The C(max_num) of the specification must be at least this number.
        type: int
      available:
        description:
          - Whether to reject specifications that are sold out.
          - A specification that does not state whether it is sold out counts as available.
        type: bool
        default: true
  fallbacks:
    description:
      - Alternative requirements, tried in this order if nothing meets O(requirements). The first ones that a
        specification meets are used.
      - They inherit nothing from O(requirements), which is required with them.
    type: list
    elements: dict
    suboptions: *requirements
  order_by:
    description:
      - Keys to rank the candidates by. Each key breaks ties of those before it. Prefix a key with V(-) for
        descending order.
      - The default is V(gpus), V(npus), V(cores), V(memory_gb), V(unit_num), so the smallest candidate comes first.
        The keys of the default that are not given break the remaining ties, then V(spec_code) and V(spec_id).
      - Specifications that do not state a value come last.
      - Without O(requirements), this option is ignored with a warning.
    type: list
    elements: str
    choices:
      - gpus
      - -gpus
      - npus
      - -npus
      - cores
      - -cores
      - memory_gb
      - -memory_gb
      - accelerator_memory_gb
      - -accelerator_memory_gb
      - storage_gb
      - -storage_gb
      - unit_num
      - -unit_num
      - max_num
      - -max_num
      - price
      - -price
      - spec_code
      - -spec_code
      - spec_id
      - -spec_id
  prices:
    description:
      - Your own prices by C(spec_code), in any currency, for V(price) in O(order_by). ModelArts does not state prices.
      - Specifications without a price come after those with one. Codes are case-sensitive.
      - Codes that no specification has cause a warning. Without O(requirements), or without V(price) in O(order_by),
        this option is ignored with a warning.
    type: dict
"""

    # The filter does not have this option.
    ON_NO_MATCH = r"""
options:
  on_no_match:
    description:
      - What to do if no specification meets O(requirements) or one of O(fallbacks).
      - V(error) fails the task, V(warn) prints a warning. Both explain what would have to change for something to
        match.
      - V(skip) does neither.
    type: str
    choices:
      - error
      - warn
      - skip
    default: error
"""

    # Where a plugin takes the options from, beside its keywords.
    PLUGIN = r"""
options:
  requirements:
    vars:
      - name: modelarts_requirements
  fallbacks:
    vars:
      - name: modelarts_fallbacks
  order_by:
    vars:
      - name: modelarts_order_by
  prices:
    vars:
      - name: modelarts_prices
  on_no_match:
    vars:
      - name: modelarts_on_no_match
"""
