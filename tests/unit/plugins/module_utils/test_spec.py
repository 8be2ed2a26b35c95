# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read from a spec, beside what the table of cases shows."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import _spec


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("64", None, 64),
        (64.5, None, 64.5),
        ("64gb", None, 64),
        ("64 Gi", "MB", 64),
        ("2TB", None, 2048),
        ("512 MiB", None, 0.5),
        (2048, "MB", 2),
        ("2048", " mib ", 2),
        (64, "", 64),
        (64, "parsecs", None),
        ("64B", None, None),
        ("1,024", None, None),
        ("-1", None, None),
        (float("nan"), None, None),
        (float("inf"), None, None),
        pytest.param(10**400, None, None, id="an integer too large for a float"),
        pytest.param("9" * 400, None, None, id="a text too large for a float"),
        (True, None, None),
        ([64], None, None),
    ],
)
def test_sizes(value: object, unit: object, expected: float | None) -> None:
    assert _spec.gigabytes(value, unit) == expected


def test_a_number_with_a_unit_is_no_count() -> None:
    assert _spec.count("8") == 8
    assert _spec.count("8GB") is None


@pytest.mark.parametrize(
    ("raw", "gpus", "npus"),
    [
        ({}, None, 0),
        ({"gpu_num": 0, "npu_info": "unreadable"}, 0, None),
        ({"gpu_num": 0, "npu_info": {"product_name": "Snt9"}}, 0, None),
        # Old service specifications lack the blocks; some have a category.
        ({"category": "CPU"}, 0, 0),
        ({"category": "GPU"}, None, 0),
        ({"category": "NPU"}, 0, None),
        ({"flavor_type": "CPU", "flavor_info": {"cpu": {"arch": "x86"}}}, 0, 0),
        ({"flavor_type": "Ascend", "flavor_info": {"npu": {"unit_num": "8"}}}, 0, 8),
        ({"flavor_info": {"gpu": {"unit_num": 2}}}, 2, 0),
        ({"gpu_info": {"gpu": 0.0}, "npu_info": {"npu": 1}}, 0, 1),
        # The name of an Ascend chip in a code makes the number unknown, not zero.
        ({"spec_code": "modelarts.bm.910b.8", "gpu_num": 0}, 0, None),
        ({"spec_code": "modelarts.vm.ai1.snt3", "gpu_num": 0}, 0, None),
        ({"spec_code": "modelarts.bm.8d910b4", "gpu_num": 0}, 0, None),
        ({"spec_code": "modelarts.kat1.xlarge"}, None, None),
        ({"spec_code": "modelarts.bm.npu.arm.8snt9b3.d", "gpu_num": 0, "npu_info": None}, 0, None),
        ({"spec_code": "modelarts.bm.arm.24u.192g.npu.1d910b", "gpu_num": 0}, 0, None),
        ({"spec_code": "modelarts.vm.ai1.a310", "gpu_num": 0}, 0, None),
        ({"spec_code": "modelarts.vm.npu", "gpu_num": 0}, 0, None),
        ({"spec_code": "modelarts.vm.gpu.pnt004", "gpu_num": 1}, 1, 0),
        ({"spec_code": "modelarts.vm.cpu.1310u", "gpu_num": 0}, 0, 0),
        ({"spec_code": "modelarts.vm.cpu.9100u", "gpu_num": 0}, 0, 0),
    ],
)
def test_numbers_of_accelerators(raw: dict[str, t.Any], gpus: float | None, npus: float | None) -> None:
    spec = _spec.read(raw)
    assert (spec.gpus, spec.npus) == (gpus, npus)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"gpu_num": 1, "gpu_memory_unit": "32GB"}, 32),
        ({"gpu_num": 1, "gpu_memory_unit": "GB"}, None),
        ({"gpu_num": 1, "gpu_memory": "32", "gpu_memory_unit": "GB"}, 32),
        ({"flavor_info": {"gpu": {"unit_num": 1, "memory": "32 GB"}}}, 32),
        ({"gpu_info": {"unit": "MB", "gpu": 1, "memory": 16384}}, 16),
        # Memory of devices that are not there.
        ({"gpu_info": {"unit": "MB", "gpu": 0, "memory": 1024}}, None),
        ({"gpu_info": {"unit": "MB", "gpu": 1, "memory": 0}}, None),
    ],
)
def test_memory_of_each_accelerator(raw: dict[str, t.Any], expected: float | None) -> None:
    assert _spec.read(raw).accelerator_memory_gb == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (None, True),
        ("", True),
        ("{", True),
        ('{"a": 1}', True),
        ('["PyTorch-1.8"]', True),
        (["other", "pytorch-1.8"], True),
        (["4"], True),
        ('["other"]', False),
        ([], False),
    ],
)
def test_engines_that_a_flavor_supports(stated: t.Any, expected: bool) -> None:
    engine = {"engine_id": 4, "engine_name": "PyTorch", "engine_version": "pytorch-1.8"}
    assert _spec.supports_its_engine(_spec.read({"support_engines": stated, "engine": engine})) is expected
    assert _spec.supports_its_engine(_spec.read({"support_engines": stated}))
