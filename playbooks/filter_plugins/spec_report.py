# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters for the templates of the playbook spec_report. Ansible finds them only in playbooks beside this folder."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import _options, _spec

Row = dict[str, t.Any]

# The columns in order: name in rows and in the CSV file, heading, whether it contains numbers.
COLUMNS = (
    ("target", "Target", False),
    ("spec_code", "Spec code", False),
    ("spec_id", "Spec ID", True),
    ("job_types", "Jobs", False),
    ("gpus", "GPUs", True),
    ("gpu_type", "GPU type", False),
    ("npus", "NPUs", True),
    ("npu_type", "NPU type", False),
    ("accelerator_memory_gb", "Accelerator memory GB", True),
    ("cpu_arch", "CPU architecture", False),
    ("cores", "Cores", True),
    ("memory_gb", "Memory GB", True),
    ("storage_gb", "Storage GB", True),
    ("max_num", "Max. nodes", True),
    ("availability", "Availability", False),
)
# These are left out of a report in which no spec has a value for them. Zero NPUs are no value.
OPTIONAL = ("npus", "npu_type", "accelerator_memory_gb", "cpu_arch")

# The CSV file has no other place to say when it was queried, and what failed.
CSV_ONLY = ("queried_at", "failure")

AVAILABLE, SOLD_OUT = "available", "sold out"
SIGNS = {AVAILABLE: "✓", SOLD_OUT: "✗"}
UNKNOWN = "\N{EN DASH}"

# Their one list is not by job type.
OTHER_SOURCES = [source for source in _options.SOURCES if source != _options.DEFAULT_SOURCE]

# Larger numbers are written with an exponent, rather than with hundreds of digits.
PLAIN_NUMBERS = 10**15

CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]+")

# Spreadsheets evaluate text that begins like this as a formula, which may start programs and send data.
FORMULA = re.compile(r"\s*[=+\-@]")

# Characters with a meaning in Markdown. HTML is escaped as entities, which more renderers support.
MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~])")
HTML_IN_MARKDOWN = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def spec_report(results: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Turn results of the module modelarts_resource_specs_info into rows for a table.

    ``results`` has results of the module by job type, such as ``train``, or the one result of another source by the
    name of that source. Skipped ones do not count.

    Returns ``columns`` (``name``, ``label``, ``is_number``), without ``target`` where no target has a name, without
    ``job_types`` for another source, and without those of ``OPTIONAL`` that would be empty; ``rows`` (a value for each
    column, None where unknown, ``has_gpu`` and ``has_npu``), the smallest of each target first; ``failures``
    (``target``, ``job_type``, ``msg``, and ``code`` or None); ``cut``, the results that hold fewer specs than the
    service states (``target``, ``job_type``, ``listed``, ``stated``); ``source``, the name of another source or None;
    and ``counts``.
    """
    results = {job_type: result for job_type, result in results.items() if "specs" in result}
    queried = [(job_type, target) for job_type, result in results.items() for target in _targets(result)]
    names = {target["name"] for _job_type, target in queried} - {None}
    rows = _rows(results)
    source = next((name for name in results if name in OTHER_SOURCES), None)
    omitted = {name for name in OPTIONAL if not any(row[name] for row in rows)}
    if any(row["has_npu"] for row in rows):
        omitted -= {"npus"}
    omitted |= {name for name, is_there in (("target", names), ("job_types", not source)) if not is_there}
    return {
        "source": source,
        "columns": [
            {"name": name, "label": label, "is_number": is_number}
            for name, label, is_number in COLUMNS
            if name not in omitted
        ],
        "rows": rows,
        "failures": [_failure(job_type, target) for job_type, target in queried if target.get("failed")],
        "cut": [
            {"target": target["name"], "job_type": job_type, "listed": listed, "stated": stated}
            for job_type, target in queried
            for listed, stated in [_listed_and_stated(results[job_type], target)]
            if listed < stated
        ],
        "counts": {
            "specs": len(rows),
            "available": sum(row["availability"] == AVAILABLE for row in rows),
            "sold_out": sum(row["availability"] == SOLD_OUT for row in rows),
            "with_gpu": sum(row["has_gpu"] for row in rows),
            "with_npu": sum(row["has_npu"] for row in rows),
            "targets": len(names),
        },
    }


def spec_report_text(value: object) -> str:
    """Return a value of a row as text for people."""
    if value is None:
        return UNKNOWN
    text = str(value)
    return f"{SIGNS[text]} {text}" if text in SIGNS else text


def spec_report_markdown(value: object) -> str:
    """Return a value of a row as a cell of a Markdown table."""
    return MARKDOWN.sub(r"\\\1", spec_report_text(value).translate(HTML_IN_MARKDOWN))


def spec_report_csv(report: t.Mapping[str, t.Any], queried_at: str) -> str:
    """The whole CSV file (RFC 4180) of what ``spec_report`` returns. An unknown value is an empty field.

    ``target`` and ``job_types`` are columns of every file.
    """
    stream = io.StringIO(newline="")
    shown = [column["name"] for column in report["columns"]]
    names = [name for name, _label, _is_number in COLUMNS if name in ("target", "job_types") or name in shown]
    writer = csv.DictWriter(stream, [*names, *CSV_ONLY], restval="", extrasaction="ignore")
    writer.writeheader()
    failures = [
        {"target": failure["target"], "job_types": failure["job_type"], "failure": failure["msg"]}
        for failure in report["failures"]
    ]
    for row in (*report["rows"], *failures):
        writer.writerow({name: _no_formula(value) for name, value in {**row, "queried_at": queried_at}.items()})
    return stream.getvalue()


def spec_report_hash(source: str) -> str:
    """Return the hash with which a Content-Security-Policy allows this inline script or style, and no other."""
    digest = hashlib.sha256(source.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _targets(result: t.Mapping[str, t.Any]) -> list[t.Any]:
    """Return the outcome of each target of a result; without targets, one outcome without a name."""
    return result.get("targets") or [{"name": None, "spec_total_count": result.get("spec_total_count")}]


def _target_of(result: t.Mapping[str, t.Any], spec: _spec.RawSpec) -> str | None:
    return spec.get("target") if result.get("targets") else None


def _rows(results: t.Mapping[str, t.Any]) -> list[Row]:
    """Return a row for each spec; specs that are identical for several job types share one."""
    rows: dict[tuple[str | None, str], Row] = {}
    for job_type, result in results.items():
        for spec in result["specs"]:
            target = _target_of(result, spec)
            row = rows.setdefault((target, json.dumps(spec, sort_keys=True)), {**_row(spec), "target": _text(target)})
            job_types = row.setdefault("job_types", [])
            if job_type not in job_types:
                job_types.append(job_type)
    for row in rows.values():
        row["job_types"] = ", ".join(row["job_types"])
    return sorted(rows.values(), key=_size)


def _row(spec: _spec.RawSpec) -> Row:
    stated_spec = _spec.read(spec)
    gpu_type = _text(stated_spec.gpu_type)
    return {
        "spec_code": _text(stated_spec.spec_code),
        "spec_id": None if stated_spec.spec_id is None else _spec_id(spec["spec_id"]),
        "gpus": _number(stated_spec.gpus),
        "gpu_type": gpu_type,
        "npus": _number(stated_spec.npus),
        "npu_type": _text(stated_spec.npu_type),
        "accelerator_memory_gb": _number(stated_spec.accelerator_memory_gb),
        "cpu_arch": _text(stated_spec.cpu_arch),
        "cores": _number(stated_spec.cores),
        "memory_gb": _number(stated_spec.memory_gb),
        "storage_gb": _number(stated_spec.storage_gb),
        "max_num": _number(stated_spec.max_num),
        "availability": SOLD_OUT if stated_spec.sold_out else AVAILABLE if _is_false(spec.get("no_resource")) else None,
        # A type that is stated is the type of something.
        "has_gpu": bool(stated_spec.gpus) or (stated_spec.gpus is None and gpu_type is not None),
        # An unknown number of NPUs is that of a spec that hints at NPUs.
        "has_npu": stated_spec.npus != 0,
    }


def _spec_id(value: t.Any) -> t.Any:
    return _text(value) if isinstance(value, str) else value


def _size(row: Row) -> tuple[object, ...]:
    """What rows are ordered by: the smallest first, as picking has it, what is unknown last."""
    numbers = [row[name] for name in ("gpus", "npus", "cores", "memory_gb")]
    return (row["target"] or "", *((number is None, number or 0) for number in numbers), row["spec_code"] or "")


def _failure(job_type: str, target: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {
        "target": _text(target["name"]),
        "job_type": job_type,
        "msg": _text(target.get("msg")) or "no reason was given",
        "code": _text(str(target.get("error_code") or target.get("http_status") or "")),
    }


def _listed_and_stated(result: t.Mapping[str, t.Any], target: t.Mapping[str, t.Any]) -> tuple[int, int]:
    listed = sum(_target_of(result, spec) == target["name"] for spec in result["specs"])
    return listed, target.get("spec_total_count") or 0


def _text(value: str | None) -> str | None:
    """Return a text on one line, None if it is empty."""
    return (CONTROL_CHARACTERS.sub(" ", value).strip() or None) if value else None


def _number(value: float | None) -> float | None:
    """Return a number without trailing zeros."""
    if value is None:
        return None
    value = round(float(value), 2)
    return int(value) if value.is_integer() and value < PLAIN_NUMBERS else value


def _is_false(value: object) -> bool:
    """Tell whether a flag is present and false. Some APIs write booleans as strings or numbers."""
    return value.strip().lower() in ("false", "0") if isinstance(value, str) else value == 0


def _no_formula(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


class FilterModule:
    """The filters by the names that templates use."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {
            "spec_report": spec_report,
            "spec_report_csv": spec_report_csv,
            "spec_report_hash": spec_report_hash,
            "spec_report_markdown": spec_report_markdown,
            "spec_report_text": spec_report_text,
        }
