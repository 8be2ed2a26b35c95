# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the code blocks of a document, and what a test does with each.

What a block holds decides, by its language:

- yaml and yaml+jinja: plays and tasks are run, in their order, all those of a document in one run of ansible-playbook.
  A dictionary is taken for variables, and the value of each is asked for.
- console and bash: the commands are run. In console they are the lines that begin with a dollar.
- json, ini and python: the syntax is checked.

A block that cannot be run says why, in a comment directly before it. Any other block fails the test.

    .. not run: REASON            in .rst
    <!-- not run: REASON -->      in .md
"""

from __future__ import annotations

import ast
import configparser
import dataclasses
import json
import re
import textwrap

import yaml

RST_BLOCK = re.compile(
    r"""
    (?:^\ *\.\.\ not\ run:\ (?P<reason>.+\n(?:\ +\S.*\n)*)\n+)?
    ^(?P<indent>\ *)\.\.\ code-block::\ *(?P<language>\S*)\n
    (?:(?P=indent)\ +:.*\n)*
    \n+
    (?P<text>(?:(?P=indent)\ +\S.*\n|\ *\n)+)
    """,
    re.MULTILINE | re.VERBOSE,
)
MD_BLOCK = re.compile(
    r"""
    (?:^\ *<!--\ not\ run:\ (?P<reason>(?:(?!-->)[\s\S])+?)\ -->\n+)?
    ^(?P<indent>\ *)```(?P<language>\S*)\n
    (?P<text>(?:.*\n)*?)
    (?P=indent)```$
    """,
    re.MULTILINE | re.VERBOSE,
)


@dataclasses.dataclass(frozen=True)
class Block:
    """A code block, with the line on which it begins."""

    line: int
    language: str
    text: str
    reason: str = ""

    @property
    def use(self) -> str:
        """What is done with it: ``plays``, ``tasks``, ``variables``, ``commands``, ``checked`` or ``not run``.

        Raises an error if it is malformed, or if nothing can be done with it.
        """
        if self.reason:
            return "not run"
        if self.language in ("yaml", "yaml+jinja"):
            return _use_of_yaml(yaml.safe_load(self.text))
        if self.language in ("console", "bash"):
            if not self.commands:
                raise ValueError("it has no commands")
            return "commands"
        if self.language == "json":
            json.loads(self.text)
        elif self.language == "ini":
            configparser.ConfigParser().read_string(self.text)
        elif self.language == "python":
            ast.parse(self.text)
        else:
            raise ValueError(f"a block of {self.language or 'no language'} cannot be run: say why before it")
        return "checked"

    @property
    def commands(self) -> str:
        """What a shell runs."""
        if self.language == "bash":
            return self.text
        return "".join(f"{command}\n" for command in re.findall(r"(?m)^\$ ((?:.*\\\n)*.*)$", self.text))


def find(text: str, suffix: str) -> list[Block]:
    """The blocks of a document, which is ``.rst`` or ``.md``."""
    pattern = {".rst": RST_BLOCK, ".md": MD_BLOCK}[suffix]
    return [
        Block(
            line=text.count("\n", 0, found.start("language")) + 1,
            language=found["language"],
            text=textwrap.dedent(found["text"]).strip("\n") + "\n",
            reason=" ".join((found["reason"] or "").split()),
        )
        for found in pattern.finditer(text)
    ]


def count(text: str, suffix: str) -> int:
    """How many blocks begin, whatever they hold."""
    if suffix == ".rst":
        return len(re.findall(r"(?m)^ *\.\. code-block::", text))
    return len(re.findall(r"(?m)^ *```", text)) // 2


def task_names(block: Block) -> list[str]:
    """The names of the tasks that show when the block has run. Of a block of tasks Ansible shows the tasks only."""
    found = yaml.safe_load(block.text)
    tasks = [task for play in found for task in play.get("tasks", [])] if block.use == "plays" else found
    return [task["name"] for each in tasks for task in each.get("block", [each])]


def _use_of_yaml(content: object) -> str:
    if isinstance(content, dict) and content:
        return "variables"
    if isinstance(content, list) and content and all(isinstance(one, dict) for one in content):
        plays = all({"hosts", "import_playbook", "ansible.builtin.import_playbook"} & set(one) for one in content)
        return "plays" if plays else "tasks"
    raise ValueError("it holds neither plays nor tasks nor variables: say why it is not run")
