# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins at the wire: each method, how often IAM is asked, and how often a wrong credential is sent."""

from __future__ import annotations

import concurrent.futures
import functools
import typing as t

import pytest

from ansible_collections.community.modelarts.plugins.module_utils import _tokens
from ansible_collections.community.modelarts.plugins.module_utils._errors import (
    ModelArtsError,
    OptionsError,
    ResponseError,
    ServiceError,
    TransportError,
)
from ansible_collections.community.modelarts.plugins.module_utils._tokens import MemoryStore, Tokens
from ansible_collections.community.modelarts.tests.standin.launcher import StandIn
from ansible_collections.community.modelarts.tests.unit.asking import connect, failed, query
from ansible_collections.community.modelarts.tests.unit.wire import Saying, response, server

Options = dict[str, t.Any]

USED_UP = "The passcode is used up, and is not sent again: give a new one."
REFUSED = {"is_success": False, "error_code": "ModelArts.0205", "error_msg": "The token is invalid."}


@pytest.fixture
def agency(standin: StandIn) -> Options:
    """Return options that are added to a login."""
    names = ("agency_name", "agency_domain_name")
    return {"auth_url": standin.auth_url, **{name: standin.account[name] for name in names}}


@pytest.fixture
def token(standin: StandIn, password_login: Options) -> str:
    """Return a token that the user has from elsewhere."""
    tokens = Tokens()
    query(password_login, tokens)
    state = tokens._state(connect(**password_login), t.cast("t.Any", None))
    standin.reset()
    assert state.token
    assert state.token not in repr(state)
    return state.token


@pytest.fixture
def named(standin: StandIn, key_login: Options) -> Options:
    """Return a login with a key that names the project."""
    del key_login["project_id"]
    return {**key_login, "auth_url": standin.auth_url, "project_name": standin.account["other_project_name"]}


def steps(standin: StandIn) -> list[str]:
    """Return what each request was, and how it was authenticated."""
    return [
        " ".join((request["operation"], request["auth"], *((request["login"] or {}).get("methods") or [])))
        for request in standin.requests()
    ]


def asked(standin: StandIn) -> tuple[int, int]:
    counts = standin.counts()
    return counts["tokens"], counts["resource-specs"]


def all_at_once(login: Options, tokens: Tokens, others: t.Iterable[Options]) -> list[t.Any]:
    """Query in threads that share ``tokens``; return results and errors."""

    def one(more: Options) -> t.Any:
        try:
            return query(login, tokens, **more)
        except ModelArtsError as error:
            return error

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        return list(pool.map(one, others))


# Each method


def test_a_password(standin: StandIn, password_login: Options) -> None:
    assert query(password_login)["specs"]
    assert steps(standin) == ["tokens none password", "resource-specs token"]
    assert standin.requests()[1]["path"].startswith(f"/v1/{standin.account['project_id']}/")
    by_ids = {name: standin.account[name] for name in ("user_id", "user_domain_id", "project_id", "password")}
    assert query({"auth_url": standin.auth_url, **by_ids}) == query(password_login)


@pytest.mark.parametrize(
    "mode", ["twice", "only-v2", "without-project", "plain", "types", "modelartsv1", "modelartsv2", "upper-case"]
)
@pytest.mark.parametrize("with_region", [False, True])
def test_each_catalog_of_the_clouds_leads_to_modelarts(
    mode: str, with_region: bool, standin: StandIn, password_login: Options
) -> None:
    standin.catalog(mode)
    region = {"region": standin.region} if with_region else {}
    assert query({**password_login, **region})["specs"]
    assert standin.requests()[1]["path"] == f"/v1/{standin.account['project_id']}/job/resource-specs"


def test_without_an_entry_in_the_catalog_the_written_region_is_not_dropped(
    standin: StandIn, password_login: Options
) -> None:
    standin.catalog("none")
    assert "The address of ModelArts is not known" in str(failed({**password_login, "region": "eu-nl"}, OptionsError))
    standin.catalog("two-hosts")
    assert "Give endpoint to choose one" in str(failed(password_login, OptionsError))


def test_a_region_of_another_cloud_does_not_hide_the_address_in_the_catalog(
    standin: StandIn, password_login: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OS_REGION_NAME", "elsewhere")
    assert query(password_login)["specs"]


def test_a_token(standin: StandIn, token: str) -> None:
    assert query({"token": token, "project_id": standin.account["project_id"], "endpoint": standin.endpoint})["specs"]
    assert steps(standin) == ["resource-specs token"]


def test_a_key(standin: StandIn, key_login: Options) -> None:
    assert query(key_login)["specs"]
    assert steps(standin) == ["resource-specs signature"]


def test_a_temporary_key(standin: StandIn, key_login: Options) -> None:
    account = standin.account
    key = {name: account[f"temporary_{name}"] for name in ("access_key", "secret_key")}
    temporary = {**key_login, **key, "security_token": account["security_token"]}
    assert query(temporary)["specs"]
    for security_token in (None, "wrong-security-token"):
        standin.reset()
        error = failed({**temporary, "security_token": security_token})
        assert (error.http_status, error.error_code) == (401, "APIGW.0301")
        assert steps(standin) == ["resource-specs signature"]


def test_a_passcode(standin: StandIn, passcode_login: Options) -> None:
    assert query(passcode_login)["specs"]
    assert steps(standin) == ["tokens none password totp", "resource-specs token"]
    without = failed({**passcode_login, "passcode": None})
    assert without.http_status == 401
    assert USED_UP not in str(without)


@pytest.mark.parametrize("method", ["password", "key", "token", "passcode"])
def test_an_agency_on_top_of_each_method(
    method: str, request: pytest.FixtureRequest, standin: StandIn, agency: Options
) -> None:
    if method == "token":
        login = {"token": request.getfixturevalue("token")}
    else:
        login = request.getfixturevalue(f"{method}_login")
    account = standin.account
    project = {"project_name": account["agency_project_name"], "project_id": None, "endpoint": None}
    assert query({**login, **project, **agency})["specs"]
    first = {
        "password": ["tokens none password", "tokens token assume_role"],
        "key": ["tokens signature assume_role"],
        "token": ["tokens token assume_role"],
        "passcode": ["tokens none password totp", "tokens token assume_role"],
    }
    assert steps(standin) == [*first[method], "resource-specs token"]
    *own, assumed = (entry["login"]["scope"] for entry in standin.requests() if entry["login"])
    assert own in ([], [{"domain": {"name": account["user_domain_name"]}}])
    domain = {"name": account["agency_domain_name"]}
    assert assumed == {"project": {"name": account["agency_project_name"], "domain": domain}}


@pytest.mark.parametrize("change", [{"agency_name": "unknown"}, {"agency_domain_name": "unknown"}])
def test_an_unknown_agency(change: Options, standin: StandIn, password_login: Options, agency: Options) -> None:
    error = failed({**password_login, **agency, **change})
    assert error.http_status == 403
    assert "Cannot assume the agency at 127.0.0.1" in str(error)
    assert "Check agency_name and agency_domain_name" in str(error)
    assert asked(standin) == (2, 0)


# The project


def test_a_project_is_looked_up_by_its_name_once(standin: StandIn, named: Options) -> None:
    tokens = Tokens()
    assert [query(named, tokens) for _each in range(2)]
    assert steps(standin) == ["projects signature", "resource-specs signature", "resource-specs signature"]
    looked_up, queried, _again = standin.requests()
    assert (looked_up["path"], looked_up["query"]) == ("/v3/projects", {"name": named["project_name"]})
    assert queried["path"] == f"/v1/{standin.account['other_project_id']}/job/resource-specs"
    # An ID needs no look-up.
    query({**named, "project_id": standin.account["project_id"]})
    assert standin.counts()["projects"] == 1


def test_a_project_is_looked_up_with_a_token(standin: StandIn, token: str) -> None:
    place = {"auth_url": standin.auth_url, "endpoint": standin.endpoint}
    assert query({"token": token, "project_name": standin.account["project_name"], **place})["specs"]
    assert steps(standin) == ["projects token", "resource-specs token"]


def test_an_unknown_project(standin: StandIn, named: Options) -> None:
    assert str(failed({**named, "project_name": "nowhere"}, OptionsError)) == (
        f"Cannot look up the project at {standin.url.partition('//')[2]}: project 'nowhere' is not visible to this "
        "login. Check project_name, or give project_id"
    )
    assert asked(standin) == (0, 0)


def test_two_projects_of_a_name_are_listed(standin: StandIn, named: Options) -> None:
    account = standin.account
    assert (
        f"2 projects are named '{account['twin_project_name']}': "
        f"{account['twin_project_id']} (below {account['user_domain_id']}), "
        f"{account['twin_subproject_id']} (below {account['other_project_id']}). Give project_id to choose one"
    ) in str(failed({**named, "project_name": account["twin_project_name"]}, OptionsError))


def test_without_the_permission_to_look_up_the_alternative_is_named(standin: StandIn, named: Options) -> None:
    standin.fault("forbidden", operation="projects")
    error = failed(named)
    assert error.http_status == 403
    assert str(error).endswith("With project_id in place of project_name this request is not needed.")


@pytest.mark.parametrize(
    ("document", "what"),
    [
        ([], "it has no list named projects"),
        ({"projects": {}}, "it has no list named projects"),
        ({"projects": ["project"]}, "an element of projects is not an object"),
        ({"projects": [{"name": "project"}]}, "the project has no id"),
    ],
)
def test_an_unexpected_list_of_projects(document: t.Any, what: str, named: Options) -> None:
    with server(Saying(response(document))) as url:
        assert what in str(failed({**named, "project_name": "project", "auth_url": url}, ResponseError))


def test_only_the_exact_name_of_a_project_counts(standin: StandIn, named: Options) -> None:
    projects = [{"name": "project_2", "id": "2"}, {"name": "project", "id": "1"}, {"name": "Project", "id": "3"}]
    with server(Saying(response({"projects": projects}))) as url:
        failed({**named, "project_name": "project", "auth_url": url})
    assert standin.requests()[0]["path"] == "/v1/1/job/resource-specs"


def test_an_empty_token_object(standin: StandIn, password_login: Options) -> None:
    place = {"project_id": standin.account["project_id"], "endpoint": standin.endpoint}
    login = {name: value for name, value in password_login.items() if name != "project_name"}
    with server(Saying(response({"token": {}}, "201 Created", b"X-Subject-Token: issued"))) as url:
        failed({**login, **place, "auth_url": url}, ServiceError)
    assert standin.requests()[0]["path"] == f"/v1/{place['project_id']}/job/resource-specs"


@pytest.mark.parametrize("project", [None, "text", {"id": 5}, {"id": ["x"]}, {}])
def test_a_token_without_a_project(project: t.Any, password_login: Options) -> None:
    issued = response({"token": {"project": project, "catalog": None}}, "201 Created", b"X-Subject-Token: issued")
    with server(Saying(issued)) as url:
        error = failed({**password_login, "auth_url": url, "endpoint": url}, OptionsError)
    assert "not scoped to a project" in str(error)


def test_a_response_without_a_token(standin: StandIn, password_login: Options) -> None:
    standin.fault("no-subject-token", operation="tokens")
    assert "X-Subject-Token is missing" in str(failed(password_login, ResponseError))


# How often is logged in


def test_connections_that_agree_share_a_login(standin: StandIn, password_login: Options) -> None:
    tokens = Tokens()
    for more in ({}, {"timeout": 20}, {"endpoint": standin.endpoint}, {"region": standin.region}):
        query(password_login, tokens, **more)
    assert asked(standin) == (1, 4)


@pytest.mark.parametrize(
    "other", [{"project_name": "zz-standin-1_other"}, {"password": "wrong"}, {"validate_certs": False}]
)
def test_other_connections_have_logins_of_their_own(standin: StandIn, password_login: Options, other: Options) -> None:
    all_at_once(password_login, Tokens(), [{}, other])
    assert asked(standin)[0] == 2


def test_threads_wait_for_one_login(standin: StandIn, password_login: Options) -> None:
    standin.latency(0.1)
    assert all(result["specs"] for result in all_at_once(password_login, Tokens(), [{}] * 8))
    assert asked(standin) == (1, 8)


def test_agencies_share_the_login_below_them(standin: StandIn, password_login: Options, agency: Options) -> None:
    tokens = Tokens()
    for more in ({}, {}, {"project_id": standin.account["agency_project_id"]}):
        query({**password_login, **agency, **more}, tokens)
    logins = [step for step in steps(standin) if step.startswith("tokens")]
    assert logins == ["tokens none password", "tokens token assume_role", "tokens token assume_role"]


def test_a_revoked_token_is_renewed_once(standin: StandIn, password_login: Options) -> None:
    tokens = Tokens()
    query(password_login, tokens)
    standin.expire_tokens()
    assert query(password_login, tokens)["specs"]
    assert asked(standin) == (2, 3)
    standin.reset()
    standin.fault("unauthorized")
    error = failed(password_login, tokens=tokens)
    assert error.http_status == 401
    assert "check that auth_url and endpoint belong to the same cloud" in str(error)
    assert asked(standin) == (1, 2)


@pytest.mark.parametrize("status", ["200 OK", "401 Unauthorized", "403 Forbidden"])
def test_a_token_that_is_refused_with_any_status_is_renewed_once(
    status: str, standin: StandIn, password_login: Options
) -> None:
    with server(wire := Saying(response(REFUSED, status))) as url:
        assert failed({**password_login, "endpoint": url}).error_code == "ModelArts.0205"
    assert (len(wire.requests), asked(standin)) == (2, (2, 0))


def test_credentials_that_cannot_be_renewed_are_sent_once(standin: StandIn, key_login: Options) -> None:
    standin.fault("unauthorized")
    failed({"token": "given", "endpoint": standin.endpoint, "project_id": "p"})
    failed(key_login)
    assert asked(standin) == (0, 2)


def test_token_of_an_agency_is_renewed_with_the_login_below(
    standin: StandIn, password_login: Options, agency: Options
) -> None:
    tokens = Tokens()
    query({**password_login, **agency}, tokens)
    standin.reset()
    standin.fault("unauthorized", times=1)
    query({**password_login, **agency}, tokens)
    assert steps(standin) == ["resource-specs token", "tokens token assume_role", "resource-specs token"]
    standin.expire_tokens()
    standin.reset()
    query({**password_login, **agency}, tokens)
    assert steps(standin) == [
        "resource-specs token",
        "tokens token assume_role",
        "tokens none password",
        "tokens token assume_role",
        "resource-specs token",
    ]


@pytest.mark.parametrize("passcode", [False, True])
def test_a_token_is_renewed_before_it_expires_unless_that_needs_a_passcode(
    passcode: bool, password_login: Options, passcode_login: Options
) -> None:
    with StandIn("--token-lifetime", "0.000001") as standin:
        login = {**passcode_login, "passcode": standin.passcode()} if passcode else password_login
        tokens = Tokens()
        for _each in range(2):
            failed({**login, "auth_url": standin.auth_url}, tokens=tokens)
        # Each query finds an expired token: it is renewed before, and once after.
        assert asked(standin) == ((1, 2) if passcode else (4, 4))


# Passcodes


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("unavailable", ServiceError), ("gateway-throttled", ServiceError), ("reset", TransportError)],
)
def test_a_passcode_is_not_sent_again_when_iam_fails(
    fault: str, kind: type[ModelArtsError], standin: StandIn, passcode_login: Options
) -> None:
    standin.fault(fault, operation="tokens")
    assert str(failed(passcode_login, kind, retries=3)).endswith(USED_UP)
    assert standin.counts()["tokens"] <= 1  # a request that was reset is not always counted


def test_a_passcode_that_was_not_sent_is_not_called_used(
    passcode_login: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "ftp://proxy.test")
    error = failed({**passcode_login, "auth_url": "https://iam.test/v3"}, OptionsError)
    assert "HTTPS_PROXY" in str(error) and "used up" not in str(error)


def test_the_query_behind_a_passcode_is_sent_again(standin: StandIn, passcode_login: Options) -> None:
    standin.fault("unavailable", times=1)
    assert query(passcode_login)["specs"]
    assert asked(standin) == (1, 2)


@pytest.mark.parametrize("with_agency", [False, True])
def test_a_used_passcode_does_not_renew_a_token(
    with_agency: bool, standin: StandIn, passcode_login: Options, agency: Options
) -> None:
    login = {**passcode_login, **(agency if with_agency else {})}
    tokens = Tokens()
    query(login, tokens)
    standin.expire_tokens()
    standin.reset()
    assert str(failed(login, tokens=tokens)).endswith(USED_UP)
    assert steps(standin) == ["resource-specs token", *(["tokens token assume_role"] if with_agency else [])]


def test_a_spent_passcode_stops_after_three_refusals(standin: StandIn, passcode_login: Options) -> None:
    del passcode_login["project_name"]
    projects = [{"project_id": f"project{number}"} for number in range(10)]
    outcomes = all_at_once({**passcode_login, "passcode": "wrong"}, Tokens(), projects)
    assert all(outcome.http_status == 401 and str(outcome).endswith(USED_UP) for outcome in outcomes)
    assert asked(standin) == (3, 0)


def test_an_echo_of_the_token_that_assumes_an_agency_is_hidden(
    standin: StandIn, password_login: Options, agency: Options
) -> None:
    tokens = Tokens()
    query(password_login, tokens)
    standin.fault("echo", operation="tokens")
    error = failed({**password_login, **agency}, tokens=tokens, kind=ModelArtsError)
    assert "stand-in-token-" not in str(error.result())


# Refusals


@pytest.mark.parametrize(("method", "expected"), [("password", (3, 0)), ("key", (0, 3))])
def test_a_wrong_credential_is_sent_three_times(
    method: str, expected: tuple[int, int], request: pytest.FixtureRequest, standin: StandIn
) -> None:
    login = request.getfixturevalue(f"{method}_login")
    login.pop("project_name", None)
    standin.latency(0.02)
    wrong = {**login, {"password": "password", "key": "secret_key"}[method]: "wrong-credential"}
    errors = all_at_once(wrong, Tokens(), [{"project_id": f"project{number}"} for number in range(20)])
    assert {error.http_status for error in errors} == {401}
    assert "not retried" in str(errors[0])
    assert asked(standin) == expected
    # The user is not locked out.
    assert query({**login, "project_id": standin.account["project_id"]})["specs"]


def test_a_key_that_modelarts_refuses_with_its_own_code_is_sent_three_times(
    standin: StandIn, key_login: Options
) -> None:
    standin.fault("bad-key")
    errors = all_at_once(key_login, Tokens(), [{"project_id": f"project{number}"} for number in range(10)])
    assert {(error.http_status, error.error_code) for error in errors} == {(403, "ModelArts.0206")}
    assert asked(standin) == (0, 3)


def test_a_right_credential_is_used_for_all(standin: StandIn, key_login: Options) -> None:
    standin.fault("gateway-no-such-key", times=2)
    results = all_at_once(key_login, Tokens(), [{}] * 10)
    assert sum(isinstance(result, ModelArtsError) for result in results) == 2
    assert asked(standin) == (0, 10)


def test_an_accepted_password_does_not_vouch_for_another(standin: StandIn, password_login: Options) -> None:
    wrong = {"password": "wrong"}
    outcomes = all_at_once(password_login, Tokens(), [*[{}] * 5, *[{**wrong, "timeout": n + 1} for n in range(10)]])
    assert [isinstance(outcome, ModelArtsError) for outcome in outcomes] == [False] * 5 + [True] * 10
    assert asked(standin)[1] == 5
    assert asked(standin)[0] <= 4


def test_other_failures_lock_nobody_out(standin: StandIn, password_login: Options, key_login: Options) -> None:
    tokens = Tokens()
    standin.fault("unavailable", operation="tokens")
    for _each in range(3):
        failed(password_login, tokens=tokens, retries=0)
    standin.clear()
    failed({**password_login, "project_name": "unknown"}, tokens=tokens)
    assert query(password_login, tokens)["specs"]
    standin.reset()
    errors = all_at_once(key_login, tokens, [{"project_id": f"project{number}"} for number in range(10)])
    assert [error.error_code for error in errors] == ["ModelArts.0210"] * 10
    assert asked(standin) == (0, 10)


def test_each_wrong_login_counts_once(
    standin: StandIn, password_login: Options, key_login: Options, agency: Options
) -> None:
    wrong_password = {**password_login, "password": "wrong-password"}
    wrong_key = {**key_login, "secret_key": "wrong-secret-key"}
    named = {"auth_url": standin.auth_url, "project_name": standin.account["project_name"], "project_id": None}
    for login in (wrong_password, {**wrong_password, **agency}, wrong_key, {**wrong_key, **named, **agency}):
        failed(login)
    failed({**wrong_key, **named})
    assert standin.counts()["projects"] == 1
    assert asked(standin) == (3, 1)


# The store


def test_a_store_replays_refusals_and_keeps_nothing_of_other_failures() -> None:
    store = MemoryStore()

    def fail(status: int | None) -> t.NoReturn:
        raise ServiceError("failed", http_status=status)

    for status in (None, 503, 401):
        with pytest.raises(ServiceError):
            store.get_or_create(["a"], functools.partial(fail, status), bool)
    with pytest.raises(ServiceError):
        store.get_or_create(["a"], lambda: 1, bool)
    assert store.get_or_create(["b", {"x": 1, "y": 2}], lambda: 1, bool) == 1
    assert store.get_or_create(["b", {"y": 2, "x": 1}], lambda: 2, lambda value: value == 1) == 1
    assert store.get_or_create(["b", {"y": 2, "x": 1}], lambda: 2, lambda value: value == 2) == 2


def test_a_stored_login_of_another_shape_is_replaced(standin: StandIn, password_login: Options) -> None:
    class Odd(MemoryStore):
        """Has something else under each name at first, as another version of the collection might have left it."""

        def get_or_create(self, name: t.Any, create: t.Any, is_usable: t.Any) -> t.Any:
            if name[0] == "login":
                super().get_or_create(name, lambda: {"token": "x"}, lambda value: True)
            return super().get_or_create(name, create, is_usable)

    assert query(password_login, _tokens.Tokens(Odd()))["specs"]
