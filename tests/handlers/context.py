"""A handler's context for a test, without database or letters: what a small office did is kept in plain lists.

    office = SmallOffice()
    reserve_number(office.context(register="surat"))            # the first effect of a case
    reserve_number(office.context(register="surat", key="b"))   # another effect of the same case

Every fake answers by the effect's key, as its service does; test_context.py holds it against the contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from engine.handling import INTERRUPTED, HandlerFailed, TaskContext

CASE, FIRST = "berkas", "berkas:1048577"
PASSPHRASE = "frasa sandi rekaan"
CALLS_CASES, STARTS_PROMISE = "agenda", "tanda_masuk"
"""The register by which people call cases, and the letter with which the applicant's promise begins."""


@dataclass
class SmallOffice:
    """What effects left behind, and what the next effect is told to meet."""

    numbers: list[dict[str, Any]] = field(default_factory=list)
    letters: list[dict[str, Any]] = field(default_factory=list)
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    print_outs: dict[str, dict[str, Any]] = field(default_factory=dict)
    prints_cases: bool = True
    intact: bool = True

    def context(self, *, key: str = FIRST, secret: str | None = None, **options: Any) -> TaskContext:
        """What a handler is given for one effect."""
        return TaskContext(
            case=CASE, key=key, operation="uji", options=options, at=datetime(2026, 6, 9, 3, tzinfo=UTC),
            today=date(2026, 6, 9), numbers=FakeNumbers(self, key), letters=FakeLetters(self, key),
            notices=FakeNotices(self, key), accounts=FakeAccounts(self, key), archive=FakeArchive(self, key), secret=secret)

    def live(self, register: str) -> dict[str, Any] | None:
        return next((one for one in self.numbers if one["register"] == register and one["voided"] is None), None)

    def newest(self, kind: str) -> dict[str, Any]:
        return [one for one in self.letters if one["kind"] == kind][-1]


@dataclass(frozen=True)
class Fake:
    """The services of one effect."""

    office: SmallOffice
    key: str


class FakeNumbers(Fake):
    """engine.handling.Numbers"""

    def reserve(self, register: str) -> str:
        own = [one for one in self.office.numbers if (one["register"], one["key"]) == (register, self.key)]
        known = own[0] if own else self.office.live(register)
        if known is None:
            text = f"{register}/{len(self.office.numbers) + 1}"
            known = {"register": register, "text": text, "key": self.key, "voided": None}
            self.office.numbers.append(known)
        return known["text"]

    def names_cases(self, register: str) -> bool:
        return register == CALLS_CASES

    def void(self, register: str, reason: str) -> str | None:
        known = self.office.live(register)
        if known is not None:
            known["voided"] = reason
        return known["text"] if known else None

    def void_own(self, reason: str) -> str | None:
        own = [one for one in self.office.numbers if one["key"] == self.key and one["voided"] is None]
        return self.void(own[0]["register"], reason) if own else None


class FakeLetters(Fake):
    """engine.handling.Letters"""

    def render(self, kind: str) -> Mapping[str, Any]:
        known = next((one for one in self.office.letters if one["key"] == self.key), None)
        if known is None:
            known = {"document": f"surat-{len(self.office.letters) + 1}", "kind": kind, "key": self.key, "signed": None,
                     "published_by": None}
            self.office.letters.append(known)
        return {"document": known["document"], "kind": kind}

    def starts_promise(self, kind: str) -> bool:
        return kind == STARTS_PROMISE

    def take_back_own(self) -> None:
        self.office.letters[:] = [one for one in self.office.letters if one["key"] != self.key or one["signed"]]

    def sign(self, kind: str, secret: str | None) -> Mapping[str, Any]:
        letter = self.office.newest(kind)
        if letter["signed"] is None:
            if secret is None:
                raise HandlerFailed(INTERRUPTED, "Ketik lagi frasa sandi Anda.")
            if secret != PASSPHRASE:
                raise HandlerFailed("sandi_salah", "Frasa sandi tidak cocok.")
            letter["signed"] = {"document": letter["document"], "signed_sha256": "ab" * 32, "key": self.key}
        return letter["signed"]

    def unsign_own(self) -> None:
        for letter in self.office.letters:
            if letter["signed"] and letter["signed"]["key"] == self.key:
                letter["signed"] = None

    def verify(self, kind: str) -> Mapping[str, Any]:
        if not self.office.intact:
            raise HandlerFailed("tanda_tangan_tidak_sah", "Hasil tanda tangan tidak lulus pemeriksaan.")
        return {"document": self.office.newest(kind)["document"], "verification": {"intact": True}}

    def publish(self, kind: str) -> Mapping[str, Any]:
        letter = self.office.newest(kind)
        letter["published_by"] = letter["published_by"] or self.key
        return {"document": letter["document"], "kind": kind}

    def withdraw_own(self) -> None:
        for letter in self.office.letters:
            if letter["published_by"] == self.key:
                letter["published_by"] = None


class FakeNotices(Fake):
    """engine.handling.Notices"""

    def send(self, notice: str, to: str | None) -> Mapping[str, Any]:
        return self.office.messages.setdefault(self.key, {"notice": notice, "to": to or "pemohon", "recipients": 1})

    def take_back_own(self) -> None:
        self.office.messages.pop(self.key, None)


class FakeAccounts(Fake):
    """engine.handling.Accounts"""

    def create_applicant(self) -> Mapping[str, Any]:
        return {"account": self.office.accounts.setdefault(self.key, f"akun-{len(self.office.accounts) + 1}")}

    def close_own(self) -> None:
        if self.key in self.office.accounts:
            self.office.closed.append(self.office.accounts[self.key])


class FakeArchive(Fake):
    """engine.handling.Archive"""

    def close(self) -> Mapping[str, Any]:
        if not self.office.prints_cases:
            return {"document": None}
        return self.office.print_outs.setdefault(self.key, {"document": "cetakan-1", "sha256": "cd" * 32})
