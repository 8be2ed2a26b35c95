# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders a credential with AWX's own code, in a Python that has it: JSON in, JSON out."""

from __future__ import annotations

import json
import sys

from awx_plugins.credentials import plugins
from awx_plugins.interfaces import _temporary_private_container_api as container
from awx_plugins.interfaces._temporary_private_api import ManagedCredentialType
from awx_plugins.interfaces._temporary_private_credential_api import Credential
from awx_plugins.interfaces._temporary_private_inject_api import inject_credential


def main() -> int:
    """Give what AWX hands to the job: its environment, what of that AWX keeps and shows, and command line arguments."""
    wanted = json.load(sys.stdin)
    container.CONTAINER_ROOT = wanted["container_root"]
    kind = wanted["type"]
    if isinstance(kind, str):
        kind = getattr(plugins, kind)
    else:
        # Of a type of one's own AWX knows this much.
        fields = ("name", "kind", "inputs", "injectors")
        kind = ManagedCredentialType(namespace="own", **{field: kind[field] for field in fields})
    given = {"env": {}, "safe_env": {}, "args": []}
    inject_credential(kind, Credential(wanted["inputs"]), **given, private_data_dir=wanted["private_data_dir"])
    json.dump(given, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
