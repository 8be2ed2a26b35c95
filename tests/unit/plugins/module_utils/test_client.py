# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The session over real sockets: what is sent, how often, and what each failure becomes."""

from __future__ import annotations

import datetime
import gzip
import http.client
import inspect
import itertools
import json
import pathlib
import re
import socket
import time
import typing as t
from email.utils import formatdate

import pytest
import requests
import trustme
import urllib3

from ansible_collections.community.modelarts.plugins.module_utils import _client
from ansible_collections.community.modelarts.plugins.module_utils._client import Client, Retry
from ansible_collections.community.modelarts.plugins.module_utils._errors import (
    ModelArtsError,
    OptionsError,
    ServiceError,
    TransportError,
)
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.asking import connect, failed, query
from ansible_collections.community.modelarts.tests.unit.wire import Saying, response, server

Options = dict[str, t.Any]

SPECS = response({"specs": []})
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
MIB = 1024**2

get_backoff_time = Retry.get_backoff_time


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Retry, "get_backoff_time", lambda self: 0.0)


def login(url: str) -> Options:
    """Return options for a server that is not the stand-in."""
    return {"endpoint": url, "project_id": "p", "token": "very-secret-token"}


def failed_with(said: bytes, kind: type[ModelArtsError] = TransportError, **more: t.Any) -> ModelArtsError:
    """Return the error over a server that sends these bytes, whatever it is asked."""
    with server(Saying(said)) as url:
        return failed(login(url), kind, **more)


# What is sent


def test_a_request_has_version_project_query_and_body() -> None:
    with server(wire := Saying(response({}))) as url:
        client = Client(connect(**{**login(url), "project_id": "a/b"}))
        client.get("test", "/jobs", {"a": 1, "none": None})
        client.send("test", "POST", "/jobs", json={"name": "ü"}, version="v2")
    head, body = (request.decode().split("\r\n\r\n") for request in wire.requests)
    assert head[0].startswith("GET /v1/a%2Fb/jobs?a=1 HTTP/1.1\r\n")
    assert body[0].startswith("POST /v2/a%2Fb/jobs HTTP/1.1\r\n")
    assert "\r\nContent-Type: application/json\r\n" in body[0]
    assert "\r\nX-Auth-Token: very-secret-token" in body[0]
    assert json.loads(body[1]) == {"name": "ü"}


def test_an_empty_response_to_a_request_that_was_accepted() -> None:
    with server(Saying(response(b"", "204 No Content"))) as url:
        received, document = Client(connect(**login(url))).send("test", "DELETE", "/jobs/1")
    assert (received.status, document) == (204, None)


def test_netrc_is_not_read(
    standin: StandIn, password_login: Options, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login other password other", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert query(password_login)["specs"]
    assert [request["auth"] for request in standin.requests()] == ["none", "token"]


# How often


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("gateway-throttled", 429),
        ("failed-500", 500),
        ("html-502", 502),
        ("unavailable", 503),
        ("gateway-timeout", 504),
    ],
)
def test_busy_services_are_retried_within_bounds(fault: str, status: int, standin: StandIn, key_login: Options) -> None:
    standin.fault(fault, times=2)
    assert query(key_login)["specs"]
    assert standin.counts()["resource-specs"] == 3
    standin.fault(fault)
    standin.reset()
    assert failed(key_login, retries=2).http_status == status
    assert standin.counts()["resource-specs"] == 3


@pytest.mark.parametrize("fault", ["failed-400", "unauthorized", "forbidden", "gateway-not-published", "failed-200"])
def test_refusals_are_not_repeated(fault: str, standin: StandIn, key_login: Options) -> None:
    standin.fault(fault)
    assert str(failed(key_login)).startswith("Cannot query job resource specifications at 127.0.0.1:")
    assert standin.counts()["resource-specs"] == 1


@pytest.mark.parametrize(
    ("status", "retries", "sent"),
    [("500 Internal Error", None, 1), ("503 Unavailable", None, 5), ("503 Unavailable", 0, 1), ("201 Created", 0, 1)],
)
def test_a_post_is_repeated_only_where_it_was_not_served(status: str, retries: int | None, sent: int) -> None:
    with server(wire := Saying(response({}, status))) as url:
        client = Client(connect(**login(url)))
        if status.startswith("2"):
            client.send("create", "POST", "/jobs", json={}, retries=retries)
        else:
            with pytest.raises(ServiceError):
                client.send("create", "POST", "/jobs", json={}, retries=retries)
    assert len(wire.requests) == sent


@pytest.mark.parametrize("lost", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", CHUNKED + b"2\r\n"])
def test_a_request_without_retries_is_sent_once_though_the_connection_breaks(lost: bytes) -> None:
    requests_received: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        # A response that leaves the connection open, so that it is used again for what must not be sent twice.
        requests_received.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        requests_received.append(connection.recv(65536))
        connection.sendall(lost)

    with server(talk) as url:
        client = Client(connect(**login(url)))
        client.get("test", "/jobs")
        with pytest.raises(TransportError, match="no connection, last of 1 attempts"):
            client.send("create", "POST", "/jobs", json={}, retries=0)
        time.sleep(0.1)
    assert [received[:4] for received in requests_received] == [b"GET ", b"POST"]


def test_a_connection_that_breaks_is_tried_again(standin: StandIn, key_login: Options) -> None:
    standin.fault("reset", times=2)
    assert query(key_login)["specs"]
    standin.fault("reset")
    assert "no connection, last of 2 attempts: " in str(failed(key_login, TransportError, retries=1))


def test_pauses_double_up_to_a_bound_and_are_jittered() -> None:
    retry = Retry(total=10**6)
    for attempt in range(30):
        retry = retry.increment("GET", "/")
        full = min(0.5 * 2.0**attempt, 10)
        assert 0.5 * full <= get_backoff_time(retry) <= full
    assert len({get_backoff_time(retry) for _each in range(20)}) > 10


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        (" 120 ", 120),
        (lambda: formatdate(time.time() + 1000, usegmt=True), 1000),
        *((value, 0) for value in ("0", "", "soon", "-5", "1.5", "Mon, 99 Nov 1999 00:00:00 GMT", "٣", "9" * 5000)),
        (lambda: formatdate(time.time() - 30, usegmt=True), 0),
    ],
    ids=range(12),
)
def test_what_retry_after_demands(value: str | t.Callable[[], str], seconds: int) -> None:
    demanded = Retry().parse_retry_after(value if isinstance(value, str) else value())
    assert demanded == pytest.approx(seconds, abs=60) if seconds == 1000 else seconds <= demanded <= seconds + 0.5


@pytest.mark.parametrize("fault", ["throttled-retry-after", "throttled-retry-date"])
def test_retry_after_is_obeyed(
    fault: str, standin: StandIn, key_login: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    standin.fault(fault, times=1)
    assert query(key_login)["specs"]
    assert len(pauses) == 1
    assert 0 < pauses[0] < 3


@pytest.mark.parametrize("retries", [4, 0])
def test_too_long_a_pause_is_named_and_not_waited_for(retries: int) -> None:
    with server(wire := Saying(response({}, "429 Busy", b"Retry-After: 86400"))) as url:
        message = str(failed(login(url), retries=retries))
    assert "demands a pause (Retry-After: 86400) longer than the maximum of 60 seconds" in message
    assert "raise retries" not in message
    assert len(wire.requests) == 1


# No complete response


def test_a_refused_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    message = str(failed(login(f"http://127.0.0.1:{port}"), TransportError, retries=2))
    assert f"127.0.0.1:{port}: no connection, last of 3 attempts: [Errno 111] Connection refused" in message


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Long: "]
)
def test_timeout_bounds_a_response_that_drips_or_never_comes(head: bytes) -> None:
    def drip(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(head)
        for _each in range(100):
            time.sleep(0.1)
            connection.sendall(b" " if head else b"")

    with server(drip) as url:
        started = time.monotonic()
        error = failed(login(url), TransportError, timeout=1)
        assert time.monotonic() - started < 5
    assert "timed out after 1 seconds. Raise timeout" in str(error)


@pytest.mark.parametrize("through_proxy", [False, True])
@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n", b" " * 65536),
        (CHUNKED + b"-1\r\n", b" " * 65536),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    ],
)
def test_a_response_without_end_is_bounded_whatever_it_says(
    head: bytes, piece: bytes, through_proxy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_client, "LARGEST_RESPONSE", MIB)
    sent = itertools.count()

    def pour(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(head)
        while next(sent) < 1000:
            connection.sendall(piece)

    with server(pour) as url:
        if through_proxy:
            monkeypatch.setenv("http_proxy", url)
        error = failed(login("http://localhost:9" if through_proxy else url), TransportError)
    assert "larger than 1 MiB, and was not read further. Check that this is the address of the service" in str(error)
    assert next(sent) < 1000


def test_a_response_that_is_too_large_once_decompressed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_client, "LARGEST_RESPONSE", MIB)
    said = response(gzip.compress(b" " * (4 * MIB)), "200 OK", b"Content-Encoding: gzip")
    with server(Saying(said)) as url:
        assert "larger than 1 MiB" in str(failed(login(url), TransportError))


@pytest.mark.parametrize("said", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"])
def test_an_incomplete_response(said: bytes) -> None:
    assert "no connection" in str(failed_with(said, retries=1))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (CHUNKED + b"-8000000000000001\r\n", "."),
        (response(b"text", "200 OK", b"Content-Encoding: gzip"), "incorrect header check."),
        (response(b"text", "200 OK", b"Content-Encoding: gzip, gzip"), "compressed more than once, and was not"),
        (response(b"text", "200 OK", b"Content-Encoding: gzip\r\nContent-Encoding: br"), "compressed more than once"),
    ],
)
def test_a_response_that_cannot_be_read(said: bytes, reason: str) -> None:
    message = str(failed_with(said))
    assert reason in message
    assert "Check that this is the address of the service" in message


def test_a_redirect_is_not_followed(standin: StandIn) -> None:
    said = response(b"", "302 Found", b"Location: %s/v1/x" % standin.url.encode())
    assert failed_with(said, ServiceError).http_status == 302
    assert standin.requests() == []


def kinds_of_errors() -> list[type[Exception]]:
    """Return each kind of exception that the libraries have, but those that only other functions of them raise."""
    modules = (requests.exceptions, urllib3.exceptions, http.client)
    found = [kind for module in modules for kind in vars(module).values() if inspect.isclass(kind)]
    return [
        *(kind for kind in found if issubclass(kind, Exception) and not issubclass(kind, Warning)),
        *(ValueError, UnicodeError, OverflowError, IndexError, KeyError, TypeError, AttributeError),
    ]


@pytest.mark.parametrize("kind", kinds_of_errors(), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_each_exception_of_a_library_is_a_failure_without_secrets(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = type(kind.__name__, (kind,), {"__str__": Exception.__str__})
    error = kind.__new__(kind)
    error.args = ("Failed to parse: http://bob:pass//wo@rd99@proxy.test and very-secret-token",)

    def fail(*arguments: t.Any, **keywords: t.Any) -> t.NoReturn:
        raise error

    monkeypatch.setattr(_client.Adapter, "send", fail)
    message = str(failed(login("https://modelarts.test"), TransportError, retries=0))
    assert message.startswith("Cannot query job resource specifications at modelarts.test: ")
    assert not any(part in message for part in ("bob", "pass", "rd99"))


# Secrets in what comes back


def test_a_secret_is_hidden_in_an_invalid_chunk_though_python_cuts_it() -> None:
    message = str(failed_with(CHUNKED + b"x" * 175 + b"very-secret-token", retries=0))
    assert "very" not in message
    assert "********" in message


def test_a_secret_in_the_catalog_is_hidden() -> None:
    entry = {"type": "modelarts", "endpoints": [{"url": "very-secret-password"}]}
    issued = response({"token": {"catalog": [entry]}}, "201 Created", b"X-Subject-Token: issued")
    with server(Saying(issued)) as url:
        user = {"auth_url": url, "user_id": "user", "password": "very-secret-password", "project_id": "p"}
        assert "not '********'" in str(failed(user, OptionsError))


def test_the_issued_token_is_hidden_where_the_service_echoes_it(password_login: Options) -> None:
    def echo(connection: socket.socket) -> None:
        head = connection.recv(65536).decode()
        token = next(line[14:] for line in head.split("\r\n") if line.lower().startswith("x-auth-token: "))
        assert len(token) > 100
        connection.sendall(response({"error_msg": f"x-auth-token:{token}"}, "403 No"))

    with server(echo) as url:
        assert failed({**password_login, "endpoint": url}).error_message == "x-auth-token:********"


# Proxies


def test_proxies_of_the_environment_are_used_and_no_proxy_obeyed(
    standin: StandIn, key_login: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(proxy := Saying(SPECS)) as url:
        monkeypatch.setenv("HTTP_PROXY", url)
        assert query(key_login)["specs"] == []
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert query(key_login)["specs"]
    (request,) = proxy.requests
    assert request.startswith(b"GET " + standin.url.encode())


@pytest.mark.parametrize("proxy", ["http://proxy.test:3128", "proxy.test:3128"])
def test_no_proxy_elsewhere_gets_a_credential_unencrypted(
    proxy: str, standin: StandIn, key_login: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    assert "name the host in NO_PROXY, or set allow_http" in str(failed(key_login, OptionsError))
    assert "no connection" in str(failed(key_login, TransportError, allow_http=True, retries=0))
    assert standin.requests() == []


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HTTPS_PROXY", "http://bob:pw@"),
        ("https_proxy", "http://[::1"),
        ("HTTPS_PROXY", "http://bob:password99@127.0.0.1:99999"),
        ("ALL_PROXY", "socks://bob:password99@127.0.0.1:9"),
    ],
)
def test_an_invalid_proxy_is_named_by_its_variable(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)
    message = str(failed(login("https://modelarts.test"), OptionsError))
    assert message == f"{variable} is not a valid address of a proxy: correct or unset it"


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_the_password_of_a_proxy_is_hidden(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with server(Saying(response({"message": "bob:password99"}, "407 Proxy Authentication Required"))) as url:
        proxy = url.replace("http:", f"{scheme}:").replace("//", "//bob:password99@")
        monkeypatch.setenv("HTTP_PROXY", proxy)
        kind = ServiceError if scheme == "http" else TransportError
        assert "password99" not in str(failed(login("http://localhost:9"), kind, retries=0))


# TLS


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[pathlib.Path, trustme.CA]:
    """Return a folder with ``ca.pem`` of this authority, and ``other.pem`` of another one."""
    folder, created = tmp_path_factory.mktemp("authority"), trustme.CA()
    created.cert_pem.write_to_path(str(folder / "ca.pem"))
    trustme.CA().cert_pem.write_to_path(str(folder / "other.pem"))
    return folder, created


PAST = {"not_after": datetime.datetime(2020, 1, 1)}


@pytest.mark.parametrize(
    ("host", "trusted", "more", "reason"),
    [
        ("127.0.0.1", "ca.pem", {}, None),
        ("127.0.0.1", False, {}, None),
        ("127.0.0.1", None, {}, "unable to get local issuer certificate"),
        ("127.0.0.1", "other.pem", {}, "certificate verify failed"),
        ("modelarts.test", "ca.pem", {}, "IP address mismatch|doesn't match"),
        ("127.0.0.1", "ca.pem", PAST, "certificate has expired"),
    ],
)
def test_certificates(
    host: str,
    trusted: t.Any,
    more: dict[str, t.Any],
    reason: str | None,
    authority: tuple[pathlib.Path, trustme.CA],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, created = authority
    own = str(folder / "own.pem")
    created.issue_cert(host, **more).private_key_and_cert_chain_pem.write_to_path(own)
    options: Options = {"ca_path": str(folder / trusted)} if trusted else {}
    if trusted is False:
        options = {"validate_certs": False}
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(folder / "other.pem"))
    with StandIn("--certificate", own, "--key", own) as standin:
        names = ("access_key", "secret_key", "project_id")
        options.update({"endpoint": standin.endpoint, "retries": 0, **{name: standin.account[name] for name in names}})
        if reason is None:
            assert query(options)["specs"]
        else:
            message = str(failed(options, TransportError))
            assert "TLS failed: " in message
            assert re.search(reason, message)
            assert "Check the address and ca_path" in message


def test_tls_to_a_server_that_does_not_speak_it(standin: StandIn) -> None:
    assert "TLS failed" in str(failed(login(standin.url.replace("http:", "https:")), TransportError))
