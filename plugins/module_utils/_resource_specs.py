# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The query of resource specifications, for one connection or many targets.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import contextlib
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import _errors, _response
from ansible_collections.community.modelarts.plugins.module_utils._options import DEFAULT_SOURCE, QUERY, SOURCES

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils._client import Client
    from ansible_collections.community.modelarts.plugins.module_utils._connection import Connection

# Returns the ``specs`` and ``spec_total_count`` of one connection, or raises ModelArtsError. With targets it is
# called in several threads at once.
Fetch = t.Callable[["Connection"], "dict[str, t.Any]"]

# ``Tokens.guard`` prevents all of them from sending a wrong password at once.
MOST_AT_ONCE = 16

# Limits of the combined error message: characters of each failure, and number of failures.
LONGEST_FAILURE = 200
MOST_FAILURES = 10


def check(parameters: t.Mapping[str, t.Any]) -> None:
    """Raise OptionsError for options that contradict the source, before anything is sent."""
    source = parameters.get("source", DEFAULT_SOURCE)
    unknown = [name for name in QUERY if parameters.get(name) is not None and name not in SOURCES[source]]
    if unknown:
        raise _errors.OptionsError(
            f"{' and '.join(unknown)} cannot be used with source {source}, whose API does not take "
            f"{'them' if len(unknown) > 1 else 'it'}"
        )


def query(client: Client, parameters: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Query the specifications of ``source``, filtered by the given options of ``QUERY``.

    Returns ``specs``, ``spec_total_count`` (the number of specs where the service does not state it), and ``engine``,
    the engine that was found, if one is given. Raises what ``Client.send`` raises, and ResponseError if there is
    no list of specs.
    """
    source, engine = parameters.get("source", DEFAULT_SOURCE), parameters.get("engine")
    if source == DEFAULT_SOURCE and not engine:
        return _resource_specs(client, {name: parameters.get(name) for name in SOURCES[source]})
    # imported lazily: the module compiles each imported file at each run
    from ansible_collections.community.modelarts.plugins.module_utils import _catalogs

    if source == "training_job_flavors":
        return _catalogs.training_job_flavors(client, engine)
    if source == "service_specifications":
        return _catalogs.service_specifications(client)
    with _advice():
        found = _catalogs.find_engine(client, t.cast("str", engine), "v1", parameters.get("job_type"))
    given = {**{name: parameters.get(name) for name in SOURCES[source]}, "engine_id": found.get("engine_id")}
    return _catalogs.with_engine(_resource_specs(client, given), found)


def _resource_specs(client: Client, parameters: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Query ``GET /v1/{project_id}/job/resource-specs``. The API's own objects stay unchanged."""
    given = {name: value for name, value in parameters.items() if value is not None and name != "engine"}
    with _advice():
        response, document = client.get("query job resource specifications", "/job/resource-specs", given)
    specs = _response.objects(response, document, "specs")
    return {"specs": specs, "spec_total_count": _response.count(document, "spec_total_count", len(specs))}


@contextlib.contextmanager
def _advice() -> t.Iterator[None]:
    """Add the alternatives to the failure of a cloud that no longer has API v1."""
    try:
        yield
    except _errors.ServiceError as error:
        is_missing = error.http_status == 404 or error.error_code in ("APIGW.0101", "APIG.0101")
        if is_missing and not error.is_from_iam:
            raise error.with_hint(
                "Clouds that have retired this API list training machines with source: training_job_flavors, and "
                "inference machines with source: service_specifications."
            ) from None
        raise


def query_all(
    connections: t.Sequence[Connection], on_target_error: str, fetch: Fetch, warn: t.Callable[[str], None]
) -> dict[str, t.Any]:
    """Return ``specs`` and ``spec_total_count`` of the connection, or those of all targets together.

    With targets, each spec has the name of its target as ``target``, and ``targets`` is the outcome of each, in the
    given order. ``on_target_error`` decides what happens if some fail: a call of ``warn`` for each, or TargetsError.
    Without targets it raises what ``fetch`` raises.
    """
    if connections[0].target is None:
        return fetch(connections[0])
    # imported lazily: most tasks have one connection
    from concurrent.futures import ThreadPoolExecutor

    def outcome_of(connection: Connection) -> dict[str, t.Any] | _errors.ModelArtsError:
        try:
            return fetch(connection)
        except _errors.ModelArtsError as error:
            return error

    with ThreadPoolExecutor(min(MOST_AT_ONCE, len(connections))) as pool:
        outcomes = list(pool.map(outcome_of, connections))
    specs: list[dict[str, t.Any]] = []
    total = 0
    targets: list[dict[str, t.Any]] = []
    for connection, outcome in zip(connections, outcomes):
        if isinstance(outcome, _errors.ModelArtsError):
            targets.append({"name": connection.target, "failed": True, **outcome.result()})
        else:
            specs += [{**spec, "target": connection.target} for spec in outcome["specs"]]
            total += outcome["spec_total_count"]
            targets.append({"name": connection.target, **{key: outcome[key] for key in outcome if key != "specs"}})
    _handle_failures(targets, on_target_error, warn)
    return {"specs": specs, "spec_total_count": total, "targets": targets}


def _handle_failures(targets: list[dict[str, t.Any]], on_target_error: str, warn: t.Callable[[str], None]) -> None:
    failures = [target for target in targets if target.get("failed")]
    is_failure = {"strict": bool(failures), "error": len(failures) == len(targets)}
    if is_failure.get(on_target_error):
        raise _errors.TargetsError(_combined(failures, len(targets)), {"targets": targets})
    if on_target_error != "skip":
        for failure in failures:
            warn(f"Target {failure['name']} failed: {failure['msg']}")


def _combined(failures: list[dict[str, t.Any]], number_of_targets: int) -> str:
    """Combine all failures in one message: the text of a single one, the beginnings of several."""
    if len(failures) == 1:
        return f"Target {failures[0]['name']} failed: {failures[0]['msg']}"
    head = "All" if len(failures) == number_of_targets else f"{len(failures)} of"
    lines = [f"{head} {number_of_targets} targets failed."]
    lines += [
        f"{failure['name']}: {_errors.shorten(failure['msg'], LONGEST_FAILURE)}" for failure in failures[:MOST_FAILURES]
    ]
    if len(failures) > MOST_FAILURES:
        lines.append(f"And {len(failures) - MOST_FAILURES} more.")
    return "\n".join(lines)
