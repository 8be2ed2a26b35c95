# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure picking, with the explanation of why nothing matches, for growing numbers of specs.

Run it with a Python that finds the collection:

    PYTHONPATH=ROOT python tests/benchmark/selection.py

where ROOT holds ``ansible_collections/community/modelarts``, as ``make benchmark`` does. It needs neither Ansible nor a
network. The last line compares 100,000 specs with 100 times 1,000 specs: 1.00 is linear, the target is at most 1.20.
"""

from __future__ import annotations

import functools
import random
import statistics
import sys
import time
import typing as t

from common import add_row

from ansible_collections.community.modelarts.plugins.module_utils import _picking

SIZES = (10, 1_000, 10_000, 100_000)
ROUNDS = 5

MET = {"min_gpus": 1, "gpu_types": ["v100"], "min_memory_gb": 64, "spec_codes": ["*.gpu.*"], "nodes": 2}
NOT_MET = {"min_gpus": 1, "gpu_types": ["h100"], "spec_codes": ["modelarts.vm.gpu.h100"], "available": True}


def catalog(size: int) -> list[dict[str, t.Any]]:
    """Generate specs with a few different sizes, as clouds have them; the same on every run."""
    choose = random.Random(size).choice
    return [
        {
            "spec_id": number,
            "core": choose(["2", "4", "8", "16", "32", 96]),
            "cpu": choose(["8", "32", "64", "256", "512GB"]),
            "gpu_num": choose([0, 1, 2, 4, 8]),
            "gpu_type": choose(["", "nvidia-p4", "v100", "nvidia-v100-pcie", "A100"]),
            "spec_code": f"modelarts.{choose(['vm', 'bm'])}.{choose(['cpu', 'gpu'])}.{choose(range(size))}",
            "unit_num": choose([1, 2, 8]),
            "max_num": choose([1, 2, 4, 16]),
            "storage": choose(["", "100", "3600"]),
            "interface_type": 1,
            "no_resource": choose([True, False, False]),
        }
        for number in range(size)
    ]


def pick(specs: list[dict[str, t.Any]], requirements: dict[str, t.Any]) -> None:
    _picking.pick(specs, {"requirements": requirements}, print)


def seconds(action: t.Callable[[], None], times: int) -> float:
    """Return the CPU time of one call, which depends less on the load than the elapsed time."""
    started = time.process_time()
    for _each in range(times):
        action()
    return (time.process_time() - started) / times


def main() -> None:
    print(f"Python {sys.version.split()[0]}, CPU time, median of {ROUNDS} rounds, in milliseconds")
    actions = {
        (name, size): functools.partial(pick, catalog(size), requirements)
        for size in SIZES
        for name, requirements in (("met", MET), ("not met", NOT_MET))
    }
    costs: dict[tuple[str, int], list[float]] = {key: [] for key in actions}
    for _each in range(ROUNDS):
        for (name, size), action in actions.items():
            # Small lists run more often, so that the resolution of the clock does not matter.
            costs[name, size].append(seconds(action, max(1, 20_000 // size)))
    middle = {key: statistics.median(measured) for key, measured in costs.items()}
    print(f"{'specs':>8}{'met':>12}{'not met, with explanation':>28}")
    for size in SIZES:
        print(f"{size:>8}{middle['met', size] * 1000:>12.2f}{middle['not met', size] * 1000:>28.2f}")
    for name in ("met", "not met"):
        ratios = [large / (100 * small) for large, small in zip(costs[name, 100_000], costs[name, 1_000])]
        print(f"{name}: 100,000 specs over linear from 1,000: {statistics.median(ratios):.2f}; wanted: at most 1.20")
        if name == "not met":
            work = "picking among 100,000 specs, with explanation: over linear from 1,000"
            add_row(work, "at most 1.20", "", f"{statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
