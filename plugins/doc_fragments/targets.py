# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options that ask many projects or regions at once."""

from __future__ import annotations


class ModuleDocFragment:
    # The options themselves, in modules and plugins alike.
    DOCUMENTATION = r"""
options:
  targets:
    description:
      - The connections that are asked, each for one project in one region. If given, all of them are asked at once,
        and each specification has the O(targets[].name) of its own as C(target).
      - What is the same for all, such as the user and O(password), can stand beside O(targets) instead of in each. An
        option in a target goes before the same one beside it, and that before the environment. A login in a target
        goes before any other login, and a project in it before any other project, by name or by ID.
      - The way to a place is not mixed. For a target with an O(targets[].auth_url) of its own, neither O(region) nor
        O(endpoint) beside O(targets) is used, for one with a O(targets[].region) of its own not the O(endpoint). For
        one with a O(targets[].cloud) of its own none of them is, and what clouds.yaml says counts as the target's
        own.
      - Targets of one user and project share a login. A password or key that was refused 3 times (HTTP 401), and
        never accepted, is not sent again, because clouds lock users and keys out. The rest of its targets fail
        likewise.
      - An empty list counts as not given.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The name of the target in results and messages, for example the region. Each has a name of its own.
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
      - What happens when O(targets) fail. Options that make no request are a failure in any case, before any is
        asked.
      - V(error) fails when all of them fail, and warns of each when only some do.
      - V(warn) never fails, and warns of each. V(skip) never fails, and says nothing.
      - V(strict) fails when any of them fails, after all were asked.
    type: str
    choices:
      - error
      - warn
      - skip
      - strict
    default: error
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
