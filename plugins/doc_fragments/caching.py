# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options by which plugins on the controller keep answers."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  cache:
    description:
      - Whether the answer is kept for this run of Ansible and shared by all its hosts, tasks and loop items, as is
        the token that a login obtains. The cloud is then asked once, however many hosts there are.
      - They are kept in the run's own temporary folder, which nobody else can read and which Ansible removes when the
        run ends. Where there is no such folder, it works without.
      - A failure is shared for 5 seconds, so that hosts that waited for it do not ask again one after the other. One
        that says that the login is wrong (HTTP status 401) is shared for O(cache_timeout), because clouds lock a user
        or a key after a few of them.
      - V(false) asks the cloud each time that the lookup is evaluated, and logs in each time.
    type: bool
    default: true
    ini:
      - section: modelarts
        key: cache
    vars:
      - name: modelarts_cache
  cache_timeout:
    description:
      - How old an answer may be, in seconds. An older one is asked for again.
    type: int
    default: 300
    ini:
      - section: modelarts
        key: cache_timeout
    vars:
      - name: modelarts_cache_timeout
  cache_plugin:
    description:
      - The cache plugin in which answers are kept beyond this run, for example V(ansible.builtin.jsonfile) or
        V(community.general.redis). See C(ansible-doc -t cache -l).
      - If not given, nothing is kept beyond the run. Tokens never are.
      - Where the plugin fails, there is a warning, and the cloud is asked.
      - Whoever can write to that cache decides what the answer is.
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
      - Where O(cache_plugin) keeps the answers, in the form that it wants, for example the path of a folder.
      - Treated as a secret, because it can hold a password.
    type: str
    env:
      - name: MODELARTS_CACHE_CONNECTION
    vars:
      - name: modelarts_cache_connection
  cache_prefix:
    description:
      - What the names of the entries in O(cache_plugin) begin with.
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
