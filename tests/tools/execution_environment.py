# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the execution environment with this checkout in it, and run the demo inside.

Environment variables, all optional: EE_BASE_IMAGE replaces the base image of the definition; EE_ENGINE is podman or
docker; EE_IMAGE is the name of the image; EE_BUILD_ARGS and EE_RUN_ARGS are additional arguments for the engine.
"""

from __future__ import annotations

import json
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import ansible_runner
import yaml
from tarball import build

from machine import ROOT

sys.path.insert(0, str(ROOT / "tests/standin"))
from launcher import StandIn

DEFINITION = ROOT / "extensions/awx/execution-environment.yml"


def build_image(name: str, engine: str, folder: Path) -> None:
    """Build the image from the definition for users, but with the collection from this checkout."""
    tarball = build(folder)
    definition = yaml.safe_load(DEFINITION.read_text(encoding="utf-8"))
    definition["dependencies"]["galaxy"]["collections"] = [{"name": f"collections/{tarball.name}", "type": "file"}]
    definition["additional_build_files"] = [{"src": str(tarball), "dest": "collections"}]
    path = folder / "execution-environment.yml"
    path.write_text(yaml.safe_dump(definition), encoding="utf-8")

    command = ["ansible-builder", "build", "--verbosity=3", f"--tag={name}", f"--container-runtime={engine}"]
    command += [f"--file={path}", f"--context={folder / 'context'}"]
    command += ["--build-arg=ANSIBLE_GALAXY_CLI_COLLECTION_OPTS=--offline"]
    if base_image := os.environ.get("EE_BASE_IMAGE"):
        command += [f"--build-arg=EE_BASE_IMAGE={base_image}"]
    if arguments := os.environ.get("EE_BUILD_ARGS"):
        command += [f"--extra-build-cli-args={arguments}"]
    subprocess.run(command, check=True)


def run_demo(image: str, engine: str, folder: Path) -> bool:
    """Run the demo in the image, as AWX runs a job; return whether it queried the stand-in and succeeded."""
    for name in ("env", "project"):
        (folder / name).mkdir(parents=True)
    (folder / "project/demo.yml").write_text("- import_playbook: community.modelarts.demo\n", encoding="utf-8")
    # The stand-in is on the loopback interface of this machine.
    options = ["--network=host", *shlex.split(os.environ.get("EE_RUN_ARGS", ""))]
    if engine == "podman":
        # The user who runs podman is root inside, and can write to the folder.
        options.append("--user=root")
    with StandIn() as standin:
        (folder / "env/envvars").write_text(json.dumps(standin.login_environment()), encoding="utf-8")
        runner = ansible_runner.run(
            private_data_dir=str(folder),
            playbook="demo.yml",
            process_isolation=True,
            process_isolation_executable=engine,
            container_image=image,
            container_options=options,
        )
        counts = standin.counts()
    print(f"{image}: the demo is {runner.status}, the stand-in counted {counts}")
    return runner.status == "successful" and sum(counts.values()) > 0


def main() -> int:
    """Build and run."""
    engines = [os.environ["EE_ENGINE"]] if os.environ.get("EE_ENGINE") else ["podman", "docker"]
    engine = next(filter(shutil.which, engines), None)
    if engine is None:
        sys.exit(f"Not found: {' or '.join(engines)}")
    # The engine stores images and logins below the user's own HOME.
    os.environ["HOME"] = pwd.getpwuid(os.getuid()).pw_dir
    image = os.environ.get("EE_IMAGE") or "localhost/modelarts-ee:test"
    with tempfile.TemporaryDirectory(prefix="modelarts-ee-") as folder:
        build_image(image, engine, Path(folder))
        return 0 if run_demo(image, engine, Path(folder, "private")) else 1


if __name__ == "__main__":
    sys.exit(main())
