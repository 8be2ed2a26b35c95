# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two slices of a job at once, each in a folder of its own, as on two nodes: how often the cloud is asked."""

from __future__ import annotations

import os
import re
import textwrap
from pathlib import Path

import pytest
from job import slices_of

HOSTS = [f"host{number}" for number in range(6)]


@pytest.fixture
def run_slices(make_job, standin, credential_type):
    """Runs two slices at once, and tells how many logins and queries these were."""
    # So slow that both have begun before one has its answer.
    standin.latency(2)

    def run(way, login, **inputs):
        standin.reset()
        jobs = [make_job() for _slice in range(2)]
        fields = {field: standin.account[field] for field in LOGINS[login]}
        for job, hosts in zip(jobs, slices_of(HOSTS, 2)):
            job.hosts = hosts
            job.variables["way"] = way
            job.credential(
                credential_type, {"auth_url": standin.auth_url, "endpoint": standin.endpoint, **fields, **inputs}
            )
        for job in jobs:
            job.start("slice.yml")
        for job in jobs:
            assert job.finish().status == "successful", job.output
        run.output = "".join(job.output for job in jobs)
        counts = standin.counts()
        return counts["tokens"], counts["resource-specs"]

    return run


LOGINS = {
    "password": ("username", "password", "user_domain_name", "project_name"),
    "access key": ("access_key", "secret_key", "project_id"),
}

# The table of the page on slicing, for 6 hosts in 2 slices: the way, and how many logins and queries there are.
WITHOUT_SHARING = {
    ("lookup", "password"): (2, 2),
    ("lookup", "access key"): (0, 2),
    ("role", "password"): (2, 2),
    ("module", "password"): (6, 6),
    ("module", "access key"): (0, 6),
}


@pytest.mark.parametrize("way, login", WITHOUT_SHARING, ids=map(", ".join, WITHOUT_SHARING))
def test_slices_without_a_shared_cache_query_separately(run_slices, way, login):
    assert run_slices(way, login) == WITHOUT_SHARING[way, login]


def test_slices_share_a_redis(run_slices, redis):
    shared = {"cache_plugin": "community.general.redis", "cache_connection": redis.connection()}
    # Those that begin at the same moment find nothing: each asks, and each only once.
    tokens, queries = run_slices("lookup", "password", **shared)
    assert tokens == queries
    assert 1 <= queries <= 2
    # From then on nobody does.
    assert run_slices("lookup", "password", **shared) == (0, 0)
    assert run_slices("role", "password", **shared) == (0, 0)
    assert "WARNING" not in run_slices.output
    # The module asks for itself.
    assert run_slices("module", "password", **shared) == (6, 6)


def test_slices_use_the_response_of_an_earlier_job(make_job, standin, credential_type, run_slices, redis):
    shared = {"cache_plugin": "community.general.redis", "cache_connection": redis.connection()}
    first = make_job()
    first.variables["way"] = "lookup"
    fields = {field: standin.account[field] for field in LOGINS["access key"]}
    first.credential(credential_type, {"auth_url": standin.auth_url, "endpoint": standin.endpoint, **fields, **shared})
    first.run("slice.yml")
    assert standin.counts()["resource-specs"] == 1
    assert run_slices("lookup", "access key", **shared) == (0, 0)


# Hosts of a real inventory, which nobody can reach, with what a job of each needs, and the specs that are right.
NEEDS = {
    "gpu1.example.com": ({"gpu_types": ["v100"]}, "modelarts.vm.gpu.v100"),
    "gpu2.example.com": ({"min_gpus": 2}, "modelarts.vm.gpu.2v100"),
    "cpu1.example.com": ({"min_cores": 8}, "modelarts.vm.cpu.8u"),
    "cpu2.example.com": ({}, "modelarts.vm.cpu.2u"),
}


@pytest.fixture
def guide():
    """The playbook of the guide."""
    text = Path(os.environ["PYTEST_COLLECTION"], "docs/docsite/rst/awx.rst").read_text()
    (play,) = re.findall(r"(?m)^( *- name: Pick for each host of the inventory\n(?:     .*\n|\n)+)", text)
    return textwrap.dedent(play)


@pytest.mark.parametrize("slices", [1, 2])
def test_a_template_over_a_real_inventory_asks_once_in_each_slice(make_job, standin, log_in, guide, slices):
    jobs = [make_job() for _slice in range(slices)]
    for job, hosts in zip(jobs, slices_of(list(NEEDS), slices)):
        (job.private / "project/pick_for_hosts.yml").write_text(guide)
        job.hosts = hosts
        job.host_variables = {host: {"job_requirements": needs} for host, (needs, _spec_code) in NEEDS.items()}
        log_in(job).start("pick_for_hosts.yml")
    output = "".join(job.finish().output for job in jobs)
    assert [job.status for job in jobs] == ["successful"] * slices, output
    for host, (_needs, spec_code) in NEEDS.items():
        assert f"{host}: {spec_code}" in output
    counts = standin.counts()
    assert (counts["tokens"], counts["resource-specs"]) == (slices, slices)
