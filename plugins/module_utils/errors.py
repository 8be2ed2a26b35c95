# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of the collection: the core raises them, each face turns them into Ansible's own in one place."""

from __future__ import annotations

import sys
import typing as t


class ModelArtsError(Exception):
    """Any failure that a user is told about.

    ``str(error)`` says what happened, where, and what to do next. What is known beside that is carried as the fields
    that a module returns on failure (unknown ones are None): ``error_code`` and ``error_message`` as the service wrote
    them, ``http_status``, and ``request_id`` by which the cloud's support finds the request.
    """

    def __init__(
        self,
        message: str,
        *,
        error_code: str | None = None,
        error_message: str | None = None,
        http_status: int | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.error_code = error_code
        self.error_message = error_message
        self.http_status = http_status
        self.request_id = request_id

    def with_hint(self, hint: str) -> ModelArtsError:
        """The same error, with one more sentence on what to do next."""
        end = "" if str(self).endswith(".") else "."
        self.args = (f"{self}{end} {hint}",)
        return self

    def result(self) -> dict[str, t.Any]:
        """What a module returns on failure: ``msg``, and those of the four fields that are known."""
        fields = ("error_code", "error_message", "http_status", "request_id")
        known = {name: getattr(self, name) for name in fields if getattr(self, name) is not None}
        return {"msg": str(self), **known}


class OptionsError(ModelArtsError):
    """The options do not make a request: something is missing or contradicts; nothing was sent."""


def library_is_missing(name: str, purpose: str = "") -> OptionsError:
    """The error where a Python library cannot be imported; ``purpose`` says what it is for."""
    return OptionsError(
        f"The Python library {name} is missing for {sys.executable}{purpose}: install it there, for example with "
        f"'pip install {name}', or set ansible_python_interpreter to a Python that has it"
    )


class NoMatchError(ModelArtsError):
    """No spec meets the requirements.

    The message is the ``explanation`` of ``picked``, which is what picking gave.
    """

    def __init__(self, picked: t.Mapping[str, t.Any]) -> None:
        super().__init__(picked["explanation"])
        self._picked = {name: value for name, value in picked.items() if name != "explanation"}

    def result(self) -> dict[str, t.Any]:
        """``msg``, and the other values that a module returns of picking."""
        return {"msg": str(self), **self._picked}


class TargetsError(ModelArtsError):
    """Of several targets, so many failed that it is a failure of the whole; ``targets`` is what came of each."""

    def __init__(self, message: str, targets: t.Sequence[t.Mapping[str, t.Any]]) -> None:
        super().__init__(message)
        self._targets = list(targets)

    def result(self) -> dict[str, t.Any]:
        """``msg`` and ``targets``."""
        return {"msg": str(self), "targets": self._targets}


class TransportError(ModelArtsError):
    """No whole answer came: refused, reset, timed out, TLS failed, too large."""


class ServiceError(ModelArtsError):
    """The service answered that it did not do what was asked."""


class AnswerError(ModelArtsError):
    """The service answered something that its documentation does not describe."""
