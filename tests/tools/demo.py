# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run playbooks/demo.yml against the stand-in, and print how to run it against a real cloud."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT / "tests" / "standin"))
from launcher import StandIn  # noqa: E402

FULL = "modelarts.p1.xlarge"

ADVICE = """
That was a simulated cloud. To run it against a real one, here Open Telekom Cloud:

  export OS_AUTH_URL=https://iam.eu-de.otc.t-systems.com/v3
  export OS_USER_DOMAIN_NAME=OTC-EU-DE-000000000010000XXXXX OS_PROJECT_NAME=eu-de
  export OS_USERNAME=me; read -rs OS_PASSWORD; export OS_PASSWORD
  {ansible_playbook} playbooks/demo.yml
"""


def collections_path() -> Path:
    """Return a folder in which Ansible finds this checkout as community.modelarts, wherever it lies."""
    name = Path("ansible_collections", "community", "modelarts")
    # Ansible cannot handle a path that contains ansible_collections twice.
    if CHECKOUT.parts[-3:] == name.parts:
        return CHECKOUT.parents[2]
    path = CHECKOUT / ".cache" / "collections"
    link = path / name
    link.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        # Relative, so that it still works when the checkout is moved.
        link.symlink_to(Path(*[".."] * 4), target_is_directory=True)
    return path


def environment_for(standin: StandIn) -> dict[str, str]:
    """Return the environment in which a playbook uses this checkout and ``standin``."""
    return {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(collections_path()), **standin.login_environment()}


def main() -> int:
    """Return the exit status of ansible-playbook."""
    with StandIn() as standin:
        environment = {**environment_for(standin), "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"}
        # The smallest flavor with a GPU is full.
        standin.stock(FULL, 0)
        program = str(Path(sys.executable).with_name("ansible-playbook"))
        command = [program, "-i", "localhost,", "-e", "demo_job=true", "playbooks/demo.yml"]
        status = subprocess.run(
            command, cwd=CHECKOUT, env=environment, stdin=subprocess.DEVNULL, check=False
        ).returncode
    if status == 0:
        print(
            ADVICE.format(ansible_playbook=f"ANSIBLE_COLLECTIONS_PATH={collections_path()} .venv/bin/ansible-playbook")
        )
    return status


if __name__ == "__main__":
    sys.exit(main())
