# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The session over real sockets: what is sent, how often, and what each failure becomes."""

from __future__ import annotations

import datetime
import json
import socket
import time
import typing as t

import pytest
import trustme

from ansible_collections.community.modelarts.plugins.module_utils import client as client_module
from ansible_collections.community.modelarts.plugins.module_utils import resource_specs, retry
from ansible_collections.community.modelarts.plugins.module_utils.client import Client
from ansible_collections.community.modelarts.plugins.module_utils.errors import (
    AnswerError,
    OptionsError,
    TransportError,
)
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.asking import DEFAULTS, failed, query
from ansible_collections.community.modelarts.tests.unit.conftest import sample
from ansible_collections.community.modelarts.tests.unit.wire import server


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "FIRST_PAUSE", 0.01)


def test_password_login_finds_project_and_endpoint(standin: StandIn, password_login: dict[str, t.Any]) -> None:
    result = query(password_login, job_type="train")
    assert sample("rs_doc_two_specs_cpu_v100")["specs"][0] in result["specs"]
    assert result["spec_total_count"] == len(result["specs"])
    login, asked = standin.requests()
    assert (login["method"], login["path"]) == ("POST", "/v3/auth/tokens")
    assert asked["path"] == f"/v1/{standin.account['project_id']}/job/resource-specs"
    assert asked["auth"] == "token"


def test_password_login_by_ids(standin: StandIn, password_login: dict[str, t.Any]) -> None:
    by_ids = {name: standin.account[name] for name in ("user_id", "user_domain_id", "project_id", "password")}
    assert query({"auth_url": standin.auth_url, **by_ids}) == query(password_login)


def test_token_login(standin: StandIn, password_login: dict[str, t.Any]) -> None:
    login = Client({**DEFAULTS, **password_login}).access()
    token = login.token
    by_token = {"token": token, "project_id": login.project_id, "endpoint": standin.endpoint}
    assert query(by_token) == query(password_login)


def test_signed_requests_ask_iam_nothing(standin: StandIn, key_login: dict[str, t.Any]) -> None:
    query(key_login, job_type="inference", engine_id=4, project_type=0)
    assert standin.counts() == {"tokens": 0, "projects": 0, "resource-specs": 1}
    assert standin.requests()[0]["auth"] == "signature"


def test_each_parameter_is_sent_only_when_given(standin: StandIn, key_login: dict[str, t.Any]) -> None:
    query(key_login)
    query(key_login, job_type="train", engine_id=0, project_type=2)
    assert [request["query"] for request in standin.requests()] == [
        {},
        {"job_type": "train", "engine_id": "0", "project_type": "2"},
    ]


def test_the_service_filters(key_login: dict[str, t.Any]) -> None:
    train, inference = (query(key_login, job_type=job_type)["specs"] for job_type in ("train", "inference"))
    assert train != inference


def test_specs_pass_through_untouched(standin: StandIn, key_login: dict[str, t.Any]) -> None:
    specs = [{"spec_id": "7", "core": 8, "npu_info": None, "new": {"a": [1.5]}}, {}]
    standin.specs(specs)
    assert query(key_login)["specs"] == specs


def test_no_specs_are_a_success(standin: StandIn, key_login: dict[str, t.Any]) -> None:
    standin.fault("empty-specs")
    assert query(key_login) == {"specs": [], "spec_total_count": 0}


@pytest.mark.parametrize(("stated", "told"), [(40, 40), (0, 0), (None, 1), (True, 1), ("40", 1)])
def test_the_count_is_the_one_that_the_service_states(stated: t.Any, told: int, key_login: dict[str, t.Any]) -> None:
    body = json.dumps({"specs": [{}], "is_success": True, "spec_total_count": stated}).encode()

    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    with server(answer) as url:
        assert query({**key_login, "endpoint": url}) == {"specs": [{}], "spec_total_count": told}


@pytest.mark.parametrize(
    ("fault", "status", "code", "message"),
    [
        ("failed-200", 200, "ModelArts.0105", "Error string"),
        ("failed-400", 400, "ModelArts.0105", "Error string"),
        ("failed-500", 500, "ModelArts.0105", "Error string"),
        ("failed-error-msg", None, "ModelArts.0105", "Error string"),
        ("gateway-not-published", 404, "APIGW.0101", "has not been published"),
        ("gateway-no-such-key", 401, "APIGW.0301", "not exist"),
        ("iam-401", 401, None, "username or password is wrong"),
        ("unauthorized", 401, "ModelArts.", "oken"),
        ("forbidden", 403, "ModelArts.", ""),
    ],
)
def test_what_the_service_refuses_is_told_and_not_repeated(
    fault: str, status: int | None, code: str | None, message: str, standin: StandIn, key_login: dict[str, t.Any]
) -> None:
    standin.fault(fault)
    error = failed(key_login)
    assert status in (None, error.http_status)
    assert code is None or (error.error_code or "").startswith(code)
    assert message in (error.error_message or "")
    assert "Cannot query job resource specifications at 127.0.0.1" in str(error)
    assert error.request_id
    assert standin.counts()["resource-specs"] == 1


@pytest.mark.parametrize("fault", ["not-json", "json-list", "no-specs", "specs-not-list", "spec-not-object", "empty"])
def test_what_is_not_documented_is_told_as_such(fault: str, standin: StandIn, key_login: dict[str, t.Any]) -> None:
    standin.fault(fault)
    error = failed(key_login, AnswerError)
    assert "the answer is not what the API documents" in str(error)
    assert error.http_status == 200
    assert standin.counts()["resource-specs"] == 1


@pytest.mark.parametrize(
    ("fault", "status"),
    [("gateway-throttled", 429), ("html-502", 502), ("unavailable", 503), ("gateway-timeout", 504)],
)
def test_busy_services_are_asked_again_within_bounds(
    fault: str, status: int, standin: StandIn, key_login: dict[str, t.Any]
) -> None:
    standin.fault(fault, times=2)
    assert query(key_login)["specs"]
    assert standin.counts()["resource-specs"] == 3
    standin.fault(fault)
    standin.reset()
    assert failed(key_login, retries=2).http_status == status
    assert standin.counts()["resource-specs"] == 3


def test_no_retries_means_one_request(standin: StandIn, key_login: dict[str, t.Any]) -> None:
    standin.fault("unavailable")
    failed(key_login, retries=0)
    assert standin.counts()["resource-specs"] == 1


@pytest.mark.parametrize("fault", ["throttled-retry-after", "throttled-retry-date"])
def test_retry_after_is_obeyed(fault: str, standin: StandIn, key_login: dict[str, t.Any]) -> None:
    standin.fault(fault, times=1)
    started = time.monotonic()
    assert query(key_login)["specs"]
    # an HTTP date has whole seconds, so "one second ahead" can be a little less than that
    assert time.monotonic() - started > (0.9 if fault == "throttled-retry-after" else 0.01)


def test_who_asks_for_too_long_a_wait_is_not_asked_again(standin: StandIn, key_login: dict[str, t.Any]) -> None:
    standin.fault("throttled-retry-long")
    assert failed(key_login).http_status == 429
    assert standin.counts()["resource-specs"] == 1


def test_a_wrong_password_is_sent_once(standin: StandIn, password_login: dict[str, t.Any]) -> None:
    error = failed({**password_login, "password": "wrong-" + password_login["password"]})
    assert error.http_status == 401
    assert "Cannot log in at 127.0.0.1" in str(error)
    assert standin.counts() == {"tokens": 1, "projects": 0, "resource-specs": 0}


def test_a_wrong_secret_key_is_used_once_and_not_echoed(standin: StandIn, key_login: dict[str, t.Any]) -> None:
    error = failed({**key_login, "secret_key": "wrong-secret-key"})
    assert (error.http_status, error.error_code) == (401, "APIGW.0301")
    assert "clock" in str(error)
    assert standin.counts()["resource-specs"] == 1


def test_a_token_of_another_project_is_explained(standin: StandIn, password_login: dict[str, t.Any]) -> None:
    token = Client({**DEFAULTS, **password_login}).access().token
    other = {"token": token, "endpoint": standin.endpoint, "project_id": standin.account["other_project_id"]}
    error = failed(other)
    assert error.error_code == "ModelArts.0210"
    assert "project_id is not the project of the token" in str(error)


def test_an_unknown_token_is_sent_once(standin: StandIn, key_login: dict[str, t.Any]) -> None:
    login = {"token": "unknown-token", "endpoint": standin.endpoint, "project_id": key_login["project_id"]}
    error = failed(login)
    assert error.http_status == 401
    assert "get a new one" in str(error)
    assert standin.counts()["resource-specs"] == 1


def test_iam_without_a_token_in_its_answer(standin: StandIn, password_login: dict[str, t.Any]) -> None:
    standin.fault("no-subject-token", operation="tokens")
    assert "X-Subject-Token is missing" in str(failed(password_login, AnswerError))


def test_a_secret_is_hidden_in_what_is_no_chunk_though_python_cuts_that(standin: StandIn) -> None:
    def echo(connection: socket.socket) -> None:
        connection.recv(65536)
        line = b"x" * 175 + b"very-secret-token"
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + line)

    with server(echo) as url:
        login = {"endpoint": url, "project_id": "p", "token": "very-secret-token"}
        error = failed(login, TransportError, retries=0)
    assert "very" not in str(error)
    assert "********" in str(error)


def test_a_chunk_of_a_size_that_no_memory_can_have() -> None:
    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        connection.sendall(head + b"-8000000000000001\r\n")

    with server(answer) as url:
        error = failed({"endpoint": url, "project_id": "p", "token": "some-token"}, TransportError)
    assert "Check that this is the address of the service" in str(error)


def test_a_secret_in_the_catalog_is_hidden() -> None:
    def issue(connection: socket.socket) -> None:
        connection.recv(65536)
        entry = {"type": "modelarts", "endpoints": [{"url": "very-secret-password"}]}
        body = json.dumps({"token": {"catalog": [entry]}}).encode()
        head = (
            b"HTTP/1.1 201 Created\r\nX-Subject-Token: issued-token\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
        )
        connection.sendall(head % len(body) + body)

    with server(issue) as url:
        login = {"auth_url": url, "user_id": "user", "password": "very-secret-password", "project_id": "p"}
        error = failed(login, OptionsError)
    assert "not '********'" in str(error)


def test_a_secret_that_the_service_echoes_is_hidden(standin: StandIn) -> None:
    def echo(connection: socket.socket) -> None:
        connection.recv(65536)
        body = b'{"error_code": "APIGW.0301", "error_msg": "canonical request: x-auth-token:very-secret-token"}'
        connection.sendall(b"HTTP/1.1 401 No\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    with server(echo) as url:
        error = failed({"token": "very-secret-token", "project_id": "p", "endpoint": url})
    assert error.error_message == "canonical request: x-auth-token:********"


def test_the_token_that_iam_gave_is_hidden_too(standin: StandIn, password_login: dict[str, t.Any]) -> None:
    tokens: list[str] = []

    def echo(connection: socket.socket) -> None:
        head = connection.recv(65536).decode()
        tokens.append(head.lower().partition("x-auth-token: ")[2].partition("\r\n")[0])
        token = head[head.lower().index(tokens[-1]) :][: len(tokens[-1])]
        body = json.dumps({"error_code": "APIGW.0301", "error_msg": f"x-auth-token:{token}"}).encode()
        connection.sendall(b"HTTP/1.1 401 No\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    with server(echo) as url:
        error = failed({**password_login, "endpoint": url})
    assert len(tokens[0]) > 100
    assert error.error_message == "x-auth-token:********"


@pytest.mark.parametrize("project", [None, "text", {"id": 5}, {"id": ["x"]}, {}])
def test_a_token_whose_project_is_not_told(project: t.Any, password_login: dict[str, t.Any]) -> None:
    body = json.dumps({"token": {"project": project, "catalog": None}}).encode()

    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        head = b"HTTP/1.1 201 Created\r\nX-Subject-Token: token\r\nContent-Length: %d\r\n\r\n" % len(body)
        connection.sendall(head + body)

    with server(answer) as url:
        error = failed({**password_login, "auth_url": url, "endpoint": url}, OptionsError)
    assert "not scoped to a project" in str(error)


def test_one_login_serves_many_queries(standin: StandIn, password_login: dict[str, t.Any]) -> None:
    session = Client({**DEFAULTS, **password_login})
    for job_type in ("train", "inference", "train"):
        resource_specs.query(session, {"job_type": job_type})
    assert standin.counts() == {"tokens": 1, "projects": 0, "resource-specs": 3}


def test_netrc_is_not_consulted(
    standin: StandIn, password_login: dict[str, t.Any], tmp_path: t.Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login other password other", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    assert query(password_login)["specs"]
    assert [request["auth"] for request in standin.requests()] == ["none", "token"]


def test_refused(key_login: dict[str, t.Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = failed({**key_login, "endpoint": f"http://127.0.0.1:{port}"}, TransportError, retries=2)
    assert f"127.0.0.1:{port}: no connection, last of 3 attempts: [Errno 111] Connection refused" in str(error)


def test_reset_is_tried_again(standin: StandIn, key_login: dict[str, t.Any]) -> None:
    standin.fault("reset", times=2)
    assert query(key_login)["specs"]
    standin.fault("reset")
    assert "no connection, last of 2 attempts" in str(failed(key_login, TransportError, retries=1))


def test_a_name_that_does_not_resolve(key_login: dict[str, t.Any]) -> None:
    error = failed({**key_login, "endpoint": "https://modelarts.invalid"}, TransportError, retries=0)
    assert "Cannot query job resource specifications at modelarts.invalid: no connection" in str(error)


def test_timeout_bounds_an_answer_that_never_comes(standin: StandIn, key_login: dict[str, t.Any]) -> None:
    standin.fault("hang")
    started = time.monotonic()
    error = failed(key_login, TransportError, timeout=1)
    assert "no whole answer within 1 seconds" in str(error)
    assert time.monotonic() - started < 5
    assert standin.counts()["resource-specs"] <= 1


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Long: "])
def test_timeout_bounds_an_answer_that_drips(head: bytes, key_login: dict[str, t.Any]) -> None:
    def drip(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(head)
        for _dummy in range(100):
            time.sleep(0.1)
            connection.sendall(b" ")

    with server(drip) as url:
        started = time.monotonic()
        error = failed({**key_login, "endpoint": url}, TransportError, timeout=1)
        assert time.monotonic() - started < 5
    assert "no whole answer within 1 seconds" in str(error)


def test_an_answer_without_end_is_bounded(key_login: dict[str, t.Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "LARGEST_ANSWER", 3 * 1024**2)

    def pour(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n")
        for _dummy in range(1000):
            connection.sendall(b" " * 65536)

    with server(pour) as url:
        error = failed({**key_login, "endpoint": url}, TransportError)
    assert "larger than 3 MiB, and was not read further. Check that this is the address of the service" in str(error)


def test_a_redirect_is_not_followed(standin: StandIn, key_login: dict[str, t.Any]) -> None:
    def redirect(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(
            b"HTTP/1.1 302 Found\r\nLocation: %s/v1/x\r\nContent-Length: 0\r\n\r\n" % standin.url.encode()
        )

    with server(redirect) as url:
        assert failed({**key_login, "endpoint": url}).http_status == 302
    assert standin.requests() == []


def test_a_body_that_is_not_compressed_as_it_says(key_login: dict[str, t.Any]) -> None:
    def speak(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\ntext")

    with server(speak) as url:
        error = failed({**key_login, "endpoint": url}, TransportError)
    assert "incorrect header check. Check that this is the address of the service" in str(error)


@pytest.mark.parametrize("head", [b"Content-Encoding: gzip, gzip", b"Content-Encoding: gzip\r\nContent-Encoding: br"])
def test_what_is_compressed_more_than_once_is_not_unpacked(head: bytes, key_login: dict[str, t.Any]) -> None:
    def speak(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + head + b"\r\nContent-Length: 4\r\n\r\ntext")

    with server(speak) as url:
        error = failed({**key_login, "endpoint": url}, TransportError)
    assert "compressed more than once, and was not unpacked. Check that this is the address" in str(error)


@pytest.mark.parametrize("answer", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"])
def test_what_is_no_whole_http_answer(answer: bytes, key_login: dict[str, t.Any]) -> None:
    def speak(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)

    with server(speak) as url:
        assert "no connection" in str(failed({**key_login, "endpoint": url}, TransportError, retries=1))


def test_tls_to_a_server_that_speaks_none(standin: StandIn, key_login: dict[str, t.Any]) -> None:
    url = standin.url.replace("http:", "https:")
    assert "TLS failed" in str(failed({**key_login, "endpoint": url}, TransportError))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> t.Callable[..., list[str]]:
    """Makes certificates; gives the stand-in's arguments for one, and leaves the authority's own in ``ca.pem``."""
    folder = tmp_path_factory.mktemp("authority")
    made = trustme.CA()
    made.cert_pem.write_to_path(str(folder / "ca.pem"))
    trustme.CA().cert_pem.write_to_path(str(folder / "other.pem"))

    def certificate(host: str, **more: t.Any) -> list[str]:
        path = str(folder / f"{host}{len(more)}.pem")
        made.issue_cert(host, **more).private_key_and_cert_chain_pem.write_to_path(path)
        return ["--certificate", path, "--key", path]

    certificate.folder = folder  # type: ignore[attr-defined]
    return certificate


def ask_over_tls(authority: t.Callable[..., list[str]], host: str, trust: dict[str, t.Any], **more: t.Any) -> t.Any:
    """Ask a stand-in that shows a certificate for ``host``; a ``ca_path`` in ``trust`` is taken from the authority."""
    if "ca_path" in trust:
        trust = {**trust, "ca_path": str(authority.folder / trust["ca_path"])}  # type: ignore[attr-defined]
    with StandIn(*authority(host, **more)) as standin:
        names = ("access_key", "secret_key", "project_id")
        login = {"endpoint": standin.endpoint, **{name: standin.account[name] for name in names}}
        return query(login, retries=0, **trust)


@pytest.mark.parametrize("trust", [{"ca_path": "ca.pem"}, {"validate_certs": False}])
def test_tls_that_is_trusted(authority: t.Callable[..., list[str]], trust: dict[str, t.Any]) -> None:
    assert ask_over_tls(authority, "127.0.0.1", trust)["specs"]


@pytest.mark.parametrize(
    ("host", "trust", "more", "reason"),
    [
        ("127.0.0.1", {}, {}, "unable to get local issuer certificate"),
        ("127.0.0.1", {"ca_path": "other.pem"}, {}, "certificate verify failed"),
        ("modelarts.test", {"ca_path": "ca.pem"}, {}, "IP address mismatch"),
        ("127.0.0.1", {"ca_path": "ca.pem"}, {"not_after": datetime.datetime(2020, 1, 1)}, "certificate has expired"),
    ],
)
def test_tls_that_is_not_trusted(
    host: str,
    trust: dict[str, t.Any],
    more: dict[str, t.Any],
    reason: str,
    authority: t.Callable[..., list[str]],
) -> None:
    with pytest.raises(TransportError, match=f"TLS failed: .*{reason}.* Check the address and ca_path"):
        ask_over_tls(authority, host, trust, **more)


def test_validate_certs_false_holds_against_the_environment(
    authority: t.Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.folder / "other.pem"))  # type: ignore[attr-defined]
    assert ask_over_tls(authority, "127.0.0.1", {"validate_certs": False})["specs"]


def test_proxies_of_the_environment_are_used_and_no_proxy_obeyed(
    standin: StandIn, key_login: dict[str, t.Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []

    def proxy(connection: socket.socket) -> None:
        asked.append(connection.recv(65536))
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"specs": []}')

    with server(proxy) as url:
        monkeypatch.setenv("HTTP_PROXY", url)
        assert query(key_login)["specs"] == []
        assert asked[0].startswith(b"GET " + standin.url.encode())
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert query(key_login)["specs"]
    assert len(asked) == 1


@pytest.mark.parametrize("proxy", ["http://proxy.test:3128", "proxy.test:3128"])
def test_no_proxy_elsewhere_gets_a_credential_in_the_clear(
    proxy: str, standin: StandIn, key_login: dict[str, t.Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    assert "name the host in NO_PROXY, or set allow_http" in str(failed(key_login, OptionsError))
    assert "no connection" in str(failed(key_login, TransportError, allow_http=True, retries=0))
    assert standin.requests() == []


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("timeout", 0, "timeout must be from 1 to 86400"),
        ("timeout", 2**31, "timeout must be from 1 to 86400"),
        ("secret_key", "\udcff", "secret_key is not valid UTF-8"),
        ("project_id", "..", "project_id is no project ID"),
        ("retries", -1, "retries must not be negative"),
        ("ca_path", "/nonexistent/ca.pem", "ca_path '/nonexistent/ca.pem' does not exist"),
        ("access_key", "with\nnewline", "access_key holds characters"),
        ("security_token", "wïth", "security_token holds characters"),
        ("project_id", "", "project_id or project_name (which project ModelArts is asked for) missing"),
        ("endpoint", "", "give endpoint; or auth_url"),
        ("endpoint", "http://modelarts.test", "set allow_http to true"),
    ],
)
def test_options_that_make_no_request_are_refused_before_anything_is_sent(
    option: str, value: t.Any, message: str, standin: StandIn, key_login: dict[str, t.Any]
) -> None:
    assert message in str(failed({**key_login, option: value}, OptionsError))
    assert standin.requests() == []
