# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print what the files of a report say, as JSON: ``python read.py FOLDER``.

``html`` and ``csv`` are tables: lists of dictionaries by the names of the columns; ``md`` is a list of lists. ``page``
is what else the page has: its ``text``, the number of ``elements`` by name, ``addresses`` that it refers to,
``handlers`` of events in attributes, and when it was asked (``queried_at``).
"""

from __future__ import annotations

import csv
import html
import html.parser
import json
import re
import sys
from collections import Counter
from pathlib import Path

# Where HTML has addresses.
REFERENCES = {
    "src",
    "srcset",
    "href",
    "action",
    "formaction",
    "data",
    "poster",
    "background",
    "cite",
    "ping",
    "manifest",
}


class Reader(html.parser.HTMLParser):
    """Collects what the page holds."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.addresses: list[str | None] = []
        self.handlers: list[str] = []
        self.text = ""
        self.headings: list[str] = []
        self.rows: list[list[str]] = []
        self.queried_at: str | None = None
        self.inside: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        self.inside = tag
        attributes = dict(attrs)
        self.addresses += [value for name, value in attrs if name in REFERENCES]
        self.handlers += [name for name, _value in attrs if name.startswith("on")]
        if tag == "time":
            self.queried_at = attributes["datetime"]
        elif tag == "th":
            self.headings.append(attributes["data-name"] or "")
        elif tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = None

    def handle_data(self, data: str) -> None:
        if self.inside in ("style", "script"):
            self.addresses += re.findall(r"url\([^)]*\)|@import[^;]*|https?:[^\s\"']*|import\(|fetch\(", data)
        else:
            self.text += data
        if self.inside in ("td", "b"):
            self.rows[-1][-1] += data


def read_html(path: Path) -> dict[str, object]:
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    return {
        "html": [dict(zip(reader.headings, row)) for row in reader.rows if row],
        "page": {
            "text": reader.text,
            "elements": reader.elements,
            "addresses": reader.addresses,
            "handlers": reader.handlers,
            "queried_at": reader.queried_at,
        },
    }


def read_markdown(path: Path) -> dict[str, object]:
    """The rows below the heading "Specs", each a list of fields as they are meant, without the head of the table."""
    text = path.read_text(encoding="utf-8")
    lines = [line for line in text.partition("## Specs\n")[2].splitlines() if line.startswith("|")]
    # A field ends with a pipe that no backslash takes.
    rows = [re.findall(r"((?:\\.|[^\\|])*)\|", line[1:]) for line in lines[2:]]
    return {
        "md": [[html.unescape(re.sub(r"\\(.)", r"\1", field.strip())) for field in row] for row in rows],
        "md_text": text,
    }


def read_csv(path: Path) -> dict[str, object]:
    with path.open(encoding="utf-8", newline="") as stream:
        return {"csv": list(csv.DictReader(stream, strict=True))}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    print(
        json.dumps(
            {
                **read_html(folder / "specs.html"),
                **read_markdown(folder / "specs.md"),
                **read_csv(folder / "specs.csv"),
            }
        )
    )
