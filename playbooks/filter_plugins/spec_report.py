# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the templates of the playbook spec_report need. Ansible finds it beside the playbook, and only there."""

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

# The columns in their order: the name in rows and in the CSV file, the heading elsewhere, and whether it holds numbers.
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

# The CSV file has no other place to say when it was asked, and what failed.
CSV_ONLY = ("asked_at", "failure")

AVAILABLE, SOLD_OUT = "available", "sold out"
SIGNS = {AVAILABLE: "✓", SOLD_OUT: "✗"}
UNKNOWN = "\N{EN DASH}"

# Their one list is not by job type.
OTHER_SOURCES = [source for source in _options.SOURCES if source != _options.DEFAULT_SOURCE]

# Larger numbers are written with an exponent, rather than with hundreds of digits.
PLAIN_NUMBERS = 10**15

CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]+")

# A spreadsheet takes a text that begins so for a formula, which may start programs and send data.
FORMULA = re.compile(r"\s*[=+\-@]")

# What Markdown would take for markup. HTML in it is written as entities, which more renderers understand.
MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~])")
HTML_IN_MARKDOWN = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def spec_report(answers: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What the answers of the module modelarts_resource_specs_info say, in rows for a table.

    ``answers`` has results of the module by job type, such as ``train``, or the one result of another source by the
    name of that source. Skipped ones do not count.

    Returns ``columns`` (``name``, ``label``, ``is_number``), without ``target`` where no target has a name, without
    ``job_types`` for another source, and without those of ``OPTIONAL`` that would be empty; ``rows`` (a value for each
    column, None where unknown, ``has_gpu`` and ``has_npu``), the smallest of each target first; ``failures``
    (``target``, ``job_type``, ``msg``, and ``code`` or None); ``cut``, the answers that hold fewer specs than the
    service states (``target``, ``job_type``, ``listed``, ``stated``); ``source``, the name of another source or None;
    and ``counts``.
    """
    answers = {job_type: answer for job_type, answer in answers.items() if "specs" in answer}
    asked = [(job_type, target) for job_type, answer in answers.items() for target in _targets(answer)]
    names = {target["name"] for _job_type, target in asked} - {None}
    rows = _rows(answers)
    source = next((name for name in answers if name in OTHER_SOURCES), None)
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
        "failures": [_failure(job_type, target) for job_type, target in asked if target.get("failed")],
        "cut": [
            {"target": target["name"], "job_type": job_type, "listed": listed, "stated": stated}
            for job_type, target in asked
            for listed, stated in [_listed_and_stated(answers[job_type], target)]
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
    """A value of a row as people read it."""
    if value is None:
        return UNKNOWN
    text = str(value)
    return f"{SIGNS[text]} {text}" if text in SIGNS else text


def spec_report_markdown(value: object) -> str:
    """The same for a cell of a Markdown table."""
    return MARKDOWN.sub(r"\\\1", spec_report_text(value).translate(HTML_IN_MARKDOWN))


def spec_report_csv(report: t.Mapping[str, t.Any], asked_at: str) -> str:
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
        writer.writerow({name: _no_formula(value) for name, value in {**row, "asked_at": asked_at}.items()})
    return stream.getvalue()


def spec_report_hash(source: str) -> str:
    """The name by which a Content-Security-Policy allows this inline script or style, and no other."""
    digest = hashlib.sha256(source.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _targets(answer: t.Mapping[str, t.Any]) -> list[t.Any]:
    """The targets that an answer speaks of: one without a name where the module was not given any."""
    return answer.get("targets") or [{"name": None, "spec_total_count": answer.get("spec_total_count")}]


def _target_of(answer: t.Mapping[str, t.Any], spec: _spec.RawSpec) -> str | None:
    return spec.get("target") if answer.get("targets") else None


def _rows(answers: t.Mapping[str, t.Any]) -> list[Row]:
    """A row for each spec; one for several job types, where it is the same for them in everything."""
    rows: dict[tuple[str | None, str], Row] = {}
    for job_type, answer in answers.items():
        for spec in answer["specs"]:
            target = _target_of(answer, spec)
            row = rows.setdefault((target, json.dumps(spec, sort_keys=True)), {**_row(spec), "target": _text(target)})
            job_types = row.setdefault("job_types", [])
            if job_type not in job_types:
                job_types.append(job_type)
    for row in rows.values():
        row["job_types"] = ", ".join(row["job_types"])
    return sorted(rows.values(), key=_size)


def _row(spec: _spec.RawSpec) -> Row:
    offered = _spec.read(spec)
    gpu_type = _text(offered.gpu_type)
    return {
        "spec_code": _text(offered.spec_code),
        "spec_id": None if offered.spec_id is None else _spec_id(spec["spec_id"]),
        "gpus": _number(offered.gpus),
        "gpu_type": gpu_type,
        "npus": _number(offered.npus),
        "npu_type": _text(offered.npu_type),
        "accelerator_memory_gb": _number(offered.accelerator_memory_gb),
        "cpu_arch": _text(offered.cpu_arch),
        "cores": _number(offered.cores),
        "memory_gb": _number(offered.memory_gb),
        "storage_gb": _number(offered.storage_gb),
        "max_num": _number(offered.max_num),
        "availability": SOLD_OUT if offered.sold_out else AVAILABLE if _is_false(spec.get("no_resource")) else None,
        # A type that is stated is the type of something.
        "has_gpu": bool(offered.gpus) or (offered.gpus is None and gpu_type is not None),
        # An unknown number of NPUs is that of a spec that hints at NPUs.
        "has_npu": offered.npus != 0,
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


def _listed_and_stated(answer: t.Mapping[str, t.Any], target: t.Mapping[str, t.Any]) -> tuple[int, int]:
    listed = sum(_target_of(answer, spec) == target["name"] for spec in answer["specs"])
    return listed, target.get("spec_total_count") or 0


def _text(value: str | None) -> str | None:
    """A text on one line; None where there is none."""
    return (CONTROL_CHARACTERS.sub(" ", value).strip() or None) if value else None


def _number(value: float | None) -> float | None:
    """A number as it is written: without decimals that say nothing."""
    if value is None:
        return None
    value = round(float(value), 2)
    return int(value) if value.is_integer() and value < PLAIN_NUMBERS else value


def _is_false(value: object) -> bool:
    """Whether a flag is there and not set. Sibling answers write booleans as strings."""
    return value.strip().lower() == "false" if isinstance(value, str) else value is False


def _no_formula(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


class FilterModule:
    """The filters by the names that templates call them by."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {
            "spec_report": spec_report,
            "spec_report_csv": spec_report_csv,
            "spec_report_hash": spec_report_hash,
            "spec_report_markdown": spec_report_markdown,
            "spec_report_text": spec_report_text,
        }
