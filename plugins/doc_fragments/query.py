# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options that say which specifications are asked for."""

from __future__ import annotations


class ModuleDocFragment:
    # The options themselves, in modules and plugins alike.
    DOCUMENTATION = r"""
options:
  job_type:
    description:
      - The kind of job that the specifications are for. If not given, the service does not filter by it.
    type: str
    choices:
      - train
      - inference
  engine_id:
    description:
      - The ID of the engine that the job runs on. The service takes V(0) if it is not given.
    type: int
  project_type:
    description:
      - The type of the project. The service takes V(0) if it is not given.
      - V(0) is not ExeML, V(1) image classification, V(2) object detection, V(3) predictive analytics.
    type: int
"""

    # Where a plugin takes the options from, beside its keywords.
    PLUGIN = r"""
options:
  job_type:
    vars:
      - name: modelarts_job_type
  engine_id:
    vars:
      - name: modelarts_engine_id
  project_type:
    vars:
      - name: modelarts_project_type
"""
