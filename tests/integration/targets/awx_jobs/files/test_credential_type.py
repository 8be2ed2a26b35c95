# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credential type, and AWX's own for OpenStack, rendered by AWX's own code: a job logs in with the result."""

from __future__ import annotations

import pytest
import trustme
from launcher import StandIn

# By the fields of the credential, what they are called in the stand-in's account; and how a query is proven.
LOGINS = {
    "password": (("username", "password", "user_domain_name", "project_name"), {}, "token"),
    "password, by IDs": (("user_id", "password", "project_id"), {}, "token"),
    "password, domain by its ID": (("username", "password", "user_domain_id", "project_name"), {}, "token"),
    "access key": (("access_key", "secret_key", "project_id"), {}, "signature"),
    "access key, project by name": (("access_key", "secret_key", "project_name"), {}, "signature"),
    "temporary access key": (
        ("security_token", "project_id"),
        {"access_key": "temporary_access_key", "secret_key": "temporary_secret_key"},
        "signature",
    ),
}
OPENSTACK = {"username": "username", "password": "password", "project": "project_name", "domain": "user_domain_name"}


def fields_of(standin, same, other=None):
    """The fields of a credential, from the stand-in's account."""
    return {field: standin.account[name] for field, name in {**dict(zip(same, same)), **(other or {})}.items()}


def blank(credential_type):
    """Each field as AWX's form leaves it where nobody fills it in."""
    return {field["id"]: "" for field in credential_type["inputs"]["fields"] if field["type"] == "string"}


def ask(job, standin, proof):
    """Run a play that asks with the module and with the lookup, each of which proves who asks in that way."""
    job.run("ask.yml")
    assert job.artifacts == {"asked": True}
    queries = [request["auth"] for request in standin.requests() if request["operation"] == "resource-specs"]
    assert queries == [proof] * 2


@pytest.mark.parametrize("same, other, proof", LOGINS.values(), ids=LOGINS)
def test_a_job_logs_in(job, standin, credential_type, same, other, proof):
    inputs = {"auth_url": standin.auth_url, **fields_of(standin, same, other)}
    if proof == "signature":
        inputs["endpoint"] = standin.endpoint
    job.credential(credential_type, {**blank(credential_type), **inputs})
    ask(job, standin, proof)


def test_a_job_logs_in_with_a_token(job, standin, credential_type, token):
    inputs = {"endpoint": standin.endpoint, "token": token, **fields_of(standin, ["project_id"])}
    job.credential(credential_type, {**blank(credential_type), **inputs})
    ask(job, standin, "token")
    assert standin.counts()["tokens"] == 0


def test_a_job_logs_in_with_the_openstack_credential(job, standin):
    inputs = {"host": standin.auth_url, "region": standin.region, **fields_of(standin, [], OPENSTACK)}
    given = job.credential("openstack", inputs)
    assert given["env"].keys() == {"OS_CLIENT_CONFIG_FILE"}
    ask(job, standin, "token")


def test_the_openstack_credential_beside_the_address_of_modelarts(job, standin, credential_type):
    job.credential("openstack", {"host": standin.auth_url, **fields_of(standin, [], OPENSTACK)})
    job.credential(credential_type, {**blank(credential_type), "endpoint": f"{standin.endpoint}/fault/none/beside"})
    ask(job, standin, "token")
    assert all("/beside/" in entry["path"] for entry in standin.requests() if entry["operation"] == "resource-specs")


def test_fields_that_are_left_out_are_as_those_that_are_empty(job, credential_type):
    left_out = job.credential(credential_type, {})["env"]
    assert left_out == job.credential(credential_type, blank(credential_type))["env"]
    # A path, such as that of a file without a certificate, would not be harmless.
    assert set(left_out.values()) <= {"", "False"}


def test_an_empty_credential_names_what_is_missing(job, standin, credential_type):
    job.credential(credential_type, blank(credential_type))
    job.run("ask.yml", "failed")
    assert "password" in job.output
    assert standin.requests() == []


def test_awx_stores_and_shows_no_secret(job, credential_type):
    secrets = {field["id"] for field in credential_type["inputs"]["fields"] if field.get("secret")}
    inputs = {name: f"<{name}>" for name in blank(credential_type)}
    given = job.credential(credential_type, inputs)
    assert {f"<{name}>" for name in secrets} <= set(given["env"].values())
    kept = " ".join(given["safe_env"].values())
    assert [name for name in secrets if f"<{name}>" in kept] == []
    assert "<username>" in kept


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def secure(authority, tmp_path):
    """A stand-in with a certificate that nobody knows."""
    pem = tmp_path / "server.pem"
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(pem))
    with StandIn("--certificate", str(pem), "--key", str(pem)) as standin:
        yield standin


@pytest.mark.parametrize("way", ["certificate", "insecure", "neither", "not insecure"])
def test_certificates(job, secure, authority, credential_type, way):
    inputs = {"auth_url": secure.auth_url, **fields_of(secure, LOGINS["password"][0])}
    if way == "certificate":
        inputs["ca_certificate"] = authority.cert_pem.bytes().decode()
    elif way.endswith("insecure"):
        inputs["insecure"] = way == "insecure"
    job.credential(credential_type, {**blank(credential_type), **inputs})
    if way in ("certificate", "insecure"):
        ask(job, secure, "token")
    else:
        job.run("ask.yml", "failed")
        assert "the address and ca_path (in AWX: the field CA certificate of the credential)" in job.output
        assert secure.requests() == []
