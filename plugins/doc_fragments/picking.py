# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options that pick a spec."""

from __future__ import annotations


class ModuleDocFragment:
    # The options themselves, in modules and plugins alike.
    DOCUMENTATION = r"""
options:
  requirements:
    description:
      - What the job needs. If given, a specification is picked, and the reasons against the others are told.
      - All keys are optional, all that are given must hold. An empty dictionary takes any that is available.
      - A value that a specification does not state does not meet a bound on it. An empty list counts as not given.
    type: dict
    suboptions: &requirements
      spec_codes:
        description:
          - The C(spec_code) matches one of these globs, whatever the case.
        type: list
        elements: str
      exclude_spec_codes:
        description:
          - The C(spec_code) matches none of these globs, whatever the case.
        type: list
        elements: str
      min_cores:
        description:
          - At least so many cores.
        type: int
      max_cores:
        description:
          - At most so many cores.
        type: int
      min_memory_gb:
        description:
          - At least so much memory in GB. GB and GiB count as the same.
        type: float
      max_memory_gb:
        description:
          - At most so much memory in GB.
        type: float
      min_gpus:
        description:
          - At least so many GPUs on each node.
        type: int
      max_gpus:
        description:
          - At most so many GPUs on each node.
        type: int
      gpu_types:
        description:
          - The type of the GPUs matches one of these globs or has one of them as a whole word, whatever the case.
          - V(v100) meets V(v100) and V(nvidia-v100-pcie), but not V(v1000).
        type: list
        elements: str
      min_storage_gb:
        description:
          - At least so much storage in GB.
        type: float
      nodes:
        description:
          - The job runs on so many nodes, which must not be more than the C(max_num) of the specification.
        type: int
      available:
        description:
          - Whether those that are sold out are turned away. With V(false) they count like the others.
          - One that does not state whether it is sold out counts as available.
        type: bool
        default: true
  fallbacks:
    description:
      - Other requirements, tried in their order when nothing meets O(requirements). The first that is met counts.
      - Each stands for itself, and inherits nothing from O(requirements).
    type: list
    elements: dict
    suboptions: *requirements
  order_by:
    description:
      - What the candidates are ranked by. The first key decides, the next ones where it ties. A V(-) in front of a key
        turns it round.
      - If not given, it is V(gpus), V(cores), V(memory_gb), V(unit_num), which puts the smallest that fits first.
      - Those that do not state a value come last. Ties are broken by V(spec_code), then by V(spec_id).
      - It has no effect without O(requirements).
    type: list
    elements: str
    choices:
      - gpus
      - -gpus
      - cores
      - -cores
      - memory_gb
      - -memory_gb
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
      - Your own prices by C(spec_code), in any currency, for V(price) in O(order_by). ModelArts does not state any.
      - Those without a price come after those that have one. Codes are compared as they are written.
      - It has no effect without O(requirements).
    type: dict
"""

    # What happens when nothing matches; the filter has no such choice.
    ON_NO_MATCH = r"""
options:
  on_no_match:
    description:
      - What happens when nothing meets O(requirements) or one of O(fallbacks).
      - V(error) makes it a failure, V(warn) a warning. Both say what would have to change for something to match.
      - With V(skip) nothing is said.
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
