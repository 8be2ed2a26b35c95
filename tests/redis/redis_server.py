# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts a Redis server, for the tests of what is shared between runs."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time

PASSWORD = "redis-password"


def is_here() -> bool:
    """Whether there is a server to start."""
    return shutil.which("redis-server") is not None


class RedisServer:
    """A running server on a free port, with a password and without a disk, as a context manager."""

    port: int

    def __enter__(self) -> RedisServer:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        self._folder = tempfile.TemporaryDirectory()
        settings = {"port": self.port, "bind": "127.0.0.1", "requirepass": PASSWORD, "save": ""}
        arguments = [str(part) for name, value in settings.items() for part in (f"--{name}", value)]
        self._process = subprocess.Popen(
            ["redis-server", *arguments, "--dir", self._folder.name], stdout=subprocess.DEVNULL
        )
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self._process.terminate()
        self._process.wait(20)
        self._folder.cleanup()

    def connection(self, password: str = PASSWORD) -> str:
        """What the option ``cache_connection`` takes."""
        return f"127.0.0.1:{self.port}:0:{password}"

    def _wait(self) -> None:
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
