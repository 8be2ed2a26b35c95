# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names that picking gives to what a spec has: the public contract, apart from the code that acts on it."""

from __future__ import annotations

# Every key of a requirement with its type as Ansible's argument specs call it; elements of lists are strings.
REQUIREMENTS = {
    "spec_codes": "list",
    "exclude_spec_codes": "list",
    "min_cores": "int",
    "max_cores": "int",
    "min_memory_gb": "float",
    "max_memory_gb": "float",
    "min_gpus": "int",
    "max_gpus": "int",
    "gpu_types": "list",
    "min_storage_gb": "float",
    "nodes": "int",
    "available": "bool",
}

# What specs can be ordered by; "-" in front turns a key round.
ORDER_KEYS = ("gpus", "cores", "memory_gb", "storage_gb", "unit_num", "max_num", "price", "spec_code", "spec_id")
