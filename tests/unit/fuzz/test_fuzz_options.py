# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module and lookup return specs or report what is wrong, whatever the options are."""

from __future__ import annotations

import contextlib
import json
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.community.modelarts.plugins.module_utils import _client, _options
from ansible_collections.community.modelarts.plugins.module_utils._options import ORDER_KEYS, REQUIREMENTS
from ansible_collections.community.modelarts.tests.unit.conftest import sample
from ansible_collections.community.modelarts.tests.unit.faces import NotParsed
from ansible_collections.community.modelarts.tests.unit.fuzzing import (
    JSON,
    LEAVES,
    MARK,
    NUMBERS,
    TEXTS,
    Reply,
    Wire,
    check,
    fuzzed,
    wire,
)

HERE = "http://127.0.0.1:PORT"
ADDRESSES = st.sampled_from(
    [
        HERE,
        f"{HERE}/v1/project/",
        f"{HERE}/%2e%2e/\u00fc?x",
        "https://127.0.0.1:PORT",
        "http://127.0.0.1:1",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:PORT\\@elsewhere.test",
        "HTTPS://iam.eu-de.test/v3",
        "https://iam..test",
        "https://" + "a" * 70 + ".test",
        "https://xn--a.test",
        "https://\u2100.test",
        "https://user:" + MARK + "@elsewhere.test",
        "http://[::1",
        "http://[fe80::1%25lo]",
        "//127.0.0.1",
        "https://%00",
        "https://*.test",
    ]
)
SECRET_OPTIONS = [name for name, option in _options.CONNECTION.items() if option.secret]
SECRETS = st.text(max_size=8).map(lambda text: f"{MARK}{text}")

# Values of the options: mostly sensible ones.
MEANT: dict[str, st.SearchStrategy[t.Any]] = {
    "endpoint": ADDRESSES,
    "auth_url": ADDRESSES,
    **{name: SECRETS for name in SECRET_OPTIONS},
    "validate_certs": st.booleans() | st.sampled_from(["yes", "no", "maybe", 1]),
    "ca_path": st.sampled_from(["/", "/dev/null", "~", "$HOME", __file__, "\0", "/nonexistent"]),
    "timeout": st.sampled_from([1, "20", 86400, 0, -1, 1.5, True, 10**20]),
    # Not many: somebody who wants a million attempts gets them.
    "retries": st.sampled_from([0, 1, "2", -1, True, 0.5]),
    "allow_http": st.booleans(),
    "job_type": st.sampled_from(["train", "inference", "training"]),
    "engine_id": st.integers() | st.sampled_from(["1" * 5000, "7", "1e2"]),
    "project_type": st.integers(),
    "requirements": st.dictionaries(st.sampled_from([*REQUIREMENTS, "gpus"]), JSON, max_size=4),
    "fallbacks": st.lists(st.dictionaries(st.sampled_from([*REQUIREMENTS]), JSON, max_size=2), max_size=2),
    "order_by": st.lists(st.sampled_from([*ORDER_KEYS, "-cores", "price", "-"]), max_size=3),
    "prices": st.dictionaries(st.text(max_size=5) | st.just("modelarts.vm.cpu.2u"), LEAVES, max_size=3),
    "on_no_match": st.sampled_from(["error", "warn", "skip", "ignore"]),
}
OPTIONS: dict[str, st.SearchStrategy[t.Any]] = {
    name: MEANT.get(name, TEXTS | NUMBERS) | MEANT.get(name, TEXTS) | JSON
    for name in _options.resource_specs_arguments()["argument_spec"]
}
# Not left to chance: Ansible hides a secret such as "0" wherever it stands in a module's result, and too many
# attempts take too long.
OPTIONS.update({name: SECRETS for name in SECRET_OPTIONS})
OPTIONS["retries"] = MEANT["retries"] | TEXTS | st.lists(st.none())
OPTIONS["timeout"] = MEANT["timeout"] | TEXTS | st.lists(st.none())

LOGINS: list[dict[str, t.Any]] = [
    {"endpoint": HERE, "access_key": "key", "secret_key": f"{MARK}key", "project_id": "project"},
    {"endpoint": HERE, "token": f"{MARK}token", "project_id": "project"},
    {
        "auth_url": HERE,
        "endpoint": HERE,
        "username": "user",
        "user_domain_name": "domain",
        "password": f"{MARK}password",
        "project_name": "project",
    },
    {},
]


@pytest.fixture(scope="module")
def server() -> t.Iterator[Wire]:
    with wire() as serving, pytest.MonkeyPatch.context() as patch:
        patch.setattr(_client.Retry, "get_backoff_time", lambda self: 0.0)
        serving.query = Reply(json.dumps(sample("rs_doc_two_specs_cpu_v100")).encode())
        serving.login = Reply(
            json.dumps(sample("iam_token_response")).encode(), 201, (b"X-Subject-Token: " + MARK.encode(),)
        )
        yield serving


@fuzzed
@given(
    login=st.sampled_from(LOGINS),
    given_options=st.sets(st.sampled_from(sorted(OPTIONS)), max_size=4).flatmap(
        lambda names: st.fixed_dictionaries({name: OPTIONS[name] for name in sorted(names)})
    ),
)
def test_any_options(server: Wire, login: dict[str, t.Any], given_options: dict[str, t.Any]) -> None:
    port = server.url.rpartition(":")[2]
    chosen = {name: completed(value, port) for name, value in {**login, **given_options}.items()}
    # Empty text counts as not given in a lookup, while Ansible refuses some of it in a module.
    chosen = {name: value for name, value in chosen.items() if value is not None and value != ""}
    with contextlib.suppress(NotParsed):
        check(chosen)


def completed(value: t.Any, port: str) -> t.Any:
    """Insert the port of the server; remove NUL, over which Ansible's own log can break down."""
    return value.replace("PORT", port).replace("\0", "") if isinstance(value, str) else value
