# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the fuzz tests share: how many examples, odd values, a server that answers anything, and what must hold."""

from __future__ import annotations

import base64
import contextlib
import os
import signal
import socket
import tempfile
import threading
import typing as t
from unittest import mock
from urllib.parse import quote

from ansible import constants
from ansible.errors import AnsibleError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from ansible_collections.community.modelarts.tests.unit import faces

# "make fuzz" names the profile of that name, which looks elsewhere each time. Without, the few examples are the same
# each time: no test shall fail because of what somebody else did.
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "bounded")
_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
settings.register_profile("bounded", max_examples=200, derandomize=True)
settings.register_profile("fuzz", max_examples=10_000, print_blob=True)
fuzzed = settings(settings.get_profile(PROFILE), deadline=None, database=None, suppress_health_check=_QUIET)

# Part of each secret, so that none is missed whatever stands around it, or has been cut off. Made of pieces, as
# Hypothesis tries the constants that it finds in the tests' source.
MARK = "/".join(["Very", "Secret"]) + "+"
MARKS = (MARK, quote(MARK, safe=""), base64.b64encode(MARK.encode()).decode())

# Longer than any request of these tests should take, and shorter than anybody waits.
SECONDS = 30

NUMBERS = st.integers() | st.floats() | st.sampled_from([2**31, 2**63, 10**400, -1, 1e308])
TEXTS = st.text(max_size=20) | st.sampled_from(["", "\0", "\ud800", "a\r\nb", "{{ 7 * 7 }}", "x" * 2000, "true", "1e3"])
LEAVES = st.none() | st.booleans() | NUMBERS | TEXTS
JSON: st.SearchStrategy[t.Any] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


# A line would never end there.
TLS_HANDSHAKE = b"\x16"


class Reply(t.NamedTuple):
    """What is written to the wire: status, lines of the head, and a body whose length is stated as ``length`` says."""

    body: bytes
    status: int = 200
    head: tuple[bytes, ...] = ()
    length: str = "right"

    def to_bytes(self) -> bytes:
        lengths = {
            "right": [b"Content-Length: %d" % len(self.body)],
            "missing": [],
            "too long": [b"Content-Length: %d" % (len(self.body) + 10)],
            "odd": [b"Content-Length: lots"],
            "chunked": [b"Transfer-Encoding: chunked"],
            "negative chunk": [b"Transfer-Encoding: chunked"],
        }
        lines = [b"HTTP/1.1 %03d Reason" % self.status, *self.head, *lengths[self.length], b"Connection: close"]
        size = b"-5\r\n" if self.length == "negative chunk" else b""
        return b"\r\n".join([*lines, b"", size + self.body])


class Wire:
    """A server on this machine, which gives one reply to whoever logs in, and another to all others."""

    def __init__(self, listener: socket.socket) -> None:
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.login = self.query = Reply(b"")
        self._listener = listener
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection = self._listener.accept()[0]
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                if connection.recv(1, socket.MSG_PEEK) == TLS_HANDSHAKE:
                    continue
                with connection.makefile("rb") as request:
                    first = request.readline()
                    length = 0
                    # Nothing is read where the client has left.
                    while (line := request.readline()) not in (b"\r\n", b""):
                        name, _colon, value = line.partition(b":")
                        length = int(value) if name.lower() == b"content-length" else length
                    request.read(length)
                connection.sendall((self.login if first.startswith(b"POST") else self.query).to_bytes())


@contextlib.contextmanager
def wire() -> t.Iterator[Wire]:
    """A server, and no other host: no name but that of this machine is looked up while it serves."""
    look_up = socket.getaddrinfo

    def only_here(host: t.Any, *more: t.Any, **options: t.Any) -> t.Any:
        if host not in ("127.0.0.1", b"127.0.0.1"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, *more, **options)

    with socket.create_server(("127.0.0.1", 0)) as listener, mock.patch("socket.getaddrinfo", only_here):
        try:
            yield Wire(listener)
        finally:
            listener.shutdown(socket.SHUT_RDWR)


class Hung(BaseException):
    """It took far too long. No Exception, as the code under test may catch those."""


@contextlib.contextmanager
def bounded_in_time() -> t.Iterator[None]:
    def give_up(*_signal: t.Any) -> t.NoReturn:
        raise Hung

    previous = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(SECONDS)
    try:
        yield
    except Hung:
        raise AssertionError(f"no end within {SECONDS} seconds") from None
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


@contextlib.contextmanager
def own_run() -> t.Iterator[None]:
    """A run of its own for a lookup, in which no passcode was sent and nothing was refused yet."""
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(constants, "DEFAULT_LOCAL_TMP", folder):
        yield


def check(options: dict[str, t.Any]) -> dict[str, t.Any]:
    """Ask by module and lookup; both give specs, or a failure of the documented kind. Gives the module's result.

    Raises NotParsed for options over which Ansible breaks down in the module; the lookup fails even then as it should.
    """
    result: dict[str, t.Any] | None = None
    message = None
    with bounded_in_time():
        with contextlib.suppress(faces.NotParsed):
            result = faces.module(**options)
        try:
            with own_run():
                specs = faces.lookup(**options, cache=False)
        except AnsibleError as error:
            message = str(error)
    # What a service lists is handed on as it is, and so are its names where none of it matches.
    listed = (result is not None and "specs" in result) or "candidates" in (result or {})
    assert listed or not has_secret(f"{message} {result}")
    if result is None:
        raise faces.NotParsed
    assert bool(result.get("failed")) == (message is not None), (result, message)
    if message is None:
        # Ansible hides in a module's result what is in its secret options as well.
        assert specs == result.get("candidates", result["specs"]) or has_secret(str(specs))
    else:
        assert result["msg"]
        assert "Traceback" not in f"{message} {result}"
    return result


def has_secret(text: str) -> bool:
    return any(form in text for form in MARKS)
