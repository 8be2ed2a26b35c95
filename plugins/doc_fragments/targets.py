# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options that query many projects or regions at once."""

from __future__ import annotations


class ModuleDocFragment:
    # The options themselves, in modules and plugins alike.
    DOCUMENTATION = r"""
options:
  targets:
    description:
      - The connections to query in parallel, each for one project in one region. Each specification has the
        O(targets[].name) of its target as C(target). An empty list is an error.
      - Options that are the same for all, such as the user and O(password), can be set once beside O(targets). An
        option of a target takes precedence over the same option of the task, and that over the environment. The login
        of a target takes precedence over any other login, and its project over any other project, by name or by ID.
      - The address is never mixed from both. A target with O(targets[].auth_url) ignores O(region) and O(endpoint) of
        the task, one with O(targets[].region) ignores O(endpoint), and one with O(targets[].cloud) ignores all of
        them. The values from C(clouds.yaml) then count as the target's own options.
      - Targets of the same user and project share a login. A password or key that was refused three times (HTTP
        status 401) and never accepted is not sent again, because clouds lock users and keys. The remaining targets
        fail with the same message.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Name of the target in results and messages, for example the region. It must be unique.
        type: str
        required: true
      endpoint:
        description:
          - As O(endpoint), for this target.
        type: str
      region:
        description:
          - As O(region), for this target.
        type: str
      auth_url:
        description:
          - As O(auth_url), for this target.
        type: str
      project_id:
        description:
          - As O(project_id), for this target.
        type: str
      project_name:
        description:
          - As O(project_name), for this target.
        type: str
      token:
        description:
          - As O(token), for this target.
        type: str
      username:
        description:
          - As O(username), for this target.
        type: str
      user_id:
        description:
          - As O(user_id), for this target.
        type: str
      password:
        description:
          - As O(password), for this target.
        type: str
      passcode:
        description:
          - As O(passcode), for this target.
        type: str
      user_domain_name:
        description:
          - As O(user_domain_name), for this target.
        type: str
      user_domain_id:
        description:
          - As O(user_domain_id), for this target.
        type: str
      access_key:
        description:
          - As O(access_key), for this target.
        type: str
      secret_key:
        description:
          - As O(secret_key), for this target.
        type: str
      security_token:
        description:
          - As O(security_token), for this target.
        type: str
      agency_name:
        description:
          - As O(agency_name), for this target.
        type: str
      agency_domain_name:
        description:
          - As O(agency_domain_name), for this target.
        type: str
      cloud:
        description:
          - As O(cloud), for this target.
        type: str
      validate_certs:
        description:
          - As O(validate_certs), for this target.
        type: bool
      ca_path:
        description:
          - As O(ca_path), for this target.
        type: path
      timeout:
        description:
          - As O(timeout), for this target.
        type: int
      retries:
        description:
          - As O(retries), for this target.
        type: int
      allow_http:
        description:
          - As O(allow_http), for this target.
        type: bool
  on_target_error:
    description:
      - What to do when targets fail. Invalid options are always a failure, before any target is queried.
      - V(error) fails when all of them fail, and warns of each failure when only some do.
      - V(warn) never fails, and warns of each failure. V(skip) never fails, and does not warn.
      - V(strict) fails when any of them fails, after all were queried.
    type: str
    choices:
      - error
      - warn
      - skip
      - strict
    default: error
"""

    # A single target, for modules that work in one place only.
    ONE = r"""
options:
  target:
    description:
      - One of the connections that were queried as C(targets), for example the one with the pick. Its options take
        precedence over those beside it, as in O(community.modelarts.modelarts_resource_specs_info#module:targets).
    type: dict
    suboptions:
      name:
        description:
          - Name of the target in results and messages, for example the region. It must be unique.
        type: str
        required: true
      endpoint:
        description:
          - As O(endpoint), for this target.
        type: str
      region:
        description:
          - As O(region), for this target.
        type: str
      auth_url:
        description:
          - As O(auth_url), for this target.
        type: str
      project_id:
        description:
          - As O(project_id), for this target.
        type: str
      project_name:
        description:
          - As O(project_name), for this target.
        type: str
      token:
        description:
          - As O(token), for this target.
        type: str
      username:
        description:
          - As O(username), for this target.
        type: str
      user_id:
        description:
          - As O(user_id), for this target.
        type: str
      password:
        description:
          - As O(password), for this target.
        type: str
      passcode:
        description:
          - As O(passcode), for this target.
        type: str
      user_domain_name:
        description:
          - As O(user_domain_name), for this target.
        type: str
      user_domain_id:
        description:
          - As O(user_domain_id), for this target.
        type: str
      access_key:
        description:
          - As O(access_key), for this target.
        type: str
      secret_key:
        description:
          - As O(secret_key), for this target.
        type: str
      security_token:
        description:
          - As O(security_token), for this target.
        type: str
      agency_name:
        description:
          - As O(agency_name), for this target.
        type: str
      agency_domain_name:
        description:
          - As O(agency_domain_name), for this target.
        type: str
      cloud:
        description:
          - As O(cloud), for this target.
        type: str
      validate_certs:
        description:
          - As O(validate_certs), for this target.
        type: bool
      ca_path:
        description:
          - As O(ca_path), for this target.
        type: path
      timeout:
        description:
          - As O(timeout), for this target.
        type: int
      retries:
        description:
          - As O(retries), for this target.
        type: int
      allow_http:
        description:
          - As O(allow_http), for this target.
        type: bool
"""

    # Where a plugin takes the options from, beside its keywords.
    PLUGIN = r"""
options:
  targets:
    vars:
      - name: modelarts_targets
  on_target_error:
    vars:
      - name: modelarts_on_target_error
"""
