# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for IAM and ModelArts: the command line, and the wiring."""

from __future__ import annotations

import argparse
import json
import os
import signal
import ssl
import sys
import threading
from pathlib import Path

from access import Tokens
from account import ACCOUNT, REGION
from cloud import Cloud, Setup
from control import Control
from gateway import Throttle
from handler import Server
from iam import Iam
from modelarts import offers_of
from service_catalog import DEFAULT_MODE, MODES


def throttle(text: str) -> Throttle:
    limit, _slash, seconds = text.partition("/")
    return Throttle(int(limit), float(seconds))


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(description=__doc__)
    add = result.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    add("--port", type=int, default=0, help="port to listen on, 0 takes a free one (%(default)s)")
    add("--latency", type=float, default=0, metavar="SECONDS", help="wait before each answer")
    add("--fault", action="append", default=[], metavar="NAME[:TIMES][@OPERATION]", help="order a fault; repeatable")
    add("--throttle", type=throttle, metavar="LIMIT/SECONDS", help="so many requests of an operation in a window")
    add("--token-lifetime", type=float, default=86400, metavar="SECONDS", help="(%(default)s)")
    add("--certificate", metavar="FILE", help="serve https with this certificate")
    add("--key", metavar="FILE", help="the certificate's private key")
    add("--keystone", type=Path, metavar="FILE", help="check tokens with keystonemiddleware, configured by this file")
    add("--catalog", default=DEFAULT_MODE, metavar="MODE", help=f"{', '.join(MODES)} (%(default)s)")
    add("--no-v1", action="store_true", help="do not publish version 1 of training")
    add("--no-v2", action="store_true", help="do not publish version 2 of training")
    add("--clock-scale", type=float, default=0, metavar="SCALE", help="let the clock of training jobs run, 1 is real")
    add("--specs", type=Path, metavar="FILE", help="serve the specs of this JSON file")
    add(
        "--stop-with-stdin", action="store_true", help="stop when stdin ends, as it does with the program that holds it"
    )
    add("--verbose", action="store_true", help="log requests to stderr")
    return result


def main() -> int:
    arguments = parser()
    options = arguments.parse_args()
    tls = None
    if options.certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options.certificate, options.key)

    server = Server((options.host, options.port), tls, options.verbose)
    url = f"{'https' if tls else 'http'}://{options.host}:{server.server_port}"
    try:
        iam = Iam(url, options.token_lifetime)
        tokens = keystone_tokens(options.keystone) if options.keystone else iam
        server.cloud = Cloud(iam, tokens, setup_of(options))
    except (ImportError, OSError, ValueError) as error:
        arguments.error(str(error))
    server.control = Control(server.cloud)

    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_arguments: stopped.set())
    if options.stop_with_stdin:
        threading.Thread(target=wait_for_end_of_stdin, args=(stopped,), daemon=True).start()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    announce(url)
    stopped.wait()
    server.shutdown()
    server.server_close()
    return 0


def setup_of(options: argparse.Namespace) -> Setup:
    return Setup(
        latency=options.latency,
        throttle=options.throttle,
        faults=options.fault,
        offers=read_specs(options.specs),
        catalog=options.catalog,
        without=frozenset(version for version in ("v1", "v2") if getattr(options, f"no_{version}")),
        clock_scale=options.clock_scale,
    )


def keystone_tokens(configuration: Path) -> Tokens:
    # A missing file would be a default configuration to keystonemiddleware.
    configuration.read_bytes()
    from keystone_tokens import KeystoneTokens

    return KeystoneTokens(configuration)


def read_specs(path: Path | None) -> list[dict[str, object]] | None:
    if path is None:
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    return offers_of(content["specs"] if isinstance(content, dict) else content)


def wait_for_end_of_stdin(stopped: threading.Event) -> None:
    # Not through sys.stdin, whose lock would be in the way when Python ends.
    while os.read(0, 1024):
        pass
    stopped.set()


def announce(url: str) -> None:
    line = {
        "url": url,
        "auth_url": f"{url}/v3",
        "endpoint": url,
        "region": REGION,
        "pid": os.getpid(),
        "account": ACCOUNT,
    }
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    sys.exit(main())
