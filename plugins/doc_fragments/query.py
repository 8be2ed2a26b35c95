# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options that select the specifications to query."""

from __future__ import annotations


class ModuleDocFragment:
    # The options themselves, in modules and plugins alike.
    DOCUMENTATION = r"""
options:
  source:
    description:
      - Which list of specifications to query. Not every cloud has every list, see the guide "Which catalogue does my
        cloud have?".
      - V(resource_specs) is the list of API v1, for jobs that are created with a C(spec_id).
      - V(training_job_flavors) is the list of API v2, for training jobs that are created with a C(flavor_id), which is
        the C(spec_code) of the result. It does not state what is sold out.
      - V(service_specifications) is the list for inference services.
      - With every source, a specification has the fields of its API, plus the fields of API v1 that it lacks.
    type: str
    choices:
      - resource_specs
      - training_job_flavors
      - service_specifications
    default: resource_specs
  job_type:
    description:
      - The type of job that the specifications are for. If not set, the service does not filter by it.
    type: str
    choices:
      - train
      - inference
  engine:
    description:
      - The engine (the AI framework) that the job runs on, as a case-insensitive glob for its name, its version, or
        both with a space between them. For example V(*pytorch*) or V(TensorFlow TF-1.8.0-python3.6).
      - Finding it takes one more request. If no engine or several engines match, the error lists the existing ones.
      - Cannot be used with O(engine_id), nor with O(source=service_specifications).
    type: str
  engine_id:
    description:
      - The ID of the engine that the job runs on. If not set, the service uses V(0).
    type: int
  project_type:
    description:
      - The type of the project. If not set, the service uses V(0).
      - V(0) means not ExeML, V(1) image classification, V(2) object detection, V(3) predictive analytics.
    type: int
"""

    # Where a plugin takes the options from, beside its keywords.
    PLUGIN = r"""
options:
  source:
    vars:
      - name: modelarts_source
  job_type:
    vars:
      - name: modelarts_job_type
  engine:
    vars:
      - name: modelarts_engine
  engine_id:
    vars:
      - name: modelarts_engine_id
  project_type:
    vars:
      - name: modelarts_project_type
"""
