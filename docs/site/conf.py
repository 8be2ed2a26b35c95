# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Sphinx builds the site from what antsibull-docs and the guides give it. ``make docs`` runs it."""

from __future__ import annotations

import tempfile
import zlib
from pathlib import Path

from sphinx.application import Sphinx

project = "community.modelarts"
project_copyright = "community.modelarts contributors"
html_title = html_short_title = "community.modelarts"

extensions = ["sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
html_theme = "sphinx_ansible_theme"
html_theme_options = {"documentation_home_url": "https://github.com/ansible-collections/community.modelarts"}
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_use_index = False
html_copy_source = False
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
default_role = "any"
nitpicky = True

HERE = Path(__file__).parent
# Guides show pictures by this address, as the build of docs.ansible.com takes nothing but .rst files.
PUBLISHED_PICTURES = "https://raw.githubusercontent.com/ansible-collections/community.modelarts/main/docs/pictures/"


def labels_of_ansible() -> str:
    """Return the labels of Ansible's documentation that ours refers to, as an inventory, so no host is contacted."""
    labels = (HERE / "ansible_labels.txt").read_bytes()
    head = b"# Sphinx inventory version 2\n# Project: Ansible\n# Version:\n# The remainder is compressed using zlib.\n"
    path = Path(tempfile.mkdtemp(prefix="modelarts-labels-"), "objects.inv")
    path.write_bytes(head + zlib.compress(labels))
    return str(path)


intersphinx_mapping = {"ansible": ("https://docs.ansible.com/projects/ansible/latest/", labels_of_ansible())}


def use_own_pictures(_app: Sphinx, _page: str, source: list[str]) -> None:
    """Show the pictures of this checkout, so that a change can be looked at."""
    source[0] = source[0].replace(PUBLISHED_PICTURES, "/pictures/")


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", use_own_pictures)
