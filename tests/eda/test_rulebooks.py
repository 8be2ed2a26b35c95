# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulebooks of the collection, run by ansible-rulebook against a stand-in."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_rulebook.condition_parser import parse_condition
from ansible_rulebook.validators import Validate
from controller import controller
from launcher import StandIn
from rulebook import Rulebook

from machine import ROOT

WANTED = {"requirements": {"gpu_types": ["v100"]}, "interval": 0.5}


def specs(sold_out: bool) -> list[dict[str, t.Any]]:
    """Two that suit, and one that does not."""
    common = {"core": "8", "cpu": "64", "gpu_num": 1, "unit_num": 1, "max_num": 4, "storage": ""}
    return [
        {"spec_id": 4, "spec_code": "modelarts.vm.gpu.v100", "gpu_type": "v100", "no_resource": sold_out, **common},
        {"spec_id": 6, "spec_code": "modelarts.vm.gpu.v100", "gpu_type": "v100", "no_resource": sold_out, **common},
        {"spec_id": 5, "spec_code": "modelarts.vm.gpu.p4", "gpu_type": "p4", "no_resource": False, **common},
    ]


@pytest.fixture
def standin() -> t.Iterator[StandIn]:
    """A cloud in which the specs that suit are sold out."""
    with StandIn() as running:
        running.specs(specs(sold_out=True))
        yield running


def test_the_playbook_picks_when_a_spec_becomes_available(standin: StandIn, tmp_path: Path) -> None:
    with Rulebook("pick_when_available", tmp_path, standin, WANTED) as rulebook:
        rulebook.wait(lambda: standin.counts()["resource-specs"] >= 3)
        # One that cannot be asked again at once.
        standin.fault("gateway-not-published", times=1)
        output = rulebook.says("resource_specs_failure")
        assert "PLAY [" not in output
        standin.specs(specs(sold_out=False))
        output = rulebook.says("PLAY RECAP")
        assert standin.counts()["tokens"] == 2, "one login of the source, one of the playbook"
    output = re.sub(r"\x1b\[[\d;]*m", "", output)
    assert re.search(r"'change': 'available',\s+'spec': {'core': '8'", output)
    pick = output.partition("TASK [Show the pick]")[2]
    assert re.search(r'"spec_code": "modelarts.vm.gpu.v100",\s+"spec_id": "?4"?', pick), output
    assert output.count("PLAY [") == 1
    assert standin.account["password"] not in output


def test_a_login_that_is_refused_ends_the_rulebook(standin: StandIn, tmp_path: Path) -> None:
    with Rulebook("pick_when_available", tmp_path, standin, WANTED, {"OS_PASSWORD": "wrong-password"}) as rulebook:
        assert rulebook.ends() == 1
    output = rulebook.output()
    assert "HTTP 401" in output
    assert "Traceback" not in output
    assert "wrong-password" not in output
    assert standin.counts() == {"tokens": 1, "projects": 0, "resource-specs": 0}


PICK = ("pick_in_awx", "ModelArts: pick a spec", {"pick_spec_job_type": "train"})
WORKFLOW = ("workflow_in_awx", "ModelArts: pick a spec and use it", {"pick_spec_source": "resource_specs"})
ANSWERS = {"train_name": "mnist", "train_image": "group/mnist:1", "train_command": "python train.py"}
# What is launched, with which answers unless others are given; and those that are given.
LAUNCHES = {
    "job template": (*PICK, {"pick_spec_gpus": 1}),
    "job template, no GPUs": (*PICK, {}),
    "workflow": (*WORKFLOW, {"pick_spec_gpus": 1, "pick_spec_job_type": "train"}),
    "workflow, no GPUs": (*WORKFLOW, {}),
    "workflow with a training job": (*WORKFLOW, {"answers": ANSWERS}),
}


@pytest.mark.parametrize("name, template, defaults, given", LAUNCHES.values(), ids=LAUNCHES)
def test_awx_is_called_when_a_spec_becomes_available(
    standin: StandIn, tmp_path: Path, name: str, template: str, defaults: dict[str, str], given: dict[str, t.Any]
) -> None:
    with controller() as awx:
        account = {"EDA_CONTROLLER_URL": awx.url, "EDA_CONTROLLER_TOKEN": "token-of-awx"}
        wanted = {"pick_spec_gpu_types": "v100", "interval": 0.5, **given}
        with Rulebook(name, tmp_path, standin, wanted, account) as rulebook:
            rulebook.wait(lambda: standin.counts()["resource-specs"] >= 3)
            assert awx.launched == []
            standin.specs(specs(sold_out=False))
            rulebook.wait(lambda: bool(awx.launched))
    ((launched, body),) = awx.launched
    assert launched == template
    event = body["extra_vars"].pop("ansible_eda")["event"]
    assert event["resource_spec"]["spec"]["spec_id"] == 4
    answers = {**given, **given.get("answers", {})}
    answers.pop("answers", None)
    assert body["extra_vars"] == {**defaults, "pick_spec_gpu_types": "v100", **answers}


def rulebooks() -> dict[str, t.Any]:
    """Those of the collection, and those of the guide."""
    files = sorted((ROOT / "extensions/eda/rulebooks").glob("*.yml"))
    guide = (ROOT / "docs/docsite/rst/eda.rst").read_text(encoding="utf-8")
    blocks = re.findall(r"(?m)^\.\. code-block:: yaml\n\n((?:  .*\n|\n)+)", guide)
    texts = {**{file.stem: file.read_text(encoding="utf-8") for file in files}, **dict(zip("abcdefgh", blocks))}
    documents = {name: yaml.safe_load(text) for name, text in texts.items()}
    return {name: document for name, document in documents.items() if isinstance(document, list)}


def test_rulebooks_are_as_ansible_rulebook_wants_them() -> None:
    found = rulebooks()
    assert len(found) == 4
    for document in found.values():
        Validate.rulebook(document)
        for ruleset in document:
            assert [set(source) - {"name"} for source in ruleset["sources"]] == [{"community.modelarts.resource_specs"}]
            for rule in ruleset["rules"]:
                parse_condition(rule["condition"])
