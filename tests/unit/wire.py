# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stand-in does not do: a server whose every byte a test writes itself."""

from __future__ import annotations

import contextlib
import socket
import threading
import typing as t


@contextlib.contextmanager
def server(talk: t.Callable[[socket.socket], None]) -> t.Iterator[str]:
    """A server of one's own on a free port, which does with each connection what it is told."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection = listener.accept()[0]
                    with connection, contextlib.suppress(OSError):
                        talk(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
