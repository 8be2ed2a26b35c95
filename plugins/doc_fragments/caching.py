# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options by which plugins on the controller cache responses."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  cache:
    description:
      - Whether to cache responses, and the token of a login, for all hosts, tasks and loop items of this run of
        Ansible. The cloud is then queried only once, for any number of hosts.
      - They are cached in the run's private temporary folder, which Ansible removes when the run ends. Without such a
        folder, nothing is cached.
      - A failure is shared for 5 seconds, so that hosts that waited for it do not repeat it one after the other. A
        refused login (HTTP status 401) is shared for O(cache_timeout), because clouds lock a user or a key after a
        few of them.
      - With V(false), each evaluation of the lookup logs in and queries the cloud.
    type: bool
    default: true
    ini:
      - section: modelarts
        key: cache
    vars:
      - name: modelarts_cache
  cache_timeout:
    description:
      - Maximum age of a cached response in seconds.
    type: int
    default: 300
    ini:
      - section: modelarts
        key: cache_timeout
    vars:
      - name: modelarts_cache_timeout
  cache_plugin:
    description:
      - Cache plugin that keeps responses beyond this run, for example V(ansible.builtin.jsonfile) or
        V(community.general.redis). See C(ansible-doc -t cache -l).
      - By default nothing is kept beyond the run. Tokens never are.
      - Runs that start at the same moment and share the cache query the cloud once. The first one leaves a claim in
        the cache, which expires after O(timeout); the others wait for its response, up to twice as long.
      - If the plugin fails, Ansible prints a warning and the cloud is queried.
      - Anyone who can write to that cache controls what the lookup returns.
    type: str
    env:
      - name: MODELARTS_CACHE_PLUGIN
    ini:
      - section: modelarts
        key: cache_plugin
    vars:
      - name: modelarts_cache_plugin
  cache_connection:
    description:
      - Where O(cache_plugin) stores the responses, in the form that the plugin expects, for example the path of a
        folder.
      - Treated as a secret, because it can contain a password.
    type: str
    env:
      - name: MODELARTS_CACHE_CONNECTION
    vars:
      - name: modelarts_cache_connection
  cache_prefix:
    description:
      - Prefix of the names of entries in O(cache_plugin).
    type: str
    default: modelarts_
    env:
      - name: MODELARTS_CACHE_PREFIX
    ini:
      - section: modelarts
        key: cache_prefix
    vars:
      - name: modelarts_cache_prefix
"""
