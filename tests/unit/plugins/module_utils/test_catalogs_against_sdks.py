# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Independent clients read the same numbers from the stand-in: the typed models of the public SDKs.

API v2 is read by ``huaweicloudsdkmodelarts``, API v1 by ``otcextensions``.
"""

from __future__ import annotations

import typing as t

import huaweicloudsdkmodelarts.v1 as sdk

from ansible_collections.community.modelarts.plugins.module_utils import _connection, _options, _resource_specs
from ansible_collections.community.modelarts.plugins.module_utils._client import Client
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn


def listed(standin: StandIn, key_login: dict[str, t.Any], **options: t.Any) -> dict[str, t.Any]:
    parameters = _options.parse(_options.resource_specs_arguments(), {**key_login, **options})
    (connection,) = _connection.resolve(parameters)
    return _resource_specs.query(Client(connection), parameters)


def test_flavors(standin: StandIn, key_login: dict[str, t.Any], v2: t.Any) -> None:
    theirs = {
        flavor.flavor_id: flavor for flavor in v2.show_training_job_flavors(sdk.ShowTrainingJobFlavorsRequest()).flavors
    }
    ours = listed(standin, key_login, source="training_job_flavors")["specs"]
    assert len(ours) == len(theirs) > 4
    for spec in ours:
        flavor = theirs[spec["spec_code"]]
        info = flavor.flavor_info
        assert spec["core"] == str(info.cpu.core_num)
        assert (spec["cpu"], spec["memory_unit"]) == (str(info.memory.size), info.memory.unit)
        assert spec["gpu_num"] == (info.gpu.unit_num if info.gpu else 0)
        assert spec["gpu_type"] == (info.gpu.product_name if info.gpu else "")
        assert spec["max_num"] == (flavor.max_num or info.max_num)
        assert spec["unit_num"] == flavor.billing.unit_num


def test_engines_of_v2(standin: StandIn, key_login: dict[str, t.Any], v2: t.Any) -> None:
    engines = v2.show_training_job_engines(sdk.ShowTrainingJobEnginesRequest()).items
    assert len(engines) > 2
    for theirs in engines:
        ours = listed(
            standin, key_login, source="training_job_flavors", engine=f"{theirs.engine_name} {theirs.engine_version}"
        )
        assert ours["engine"]["engine_id"] == theirs.engine_id


def test_specs_of_v1(standin: StandIn, key_login: dict[str, t.Any], v1: t.Any) -> None:
    names = ("spec_id", "spec_code", "core", "cpu", "gpu_num", "gpu_type", "max_num", "unit_num", "no_resource")
    theirs = [{name: flavor[name] for name in names} for flavor in v1.job_flavors(job_type="train")]
    ours = listed(standin, key_login, job_type="train")["specs"]
    assert len(ours) > 2
    assert theirs == [{name: spec[name] for name in names} for spec in ours]


def test_engines_of_v1(standin: StandIn, key_login: dict[str, t.Any], v1: t.Any) -> None:
    engines = list(v1.job_engines(job_type="train"))
    assert len(engines) > 2
    for theirs in engines:
        engine = f"{theirs.engine_name} {theirs.engine_version}"
        ours = listed(standin, key_login, job_type="train", engine=engine)["engine"]
        assert ours["engine_id"] == theirs.engine_id
