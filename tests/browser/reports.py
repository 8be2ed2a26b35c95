# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports for the browser: written by the playbook itself, from the stand-in or from results defined here."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import typing as t
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / folder) for folder in ("standin", "tools")]
from demo import environment_for  # noqa: E402
from launcher import StandIn  # noqa: E402

from machine import ROOT  # noqa: E402

OUTPUT = ROOT / "tests/output/browser"
CATALOGUE = ROOT / "tests/standin/data/catalogue.json"

Spec = dict[str, t.Any]

# Scripts that would leave a mark if they ran, and texts that would be taken for something else in HTML.
HOSTILE = [
    "<script>window.hostile = true</script>",
    "</script><script>window.hostile = true</script>",
    '"><img src=x onerror="window.hostile = true">',
    "' onmouseover='window.hostile = true' x='",
    "</td></tr></table><h1>hostile</h1>",
    "{{ 6 * 7 }}{% raw %}",
    "&lt;b&gt;",
    "a" * 300,
]


def write(
    name: str, results: dict[str, t.Any] | None = None, specs: list[Spec] | None = None, source: str = ""
) -> Path:
    """Run the playbook, on ``results`` or against a stand-in that serves ``specs`` or else its own; return the page."""
    folder = OUTPUT / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    variables: dict[str, t.Any] = {"spec_report_folder": str(folder), "spec_report_source": source}
    if results is not None:
        variables["spec_report_results"] = results
    (folder / "variables.json").write_text(json.dumps(variables), encoding="utf-8")
    playbook = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,"]
    playbook += ["-e", f"@{folder}/variables.json", "community.modelarts.spec_report"]
    with StandIn() as standin:
        if specs is not None:
            standin.specs(specs)
        done = subprocess.run(
            playbook,
            env=environment_for(standin),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "specs.html"


def catalogue() -> list[Spec]:
    """The specs that the stand-in serves."""
    return [entry["spec"] for entry in json.loads(CATALOGUE.read_text(encoding="utf-8"))["specs"]]


def of_many_targets() -> dict[str, t.Any]:
    """Two targets with specs, one of them with fewer than it says, and one that failed."""
    specs = [{**spec, "target": target} for target in ("eu-de", "eu-nl") for spec in catalogue()]
    # Numbers that texts would be in another order for, and what the service may leave out.
    specs += [
        {"spec_code": "large", "spec_id": 7, "gpu_num": 16, "gpu_type": "v100", "core": "128", "target": "eu-de"},
        {"spec_code": "half", "spec_id": 8, "core": "0.5", "cpu": "0.5", "target": "eu-de"},
        {"spec_code": "quarter", "spec_id": 9, "core": "0.25", "cpu": "0.25", "target": "eu-de"},
    ]
    # Two that state all about their NPUs, and one that only hints at them.
    for npus, memory, arch in (("8", "64GB", "aarch64"), ("16", "128GB", "arm64")):
        npu = {"unit_num": npus, "product_name": "Snt9b", "memory": memory}
        info = {"npu": npu, "cpu": {"arch": arch}}
        specs.append({"spec_code": f"modelarts.bm.snt9b.{npus}", "flavor_info": info, "target": "eu-de"})
    specs.append({"spec_code": "modelarts.vm.snt9", "core": "24", "target": "eu-de"})
    specs.append({"spec_code": "modelarts.vm.unknown", "target": "eu-nl"})
    listed = {name: sum(spec["target"] == name for spec in specs) for name in ("eu-de", "eu-nl")}
    targets = [
        {"name": "eu-de", "failed": False, "spec_total_count": listed["eu-de"]},
        {"name": "eu-nl", "failed": False, "spec_total_count": listed["eu-nl"] + 9},
        {
            "name": "ae-ad-1",
            "failed": True,
            "msg": "modelarts.ae-ad-1.example.com: query job resource specifications: Incorrect IAM token <expired>",
            "error_code": "ModelArts.0203",
            "http_status": 401,
        },
    ]
    return {"train": {"specs": specs, "spec_total_count": len(specs) + 9, "targets": targets}}


def of_thousands(count: int = 2000) -> list[Spec]:
    """So many specs, each different."""
    return [
        {
            "spec_id": number,
            # With a letter, as a number of its own can be the name of an Ascend chip.
            "spec_code": f"modelarts.vm.made.up.n{number}",
            "core": str(2 ** (number % 9)),
            "cpu": str(number % 1500),
            "gpu_num": number % 9,
            "gpu_type": "" if number % 9 == 0 else "v100",
            "max_num": number % 33,
            "storage": "",
            "no_resource": number % 4 == 0,
        }
        for number in range(count)
    ]


def hostile() -> list[Spec]:
    """Specs with hostile texts in each field."""
    names = ("spec_code", "gpu_type", "core", "cpu", "storage", "spec_id", "no_resource", "max_num", "gpu_num")
    return [
        *({"spec_id": number, **dict.fromkeys(names[:2], text)} for number, text in enumerate(HOSTILE)),
        *(dict.fromkeys(names, text) for text in HOSTILE),
    ]
