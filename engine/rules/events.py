"""What can happen to a case, an office or a process, and how the chain of it is hashed (formats.md 3)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.digest import canonical, canonical_trusted, sha256

GENESIS = "0" * 64
"""`previous` of the first event of a chain."""

OFFICE = "kantor"
"""The chain of accounts, appointments, calendar, settings and registers."""


def process_chain(process: str) -> str:
    """The chain of a process's editions."""
    return f"proses:{process}"


KINDS: Mapping[str, str] = MappingProxyType({
    # case chains, with a step of the engine
    "started": "The case began at a message start; names edition, engine and library versions.",
    "completed": "A person finished a task; holds the form's values and the variables taken from them.",
    "effect_done": "A handler's receipt arrived and moved the case on.",
    "effect_failed": "A handler failed for good; the drawn error boundary was taken.",
    "timer_fired": "A drawn timer moved the case on.",
    "message": "A message reached the case, such as a withdrawal.",
    "migrated": "The case was moved to another edition.",
    # case chains, without a step
    "late_result": "A handler's result came after its token was gone; it was compensated.",
    "claimed": "A person took a task.",
    "released": "A person put a task back.",
    "reassigned": "A task was given to another person.",
    "delegated": "A task was handed on for a time.",
    "draft_discarded": "A draft was thrown away by its owner.",
    "returned_notice": "The applicant was told of a return.",
    "reminder": "A threshold before or at a due date was reached.",
    "escalated": "A threshold after a due date was reached; the next post was told.",
    "deadline_set": "A clock that ought to run was missing and was begun.",
    "deadline_moved": "A due date moved; the old one is kept.",
    "document_made": "A document was made outside of a step.",
    "document_signed": "A signature was registered or an orphan removed outside of a step.",
    "incident_raised": "An effect needs an administrator.",
    "incident_solved": "An administrator set an incident going again.",
    "note": "A note by a person.",
    "erased": "A payload was erased by decision.",
    # office chain
    "office_opened": "The installation was set up.",
    "account_created": "An account was made.",
    "account_changed": "An account's state or details changed.",
    "appointed": "A person was appointed to a post.",
    "appointment_ended": "An appointment ended.",
    "calendar_changed": "A day of the calendar was set by decree.",
    "calendar_replaced": "Whole tables of the calendar were taken over by decree.",
    "setting_changed": "A setting of the office changed.",
    "number_reserved": "A number of a register was given to a case.",
    "number_voided": "A number was voided with its reason; its row stays.",
    # process chains
    "deployed": "An edition went into force.",
})
"""The closed list of event kinds. A verifier refuses any other."""

STEPS = frozenset({"started", "completed", "effect_done", "effect_failed", "timer_fired", "message", "migrated"})
"""Kinds that carry a transition of the engine; replay executes exactly these."""


@dataclass(frozen=True)
class Event:
    """One link of a chain, as stored. Digests are hex."""

    chain: str
    seq: int
    kind: str
    at: str
    actor: Mapping[str, Any]
    payload_digest: str
    state_digest: str | None
    previous: str

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical record."""
        return sha256(self.record())

    def record(self) -> bytes:
        """The canonical bytes that are hashed."""
        return canonical_trusted({
            "chain": self.chain, "seq": self.seq, "kind": self.kind, "at": self.at, "actor": dict(self.actor),
            "payload_digest": self.payload_digest, "state_digest": self.state_digest, "previous": self.previous})


def payload_digest(body: Mapping[str, Any], salt: bytes) -> str:
    """SHA-256 of the canonical object of salted commitments, one per top-level field."""
    return fields_digest(canonical_fields(body), salt)


def canonical_fields(body: Mapping[str, Any]) -> dict[str, bytes]:
    """field -> canonical bytes of its value, fields in canonical order."""
    return {field: canonical(body[field]) for field in sorted(body)}


def joined(fields: Mapping[str, bytes]) -> bytes:
    """The canonical bytes of the whole payload, out of those of its fields."""
    return b"{" + b",".join(canonical(field) + b":" + value for field, value in fields.items()) + b"}"


def fields_digest(fields: Mapping[str, bytes], salt: bytes) -> str:
    """payload_digest() from the fields' canonical bytes."""
    return sha256(canonical_trusted(commitments(fields, salt)))


def commitments(fields: Mapping[str, bytes], salt: bytes) -> dict[str, str]:
    """field -> hex SHA-256(HMAC(salt, field) ‖ canonical value)."""
    key = hmac.new(salt, digestmod=hashlib.sha256)
    return {field: _commitment(key, field, value) for field, value in fields.items()}


def _commitment(key: hmac.HMAC, field: str, value: bytes) -> str:
    salted = key.copy()
    salted.update(field.encode())
    return hashlib.sha256(salted.digest() + value).hexdigest()


FORM_FIELD = "isian."
"""Prefix of a form value among a payload's top-level fields: each form key is committed to by itself."""


def with_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Form values as top-level payload fields, so that each can be masked alone."""
    return {FORM_FIELD + key: value for key, value in values.items()}


def form_values(body: Mapping[str, Any]) -> dict[str, Any]:
    """The form values of a payload."""
    return {key[len(FORM_FIELD):]: value for key, value in body.items() if key.startswith(FORM_FIELD)}
