# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site that ``make docs`` has built: it has every page, and each link inside it leads somewhere."""

from __future__ import annotations

import html.parser
import os
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

ROOT = Path(__file__).parents[2]
SITE = ROOT / ".cache" / "docs" / "html"


class Page(html.parser.HTMLParser):
    """What a page refers to, and the anchors that it has."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.links.add(value)
            elif name == "id" and value:
                self.anchors.add(value)


PAGES = {path: Page(path) for path in sorted(SITE.rglob("*.html"))}


def expected() -> list[str]:
    """Every plugin, role and guide of the checkout, as the name of its page. Private roles have no argument specs."""
    names = [f"{path.stem}_module" for path in (ROOT / "plugins/modules").glob("*.py")]
    for kind in ("lookup", "filter"):
        names += [f"{path.stem}_{kind}" for path in (ROOT / "plugins" / kind).glob("*.py")]
    names += [f"{path.parents[1].name}_role" for path in (ROOT / "roles").glob("*/meta/argument_specs.yml")]
    names += [f"docsite/{path.stem}" for path in (ROOT / "docs/docsite/rst").glob("*.rst")]
    return sorted(names)


@pytest.mark.parametrize("name", expected())
def test_the_index_links_to_each_page(name: str) -> None:
    assert SITE / f"{name}.html" in PAGES
    assert f"{name}.html" in PAGES[SITE / "index.html"].links


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(SITE).as_posix())
def test_each_link_inside_leads_somewhere(path: Path) -> None:
    broken = []
    for link in sorted(PAGES[path].links):
        if urlsplit(link).scheme or link.startswith("//"):
            continue
        address, anchor = urldefrag(link)
        target = Path(os.path.normpath(path.parent / unquote(urlsplit(address).path))) if address else path
        if target.is_dir():
            target /= "index.html"
        if not target.is_file() or (anchor and target in PAGES and unquote(anchor) not in PAGES[target].anchors):
            broken.append(link)
    assert broken == []
