# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long picking takes, and how the time grows with the number of specs: 10, 1,000, 10,000 and 100,000.

Run it with a Python that finds the collection:

    PYTHONPATH=ROOT python tests/benchmark/selection.py

where ROOT holds ``ansible_collections/community/modelarts``, as ``make benchmark`` does. It needs neither Ansible nor a
network.
"""

from __future__ import annotations

import functools
import random
import sys
import timeit
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import explanation, selection

SIZES = (10, 1_000, 10_000, 100_000)
REPEATS = 5

MET = {"min_gpus": 1, "gpu_types": ["v100"], "min_memory_gb": 64, "spec_codes": ["*.gpu.*"], "nodes": 2}
NOT_MET = {"min_gpus": 1, "gpu_types": ["h100"], "spec_codes": ["modelarts.vm.gpu.h100"]}


def catalogue(size: int) -> list[dict[str, t.Any]]:
    """Made-up specs with the few different sizes that a cloud offers, the same on every run."""
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


def seconds(action: t.Callable[[], object]) -> float:
    """The shortest of several runs: what the work takes when nothing else is in its way."""
    return min(timeit.repeat(action, number=1, repeat=REPEATS))


def main() -> None:
    print(f"Python {sys.version.split()[0]}, the best of {REPEATS} runs, in milliseconds; x is the growth.")
    names = ("select", "result", "explain")
    print(f"{'specs':>8}" + "".join(f"{name:>10}{'x':>7}" for name in names))
    before: tuple[float, ...] = ()
    for size in SIZES:
        specs = catalogue(size)
        met, missed = selection.select(specs, MET), selection.select(specs, NOT_MET)
        times = (
            seconds(functools.partial(selection.select, specs, MET)),
            seconds(met.result),
            seconds(functools.partial(explanation.explain, missed)),
        )
        growth = [f"{now / then:.1f}" for now, then in zip(times, before)] or [""] * len(names)
        print(f"{size:>8}" + "".join(f"{now * 1000:>10.2f}{ratio:>7}" for now, ratio in zip(times, growth)))
        before = times


if __name__ == "__main__":
    main()
