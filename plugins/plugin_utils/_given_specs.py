# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pick from specs that a playbook has.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import typing as t

from ansible.utils.display import Display

from ansible_collections.community.modelarts.plugins.module_utils import _options
from ansible_collections.community.modelarts.plugins.module_utils._errors import OptionsError, shorten
from ansible_collections.community.modelarts.plugins.module_utils._picking import pick
from ansible_collections.community.modelarts.plugins.plugin_utils._plain import plain


def pick_from(specs: t.Any, **picking: t.Any) -> dict[str, t.Any]:
    """Pick as the module does; ``picking`` are its unparsed options. Empty requirements count as none in particular.

    Returns what ``_picking.pick`` does. Raises OptionsError.
    """
    parameters = _options.parse({"argument_spec": _options.picking_spec()}, plain(picking))
    parameters["requirements"] = parameters["requirements"] or {"available": True}
    return pick(_listed(specs), parameters, Display().warning)


def _listed(specs: t.Any) -> list[t.Mapping[str, t.Any]]:
    """Return the specs as a list; Jinja's own filters return generators."""
    if isinstance(specs, t.Iterable) and not isinstance(specs, (str, bytes, t.Mapping)):
        listed = list(specs)
        if all(isinstance(spec, t.Mapping) for spec in listed):
            return listed
    raise OptionsError(f"specs must be a list of specs as the API returns them, not {shorten(repr(specs))}")
