"""The contract of a handler: the one file a handler developer reads.

A handler is one file in `handlers/` with one function of the same name. It is called after the commit, outside of any
transaction, possibly more than once with the same key: it asks the services of its context (which claim the key before
they act) and returns an Outcome. It never stores anything itself and never reads a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from engine.errors import EngineFault, HandlerFailed

__all__ = ["INTERRUPTED", "Outcome", "TaskContext", "HandlerFailed", "handler", "Handler", "registered"]


@dataclass(frozen=True)
class Outcome:
    """What a handler did. `values` go into the journal; those named in the task's `variabel` enter the case state.

    Values are JSON without floats and hold no secret. `applicant` = the account that becomes the applicant of the case;
    `number` = the number by which people call the case from now on; `received` = the promise to the applicant starts.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    applicant: str | None = None
    number: str | None = None
    received: bool = False


class Numbers(Protocol):
    """Number registers; gap-free, one live number per case and register."""

    def reserve(self, register: str) -> str:
        """The live number of this case in the register, reserved now if there is none."""

    def names_cases(self, register: str) -> bool:
        """True for the register whose numbers people call cases by."""

    def void(self, register: str, reason: str) -> str | None:
        """Void the live number of this case, if any; its row stays."""

    def void_own(self, reason: str) -> str | None:
        """Void the number that this very effect reserved, if it is still live."""


class Letters(Protocol):
    """Letters of the case: rendered, signed, verified, published; each once per key."""

    def render(self, kind: str) -> Mapping[str, Any]:
        """Render the document from the case as it is; receipt {document, kind, sha256, version, number}."""

    def starts_promise(self, kind: str) -> bool:
        """True for the receipt that starts the promise to the applicant."""

    def take_back_own(self) -> None:
        """Throw the unsigned letter away that this very effect made."""

    def sign(self, kind: str, secret: str | None) -> Mapping[str, Any]:
        """Sign the rendered document; receipt of formats.md 6. Raises HandlerFailed(sandi_salah | tte_gagal | terputus).

        Without the secret: the receipt of what was registered already, else INTERRUPTED.
        """

    def unsign_own(self) -> None:
        """Take the signature that this very effect made out of the register."""

    def verify(self, kind: str) -> Mapping[str, Any]:
        """Judge the signed file with the same judgement everyone else gets; HandlerFailed when it is not intact."""

    def publish(self, kind: str) -> Mapping[str, Any]:
        """Give the document to the applicant and, if it is a decision, to the public check page."""

    def withdraw_own(self) -> None:
        """Undo the publication by this very effect."""


class Notices(Protocol):
    """Messages to people."""

    def send(self, notice: str, to: str | None) -> Mapping[str, Any]:
        """Queue the message once for `pemohon` or for a post (None = whom process.toml names); receipt {notice, to,
        recipients}."""

    def take_back_own(self) -> None:
        """Forget what this effect queued and nobody has tried to deliver yet."""


class Accounts(Protocol):
    """Accounts of applicants."""

    def create_applicant(self) -> Mapping[str, Any]:
        """Make the applicant's account from the account form, with an activation link; receipt {account}."""

    def close_own(self) -> None:
        """Close the account that this very effect made."""


class Archive(Protocol):
    """The end of a case."""

    def close(self) -> Mapping[str, Any]:
        """Make the print-out of the whole case; receipt {document, sha256}."""


@dataclass(frozen=True)
class TaskContext:
    """What a handler is given."""

    case: str
    key: str
    operation: str
    options: Mapping[str, Any]
    at: datetime
    today: date
    numbers: Numbers
    letters: Letters
    notices: Notices
    accounts: Accounts
    archive: Archive
    secret: str | None = field(default=None, repr=False)

    def option(self, name: str) -> Any:
        """A parameter of the service task; HandlerFailed when the diagram does not give it."""
        if self.options.get(name) is None:
            raise HandlerFailed("parameter_kosong", f"Parameter “{name}” pada langkah otomatis ini kosong.")
        return self.options[name]


INTERRUPTED = "terputus"
"""Code of a failure: the request that held the secret ended before its work was registered."""

Work = Callable[[TaskContext], Outcome]


@dataclass(frozen=True)
class Handler:
    """A registered handler: its operation, whether it needs a secret, its parameters, and how a late result is undone.

    A handler with a secret works within the request in which the secret was typed. When that request died, the worker
    calls it without one: it may then only answer what the dead request had registered, or fail as INTERRUPTED.
    """

    operation: str
    work: Work
    options: tuple[str, ...]
    secret: bool
    compensate: Callable[[TaskContext, Mapping[str, Any]], None] | None


_REGISTERED: dict[str, Handler] = {}


def handler(operation: str, *, options: tuple[str, ...] = (), secret: bool = False,
            compensate: Callable[[TaskContext, Mapping[str, Any]], None] | None = None) -> Callable[[Work], Work]:
    """Register a function as the handler of an operation named in diagrams."""
    def register(work: Work) -> Work:
        known = _REGISTERED.get(operation)
        if known is not None and known.work.__module__ != work.__module__:
            raise EngineFault(f"two handlers for {operation}")
        _REGISTERED[operation] = Handler(operation, work, options, secret, compensate)
        return work
    return register


def registered() -> Mapping[str, Handler]:
    """Every handler loaded so far, by operation."""
    return dict(_REGISTERED)
