# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of the playbook spec_report. The integration target tests the files."""

from __future__ import annotations

import csv
import io
import typing as t

import pytest

from ansible_collections.community.modelarts.playbooks.filter_plugins.spec_report import (
    spec_report,
    spec_report_csv,
    spec_report_hash,
    spec_report_markdown,
    spec_report_text,
)
from ansible_collections.community.modelarts.tests.unit.conftest import sample

QUERIED_AT = "2026-11-23T23:17:05Z"


def result(*specs: dict[str, t.Any], **more: t.Any) -> dict[str, t.Any]:
    return {"changed": False, "specs": list(specs), "spec_total_count": len(specs), **more}


def only_row(spec: dict[str, t.Any]) -> dict[str, t.Any]:
    (row,) = spec_report({"train": result(spec)})["rows"]
    return t.cast("dict[str, t.Any]", row)


def read_csv(report: dict[str, t.Any]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(spec_report_csv(report, QUERIED_AT), newline=""), strict=True))


def test_the_documented_sample() -> None:
    report = spec_report({"train": sample("rs_doc_two_specs_cpu_v100")})
    assert report["rows"] == [
        {
            "target": None,
            "spec_code": "modelarts.vm.cpu.2u",
            "spec_id": 2,
            "job_types": "train",
            "gpus": 0,
            "gpu_type": None,
            "npus": 0,
            "npu_type": None,
            "accelerator_memory_gb": None,
            "cpu_arch": None,
            "cores": 2,
            "memory_gb": 8,
            "storage_gb": None,
            "max_num": 2,
            "availability": "available",
            "has_gpu": False,
            "has_npu": False,
        },
        {
            "target": None,
            "spec_code": "modelarts.vm.gpu.v100",
            "spec_id": 4,
            "job_types": "train",
            "gpus": 1,
            "gpu_type": "v100",
            "npus": 0,
            "npu_type": None,
            "accelerator_memory_gb": None,
            "cpu_arch": None,
            "cores": 8,
            "memory_gb": 64,
            "storage_gb": None,
            "max_num": 4,
            "availability": "available",
            "has_gpu": True,
            "has_npu": False,
        },
    ]
    assert [column["name"] for column in report["columns"]] == [
        *("spec_code", "spec_id", "job_types", "gpus", "gpu_type", "cores", "memory_gb", "storage_gb", "max_num"),
        "availability",
    ]
    assert report["counts"] == {"specs": 2, "available": 2, "sold_out": 0, "with_gpu": 1, "with_npu": 0, "targets": 0}
    assert report["source"] is None
    assert report["failures"] == report["cut"] == []


@pytest.mark.parametrize(
    ("field", "value", "name", "read"),
    [
        ("core", "8", "cores", 8),
        ("core", 8, "cores", 8),
        ("core", "0.5", "cores", 0.5),
        ("core", "eight", "cores", None),
        ("cpu", "65536 MB", "memory_gb", 64),
        ("cpu", "100MB", "memory_gb", 0.1),
        ("cpu", "", "memory_gb", None),
        ("cpu", None, "memory_gb", None),
        ("cpu", "9" * 30, "memory_gb", 1e30),
        ("storage", "4TB", "storage_gb", 4096),
        ("spec_id", "7", "spec_id", "7"),
        ("spec_id", "vendor\n7", "spec_id", "vendor 7"),
        ("spec_id", True, "spec_id", None),
        ("spec_code", " a\x00\r\nb ", "spec_code", "a b"),
        ("gpu_type", "\x07", "gpu_type", None),
        ("no_resource", True, "availability", "sold out"),
        ("no_resource", "True", "availability", "sold out"),
        ("no_resource", "false", "availability", "available"),
        ("no_resource", "0", "availability", "available"),
        ("no_resource", 0, "availability", "available"),
        ("no_resource", 1, "availability", "sold out"),
        ("no_resource", None, "availability", None),
        ("no_resource", "perhaps", "availability", None),
        ("gpu_num", 0, "has_gpu", False),
        ("gpu_type", "v100", "has_gpu", True),
        ("npu_info", {"npu_num": 8, "npu_type": "Ascend\n910"}, "npus", 8),
        ("npu_info", {"npu_num": 8, "npu_type": "Ascend\n910"}, "npu_type", "Ascend 910"),
        ("npu_info", {"npu_num": 8}, "has_npu", True),
        ("npu_info", {"npu_num": 0}, "has_npu", False),
        ("spec_code", "modelarts.bm.910b.8", "npus", None),
        ("spec_code", "modelarts.bm.910b.8", "has_npu", True),
        ("flavor_info", {"npu": {"unit_num": "1", "memory": "65536MB"}}, "accelerator_memory_gb", 64),
        ("flavor_info", {"cpu": {"arch": " arm64\t"}}, "cpu_arch", "arm64"),
    ],
)
def test_values(field: str, value: object, name: str, read: object) -> None:
    found = only_row({field: value})[name]
    assert found == read
    assert type(found) is type(read)


def test_zero_gpus_are_none_despite_a_type() -> None:
    assert only_row({"gpu_num": 0, "gpu_type": "v100"})["has_gpu"] is False


def test_the_smallest_come_first_and_the_unknown_last() -> None:
    specs: list[dict[str, t.Any]] = [
        {"spec_code": "unknown"},
        {"spec_code": "large", "gpu_num": 8, "core": "64"},
        {"spec_code": "no cores", "gpu_num": 1},
        {"spec_code": "b", "gpu_num": 1, "core": "16"},
        {"spec_code": "a", "gpu_num": 1, "core": "16"},
        {"spec_code": "small", "gpu_num": 1, "core": "8"},
    ]
    rows = spec_report({"train": result(*specs)})["rows"]
    assert [row["spec_code"] for row in rows] == ["small", "a", "b", "no cores", "large", "unknown"]


def test_among_the_same_number_of_gpus_fewer_npus_come_first() -> None:
    specs: list[dict[str, t.Any]] = [
        {"spec_code": "ascend", "gpu_num": 0, "core": "2", "npu_info": {"npu_num": 1}},
        {"spec_code": "cpu", "gpu_num": 0, "core": "64"},
        {"spec_code": "gpu", "gpu_num": 1, "core": "8"},
    ]
    rows = spec_report({"train": result(*specs)})["rows"]
    assert [row["spec_code"] for row in rows] == ["cpu", "ascend", "gpu"]


@pytest.mark.parametrize(
    ("spec", "columns"),
    [
        ({"spec_code": "vm"}, []),
        ({"npu_info": {"npu_num": 0, "npu": 0, "memory": 0}}, []),
        ({"npu_info": {"npu_num": 1}}, ["npus"]),
        ({"spec_code": "vm.snt9"}, ["npus"]),
        ({"npu_info": {"npu_num": 1, "npu_type": "snt9"}}, ["npus", "npu_type"]),
        ({"gpu_num": 1, "gpu_memory": 16}, ["accelerator_memory_gb"]),
        ({"cpu_info": {"arch": "x86"}}, ["cpu_arch"]),
    ],
)
def test_columns_appear_where_a_spec_has_a_value(spec: dict[str, t.Any], columns: list[str]) -> None:
    report = spec_report({"train": result({"spec_code": "plain"}, spec)})
    optional = ("npus", "npu_type", "accelerator_memory_gb", "cpu_arch")
    assert [column["name"] for column in report["columns"] if column["name"] in optional] == columns
    assert [name for name in read_csv(report)[0] if name in optional] == columns


def test_another_source_is_one_list_without_job_types() -> None:
    targets = [{"name": "eu-de", "spec_total_count": 2}, {"name": "eu-nl", "failed": True, "msg": "no route"}]
    spec = {"spec_code": "a", "target": "eu-de"}
    report = spec_report({"train": {"skipped": True}, "training_job_flavors": result(spec, targets=targets)})
    assert report["source"] == "training_job_flavors"
    assert "job_types" not in [column["name"] for column in report["columns"]]
    assert [row["spec_code"] for row in report["rows"]] == ["a"]
    assert [part["job_type"] for part in report["failures"] + report["cut"]] == ["training_job_flavors"] * 2
    assert [row["job_types"] for row in read_csv(report)] == ["training_job_flavors"] * 2


def test_what_is_the_same_for_several_job_types_is_one_row() -> None:
    both, other = {"spec_id": 1, "extra": {"nested": [1]}}, {"spec_id": 1, "extra": {"nested": [2]}}
    rows = spec_report({"train": result(both), "inference": result(both, other)})["rows"]
    assert [row["job_types"] for row in rows] == ["train, inference", "inference"]


def test_what_was_skipped_does_not_count() -> None:
    report = spec_report({"train": {"skipped": True, "changed": False}, "inference": result({"spec_id": 1})})
    assert [row["job_types"] for row in report["rows"]] == ["inference"]


def test_targets() -> None:
    targets = [
        {"name": "eu-nl", "failed": False, "spec_total_count": 3},
        {"name": "eu-de", "failed": False, "spec_total_count": 1},
        {"name": "a\nb", "failed": True, "msg": "no\nroute", "http_status": 502},
        {"name": "silent", "failed": True},
    ]
    report = spec_report(
        {
            "train": result(
                {"spec_id": 1, "target": "eu-nl"},
                {"spec_id": 1, "target": "eu-de"},
                targets=targets,
            )
        }
    )
    assert report["columns"][0]["name"] == "target"
    # The same spec of two targets is two rows.
    assert [(row["target"], row["spec_id"]) for row in report["rows"]] == [("eu-de", 1), ("eu-nl", 1)]
    assert report["failures"] == [
        {"target": "a b", "job_type": "train", "msg": "no route", "code": "502"},
        {"target": "silent", "job_type": "train", "msg": "no reason was given", "code": None},
    ]
    assert report["cut"] == [{"target": "eu-nl", "job_type": "train", "listed": 1, "stated": 3}]
    assert report["counts"]["targets"] == 4

    table = read_csv(report)
    assert [(row["target"], row["spec_id"], row["failure"]) for row in table] == [
        ("eu-de", "1", ""),
        ("eu-nl", "1", ""),
        ("a b", "", "no route"),
        ("silent", "", "no reason was given"),
    ]


def test_a_field_called_target_is_no_target() -> None:
    report = spec_report({"train": result({"spec_id": 1, "target": "of the service"})})
    assert report["rows"][0]["target"] is None
    assert report["columns"][0]["name"] == "spec_code"


def test_an_incomplete_list_is_reported_without_targets_too() -> None:
    report = spec_report({"train": result({"spec_id": 1}, spec_total_count=40)})
    assert report["cut"] == [{"target": None, "job_type": "train", "listed": 1, "stated": 40}]


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("a=1", "a=1"),
        ('quoted "twice", with a comma', 'quoted "twice", with a comma'),
        ("ünïcode", "ünïcode"),
    ],
)
def test_csv_fields(value: str, field: str) -> None:
    targets = [{"name": value, "failed": True, "msg": f" {value}"}]
    spec = {"spec_id": value, "spec_code": value, "gpu_type": value, "target": value}
    row, failure = read_csv(spec_report({value: result(spec, targets=targets)}))
    assert {name: text for name, text in row.items() if text} == {
        **dict.fromkeys(("target", "spec_code", "spec_id", "gpu_type", "job_types"), field),
        "queried_at": QUERIED_AT,
    }
    assert (failure["target"], failure["job_types"], failure["failure"]) == (field, field, field)


def test_csv_lines_end_as_the_standard_says() -> None:
    text = spec_report_csv(spec_report({"train": result({"core": "8"}, {"core": "9"})}), QUERIED_AT)
    assert text.count("\r\n") == text.count("\n") == 3
    assert text.endswith("\r\n")


@pytest.mark.parametrize(
    ("value", "text", "markdown"),
    [
        (None, "–", "–"),  # noqa: RUF001
        (0, "0", "0"),
        (0.5, "0.5", "0.5"),
        ("available", "✓ available", "✓ available"),
        ("sold out", "✗ sold out", "✗ sold out"),
        ("a|b", "a|b", r"a\|b"),
        ("a\\|b", "a\\|b", r"a\\\|b"),
        ("<b>&amp;", "<b>&amp;", "&lt;b&gt;&amp;amp;"),
        ("[x](y) `z` *_~", "[x](y) `z` *_~", r"\[x\]\(y\) \`z\` \*\_\~"),
        ("modelarts.vm.gpu.v100-1", "modelarts.vm.gpu.v100-1", "modelarts.vm.gpu.v100-1"),
    ],
)
def test_text_and_markdown(value: object, text: str, markdown: str) -> None:
    assert spec_report_text(value) == text
    assert spec_report_markdown(value) == markdown


def test_hash() -> None:
    # The example of the specification, Content Security Policy Level 3.
    assert spec_report_hash("alert('Hello, world.');") == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
