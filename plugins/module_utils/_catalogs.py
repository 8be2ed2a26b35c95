# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other lists than the resource specifications of API v1: v2 flavors, inference specifications, engines.

An entry keeps the API's own fields and gains the fields of a v1 specification that it lacks, so that picking can read
all of them. Values that an entry does not state stay unknown. The APIs are ModelArts' "Obtaining the General
Specifications Supported by a Training Job", "Obtaining Supported Service Deployment Specifications", "Querying Job
Engine Specifications" (v1), and "Obtaining the Preset AI Frameworks Supported by a Training Job" (v2).

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import difflib
import fnmatch
import json
import typing as t

from ansible_collections.community.modelarts.plugins.module_utils import _response
from ansible_collections.community.modelarts.plugins.module_utils._errors import OptionsError, number_text

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils._client import Client

    Entry = dict[str, t.Any]

# Entries per page, and pages: their product exceeds every real list.
PAGE_SIZE = 1000
MOST_PAGES = 50

# Number of engines that a message lists.
MOST_ENGINES = 20


def training_job_flavors(client: Client, engine: str | None) -> dict[str, t.Any]:
    """Query the flavors of API v2. It does not state availability, so none of them counts as sold out.

    Returns ``specs``, ``spec_total_count``, and ``engine`` where one is given. Raises what ``Client.send`` raises,
    ResponseError for an unexpected response, and OptionsError if ``engine`` does not match one engine.
    """
    found = find_engine(client, engine, "v2") if engine else None
    response, document = client.get("query training job flavors", "/training-job-flavors", version="v2")
    flavors = _response.objects(response, document, "flavors")
    return _result([_as_spec(flavor, _flavor_names(flavor)) for flavor in flavors], document, found)


def service_specifications(client: Client) -> dict[str, t.Any]:
    """Query the specifications of inference services, page by page; see ``training_job_flavors``."""
    specifications: list[Entry] = []
    seen: set[str] = set()
    document: t.Any = None
    offset = 0
    for _page in range(MOST_PAGES):
        query = {"is_personal_cluster": "false", "infer_type": "real-time", "limit": PAGE_SIZE, "offset": offset}
        response, document = client.get("query service specifications", "/services/specifications", query)
        entries = _response.objects(response, document, "specifications")
        # Some gateways ignore the offset and repeat the page: one without new entries is the last one.
        texts = [json.dumps(entry, sort_keys=True) for entry in entries]
        new = [entry for entry, text in zip(entries, texts) if text not in seen]
        specifications += new
        seen.update(texts)
        offset += len(entries)
        total = _response.count(document, "total_count")
        if not new or (len(entries) < PAGE_SIZE if total is None else offset >= total):
            break
    return _result([_as_spec(entry, _service_names(entry)) for entry in specifications], document, None)


def find_engine(client: Client, pattern: str, version: str, job_type: str | None = None) -> Entry:
    """Return the one engine whose name, version, or name and version match ``pattern``, a case-insensitive glob.

    Raises OptionsError if none or several match, and what ``Client.send`` raises.
    """
    path = "/job/ai-engines" if version == "v1" else "/training-job-engines"
    query = {"job_type": job_type} if job_type else None
    response, document = client.get("query engines", path, query, version=version)
    engines = _response.objects(response, document, "engines" if version == "v1" else "items")
    found = [engine for engine in engines if any(_matches(text, pattern) for text in _texts(engine))]
    if len(found) == 1:
        return found[0]
    if found:
        problem, candidates = f"matches {len(found)} engines", found
    else:
        problem = "matches no engine"
        candidates = sorted(engines, key=lambda engine: -max(_similarity(text, pattern) for text in _texts(engine)))
    # not shortened, because versions differ at their ends
    names = [f"{_texts(engine)[-1]} (engine_id {engine.get('engine_id')})" for engine in candidates]
    rest = f" and {len(names) - MOST_ENGINES} more" if len(names) > MOST_ENGINES else ""
    raise OptionsError(
        f"engine {pattern!r} {problem}. This cloud has: {', '.join(names[:MOST_ENGINES]) or 'none'}{rest}"
    )


def _texts(engine: Entry) -> tuple[str, str, str]:
    name, version = (str(engine.get(key, "")) for key in ("engine_name", "engine_version"))
    return name, version, f"{name} {version}"


def _matches(text: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(text.lower(), pattern.strip().lower())


def _similarity(text: str, pattern: str) -> float:
    words = pattern.lower().replace("*", "")
    if words and words in text.lower():
        return 1.0 + len(words)
    return difflib.SequenceMatcher(None, text.lower(), words).ratio()


def _result(specs: list[Entry], document: t.Any, engine: Entry | None) -> dict[str, t.Any]:
    result = {"specs": specs, "spec_total_count": _response.count(document, "total_count", len(specs))}
    return with_engine(result, engine) if engine else result


def with_engine(result: dict[str, t.Any], engine: Entry) -> dict[str, t.Any]:
    """Return a result with the engine that was found, which is also added to each spec."""
    return {**result, "engine": engine, "specs": [{**spec, "engine": engine} for spec in result["specs"]]}


def _as_spec(entry: Entry, names: Entry) -> Entry:
    """Return the entry with the v1 fields that it lacks or that are null in it."""
    missing = {name: value for name, value in names.items() if entry.get(name) is None and value is not None}
    return {**entry, **missing}


def _flavor_names(flavor: Entry) -> Entry:
    info, billing = _response.part(flavor, "flavor_info"), _response.part(flavor, "billing")
    memory, disk, gpu = _response.part(info, "memory"), _response.part(info, "disk"), _response.part(info, "gpu")
    return {
        "spec_code": flavor.get("flavor_id"),
        "core": _text(_response.part(info, "cpu").get("core_num")),
        "cpu": _text(memory.get("size")),
        "memory_unit": memory.get("unit"),
        # A flavor lists all its parts, so one without a GPU block has no GPU.
        "gpu_num": gpu.get("unit_num", None if gpu or not info else 0),
        "gpu_type": gpu.get("product_name", None if gpu or not info else ""),
        "storage": f"{disk['size']}{disk.get('unit') or ''}" if disk.get("size") is not None else None,
        "unit_num": billing.get("unit_num"),
        "max_num": info.get("max_num"),
    }


def _service_names(entry: Entry) -> Entry:
    memory, gpu = _response.part(entry, "memory_info"), _response.part(entry, "gpu_info")
    has_no_gpu = not gpu and entry.get("category") in ("CPU", "NPU")
    stock = {name: entry[name] for name in ("spec_status", "is_open", "over_quota") if name in entry}
    is_sold_out = (
        stock.get("spec_status") == "sellout" or stock.get("is_open") is False or stock.get("over_quota") is True
    )
    return {
        "spec_code": entry.get("specification"),
        "core": _text(_response.part(entry, "cpu_info").get("cpu")),
        "cpu": _text(memory.get("memory")),
        "memory_unit": memory.get("unit"),
        "gpu_num": gpu.get("gpu", 0 if has_no_gpu else None),
        "gpu_type": gpu.get("version", "" if has_no_gpu or gpu.get("gpu") == 0 else None),
        "no_resource": is_sold_out if stock else None,
    }


def _text(value: t.Any) -> str | None:
    """Return a number in the form of v1: text without a zero fraction."""
    if value is None:
        return None
    return number_text(value) if isinstance(value, float) else str(value)
