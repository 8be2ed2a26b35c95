# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run ansible-test from any checkout: ``python ansible_test.py CORE {units,integration,sanity} [ARGUMENT ...]``.

ansible-test insists on a tree below ``ansible_collections/community/modelarts``. So what git tracks and does not
ignore is copied to such a place in a temporary folder. That folder must lie outside the repository: inside it,
ansible-test sees only ignored files, skips everything and reports success.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from machine import CACHE, CORES, ROOT, environment, search_path

# The names under which ansible-test looks for a get-pip script before it downloads one: see offline/README.md.
PIP_VERSIONS = ("23_1_2", "24_2", "25_2")

THIS_PYTHON = "{}.{}".format(*sys.version_info)
OPTIONS = {
    "units": ["--python", THIS_PYTHON],
    "integration": ["--python", THIS_PYTHON],
    "sanity": ["--allow-disabled"],  # On all Pythons that are found.
}
# ansible-test exits with 0 as well when it found nothing to do. Each run has to show that it did something.
PROOF = {
    "units": re.compile(r"\b[1-9]\d* passed\b"),
    "integration": re.compile(r"Running .+ integration test role"),
    "sanity": re.compile(r"Running sanity test "),
}
NOTHING_DONE = "All targets skipped"
# All playbooks in the output are the tests' own, so they or the collection cause each of these. There is no list of
# exceptions: awx.awx, which warns on purpose, runs in child processes only. Tests capture the output of child processes
# (ansible-playbook in pytest), so a deprecation warning in there is not seen here.
DEPRECATION = "[DEPRECATION WARNING]"


def copy_tree(target: Path) -> None:
    """Copy what git tracks or would add, in the state of the working tree."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in sorted(set(listed.split("\0")) - {""}):
        source = ROOT / name
        if source.is_symlink() or source.is_file():  # A file that was deleted but not yet committed is still listed.
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name, follow_symlinks=False)


def make_home(core: str) -> Path:
    """Make a HOME for one ansible-core version: its sanity environments stay there, so that the next run is quick."""
    home = CACHE / "ansible-test" / core
    stubs = home / ".ansible/test/cache"
    stubs.mkdir(parents=True, exist_ok=True)
    for version in PIP_VERSIONS:
        shutil.copyfile(Path(__file__).with_name("offline") / "get_pip.py", stubs / f"get_pip_{version}.py")
    for shared in (".config", ".cache"):
        if not (home / shared).is_symlink():
            (home / shared).symlink_to(CACHE / "home" / shared)
    return home


def write_variables(tree: Path) -> None:
    """Tell integration tests what make has set up for them: ansible-test makes variables of what this file holds."""
    made = {
        "awx_python": CACHE / "awx" / "bin/python",
        "keystone_python": CACHE / "keystone" / "bin/python",
        "other_collections": CACHE / "other",
    }
    variables = {
        name: str(path) for name, path in made.items() if (CACHE / path.relative_to(CACHE).parts[0] / ".ready").exists()
    }
    if os.environ.get("CI"):
        variables["ci"] = "true"  # ansible-test hands no variable of the environment on
    if variables:
        (tree / "tests/integration/integration_config.yml").write_text(json.dumps(variables), encoding="utf-8")


def run(command: list[str], tree: Path, env: dict[str, str], newest: bool) -> bool:
    """Run ansible-test and pass its output on. Return whether it succeeded and ran a test.

    In integration tests on the newest ansible-core, a deprecation warning is a failure, too.
    """
    print("+", *command, flush=True)
    proven, task, deprecated = False, "", []
    process = subprocess.Popen(command, cwd=tree, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        proven = proven or bool(PROOF[command[1]].search(line))
        if NOTHING_DONE in line:
            proven = False
            break
        if line.startswith("TASK ["):
            task = line.rstrip("\n *")
        if newest and command[1] == "integration" and DEPRECATION in line:
            deprecated.append(f"{task}: {line.partition(DEPRECATION)[2].strip(': ').rstrip()}")
    status = process.wait()
    if status == 0 and not proven:
        print(f"FAILED: ansible-test {command[1]} ran no test", flush=True)
    for warning in dict.fromkeys(deprecated):
        print(f"FAILED: deprecation warning in {warning}", flush=True)
    return status == 0 and proven and not deprecated


def main() -> int:
    """Run one kind of test."""
    core, kind, *arguments = sys.argv[1:]
    env = {**os.environ, **environment(), "HOME": str(make_home(core)), "PATH": search_path()}
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env["PATH"]])
    with tempfile.TemporaryDirectory(prefix="modelarts-") as folder:
        if Path(folder).resolve().is_relative_to(ROOT):
            sys.exit(f"{folder} lies inside the repository: set TMPDIR to a folder outside it")
        tree = Path(folder).resolve() / "ansible_collections/community/modelarts"
        copy_tree(tree)
        write_variables(tree)
        if ignore_files := list(tree.glob("tests/sanity/ignore*")):
            sys.exit(f"Sanity tests hold without exceptions: remove {', '.join(path.name for path in ignore_files)}")
        newest = core == list(CORES)[-1]
        return 0 if run(["ansible-test", kind, *OPTIONS[kind], *arguments], tree, env, newest) else 1


if __name__ == "__main__":
    sys.exit(main())
