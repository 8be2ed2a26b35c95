# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole runs with each login, in debug mode: no secret is in what they say, log and leave behind."""

from __future__ import annotations

import json
import os
import re
import sys
import urllib.request
from pathlib import Path

import pytest

TESTS = Path(os.environ["PYTEST_COLLECTION"]) / "tests"
sys.path[:0] = [str(TESTS / "standin"), str(TESTS / "secrecy")]

from launcher import StandIn  # noqa: E402
from watched import ISSUED_TOKEN, WatchedRun  # noqa: E402

PLAYS = Path(__file__).resolve().parent
PYTHON = {"ansible_python_interpreter": sys.executable}
# The variables of the environment that are not OS_ and the option.
VARIABLES = {"endpoint": "MODELARTS_ENDPOINT"}
SECRETS = ("password", "mfa_password", "secret_key", "temporary_secret_key", "security_token")


@pytest.fixture
def standin():
    with StandIn() as running:
        yield running


@pytest.fixture
def passcodes(standin):
    """One-time codes: each call gives a new one, which stays in the list."""

    class Passcodes(list):
        def __call__(self):
            self.append(standin.passcode())
            return self[-1]

    return Passcodes()


@pytest.fixture
def run(tmp_path):
    return WatchedRun(tmp_path)


@pytest.fixture
def secrets(standin):
    return [ISSUED_TOKEN, *(standin.account[name] for name in SECRETS)]


def issue_token(standin):
    """A token of the account's project, as a user obtains it."""
    account = standin.account
    user = {"id": account["user_id"], "password": account["password"]}
    scope = {"project": {"id": account["project_id"]}}
    body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}}
    request = urllib.request.Request(f"{standin.auth_url}/auth/tokens", json.dumps(body).encode(), method="POST")
    with send(request) as answer:
        return answer.headers["X-Subject-Token"]


def send(request):
    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20)


def logins(standin):
    """Each way to log in, by name."""

    def of_account(*names, **other_names):
        return {option: standin.account[name] for option, name in {**dict(zip(names, names)), **other_names}.items()}

    iam = {"auth_url": standin.auth_url}
    by_project_id = {"endpoint": standin.endpoint, "project_id": standin.account["project_id"]}
    names = {**iam, **of_account("user_domain_name", "project_name")}
    key = of_account("access_key", "secret_key")
    temporary_key = of_account("security_token", access_key="temporary_access_key", secret_key="temporary_secret_key")
    agency = of_account("agency_name", "agency_domain_name", project_name="agency_project_name")
    password = {**names, **of_account("username", "password")}
    return {
        "token": {**by_project_id, "token": issue_token(standin)},
        "password-by-names": password,
        "password-by-ids": {**iam, **of_account("user_id", "password", "project_id")},
        "passcode": {**names, **of_account(username="mfa_username", password="mfa_password")},
        "key": {**by_project_id, **key},
        "key-and-project-name": {**names, **key, "endpoint": standin.endpoint},
        "temporary-key": {**by_project_id, **temporary_key},
        "agency-of-password": {**password, **agency},
        "agency-of-passcode": {**names, **of_account(username="mfa_username", password="mfa_password"), **agency},
        "agency-of-temporary-key": {**iam, **temporary_key, **agency},
    }


def clouds(standin, ways):
    """A clouds.yaml with the logins that it can hold, and the same with keys inside auth."""
    (token, password, key, temporary_key) = (
        ways[name] for name in ("token", "password-by-names", "key", "temporary-key")
    )
    keys = {"ak": key["access_key"], "sk": key["secret_key"]}
    project = {"auth_url": standin.auth_url, "project_id": key["project_id"]}
    endpoint = {"modelarts_endpoint_override": standin.endpoint}
    names = {"ak": "access_key", "sk": "secret_key", "security_token": "security_token"}
    temporary_keys = {name: temporary_key[option] for name, option in names.items()}
    return {
        "cloud-password": {"auth": password},
        "cloud-token": {"auth_type": "token", "auth": {**project, "token": token["token"]}, **endpoint},
        "cloud-key": {"auth": project, **keys, **endpoint},
        "cloud-temporary-key-in-auth": {"auth": {**project, **temporary_keys}, **endpoint},
    }


def host(way, codes):
    """The variables of a host with a login, which each face completes with one of the codes."""
    module, lookup = ({**way, **code} for code in codes)
    return {
        "options": module,
        **{f"modelarts_{option}": value for option, value in lookup.items()},
    }


def hosts(standin, passcodes):
    """A host for each login, and again for each that is refused with an echo of what it sent."""
    ways = logins(standin)
    configured = clouds(standin, ways)
    ways |= {name: {"cloud": name} for name in configured}
    found = {}

    def add(name, way, **more):
        codes = [{"passcode": passcodes()} if "passcode" in name else {} for _face in range(2)]
        found[name] = {**host(way, codes), **more}

    for name, way in ways.items():
        add(name, way)
        echo = f"{standin.url}/fault/echo/{name}"
        # A key that is refused is no longer sent by any host, so each host has another one.
        refused = {**way, **({"secret_key": f"{way['secret_key']}/{name}"} if "secret_key" in way else {})}
        if not name.startswith("agency-of-temporary"):
            add(f"{name}-refused", {**refused, "endpoint": echo}, echo="modelarts")
        if "auth_url" in way or name == "cloud-password":
            add(f"{name}-refused-by-iam", {**refused, "auth_url": f"{echo}/v3"}, echo="iam")
    return found, configured


@pytest.mark.parametrize(
    ("callback", "only"),
    [
        ({"ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default"}, "all"),
        ({"ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"}, "~passcode|token"),
        ({"ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.minimal"}, "~passcode|token"),
    ],
)
def test_each_login_and_its_refusal(standin, passcodes, run, secrets, callback, only):
    found, configured = hosts(standin, passcodes)
    inventory = run.give("inventory.json", {"all": {"hosts": found}})
    run.environment["OS_CLIENT_CONFIG_FILE"] = str(run.give("clouds.yaml", {"clouds": configured}))
    run.environment |= callback
    status = run(PLAYS / "logins.yml", inventory, PYTHON, "--limit", only)
    assert run.shown([*secrets, *passcodes]) == []
    assert status == 0, run.output


def test_the_debug_lines_that_are_not_searched_show_arguments(standin, run, secrets):
    """Else they could be searched."""
    inventory = run.give("inventory.json", {"all": {"hosts": {"one": {"options": logins(standin)["key"]}}}})
    run(PLAYS / "logins.yml", inventory, PYTHON, "--start-at-task", "Ask with the module")
    assert {found.partition(":")[0] for found in run.shown(secrets, with_arguments=True)} == {"output"}


@pytest.mark.parametrize("name", ["token", "password-by-names", "temporary-key", "cloud-password"])
def test_a_login_from_the_environment(standin, run, secrets, name):
    ways = logins(standin)
    configured = clouds(standin, ways)
    way = ways.get(name, {"cloud": name})
    run.environment |= {VARIABLES.get(option, f"OS_{option.upper()}"): value for option, value in way.items()}
    if name in configured:
        run.environment["OS_CLIENT_CONFIG_FILE"] = str(run.give("clouds.yaml", {"clouds": configured}))
    inventory = run.give("inventory.json", {"all": {"hosts": {name: {"options": {}}}}})
    status = run(PLAYS / "logins.yml", inventory, PYTHON)
    assert run.shown(secrets, with_arguments=True) == []
    assert status == 0, run.output


def test_the_role_when_it_waits_fails_and_is_called_wrongly(standin, run, secrets):
    names = ("security_token", "passcode", "project_token", "target_password")
    given = {name: f"some/{name}+=" for name in names}
    served = {"account": standin.account, "auth_url": standin.auth_url, "endpoint": standin.endpoint}
    status = run(PLAYS / "role.yml", "localhost,", {"standin": served, "given": given, **PYTHON})
    assert run.shown([*secrets, *given.values()]) == []
    assert status == 0, run.output
    # The rest can be read.
    for part in ("FAILED - RETRYING: [localhost]", "GPU type h100 required", "Target refused failed: Cannot log in"):
        assert part in run.output
    assert re.search("timeout.*found in .?targets", run.output)


def test_a_project_named_like_a_part_of_the_response(standin, run, secrets):
    ways = logins(standin)
    token, password, key = (ways[name] for name in ("token", "password-by-names", "key-and-project-name"))
    url = f"{standin.endpoint}/v1/{token['project_id']}/job/resource-specs"
    with send(urllib.request.Request(url, headers={"X-Auth-Token": token["token"]})) as answer:
        expected = json.load(answer)["specs"]
    found = {
        f"{project}-with-{kind}": host({**way, "project_name": project}, [{}] * 2)
        for project in ("de", "modelarts")
        for kind, way in {"password": password, "key": key}.items()
    }
    inventory = run.give("inventory.json", {"all": {"hosts": found}})
    status = run(PLAYS / "names.yml", inventory, {"expected": expected, **PYTHON})
    assert status == 0, run.output
    assert run.shown(secrets) == []
    assert not re.search(r"(?<![*])[*]{8}(?![*])", run.output)
