# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve a simulated cloud until Ctrl+C, and write its environment variables to .cache/cloud.env.

Arguments go to the stand-in: ``serve_cloud.py --fault gateway-throttled:2``.
"""

from __future__ import annotations

import contextlib
import shlex
import signal
import sys

from demo import CHECKOUT, collections_path
from launcher import StandIn  # demo adds its folder to the path.

FILE = CHECKOUT / ".cache" / "cloud.env"

ADVICE = """
A simulated cloud is running until you press Ctrl+C. In another terminal:

  source {file}
  ansible-playbook YOUR_PLAYBOOK.yml

That sets:

{exports}"""


def exports(standin: StandIn) -> str:
    """Return the shell commands that point Ansible to this checkout and to the stand-in."""
    path = f"{shlex.quote(str(collections_path()))}:${{ANSIBLE_COLLECTIONS_PATH:-$HOME/.ansible/collections}}"
    values = {name: shlex.quote(value) for name, value in standin.login_environment().items()}
    return "".join(f"export {name}={value}\n" for name, value in {"ANSIBLE_COLLECTIONS_PATH": path, **values}.items())


def main() -> int:
    """Return the exit status."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), StandIn(*sys.argv[1:]) as standin:
        text = exports(standin)
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_text(text, encoding="utf-8")
        try:
            print(ADVICE.format(file=shlex.quote(str(FILE)), exports=text), flush=True)
            while True:
                signal.pause()
        finally:
            FILE.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
