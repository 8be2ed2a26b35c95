# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What this machine offers: interpreters, the ansible-core versions they can run, and a HOME for the tools.

Only the standard library: this runs before anything is installed. ``make`` reads its output, noxfile.py imports it.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"

# Supported ansible-core versions, oldest first, each with the controller Pythons it runs on, the preferred one first.
CORES = {
    "2.16": ("3.10", "3.11", "3.12"),
    "2.17": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.13", "3.12", "3.14"),
}
# Every Python that the collection supports on a controller or a target.
PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")

# What ansible-rulebook asks for.
OLDEST_JAVA = 17


def _works(interpreter: Path, version: str) -> bool:
    """Tell whether this is the named version and can make virtual environments (pyenv's shims and Debian may not)."""
    code = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([interpreter, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == version


@cache
def interpreters() -> dict[str, Path]:
    """Find one working interpreter for each Python version: pyenv's own first, then PATH."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path(pwd.getpwuid(os.getuid()).pw_dir, ".pyenv"))
    folders = sorted(pyenv.glob("versions/3.*/bin"), reverse=True)
    folders += [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    found = {}
    for version in PYTHONS:
        candidates = (folder / f"python{version}" for folder in folders)
        for candidate in candidates:
            if candidate.is_file() and _works(candidate, version):
                found[version] = candidate
                break
    return found


def python_for(core: str) -> str | None:
    """Name the Python version on which an ansible-core version is tested here, if there is one."""
    return next((python for python in CORES[core] if python in interpreters()), None)


def cores() -> list[str]:
    """List the ansible-core versions that can run here, oldest first."""
    return [core for core in CORES if python_for(core)]


def browser() -> tuple[str, str] | None:
    """Find a Chromium and the program that drives it, if both are here."""
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next((path for path in map(shutil.which, names) if path), None)
    driver = shutil.which("chromedriver")
    return (chromium, driver) if chromium and driver else None


def java() -> int | None:
    """Find out which version of Java is here, None if it is older than ansible-rulebook takes."""
    try:
        done = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False, timeout=60)
    except OSError:
        return None
    found = re.search(r'version "(\d+)', done.stdout + done.stderr)
    return int(found[1]) if found and int(found[1]) >= OLDEST_JAVA else None


def search_path() -> str:
    """Give PATH with the real interpreters first: tools look for python3.X there, and pyenv's shims would fail."""
    folders = [str(interpreter.parent) for interpreter in interpreters().values()]
    rest = [folder for folder in os.environ.get("PATH", "").split(os.pathsep) if folder not in folders]
    return os.pathsep.join([*folders, *rest])


def private_home() -> Path:
    """Create a HOME inside the checkout, so that no tool writes to the user's own."""
    from offline import pip_settings  # A unit test imports this file as part of the collection, and calls nothing.

    home = CACHE / "home"
    if Path.home() != home:
        pip_settings.write(home)
    return home


def environment() -> dict[str, str]:
    """Give the variables under which all tools run."""
    return {
        "HOME": str(private_home()),
        # An address, since pip splits this variable at spaces.
        "PIP_CONSTRAINT": (ROOT / "tests/constraints.txt").as_uri(),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def main() -> int:
    """Print make variables: the environment, and which ansible-core versions run on which interpreter."""
    if len(str(ROOT).split()) > 1:
        sys.stderr.write(f"No spaces, please: ansible-test cannot run its tools from {ROOT}\n")
        return 1
    available = cores()
    if not available:
        wanted = ", ".join(sorted({python for pythons in CORES.values() for python in pythons}))
        sys.stderr.write(f"No usable Python found, one of {wanted} with venv and ensurepip is needed.\n")
        return 1
    skipped = [f"{core} (no Python {' or '.join(CORES[core])})" for core in CORES if core not in available]
    newest = available[-1]
    variables = {f"export {name}": value for name, value in environment().items()}
    variables["CORES"] = " ".join(available)
    variables["CORES_SKIPPED"] = ", ".join(skipped)
    variables["OLDEST"] = available[0]
    variables["NEWEST"] = newest
    variables["NEWEST_PYTHON"] = str(interpreters()[str(python_for(newest))])
    for name, value in variables.items():
        escaped = value.replace("$", "$$").replace("#", r"\#")
        print(f"{name} := {escaped}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
