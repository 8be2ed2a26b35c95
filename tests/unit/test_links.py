# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who starts at the README gets everywhere by links alone, and no link to a file of this repository is broken."""

from __future__ import annotations

import os
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]
# Where the files of this repository are published; Galaxy shows the README without them.
PUBLISHED = re.compile(
    r"https://(?:github\.com/ansible-collections/community\.modelarts/(?:blob|tree)"
    r"|raw\.githubusercontent\.com/ansible-collections/community\.modelarts)/main/(?P<path>[^#?]*)"
)
LINKS = {
    # [text](address), also over lines; an image has the same form.
    ".md": re.compile(r"\]\((?P<address>[^)\s]+)\)"),
    # `text <address>`__, :ref:`label`, :ref:`text <label>`, .. image:: address
    ".rst": re.compile(
        r"`[^`]*<(?P<address>[^>`]+)>`__?|:ref:`(?:[^`]*<)?(?P<label>[^`>]+)>?`|^\.\. image:: (?P<image>\S+)", re.M
    ),
}
LABEL = re.compile(r"(?m)^\.\. _(ansible_collections\.community\.modelarts\.docsite\.[^:]+):")
LABELS = {
    label: path.relative_to(ROOT).as_posix()
    for path in sorted((ROOT / "docs/docsite/rst").glob("*.rst"))
    for label in LABEL.findall(path.read_text(encoding="utf-8"))
}
# What a stranger looks for.
WANTED = {
    "first query": "docs/docsite/rst/quick_start.rst",
    "own cloud": "docs/docsite/rst/against_your_cloud.rst",
    "picking": "docs/docsite/rst/choosing_a_spec.rst",
    "AWX": "docs/docsite/rst/awx.rst",
    "failure table": "docs/docsite/rst/what_can_go_wrong.rst",
    "contributing": "CONTRIBUTING.md",
}


def links(name: str) -> list[str]:
    """The files of this repository that a file links to, by their names."""
    path = ROOT / name
    if path.suffix not in LINKS or not path.is_file():
        return []
    found = []
    for match in LINKS[path.suffix].finditer(path.read_text(encoding="utf-8")):
        groups = match.groupdict()
        if groups.get("label"):
            if groups["label"].startswith("ansible_collections.community.modelarts.docsite."):
                found.append(LABELS.get(groups["label"], groups["label"]))
            continue
        address = groups.get("image") or groups["address"]
        published = PUBLISHED.match(address)
        if published:
            found.append(published["path"].rstrip("/"))
        elif not re.match(r"[a-z]+:|#", address):
            relative = address.partition("#")[0]
            found.append(os.path.relpath(os.path.normpath(path.parent / relative), ROOT))
    return found


def reached() -> dict[str, str]:
    """What the README leads to, each with the file that links to it."""
    found, queue = {"README.md": ""}, ["README.md"]
    while queue:
        name = queue.pop()
        for link in links(name):
            if link not in found:
                found[link] = name
                queue.append(link)
    return found


REACHED = reached()


@pytest.mark.parametrize("name", REACHED)
def test_a_link_leads_to_a_file(name: str) -> None:
    assert (ROOT / name).exists(), f"{REACHED[name]} links to it"


@pytest.mark.parametrize("name", sorted(LABELS.values()))
def test_the_readme_leads_to_each_guide(name: str) -> None:
    assert name in REACHED


def test_the_readme_itself_links_to_what_a_stranger_looks_for() -> None:
    assert set(WANTED.values()) - set(links("README.md")) == set()
