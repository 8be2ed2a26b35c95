# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One HTTP session for a connection: authenticated, retried and bounded in time and size.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import http.client
import io
import os
import queue
import random
import re
import threading
import typing as t
from urllib.parse import quote, urlsplit

from ansible_collections.community.modelarts.plugins.module_utils import _endpoint, _errors, _response
from ansible_collections.community.modelarts.plugins.module_utils._response import Exchange, Response
from ansible_collections.community.modelarts.plugins.module_utils._tokens import Tokens

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils._auth.base import AuthBase, AuthState
    from ansible_collections.community.modelarts.plugins.module_utils._connection import Connection

try:
    import requests
    import urllib3
except ImportError:
    HAS_REQUESTS = False
    AdapterBase: t.Any = object
    RetryBase: t.Any = object
else:
    HAS_REQUESTS = True
    AdapterBase = requests.adapters.HTTPAdapter
    RetryBase = urllib3.util.Retry

# Bytes. The catalogue of a whole cloud has some 100 KB.
LARGEST_RESPONSE = 32 * 1024 * 1024

# What a busy or restarting service responds with. A 401 is never among them: failed logins lock the user or the key.
RETRIED_STATUSES = (429, 502, 503, 504)

# Seconds: the longest pause of our own, and the longest one that a service may demand.
LONGEST_PAUSE = 10.0
LONGEST_RETRY_AFTER = 60.0
JITTER = 0.5

# What the libraries raise over some addresses, proxies and responses, beside exceptions of their own. All exceptions of
# requests are OSErrors.
BUILTIN_ERRORS = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)

CHECK_ADDRESS = "Check that this is the address of the service"


class Retry(RetryBase):
    """Retries with pauses that double from half a second, with jitter, or as long as ``Retry-After`` demands."""

    def get_backoff_time(self) -> float:
        """Return the next pause in seconds. urllib3 has jitter of its own only since 2.0."""
        return min(0.5 * 2.0 ** min(len(self.history) - 1, 20), LONGEST_PAUSE) * random.uniform(0.5, 1.0)

    def parse_retry_after(self, retry_after: str) -> float:
        """Return the seconds that ``Retry-After`` demands, 0 if it is invalid.

        Adds jitter, so that hosts that were refused together do not return together.
        """
        try:
            seconds = float(super().parse_retry_after(retry_after))
        except (urllib3.exceptions.HTTPError, ArithmeticError, LookupError, TypeError, ValueError):
            return 0.0
        return seconds + random.uniform(0.0, JITTER) if seconds else 0.0


class ResponseTooLarge(Exception):
    """Raised when a response exceeds the size limit."""


class BoundedReader(io.RawIOBase):
    """Reads from a socket up to the size limit, whatever length the response states."""

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw
        self._count = 0

    def readable(self) -> bool:
        """Return that this is readable."""
        return True

    def readinto(self, buffer: t.Any) -> int | None:
        """Read into ``buffer``; return the number of bytes. Raises ResponseTooLarge."""
        count = self._raw.readinto(buffer)
        self._count += count or 0
        if self._count > LARGEST_RESPONSE:
            raise ResponseTooLarge
        return count

    def close(self) -> None:
        """Close the socket's file as well."""
        self._raw.close()
        super().close()


class BoundedResponse(http.client.HTTPResponse):
    """Reads no more than ``LARGEST_RESPONSE``. Python would read a chunk of negative size without bound."""

    def __init__(self, *arguments: t.Any, **keywords: t.Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fp = io.BufferedReader(BoundedReader(self.fp.detach()))


class Adapter(AdapterBase):
    """Connects, and bounds the size of responses."""

    def init_poolmanager(self, *arguments: t.Any, **keywords: t.Any) -> None:
        """Create the pools of direct connections."""
        super().init_poolmanager(*arguments, **keywords)
        _bound(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **keywords: t.Any) -> t.Any:
        """Return the pools of connections through a proxy."""
        return _bound(super().proxy_manager_for(proxy, **keywords))


def _bound(manager: t.Any) -> t.Any:
    """Bound the responses of a pool manager's connections."""
    manager.pool_classes_by_scheme = {scheme: _bounded(pool) for scheme, pool in manager.pool_classes_by_scheme.items()}
    return manager


def _bounded(pool: t.Any) -> t.Any:
    """Derive a class of connection pools with bounded responses, unless ``pool`` is one."""
    connection = type("Connection", (pool.ConnectionCls,), {"response_class": BoundedResponse})
    is_bounded = pool.ConnectionCls.response_class is BoundedResponse
    return pool if is_bounded else type("Pool", (pool,), {"ConnectionCls": connection})


class Client:
    """A session with ModelArts and IAM for one connection.

    It logs in before the first request that needs it, or takes a login from ``tokens``. Creating one sends nothing.
    Messages hide ``secrets`` as well, beside those of the connection.
    Raises OptionsError if ``requests`` is missing.
    """

    def __init__(self, connection: Connection, tokens: Tokens | None = None, secrets: t.Iterable[str] = ()) -> None:
        if not HAS_REQUESTS:
            raise _errors.missing_library("requests")
        self._connection = connection
        self._tokens = tokens or Tokens()
        self._redactor = _response.Redactor([*connection.secrets(), *secrets])
        self._session = requests.Session()
        self._session.mount("http://", Adapter())
        self._session.mount("https://", Adapter())
        if not connection.validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def get(self, operation: str, path: str, query: t.Any = None, version: str = "v1") -> Exchange:
        """Send ``GET`` to a path below ``/{version}/{project_id}`` of ModelArts; see ``send``."""
        return self.send(operation, "GET", path, params=query, version=version)

    def send(self, operation: str, method: str, path: str, *, version: str = "v1", **content: t.Any) -> Exchange:
        """Send a request to a path below ``/{version}/{project_id}`` of ModelArts; return response and document.

        ``operation`` completes "Cannot ..." in messages. ``content`` can have ``json`` and ``params``, which are those
        of ``requests``; ``retries``, which overrides the option: 0 for what must not be sent twice; and ``only_reads``
        for a search by ``POST``. Raises ServiceError, ResponseError, TransportError or OptionsError.
        """

        def request(auth: AuthBase, state: AuthState) -> Exchange:
            project_id = self._connection.project_id or state.project_id
            if not project_id:
                raise _errors.OptionsError(
                    "project_id is missing, and the token that IAM issued is not scoped to a project"
                )
            url = f"{self._modelarts_url(state)}/{version}/{quote(project_id, safe='')}{path}"
            return self._send(operation, method, url, auth=auth, **content)

        return self._tokens.use(self._connection, self._iam, request)

    def _modelarts_url(self, state: AuthState) -> str:
        connection = self._connection
        if connection.endpoint:
            return connection.endpoint
        try:
            url = _endpoint.catalog_url(state.catalog, connection.region, connection.allow_http)
            if not url and not connection.region_is_written:
                url = _endpoint.catalog_url(state.catalog, None, connection.allow_http)
            return url or _endpoint.url_beside_catalog(
                state.catalog, connection.auth_url, connection.region if connection.region_is_written else None
            )
        except _errors.OptionsError as error:
            # It may quote the catalog, and so anything that IAM has written there.
            raise _errors.OptionsError(self._redactor.hide(str(error))) from None

    def _iam(self, operation: str, method: str, path: str, **content: t.Any) -> Exchange:
        try:
            return self._send(operation, method, f"{self._connection.auth_url}{path}", **content)
        except _errors.ServiceError as error:
            error.is_from_iam = True
            raise

    def _send(
        self, operation: str, method: str, url: str, auth: AuthBase, retries: int | None = None, **content: t.Any
    ) -> Exchange:
        if auth.token:
            self._redactor.add(auth.token)
        where = f"Cannot {operation} at {urlsplit(url).netloc}"
        most = self._connection.retries if retries is None else retries

        def request() -> Exchange:
            response = self._send_with_retries(where, method, url, Retry(total=most), auth=auth, **content)
            return response, _response.read(response)

        return self._tokens.guard(auth.credential, request)

    def _send_with_retries(
        self, where: str, method: str, url: str, retry: Retry, only_reads: bool = False, **content: t.Any
    ) -> Response:
        """Send until there is a response that is not retried; return it, whatever it says, or raise TransportError.

        urllib3 does not do this by itself, since ``timeout`` bounds each attempt, and since it would read the bodies of
        refused attempts without bound.
        """
        # Reading twice does no harm, so it may be retried after any failure of the service.
        retried = (*RETRIED_STATUSES, 500) if only_reads or method == "GET" else RETRIED_STATUSES
        while True:
            raw = None
            try:
                self._check_proxy(url)
                response, raw = self._within_timeout(where, method, url, **content)
            except (requests.exceptions.Timeout, queue.Empty):
                raise _errors.TransportError(
                    f"{where}: timed out after {self._connection.timeout} seconds. Raise timeout, or check the network"
                ) from None
            except ResponseTooLarge:
                raise _errors.TransportError(
                    f"{where}: the response is larger than {LARGEST_RESPONSE // 1024**2} MiB, "
                    f"and was not read further. {CHECK_ADDRESS}"
                ) from None
            except requests.exceptions.SSLError as error:
                raise _errors.TransportError(
                    f"{where}: TLS failed: {self._reason(error)}. Check the address and ca_path "
                    "(in AWX: the field CA certificate of the credential)"
                ) from error
            except (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
                if not retry.total:
                    raise _errors.TransportError(
                        f"{where}: no connection, last of {len(retry.history) + 1} attempts: {self._reason(error)}. "
                        "Check the address, the network and the proxy settings"
                    ) from error
            except (urllib3.exceptions.HTTPError, http.client.HTTPException, *BUILTIN_ERRORS) as error:
                raise _errors.TransportError(
                    f"{where}: {self._reason(error)}. {CHECK_ADDRESS}, and the proxy settings"
                ) from error
            else:
                if response.status not in retried:
                    return response
                if (retry.get_retry_after(raw) or 0.0) > LONGEST_RETRY_AFTER + JITTER:
                    demanded = _errors.shorten(self._redactor.hide(response.headers["retry-after"]))
                    return response._replace(
                        advice=f"The service demands a pause (Retry-After: {demanded}) longer than the maximum of "
                        f"{LONGEST_RETRY_AFTER:.0f} seconds: try again after it"
                    )
                if not retry.total:
                    return response
            retry = retry.increment(method, url)
            retry.sleep(raw)

    def _check_proxy(self, url: str) -> None:
        """Refuse a proxy of the environment that is invalid, or would carry plain http to another machine.

        Messages name the variable only: the proxy's address may have a password in it.
        """
        proxy = requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url, no_proxy=None))
        if not proxy:
            return
        variables = [f"{scheme}_proxy" for scheme in (urlsplit(url).scheme, "all")]
        names = (name for variable in variables for name in os.environ if name.lower() == variable)
        name = next((name for name in names if os.environ[name] == proxy), "The proxy of this machine's settings")
        host, password = _endpoint.parse_proxy(name, proxy)
        self._redactor.add(password)
        if url.startswith("http:") and not self._connection.allow_http and not _endpoint.is_loopback(host):
            raise _errors.OptionsError(
                f"The proxy in {name} would carry {url} unencrypted: "
                "name the host in NO_PROXY, or set allow_http to true"
            )

    def _within_timeout(self, where: str, method: str, url: str, **content: t.Any) -> tuple[Response, t.Any]:
        """Exchange one request and response, bounded as a whole by ``timeout``.

        The timeouts of ``requests`` bound each wait for the socket, not their sum, nor the look-up of the host's name;
        so the exchange runs in a thread that is left behind when time is up. Raises queue.Empty then.
        """
        timeout = self._connection.timeout
        outcome: queue.SimpleQueue[tuple[Response, t.Any] | Exception] = queue.SimpleQueue()

        def exchange() -> None:
            try:
                outcome.put(self._exchange(where, method, url, timeout=timeout, **content))
            except Exception as error:  # raised by the caller, which knows the kinds
                outcome.put(error)

        threading.Thread(target=exchange, daemon=True).start()
        result = outcome.get(timeout=timeout)
        if isinstance(result, Exception):
            raise result
        return result

    def _exchange(self, where: str, method: str, url: str, **content: t.Any) -> tuple[Response, t.Any]:
        content["headers"] = {"Accept": "application/json", "Content-Type": "application/json"}
        content["verify"] = self._connection.validate_certs and (self._connection.ca_path or True)
        with self._session.request(method, url, allow_redirects=False, stream=True, **content) as response:
            # Each layer can make a thousand bytes of one, and requests decodes several at once.
            if "," in response.headers.get("Content-Encoding", ""):
                raise _errors.TransportError(
                    f"{where}: the response is compressed more than once, and was not decompressed. {CHECK_ADDRESS}"
                )
            response.raw.enforce_content_length = True  # the default only since urllib3 2.0
            body = bytearray()
            for chunk in response.iter_content(64 * 1024):
                body += chunk
                # It may be compressed.
                if len(body) > LARGEST_RESPONSE:
                    raise ResponseTooLarge
            headers = dict(response.headers.lower_items())
            return Response(where, response.status_code, headers, bytes(body), self._redactor), response.raw

    def _reason(self, error: BaseException) -> str:
        """Return the innermost cause of an error of ``requests``, which nests the texts of several libraries."""
        seen: set[int] = set()
        while id(error) not in seen:
            seen.add(id(error))
            inner = error.__cause__ or error.__context__
            nested = [getattr(error, "reason", None), *error.args, inner]
            # A plain ValueError is one of Python's, and may contain half a secret that came over the wire.
            causes = (one for one in nested if isinstance(one, BaseException) and one.__class__ is not ValueError)
            error = next(causes, error)
        # Between // and @ there is a password, for example that of a proxy.
        text = re.sub(r"//.*@", f"//{_response.MASK}@", str(error) or type(error).__name__, flags=re.DOTALL)
        return _errors.shorten(self._redactor.hide(text), _response.LONGEST_MESSAGE)
