# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of the collection, and how their messages list names and numbers.

PRIVATE: do not import outside this collection.
"""

from __future__ import annotations

import sys
import typing as t

LONGEST_NAME = 60

# ModelArts' own code for a wrong access key or signature, which it reports with the HTTP status 403 or 200.
BAD_KEY = "ModelArts.0206"


class ModelArtsError(Exception):
    """A failure that is reported to the user.

    ``str(error)`` says what failed, where, and what to do next. The fields are those that a module returns on failure,
    None if unknown: ``error_code`` and ``error_message`` as the service gave them, ``http_status``, and ``request_id``,
    by which the cloud's support finds the request.
    """

    # Whether there is no response from which one could tell what became of the request.
    has_no_outcome = False

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

    @property
    def short_code(self) -> str:
        """The digits of the error code, such as "2763" of "ModelArts.2763"."""
        return (self.error_code or "").rpartition(".")[2]

    @property
    def is_transient(self) -> bool:
        """Whether the same request may succeed later; its outcome is unknown."""
        return self.has_no_outcome or self.http_status == 429 or (self.http_status or 0) >= 500

    @property
    def is_final(self) -> bool:
        """Whether this concerns neither what was requested nor its state, so that no other request can succeed."""
        return self.http_status in (401, 403, 404)

    def with_hint(self, hint: str) -> ModelArtsError:
        """Add a sentence on what to do next to this error, and return it."""
        end = "" if str(self).endswith(".") else "."
        self.args = (f"{self}{end} {hint}",)
        return self

    def result(self) -> dict[str, t.Any]:
        """Return what a module returns on failure: ``msg``, and those of the four fields that are known."""
        fields = ("error_code", "error_message", "http_status", "request_id")
        known = {name: getattr(self, name) for name in fields if getattr(self, name) is not None}
        return {"msg": str(self), **known}


class OptionsError(ModelArtsError):
    """The options are incomplete, invalid, or contradict each other; nothing was sent."""


class MachineError(OptionsError):
    """Something is missing on one machine, so the advice depends on where this code runs.

    The message is written for a module, which runs on the target.
    """

    ON_TARGET: t.ClassVar[str]
    ON_CONTROLLER: t.ClassVar[str]

    def on_controller(self) -> MachineError:
        """Replace the advice for modules by the one for plugins, which run on the controller; return this error."""
        self.args = (str(self).replace(self.ON_TARGET, self.ON_CONTROLLER),)
        return self


class NoLoginError(MachineError):
    """Neither the options nor the environment contain a login."""

    ON_TARGET = "the environment of the target, which a play's 'environment' sets, for example OS_TOKEN"
    ON_CONTROLLER = (
        "the environment of ansible-playbook or ansible-rulebook on the controller, for example OS_TOKEN; a play's "
        "'environment' does not reach lookups"
    )


class MissingLibraryError(MachineError):
    """A Python library cannot be imported."""

    ON_TARGET = ", or set ansible_python_interpreter to a Python that has it"
    ON_CONTROLLER = (
        ". That is the Python that runs ansible-playbook or ansible-rulebook, not ansible_python_interpreter"
    )


class FailureWithResult(ModelArtsError):
    """A failure that returns additional values beside ``msg``."""

    def __init__(self, message: str, result: t.Mapping[str, t.Any]) -> None:
        super().__init__(message)
        self._result = dict(result)

    def result(self) -> dict[str, t.Any]:
        """Return ``msg`` and the values."""
        return {"msg": str(self), **self._result}


class NoMatchError(FailureWithResult):
    """No spec meets the requirements."""


class TargetsError(FailureWithResult):
    """So many targets failed that the task fails; the result has ``targets``, the outcome of each."""


class TransportError(ModelArtsError):
    """No complete response: connection refused or reset, timeout, TLS failure, response too large."""

    has_no_outcome = True


class ServiceError(ModelArtsError):
    """The service reported a failure: ModelArts, or IAM if ``is_from_iam``."""

    is_from_iam = False


class ResponseError(ModelArtsError):
    """The service sent a response that its documentation does not describe."""

    has_no_outcome = True


def refuses_credential(failure: t.Mapping[str, t.Any]) -> bool:
    """Tell whether a failure, as ``ModelArtsError.result`` returns it, is that of a credential that clouds lock."""
    return failure.get("http_status") == 401 or failure.get("error_code") == BAD_KEY


def missing_library(name: str, purpose: str = "") -> MissingLibraryError:
    """Return the error for a Python library that cannot be imported; ``purpose`` says what needs it."""
    return MissingLibraryError(
        f"The Python library {name} is missing for {sys.executable}{purpose}: install it there, for example with "
        f"'pip install {name}'{MissingLibraryError.ON_TARGET}"
    )


def number_text(value: float) -> str:
    """Format ``8.0`` as "8" and ``0.5`` as "0.5", without an exponent below a quadrillion."""
    return f"{value:.15g}"


def counted(value: float, one: str, many: str) -> str:
    """Format ``1, "GPU", "GPUs"`` as "1 GPU", and ``4, "GPU", "GPUs"`` as "4 GPUs"."""
    return f"{number_text(value)} {one if value == 1 else many}"


def shorten(text: str, longest: int = LONGEST_NAME) -> str:
    """Shorten a text that would dominate the message."""
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def listed(
    names: t.Iterable[str], most: int, rest: str = "more", notes: t.Callable[[str], str] = lambda name: ""
) -> str:
    """List the different names as "a, b, c", or as "a, b and 3 more" if there are more than ``most``.

    ``notes`` returns what follows a name.
    """
    return _capped(names, most, ", ", f"and {{}} {rest}", notes)


def either(names: t.Iterable[str], most: int) -> str:
    """List the different names as "a or b or c", or as "a or b or 3 more" if there are more than ``most``."""
    return _capped(names, most, " or ", "or {} more", lambda name: "")


def _capped(names: t.Iterable[str], most: int, joint: str, rest: str, notes: t.Callable[[str], str]) -> str:
    different = list(dict.fromkeys(names))
    # One more name is more helpful than "1 more".
    if len(different) <= most + 1:
        most = len(different)
    shown = joint.join(shorten(name) + notes(name) for name in different[:most])
    return shown if len(different) == most else f"{shown} {rest.format(len(different) - most)}"
