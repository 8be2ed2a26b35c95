# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the plays of this folder amid what can go wrong in a network: ``python run.py COLLECTION [FAULT ...]``.

Without FAULT all of the table. Everything listens on free ports of this machine, and is stopped at the end. Exits with
0 if all plays succeeded, and none of them told a secret.
"""

from __future__ import annotations

import contextlib
import datetime
import http.client
import resource
import select
import socket
import sys
import tempfile
import threading
import typing as t
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import trustme
import yaml

FOLDER = Path(__file__).resolve().parent
COLLECTION = Path(sys.argv[1]).resolve()
TABLE = COLLECTION / "tests" / "data" / "faults.yml"

sys.path[:0] = [str(COLLECTION / "tests" / "standin"), str(COLLECTION / "tests" / "secrecy")]
from launcher import StandIn  # noqa: E402
from watched import ISSUED_TOKEN, WatchedRun  # noqa: E402

# No process of a play may hold an answer of 2 GiB, nor half of one.
MOST_MEMORY = 1024**3

PROJECT_TOKEN = "some/project+token="

LAST_TASK_OF_FAILURES = "TASK [Ask what arrived]"


class Proxy(ThreadingHTTPServer):
    """A proxy that remembers what it was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Forwarder)
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Forwarder(BaseHTTPRequestHandler):
    server: Proxy

    def do_GET(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        address = urlsplit(self.path)
        with contextlib.closing(http.client.HTTPConnection(address.netloc)) as upstream:
            upstream.request("GET", address._replace(scheme="", netloc="").geturl(), headers=dict(self.headers))
            answer = upstream.getresponse()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.read())

    def do_CONNECT(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        host, _colon, port = self.path.partition(":")
        with socket.create_connection((host, int(port))) as upstream:
            self.send_response(200)
            self.end_headers()
            other = {self.connection: upstream, upstream: self.connection}
            while True:
                for source in select.select(list(other), [], [])[0]:
                    data = source.recv(65536)
                    if not data:
                        return
                    other[source].sendall(data)

    def log_message(self, format: str, *args: t.Any) -> None:
        """What was asked is in ``asked``."""


@contextlib.contextmanager
def proxy() -> t.Iterator[Proxy]:
    with Proxy() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@contextlib.contextmanager
def unanswered() -> t.Iterator[str]:
    """The address of a listener that takes no more connections: who connects to it waits."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _connection in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def make_certificates(folder: Path) -> dict[str, tuple[str, str]]:
    """Certificates and keys for the servers of TLS; ``authority.pem`` has that of the authority that made most."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    made = {
        "tls_trusted": authority.issue_cert("127.0.0.1"),
        "tls_other_host": authority.issue_cert("modelarts.test"),
        "tls_expired": authority.issue_cert("127.0.0.1", not_after=datetime.datetime(2020, 1, 1)),
    }
    paths = {}
    for name, certificate in made.items():
        certificate.private_key_and_cert_chain_pem.write_to_path(str(folder / f"{name}.pem"))
        paths[name] = (str(folder / f"{name}.pem"), str(folder / f"{name}.pem"))
    # An authority's own certificate is signed by itself.
    other = trustme.CA()
    other.cert_pem.write_to_path(str(folder / "self_signed.pem"))
    other.private_key_pem.write_to_path(str(folder / "self_signed.key"))
    paths["tls_self_signed"] = (str(folder / "self_signed.pem"), str(folder / "self_signed.key"))
    trustme.CA().cert_pem.write_to_path(str(folder / "other_authority.pem"))
    return paths


def play(folder: Path, name: str, inventory: t.Sequence[str], variables: dict[str, t.Any], **environment: str) -> None:
    """Run a play, and search all that it says for secrets.

    Exits if it failed, with what it said of that: failures that are expected make most of its output.
    """
    run = WatchedRun(folder, limit=lambda: resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY)))
    run.environment |= {"ANSIBLE_PIPELINING": "true", **environment}
    status = run(FOLDER / name, ",".join([*inventory, ""]), variables)
    account = variables["account"]
    shown = run.shown([ISSUED_TOKEN, PROJECT_TOKEN, account["password"], account["secret_key"]])
    if shown:
        sys.exit("\n".join(["Secrets are shown", *shown]))
    if status:
        sys.exit(run.output.partition(LAST_TASK_OF_FAILURES)[2] or run.output)


def main() -> None:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="modelarts-faults-")))
        standin = stack.enter_context(StandIn())
        with_tls = {
            name: stack.enter_context(StandIn("--certificate", certificate, "--key", key))
            for name, (certificate, key) in make_certificates(folder).items()
        }
        variables: dict[str, t.Any] = {
            "table": str(TABLE),
            "account": standin.account,
            "project_token": PROJECT_TOKEN,
            "authority": str(folder / "authority.pem"),
            "other_authority": str(folder / "other_authority.pem"),
            "ansible_python_interpreter": sys.executable,
            "servers": {
                "standin": standin.url,
                "unanswered": stack.enter_context(unanswered()),
                "tls_not_spoken": standin.url.replace("http:", "https:"),
                **{name: server.url for name, server in with_tls.items()},
            },
        }
        names = [fault["name"] for fault in yaml.safe_load(TABLE.read_text(encoding="utf-8"))["faults"]]
        play(folder / "faults", "faults.yml", sys.argv[2:] or names, variables)

        forwarding = stack.enter_context(proxy())
        for number, (url, line) in enumerate(
            (
                (standin.url, f"GET {standin.url}/v1/{standin.account['project_id']}/job/resource-specs"),
                (with_tls["tls_trusted"].url, f"CONNECT {urlsplit(with_tls['tls_trusted'].url).netloc}"),
            )
        ):
            forwarding.asked.clear()
            through = {"http_proxy": forwarding.url, "https_proxy": forwarding.url}
            asking = {**variables, "endpoint": url}
            play(folder / f"proxy{number}", "proxy.yml", ["localhost"], asking, **through)
            # The module, and the lookup.
            assert forwarding.asked == [line, line], forwarding.asked
            play(folder / f"no_proxy{number}", "proxy.yml", ["localhost"], asking, **through, no_proxy="127.0.0.1")
            assert forwarding.asked == [line, line], forwarding.asked


if __name__ == "__main__":
    main()
