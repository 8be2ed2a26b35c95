# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the fuzz tests with many examples: ``python fuzz.py [ARGUMENT ...]``, what pytest takes.

ansible-test hands no variable of the environment on to its unit tests, so it is pytest alone that runs here, in a
Python that has ansible-core and what tests/unit/requirements.txt names.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from ansible.plugins.loader import init_plugin_loader
from demo import collections_path

TESTS = Path(__file__).resolve().parents[1] / "unit" / "fuzz"


def main() -> int:
    """Run them, and give pytest's exit status."""
    os.environ["HYPOTHESIS_PROFILE"] = "fuzz"
    # Before the tests are imported: they are part of the collection.
    init_plugin_loader([str(collections_path())])
    return pytest.main(["--confcutdir", str(TESTS.parent), "-p", "no:cacheprovider", str(TESTS), *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
