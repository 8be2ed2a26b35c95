# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each catalogue as the stand-in serves it: the API's own fields, the v1 names beside them, pages, engines."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import _connection, _options, _resource_specs
from ansible_collections.community.modelarts.plugins.module_utils._client import Client
from ansible_collections.community.modelarts.plugins.module_utils._errors import (
    OptionsError,
    ResponseError,
    ServiceError,
)
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit import asking
from ansible_collections.community.modelarts.tests.unit.conftest import sample

Query = t.Callable[..., "dict[str, t.Any]"]

FLAVORS = [
    *sample("v2_flavors_doc_cpu")["flavors"],
    *sample("v2_flavors_gpu_ascend_built")["flavors"],
]
SERVICES = [*sample("services_specifications_otc")["specifications"]]


@pytest.fixture
def query(standin: StandIn, key_login: dict[str, t.Any]) -> t.Iterator[Query]:
    """Query the stand-in with the options of a task."""
    standin.catalogues()

    def ask(**options: t.Any) -> dict[str, t.Any]:
        parameters = _options.parse(_options.resource_specs_arguments(), {**key_login, **options})
        _resource_specs.check(parameters)
        (connection,) = _connection.resolve(parameters)
        return _resource_specs.query(Client(connection), parameters)

    yield ask
    standin.without()


def by_code(result: dict[str, t.Any]) -> dict[str, dict[str, t.Any]]:
    return {spec["spec_code"]: spec for spec in result["specs"]}


@pytest.mark.parametrize(
    ("source", "documented"), [("training_job_flavors", FLAVORS), ("service_specifications", SERVICES)]
)
def test_no_field_of_the_api_is_changed_or_hidden(query: Query, source: str, documented: list[t.Any]) -> None:
    listed = query(source=source)["specs"]
    for entry in documented:
        (spec,) = [spec for spec in listed if entry.items() <= spec.items()]
        added = {name for name in spec if name not in entry}
        assert added <= {
            *("spec_code", "core", "cpu", "memory_unit", "gpu_num", "gpu_type", "storage", "unit_num", "max_num"),
            "no_resource",
        }


@pytest.mark.parametrize(
    ("code", "names"),
    [
        (
            "modelarts.vm.cpu.8u",
            {"core": "8", "cpu": "32", "memory_unit": "GB", "gpu_num": 0, "gpu_type": "", "storage": "50GB"},
        ),
        (
            "modelarts.p3.large.public.free",
            {"core": "8", "cpu": "64", "gpu_num": 1, "gpu_type": "GP-Vnt1", "unit_num": 1, "max_num": 1},
        ),
        ("modelarts.kat1.xlarge", {"core": "24", "cpu": "96", "gpu_num": 0, "gpu_type": "", "max_num": 16}),
    ],
)
def test_a_flavor_gains_the_names_of_v1(query: Query, code: str, names: dict[str, t.Any]) -> None:
    spec = by_code(query(source="training_job_flavors"))[code]
    assert names.items() <= spec.items()
    assert "no_resource" not in spec


def test_max_num_is_found_where_only_flavor_info_has_it(query: Query, standin: StandIn) -> None:
    standin.catalogues(inner_max_num=True)
    assert by_code(query(source="training_job_flavors"))["modelarts.kat1.xlarge"]["max_num"] == 16


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("modelarts.vm.cpu.2u", {"core": "2", "cpu": "8", "gpu_num": 0.0, "gpu_type": "", "no_resource": False}),
        ("modelarts.vm.gpu.pnt004", {"gpu_num": 1.0, "gpu_type": "Pnt004", "no_resource": False}),
        ("modelarts.vm.ai1.snt3", {"gpu_num": 0.0, "no_resource": True}),
    ],
)
def test_a_service_specification_gains_the_names_of_v1(query: Query, code: str, names: dict[str, t.Any]) -> None:
    assert names.items() <= by_code(query(source="service_specifications"))[code].items()


@pytest.mark.parametrize(
    "stock", [{"spec_status": "sellout"}, {"is_open": False}, {"over_quota": True}], ids=lambda stock: next(iter(stock))
)
def test_each_state_that_means_sold_out(query: Query, standin: StandIn, stock: dict[str, t.Any]) -> None:
    standin.catalogues(services=[{**SERVICES[0], **stock}])
    assert query(source="service_specifications")["specs"][0]["no_resource"] is True


def test_sizes_that_an_older_cloud_does_not_state_are_unknown(query: Query, standin: StandIn) -> None:
    standin.catalogues(old_services=True)
    spec = by_code(query(source="service_specifications"))["modelarts.vm.cpu.2u"]
    assert {"core", "cpu", "gpu_num", "max_num"}.isdisjoint(spec)


@pytest.mark.parametrize("shape", [{"page_size": 1}, {"page_size": 2}, {"reverse": True}, {}], ids=str)
def test_every_page_is_read_once(query: Query, standin: StandIn, shape: dict[str, t.Any]) -> None:
    whole = set(by_code(query(source="service_specifications")))
    standin.catalogues(**shape)
    result = query(source="service_specifications")
    assert [*by_code(result)] == [spec["spec_code"] for spec in result["specs"]]
    assert set(by_code(result)) == whole
    assert result["spec_total_count"] == len(whole)


def test_a_service_that_ignores_the_offset_is_not_read_for_ever(query: Query, standin: StandIn) -> None:
    standin.catalogues(page_size=2, ignore_offset=True)
    assert len(query(source="service_specifications")["specs"]) == 2


def test_specifications_of_the_same_code_are_all_there(query: Query, standin: StandIn) -> None:
    twins = [{"specification": "twin", "is_open": is_open} for is_open in (False, True)]
    standin.catalogues(services=twins)
    result = query(source="service_specifications")
    assert [spec["is_open"] for spec in result["specs"]] == [False, True]
    assert result["spec_total_count"] == 2


@pytest.mark.parametrize("source", ["training_job_flavors", "service_specifications"])
def test_options_that_a_source_does_not_know_are_refused(query: Query, standin: StandIn, source: str) -> None:
    with pytest.raises(OptionsError, match=f"job_type cannot be used with source {source}"):
        query(source=source, job_type="train")
    with pytest.raises(OptionsError, match="engine_id and project_type cannot be used"):
        query(source=source, engine_id=1, project_type=0)
    assert standin.requests() == []


def test_engine_and_engine_id_exclude_each_other(query: Query) -> None:
    with pytest.raises(OptionsError, match=r"mutually exclusive: engine\|engine_id"):
        query(engine="TensorFlow", engine_id=4)


@pytest.mark.parametrize(
    ("pattern", "engine_id"),
    [
        ("TF-1.8.0-python3.6", 4),
        ("tensorflow tf-1.8.0-PYTHON2.7", 3),
        ("*xgboost*", 100),
        ("powered-engine", 130),
    ],
)
def test_one_engine_is_found_by_name_version_or_both(
    query: Query, standin: StandIn, pattern: str, engine_id: int
) -> None:
    standin.catalogues(engines_v1=sample("v1_engines_tutorial")["engines"])
    result = query(engine=pattern)
    assert result["engine"]["engine_id"] == engine_id
    assert all(spec["engine"] == result["engine"] for spec in result["specs"])
    (sent,) = [request for request in standin.requests() if request["path"].endswith("/job/resource-specs")]
    assert sent["query"]["engine_id"] == str(engine_id)
    assert len(standin.requests()) == 2


def test_engines_of_the_job_type_are_queried(query: Query, standin: StandIn) -> None:
    query(engine="TF-1.8.0-python3.6", job_type="train")
    (sent,) = [request for request in standin.requests() if request["path"].endswith("/job/ai-engines")]
    assert sent["query"] == {"job_type": "train"}


def test_several_engines_are_an_error_that_lists_them(query: Query, standin: StandIn) -> None:
    standin.catalogues(engines_v1=sample("v1_engines_tutorial")["engines"])
    with pytest.raises(OptionsError) as caught:
        query(engine="TensorFlow")
    assert str(caught.value) == (
        "engine 'TensorFlow' matches 2 engines. This cloud has: TensorFlow TF-1.8.0-python2.7 (engine_id 3), "
        "TensorFlow TF-1.8.0-python3.6 (engine_id 4)"
    )


def test_no_engine_is_an_error_that_lists_near_ones_first(query: Query, standin: StandIn) -> None:
    standin.catalogues(engines_v1=sample("v1_engines_tutorial")["engines"])
    with pytest.raises(OptionsError) as caught:
        query(engine="xgbost")
    assert str(caught.value).startswith("engine 'xgbost' matches no engine. This cloud has: XGBoost-Sklearn")


def test_an_engine_of_v2(query: Query) -> None:
    result = query(source="training_job_flavors", engine="tensorflow tensorflow_2.1.0*")
    assert result["engine"]["engine_id"] == "tensorflow_2.1.0-cuda_10.1-py_3.7-ubuntu_18.04-x86_64"


@pytest.mark.parametrize("options", [{}, {"engine": "*"}], ids=["specs", "engines"])
def test_the_error_without_v1_names_the_other_sources(
    query: Query, standin: StandIn, options: dict[str, t.Any]
) -> None:
    standin.without("v1")
    with pytest.raises(ServiceError, match="source: training_job_flavors") as caught:
        query(**options)
    assert caught.value.http_status == 404
    assert query(source="training_job_flavors")["specs"]


def test_a_login_at_a_wrong_address_is_no_matter_of_sources(standin: StandIn, password_login: dict[str, t.Any]) -> None:
    error = asking.failed({**password_login, "auth_url": f"{standin.url}/elsewhere"})
    assert error.http_status == 404
    assert "source" not in str(error)


def test_odd_values_are_read_or_unknown(query: Query, standin: StandIn) -> None:
    info = {"memory": {"size": 1048576.0, "unit": "MB"}, "disk": {"size": None, "unit": "GB"}, "max_num": 16}
    standin.catalogues(
        flavors=[{"flavor_id": "odd", "flavor_type": "CPU", "max_num": None, "flavor_info": info}],
        services=[{"specification": ["a"]}, {"specification": None, "n": 1}, {"specification": None, "n": 2}],
    )
    (flavor,) = query(source="training_job_flavors")["specs"]
    assert (flavor["cpu"], flavor["memory_unit"], flavor["max_num"]) == ("1048576", "MB", 16)
    assert "storage" not in flavor
    assert len(query(source="service_specifications")["specs"]) == 3


@pytest.mark.parametrize(
    ("operation", "source"),
    [("training-job-flavors", "training_job_flavors"), ("service-specifications", "service_specifications")],
)
def test_lists_of_something_else_are_unexpected(query: Query, standin: StandIn, operation: str, source: str) -> None:
    standin.fault("no-specs", operation=operation)
    with pytest.raises(ResponseError, match="unexpected response"):
        query(source=source)
