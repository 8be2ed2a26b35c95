# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One session with the cloud: log in, send, try again within bounds, and translate every failure once."""

from __future__ import annotations

import itertools
import os
import queue
import re
import threading
import time
import typing as t
from urllib.parse import quote, urlsplit

from ansible_collections.community.modelarts.plugins.module_utils import answers, endpoint, options, retry
from ansible_collections.community.modelarts.plugins.module_utils.auth import choice
from ansible_collections.community.modelarts.plugins.module_utils.auth.access import NoAuth
from ansible_collections.community.modelarts.plugins.module_utils.errors import (
    OptionsError,
    TransportError,
    library_is_missing,
)
from ansible_collections.community.modelarts.plugins.module_utils.login import Login
from ansible_collections.community.modelarts.plugins.module_utils.logins import Logins
from ansible_collections.community.modelarts.plugins.module_utils.secrets import Secrets

if t.TYPE_CHECKING:
    from ansible_collections.community.modelarts.plugins.module_utils.auth.access import Access, AuthBase

try:
    import requests
    import urllib3
except ImportError:
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = True

# The catalogue of a whole cloud is some 100 KB; an answer of more bytes than this is none.
LARGEST_ANSWER = 32 * 1024 * 1024
CHUNK = 64 * 1024

CHECK_ADDRESS = "Check that this is the address of the service"

# A day, in seconds: nobody waits longer, and far more overflows the clock.
LONGEST_TIMEOUT = 24 * 60 * 60

# What stands in a text where the environment holds bytes that are not UTF-8.
_SURROGATE = re.compile("[\ud800-\udfff]")

# Options that travel as headers, in which only printable ASCII has a place.
HEADER_OPTIONS = ("token", "access_key", "security_token", "project_id")


class Client:
    """A session for one set of connection options (those of the fragment ``connection``, as Ansible parsed them).

    It logs in before the first request that needs it, or takes a login of the same identity from ``logins``. Making one
    sends nothing, and raises OptionsError if the options cannot make a request.
    """

    def __init__(self, parameters: t.Mapping[str, t.Any], logins: Logins | None = None) -> None:
        if not HAS_REQUESTS:
            raise library_is_missing("requests")
        self._options = options.given(parameters)
        way = choice.choose(self._options)
        self._options.setdefault("validate_certs", True)
        self._check(choice.asks_for_a_token(way, self._options))
        self._secrets = Secrets(self._options[name] for name in options.SECRETS if name in self._options)
        self._logins = logins or Logins()
        self._login = Login(self._options, way, self._logins, self._iam, self._secrets.add)
        self._session = requests.Session()

    def _check(self, asks_for_a_token: bool) -> None:
        """Refuse offline what could only fail later, before a login is spent on it."""
        if not 1 <= self._options["timeout"] <= LONGEST_TIMEOUT:
            raise OptionsError(f"timeout must be from 1 to {LONGEST_TIMEOUT} (seconds)")
        if self._options["retries"] < 0:
            raise OptionsError("retries must not be negative")
        for name in HEADER_OPTIONS:
            value = self._options.get(name, "")
            if not value.isascii() or not value.isprintable():
                raise OptionsError(f"{name} holds characters that it cannot have, such as a line break")
        for name, value in self._options.items():
            if isinstance(value, str) and _SURROGATE.search(value):
                raise OptionsError(f"{name} is not valid UTF-8")
        if self._options.get("project_id") in (".", ".."):
            raise OptionsError("project_id is no project ID")
        if not os.path.exists(self._options.get("ca_path", os.curdir)):
            raise OptionsError(f"ca_path {self._options['ca_path']!r} does not exist here")
        if asks_for_a_token or "project_id" not in self._options:
            endpoint.iam_url(self._options)
        if "endpoint" in self._options or not asks_for_a_token:
            endpoint.modelarts_url(self._options)

    def get(self, operation: str, path: str, query: t.Mapping[str, t.Any]) -> tuple[answers.Answer, t.Any]:
        """``GET`` a path below ``/v1/{project_id}`` of ModelArts; gives the answer and its document.

        ``operation`` completes "Cannot ..." in messages. Raises ServiceError, AnswerError, TransportError or
        OptionsError.
        """
        return self._login.use(lambda access: self._get(access, operation, path, query))

    def _get(
        self, access: Access, operation: str, path: str, query: t.Mapping[str, t.Any]
    ) -> tuple[answers.Answer, t.Any]:
        project_id = self._options.get("project_id") or access.project_id
        if not project_id:
            raise OptionsError("project_id is missing, and the token that IAM gave is not scoped to a project")
        try:
            url = endpoint.modelarts_url(self._options, access.catalog)
        except OptionsError as error:
            # It may hold an address of the catalog, and so anything that IAM has written there.
            raise OptionsError(self._secrets.hide(str(error))) from None
        return self._send(
            operation, "GET", f"{url}/v1/{quote(project_id, safe='')}{path}", access.auth, params=dict(query)
        )

    def access(self) -> Access:
        """The login of this session, made unless it was before."""
        return self._login.access()

    def _iam(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        body: t.Any = None,
        query: t.Mapping[str, str] | None = None,
        auth: AuthBase | None = None,
        once: bool = False,
    ) -> tuple[answers.Answer, t.Any]:
        url = endpoint.iam_url(self._options) + path
        return self._send(operation, method, url, auth or NoAuth(), 0 if once else None, json=body, params=query)

    def _send(
        self, operation: str, method: str, url: str, proof: AuthBase, retries: int | None = None, **content: t.Any
    ) -> tuple[answers.Answer, t.Any]:
        self._check_proxy(url)
        where = f"Cannot {operation} at {urlsplit(url).netloc}"
        most = self._options["retries"] if retries is None else retries

        def send() -> tuple[answers.Answer, t.Any]:
            answer = self._send_until_answered(where, method, url, most, auth=proof, **content)
            return answer, answers.read(answer)

        credential = getattr(proof, "locked_by", None)
        return self._logins.prove(credential, send) if credential else send()

    def _check_proxy(self, url: str) -> None:
        """Plain http to this machine is no such thing where a proxy of the environment takes it elsewhere."""
        if url.startswith("http:") and not self._options["allow_http"]:
            proxy = requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url, no_proxy=None))
            if proxy and not endpoint.is_loopback(urlsplit(proxy).hostname or urlsplit(f"//{proxy}").hostname or ""):
                raise OptionsError(
                    f"A proxy of the environment would carry {url} in the clear: "
                    "name the host in NO_PROXY, or set allow_http to true"
                )

    def _send_until_answered(self, where: str, method: str, url: str, retries: int, **content: t.Any) -> answers.Answer:
        """Send at most ``1 + retries`` times; give the last answer, whatever it says, or raise TransportError."""
        for attempt in itertools.count():
            try:
                answer = self._within_timeout(where, method, url, **content)
            except requests.exceptions.SSLError as error:
                raise TransportError(
                    f"{where}: TLS failed: {self._reason(error)}. Check the address and ca_path "
                    "(in AWX: the field CA certificate of the credential)"
                ) from error
            except (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
                seconds = retry.pause(attempt)
                if attempt == retries:
                    raise TransportError(
                        f"{where}: no connection, last of {attempt + 1} attempts: {self._reason(error)}. "
                        "Check the address, the network and the proxy settings"
                    ) from error
            except (
                requests.exceptions.RequestException,
                urllib3.exceptions.HTTPError,
                OSError,
                OverflowError,
                ValueError,
            ) as error:
                raise TransportError(
                    f"{where}: {self._reason(error)}. {CHECK_ADDRESS}, and the proxy settings"
                ) from error
            else:
                told = retry.retry_after_seconds(answer.headers.get("retry-after"))
                wait = retry.pause(attempt) if told is None else retry.pause_as_told(told)
                if answer.status not in retry.RETRIED_STATUSES or attempt == retries or wait is None:
                    return answer
                seconds = wait
            time.sleep(seconds)
        raise AssertionError("itertools.count has no end")

    def _within_timeout(self, where: str, method: str, url: str, **content: t.Any) -> answers.Answer:
        """One exchange, bounded as a whole by ``timeout``.

        The timeouts of ``requests`` bound each wait for the socket, not their sum, nor the look-up of the host's name;
        so the exchange runs in a thread that is left behind when time is up.
        """
        timeout = self._options["timeout"]
        outcome: queue.SimpleQueue[answers.Answer | Exception] = queue.SimpleQueue()

        def exchange() -> None:
            try:
                outcome.put(self._exchange(where, method, url, timeout=timeout, **content))
            except Exception as error:  # handed to the caller, who knows the kinds
                outcome.put(error)

        threading.Thread(target=exchange, daemon=True).start()
        try:
            result = outcome.get(timeout=timeout)
        except queue.Empty:
            result = requests.exceptions.Timeout()
        if isinstance(result, requests.exceptions.Timeout):
            raise TransportError(
                f"{where}: no whole answer within {timeout} seconds. Raise timeout, or check the network"
            ) from None
        if isinstance(result, Exception):
            raise result
        return result

    def _exchange(self, where: str, method: str, url: str, **content: t.Any) -> answers.Answer:
        verify: bool | str = self._options["validate_certs"]
        if verify:
            verify = self._options.get("ca_path", True)
        else:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        with self._session.request(
            method, url, headers=headers, verify=verify, allow_redirects=False, stream=True, **content
        ) as response:
            # Each layer can make a thousand bytes of one, and requests undoes several at once.
            if "," in response.headers.get("Content-Encoding", ""):
                raise TransportError(
                    f"{where}: the answer is compressed more than once, and was not unpacked. {CHECK_ADDRESS}"
                )
            body = bytearray()
            for chunk in response.iter_content(CHUNK):
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise TransportError(
                        f"{where}: the answer is larger than {LARGEST_ANSWER // 1024**2} MiB, "
                        f"and was not read further. {CHECK_ADDRESS}"
                    )
            lower = {name.lower(): value for name, value in response.headers.items()}
            return answers.Answer(where, response.status_code, lower, bytes(body), self._secrets)

    def _reason(self, error: BaseException) -> str:
        """The innermost cause of an error of ``requests``, which wraps several libraries' texts into one another."""
        seen: set[int] = set()
        while id(error) not in seen:
            seen.add(id(error))
            inner = error.__cause__ or error.__context__
            nested = [getattr(error, "reason", None), *error.args, inner]
            # A plain ValueError is one of Python's, and may have cut in two a secret that came over the wire.
            causes = (one for one in nested if isinstance(one, BaseException) and one.__class__ is not ValueError)
            error = next(causes, error)
        return answers.shorten(self._secrets.hide(str(error) or type(error).__name__))
