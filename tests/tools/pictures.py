# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render docs/pictures/*.d2 as SVG with D2, or with ``--check`` list those that are out of date.

The SVG follows prefers-color-scheme, and contains its fonts, so it looks the same on every machine.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from machine import ROOT

PICTURES = ROOT / "docs" / "pictures"


def render(source: Path) -> bytes:
    """Return the SVG for a source."""
    with tempfile.TemporaryDirectory() as folder:
        rendered = Path(folder, "picture.svg")
        subprocess.run(["d2", "--omit-version", str(source), str(rendered)], check=True)
        return rendered.read_bytes()


def main() -> int:
    """Render or check all pictures."""
    sources = sorted(PICTURES.glob("*.d2"))
    subprocess.run(["d2", "fmt", "--check", *map(str, sources)], check=True)
    status = 0
    for source in sources:
        picture, rendered = source.with_suffix(".svg"), render(source)
        if picture.is_file() and picture.read_bytes() == rendered:
            continue
        if "--check" in sys.argv:
            print(f"{picture.relative_to(ROOT)} is out of date: run 'make pictures'")
            status = 1
        else:
            picture.write_bytes(rendered)
    return status


if __name__ == "__main__":
    sys.exit(main())
