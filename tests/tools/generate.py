# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the documentation that the table of options determines: fragments, AWX credential type, guide.

Descriptions, labels and help texts in those files are written by hand; types, defaults, variables and the options of a
target are generated. With ``--check`` nothing is written, and stale files are an error.
"""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path
from typing import Any

import yaml

from machine import ROOT

WIDTH = 118
ENVIRONMENT_SENTENCE = "If not set, the value of the environment variable"

# Options without a field in AWX: a passcode works once, AWX's own OpenStack credential covers clouds.yaml, and the rest
# is below.
NOT_IN_AWX = ("passcode", "cloud", "validate_certs", "ca_path", "agency_name", "agency_domain_name", "cache_prefix")
INJECTORS_HEAD = 'injectors:\n  file:\n    template: "{{ ca_certificate }}"\n  env:\n'
INJECTORS_OF_TLS = """\
    # AWX writes the file for an empty field as well.
    OS_CACERT: "{% if ca_certificate %}{{ tower.filename }}{% endif %}"
    # An unset boolean counts as false, so false must be the safe value.
    OS_INSECURE: "{{ insecure }}"
"""


def load_options() -> Any:
    """Import the tables from the checkout, wherever it lies."""
    import importlib.util
    import types

    package = "ansible_collections.community.modelarts.plugins.module_utils"
    parts = package.split(".")
    for number in range(1, len(parts) + 1):
        module = types.ModuleType(".".join(parts[:number]))
        module.__path__ = [str(ROOT / "plugins" / "module_utils")] if number == len(parts) else []
        sys.modules.setdefault(module.__name__, module)
    return importlib.import_module(f"{package}._options")


OPTIONS = load_options()


def text(value: str, indent: int) -> str:
    """Render a paragraph as the item of a YAML list."""
    folded = textwrap.fill(
        value,
        WIDTH,
        initial_indent=" " * indent + "- ",
        subsequent_indent=" " * (indent + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )
    if yaml.safe_load(folded) != [value]:
        sys.exit(f"This description needs quotes in YAML, rewrite it: {value}")
    return folded


def option_lines(name: str, option: dict[str, Any], indent: int) -> list[str]:
    """Render an option of a fragment, in the order in which Ansible's documentation has the keys."""
    pad = " " * indent
    lines = [f"{pad}{name}:"]
    if "description" in option:
        lines += [f"{pad}  description:", *(text(paragraph, indent + 4) for paragraph in option["description"])]
    for key in ("type", "elements", "required", "choices", "default"):
        if isinstance(option.get(key), list):
            lines += [f"{pad}  {key}:", *(f"{pad}    - {value}" for value in option[key])]
        elif key in option:
            value = option[key]
            lines.append(f"{pad}  {key}: {str(value).lower() if isinstance(value, bool) else value}")
    if "options" in option:
        lines.append(f"{pad}  suboptions:")
        for sub, suboption in option["options"].items():
            lines += option_lines(sub, suboption, indent + 4)
    for key, entries in ((key, option[key]) for key in ("env", "ini", "vars") if key in option):
        lines.append(f"{pad}  {key}:")
        for entry in entries:
            first, *rest = [f"{sub}: {value}" for sub, value in entry.items()]
            lines += [f"{pad}    - {first}", *(f"{pad}      {line}" for line in rest)]
    return lines


def sources(name: str, option: Any, with_ini: bool = True) -> dict[str, Any]:
    """Return where a plugin finds an option beside its keywords. ansible.cfg holds no secrets."""
    found: dict[str, Any] = {}
    if option is not None and option.env:
        found["env"] = [{"name": variable} for variable in option.env]
    if option is not None and with_ini and not option.secret:
        found["ini"] = [{"section": "modelarts", "key": name}]
    return {**found, "vars": [{"name": f"modelarts_{name}"}]}


def described(name: str, option: Any, paragraphs: list[str]) -> list[str]:
    """Return a description with the sentence on the environment as its last one."""
    kept = [paragraph for paragraph in paragraphs if not paragraph.startswith(ENVIRONMENT_SENTENCE)]
    # The description of validate_certs covers its variables: they have the opposite meaning.
    if not option.env or option.type == "bool":
        return kept
    variables = [f"E({variable})" for variable in option.env]
    plural = "s" if len(variables) > 1 else ""
    listed = " or ".join([", ".join(variables[:-1]), variables[-1]] if plural else variables)
    return [*kept, f"{ENVIRONMENT_SENTENCE}{plural} {listed} is used."]


class Fragment:
    """A documentation fragment: its blocks by attribute, the text around them untouched."""

    def __init__(self, name: str) -> None:
        self.path = ROOT / "plugins" / "doc_fragments" / f"{name}.py"
        self.source = self.path.read_text(encoding="utf-8")

    def block(self, attribute: str) -> dict[str, Any]:
        """Return the current content of a block."""
        found = re.search(rf'{attribute} = r"""\n(.*?)"""', self.source, re.DOTALL)
        if not found:
            sys.exit(f"{self.path.name} has no block {attribute}")
        return dict(yaml.safe_load(found[1]))

    def replace(self, attribute: str, options: dict[str, dict[str, Any]]) -> None:
        """Replace the options of a block, and keep what follows them."""
        lines = ["options:"]
        for name, option in options.items():
            lines += option_lines(name, option, 2)
        pattern = rf'({attribute} = r"""\n)options:\n.*?(\n(?=[a-z]+:)|\n""")'
        replacement = "\n".join(lines)
        self.source, count = re.subn(
            pattern, lambda match: match[1] + replacement + match[2], self.source, count=1, flags=re.DOTALL
        )
        if count != 1:
            sys.exit(f"{self.path.name} has no options in its block {attribute}")


def descriptions(fragment: Fragment, names: Any) -> dict[str, list[str]]:
    """Return the descriptions of options; each must have one."""
    options = fragment.block("DOCUMENTATION")["options"]
    missing = [name for name in names if not options.get(name, {}).get("description")]
    if missing:
        sys.exit(f"Describe in {fragment.path.name}: {', '.join(missing)}")
    return {name: options[name]["description"] for name in names}


def documented(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of an argument spec that the documentation repeats."""
    return {key: value for key, value in spec.items() if key in ("type", "elements", "required", "choices", "default")}


def connection() -> Fragment:
    """Write the fragment ``connection``."""
    fragment = Fragment("connection")
    table, specs = OPTIONS.CONNECTION, OPTIONS.connection_spec()
    prose = descriptions(fragment, table)
    fragment.replace(
        "DOCUMENTATION",
        {
            name: {"description": described(name, option, prose[name]), **documented(specs[name])}
            for name, option in table.items()
        },
    )
    fragment.replace("PLUGIN", {name: sources(name, option) for name, option in table.items()})
    return fragment


def targets() -> Fragment:
    """Write the fragment ``targets``: each connection option is an option of each target."""
    fragment = Fragment("targets")
    specs = OPTIONS.targets_spec()
    block = fragment.block("DOCUMENTATION")["options"]
    of_a_target = {
        name: {"description": [f"As O({name}), for this target."], **documented(spec)}
        for name, spec in specs["targets"]["options"].items()
        if name != "name"
    }
    name_option = {"description": block["targets"]["suboptions"]["name"]["description"]}
    options = {name: {"description": block[name]["description"], **documented(spec)} for name, spec in specs.items()}
    name_spec = documented(specs["targets"]["options"]["name"])
    options["targets"]["options"] = {"name": {**name_option, **name_spec}, **of_a_target}
    fragment.replace("DOCUMENTATION", options)
    fragment.replace("PLUGIN", {name: sources(name, None) for name in specs})
    one = {"description": fragment.block("ONE")["options"]["target"]["description"], "type": "dict"}
    fragment.replace("ONE", {"target": {**one, "options": options["targets"]["options"]}})
    return fragment


def variables_only(name: str, specs: dict[str, Any]) -> Fragment:
    """Write the plugin form of a fragment whose options have no source but variables."""
    fragment = Fragment(name)
    fragment.replace("PLUGIN", {option: sources(option, None) for option in specs})
    return fragment


def caching() -> Fragment:
    """Write the fragment ``caching``, which only plugins have."""
    fragment = Fragment("caching")
    table, specs = OPTIONS.CACHING, OPTIONS.caching_spec()
    prose = descriptions(fragment, table)
    fragment.replace(
        "DOCUMENTATION",
        {
            name: {"description": prose[name], **documented(specs[name]), **sources(name, option)}
            for name, option in table.items()
        },
    )
    return fragment


def credential_type() -> tuple[Path, str]:
    """Write fields and injectors of the AWX credential type; labels and help texts are kept."""
    path = ROOT / "extensions" / "awx" / "credential_type.yml"
    source = path.read_text(encoding="utf-8")
    head, _separator, _rest = source.partition("inputs:\n")
    fields = {field["id"]: field for field in yaml.safe_load(source)["inputs"]["fields"]}
    table = {**OPTIONS.CONNECTION, **OPTIONS.CACHING}
    with_field = [name for name, option in table.items() if option.env and name not in NOT_IN_AWX]
    missing = [name for name in with_field if name not in fields]
    if missing:
        sys.exit(f"Give {path.name} a field with id and label for: {', '.join(missing)}")
    lines = ["inputs:", "  fields:"]
    for name, field in fields.items():
        if name in table and name not in with_field:
            sys.exit(f"{path.name} has the field {name}, which is not in the table of options")
        kept = {key: field[key] for key in ("label", "type", "secret", "multiline", "help_text") if key in field}
        if name in table:
            kept.pop("secret", None)
            if table[name].secret:
                order = {"label": None, "type": None, "secret": True}
                kept = {**order, **kept, "secret": True}
        lines.append(f"    - id: {name}")
        lines += [f"      {key}: {str(value).lower() if value is True else value}" for key, value in kept.items()]
    injected = {name: f'    {table[name].env[0]}: "{{{{ {name} }}}}"\n' for name in fields if name in table}
    of_login = "".join(line for name, line in injected.items() if name in OPTIONS.CONNECTION)
    of_cache = "".join(line for name, line in injected.items() if name in OPTIONS.CACHING)
    return path, head + "\n".join(lines) + "\n" + INJECTORS_HEAD + of_login + INJECTORS_OF_TLS + of_cache


def variables_table() -> tuple[Path, str]:
    """Write the table of environment variables into the guide, between its two markers."""
    path = ROOT / "docs" / "docsite" / "rst" / "authentication.rst"
    rows = [("Option", "Variables")]
    for name, option in OPTIONS.CONNECTION.items():
        if option.env:
            rows.append((f"``{name}``", ", ".join(f"``{variable}``" for variable in option.env)))
    table = ".. list-table::\n   :header-rows: 1\n\n"
    table += "".join(f"   * - {first}\n     - {second}\n" for first, second in rows)
    begin, end = ".. Begin of the generated table of variables\n\n", "\n.. End of the generated table of variables\n"
    source = path.read_text(encoding="utf-8")
    if source.count(begin) != 1 or source.count(end) != 1:
        sys.exit(f"{path.name} needs the lines {begin.strip()!r} and {end.strip()!r}, once each")
    before, _separator, rest = source.partition(begin)
    _old, _separator, after = rest.partition(end)
    return path, f"{before}{begin}{table}{end}{after}"


def main() -> int:
    """Write all files, or compare them."""
    fragments = [
        connection(),
        targets(),
        caching(),
        variables_only("query", OPTIONS.query_spec()),
        variables_only("picking", {**OPTIONS.picking_spec(), "on_no_match": {}}),
    ]
    wanted = [*((fragment.path, fragment.source) for fragment in fragments), credential_type(), variables_table()]
    stale = [(path, content) for path, content in wanted if path.read_text(encoding="utf-8") != content]
    if "--check" in sys.argv[1:]:
        for path, _content in stale:
            print(f"{path.relative_to(ROOT)} is stale: run 'make generate'")
        return 1 if stale else 0
    for path, content in stale:
        path.write_text(content, encoding="utf-8")
        print(f"Wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
