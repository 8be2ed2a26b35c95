# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Discovery, tokens and projects."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest


def test_discovery(client, standin):
    versions = client.request("GET", "/")
    assert versions.status == 300
    version = client.request("GET", "/v3").json["version"]
    assert versions.json["versions"]["values"] == [version]
    assert version["links"][0]["href"] == f"{standin.url}/v3/"


def test_token(client, standin):
    account = standin.account
    answer = client.login()
    assert answer.status == 201
    token = answer.json["token"]
    assert token["project"]["id"] == account["project_id"]
    assert token["user"]["name"] == account["username"]
    issued, expires = (
        datetime.strptime(token[name], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
        for name in ("issued_at", "expires_at")
    )
    assert expires - issued == timedelta(days=1)
    endpoints = {
        service["type"]: (endpoint["interface"], endpoint["region"], endpoint["url"])
        for service in token["catalog"]
        for endpoint in service["endpoints"]
    }
    assert endpoints == {
        "identity": ("public", "*", standin.auth_url),
        "modelarts": ("public", standin.region, f"{standin.endpoint}/v1/{account['project_id']}"),
    }
    assert client.login(query="?nocatalog=true").json["token"]["catalog"] == []


def test_documented_token_request(client, standin, sample):
    body = sample("iam_token_password_request_project")
    user = body["auth"]["identity"]["password"]["user"]
    account = standin.account
    user.update(name=account["username"], password=account["password"], domain={"name": account["user_domain_name"]})
    body["auth"]["scope"]["project"]["name"] = account["project_name"]
    token = client.request("POST", "/v3/auth/tokens", body).json["token"]
    # All that is documented is there.
    for name, value in sample("iam_token_response")["token"].items():
        assert type(token[name]) is type(value)
        if isinstance(value, dict):
            assert set(token[name]) >= set(value)


@pytest.mark.parametrize(
    "scope",
    [
        {"project": {"id": "unknown"}},
        {"project": {"name": "unknown"}},
        {"domain": {"name": "elsewhere"}},
        {"project": {"name": "zz-standin-1", "domain": {"name": "elsewhere"}}},
    ],
    ids=str,
)
def test_wrong_scope(client, scope, sample):
    answer = client.login(scope)
    assert (answer.status, answer.json) == (401, sample("err_iam_401_keystone_style"))


@pytest.mark.parametrize(
    "body",
    [b"", b"no JSON", b"[]", b'{"auth": {}}', b'{"auth": {"identity": {"methods": ["password"], "password": []}}}'],
)
def test_malformed_token_request(client, body):
    answer = client.request("POST", "/v3/auth/tokens", body)
    assert (answer.status, answer.json["error"]["title"]) == (400, "Bad Request")


def test_unsupported_method(client):
    auth = {"identity": {"methods": ["hw_ecs"], "hw_ecs": {}}}
    assert client.request("POST", "/v3/auth/tokens", {"auth": auth}).status == 401


def test_projects_are_filtered_by_name(client, standin):
    headers = {"X-Auth-Token": client.token()}
    wanted = [standin.account["other_project_name"]]
    for query, names in ((f"?name={wanted[0]}", wanted), ("?name=unknown", [])):
        found = client.request("GET", f"/v3/projects{query}", headers=headers).json["projects"]
        assert [project["name"] for project in found] == names
    assert len(client.request("GET", "/v3/projects", headers=headers).json["projects"]) > 1


def test_projects_refused(client, sample):
    assert client.request("GET", "/v3/projects").json == sample("err_iam_401_keystone_style")
    assert client.request("GET", "/v3/projects", headers={"X-Auth-Token": "unknown"}).status == 401
    signed = client.sign("/v3/projects", secret_key="wrong")
    assert client.request("GET", "/v3/projects", headers=signed).json["error_code"] == "APIGW.0301"


def passcode_login(client, passcode, **changes):
    account = {**client.standin.account, **changes}
    user = {"id": account["mfa_user_id"]}
    identity = {
        "methods": ["password", "totp"],
        "password": {"user": {**user, "password": account["mfa_password"]}},
        "totp": {"user": {**user, "passcode": passcode}},
    }
    scope = {"project": {"id": account["project_id"]}}
    return client.request("POST", "/v3/auth/tokens", {"auth": {"identity": identity, "scope": scope}})


def test_a_passcode_is_used_up_with_a_wrong_password(client, standin):
    passcode = standin.passcode()
    assert passcode_login(client, passcode, mfa_password="wrong").status == 401
    assert passcode_login(client, passcode).status == 401


def test_five_wrong_passwords_lock_the_user(client, standin):
    for _each in range(4):
        client.login(password="wrong")
    assert client.login().status == 201
    for _each in range(5):
        client.login(password="wrong")
    answer = client.login()
    assert (answer.status, "locked" in answer.json["error"]["message"]) == (401, True)
    assert passcode_login(client, standin.passcode()).status == 201
    standin.unlock()
    assert client.login().status == 201


def assume(client, scope=None, headers=None, **changes):
    account = {**client.standin.account, **changes}
    assumed = {"domain_name": account["agency_domain_name"], "xrole_name": account["agency_name"]}
    identity = {"methods": ["assume_role"], "assume_role": assumed}
    auth = {"identity": identity, "scope": scope or {"project": {"name": account["agency_project_name"]}}}
    return client.request("POST", "/v3/auth/tokens", json.dumps({"auth": auth}).encode(), headers)


def test_an_agency_is_assumed_with_a_token(client, standin):
    answer = assume(client, headers={"X-Auth-Token": client.token("domain")})
    assert answer.json["token"]["project"] == {
        "id": standin.account["agency_project_id"],
        "name": standin.account["project_name"],
        "domain": {"id": standin.account["agency_domain_id"], "name": standin.account["agency_domain_name"]},
    }
    headers = {"X-Auth-Token": answer.headers["X-Subject-Token"]}
    assert client.specs(project_id=standin.account["agency_project_id"], headers=headers).status == 200
    assert client.specs(headers=headers).status == 403
    (project,) = client.request("GET", "/v3/projects", headers=headers).json["projects"]
    assert project["id"] == standin.account["agency_project_id"]
    assert standin.requests()[1]["login"] == {
        "methods": ["assume_role"],
        "scope": {"project": {"name": standin.account["agency_project_name"]}},
    }


def test_an_agency_is_refused(client, standin):
    headers = {"X-Auth-Token": client.token("domain")}
    assert assume(client).status == 401
    assert assume(client, headers={"X-Auth-Token": "unknown"}).status == 401
    assert assume(client, headers={"X-Auth-Token": client.token("unscoped")}).status == 403
    assert assume(client, headers=headers, agency_name="unknown").status == 403
    assert assume(client, headers=headers, agency_domain_name="unknown").status == 403
    of_the_caller = {"project": {"id": standin.account["project_id"]}}
    assert assume(client, of_the_caller, headers=headers).status == 401
