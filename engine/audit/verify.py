"""Verification of an installation: chains, payloads, states, editions, files, signed documents, access log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.digest import canonical, parse_canonical, sha256
from engine.documents.judging import Expected, judge
from engine.errors import NotCanonical
from engine.rules.events import GENESIS, KINDS, OFFICE, payload_digest
from engine.runtime.catalog import Catalog
from engine.runtime.files import Files
from engine.runtime.signatories import Signatories
from engine.store import access, calendars, cases, editions, files, journal, papers, registered
from engine.store.database import Database
from engine.store.journal import Recorded


@dataclass(frozen=True)
class Flaw:
    """Something that is not as it was recorded: where, and what."""

    place: str
    step: int | None
    what: str

    @property
    def sentence(self) -> str:
        """For people."""
        return f"{self.place}{f', langkah {self.step}' if self.step else ''}: {self.what}."


@dataclass(frozen=True)
class Counted:
    """How much was looked at."""

    events: int
    cases: int
    files: int
    documents: int


@dataclass(frozen=True)
class Verification:
    """Verifies one office."""

    database: Database
    catalog: Catalog
    files: Files
    signatories: Signatories

    def flaws(self) -> Iterator[Flaw]:
        """Everything that is wrong, in the order it is found."""
        yield from self.chain_flaws()
        yield from self.state_flaws()
        yield from self.edition_flaws()
        yield from self.calendar_flaws()
        yield from self.file_flaws()
        yield from self.document_flaws()
        yield from self.access_flaws()

    def counted(self) -> Counted:
        """What there is to verify."""
        with self.database.reading() as connection:
            return Counted(*registered.counts(connection))

    def chain_flaws(self, chain: str | None = None) -> Iterator[Flaw]:
        """Chains: links, hashes, order of time, payload commitments, kinds."""
        with self.database.reading() as connection:
            names = [chain] if chain is not None else list(journal.chains(connection))
        for name in names:
            with self.database.reading() as connection:
                events, erased = journal.read(connection, name), registered.erased(connection, name)
            yield from links(name, events, erased)

    def state_flaws(self, case: str | None = None) -> Iterator[Flaw]:
        """The stored state of one case, or of each, against the head of its chain."""
        with self.database.reading() as connection:
            wanted = [case] if case is not None else cases.all_ids(connection)
        for one in wanted:
            with self.database.reading() as connection:
                row, head = cases.find(connection, one), journal.last(connection, one)
            if row is None or head is None:
                yield Flaw(f"berkas {one}", None, "berkas tanpa jurnal")
            elif (row.seq, row.head) != (head.event.seq, head.stored_hash):
                yield Flaw(f"berkas {one}", row.seq, "kepala rantai berbeda dari jurnal")
            elif sha256(row.state) != head.event.state_digest:
                yield Flaw(f"berkas {one}", row.seq, "keadaan tersimpan berbeda dari digest di jurnal")

    def edition_flaws(self) -> Iterator[Flaw]:
        """Every deployed edition against its hash."""
        with self.database.reading() as connection:
            for row in editions.listed(connection):
                if editions.edition_hash(editions.files(connection, row.hash)) != row.hash:
                    yield Flaw(f"edisi {row.hash[:12]} ({row.process})", None, "isi berkas edisi berbeda dari digestnya")

    def calendar_flaws(self) -> Iterator[Flaw]:
        """Tables of the calendar that were taken over, against the digests in the journal."""
        with self.database.reading() as connection:
            told = journal.read_kinds(connection, OFFICE, ("calendar_replaced",))
            kept = calendars.digests(connection)
        for one in told:
            if kept.pop(one.body.get("number", 0), None) != one.body.get("tables"):
                yield Flaw("kalender", one.event.seq, "tabel kalender berbeda dari digestnya di jurnal")
        for number in kept:
            yield Flaw(f"kalender, perubahan {number}", None, "tabel kalender tanpa jurnal")

    def file_flaws(self) -> Iterator[Flaw]:
        """Files on disk against their names, and rows without a file."""
        for holder, name, path in self.files.store.all():
            if not name.startswith(".") and _digest_of(path) not in (name, None):
                yield Flaw(f"berkas {holder}", None, f"isi file {name[:12]} berubah")
        with self.database.reading() as connection:
            for row in files.everything(connection):
                if not self.files.store.path(row.holder, row.sha256).exists():
                    yield Flaw(f"berkas {row.holder}", None, f"file {row.name} hilang")

    def document_flaws(self) -> Iterator[Flaw]:
        """Every signed document as anyone would judge it."""
        with self.database.reading() as connection:
            signed = papers.all_signed(connection)
        roots = self.signatories.roots
        for row in signed:
            path = self.files.store.path(row.case, str(row.signed))
            fingerprint = (row.receipt or {}).get("certificate_fingerprint")
            if path.exists() and not judge(path.read_bytes(), roots, Expected((str(row.signed),), fingerprint)).authentic:
                yield Flaw(f"dokumen {row.number or row.id}", None, "tanda tangan tidak lagi sah")

    def access_flaws(self) -> Iterator[Flaw]:
        """The access log, day by day."""
        previous, day = GENESIS, ""
        with self.database.reading() as connection:
            for row, stored in access.read(connection):
                previous, day = (GENESIS, row.day) if row.day != day else (previous, day)
                if row.previous != previous or row.hash != stored:
                    yield Flaw(f"catatan akses {row.day}", row.seq, "rantai terputus")
                previous = stored


def _digest_of(path: Path) -> str | None:
    """The digest of a file; None for an orphan that was swept since the folder was read."""
    try:
        return sha256(path.read_bytes())
    except FileNotFoundError:
        return None


def links(name: str, events: list[Recorded], erased: frozenset[int] = frozenset()) -> Iterator[Flaw]:
    """The flaws of one chain."""
    place = f"berkas {name}" if len(name) == 26 else f"rantai {name}"
    previous, at = GENESIS, ""
    for number, one in enumerate(events, 1):
        event = one.event
        if event.seq != number:
            yield Flaw(place, number, "langkah hilang")
            return
        if event.kind not in KINDS:
            yield Flaw(place, number, f"jenis peristiwa {event.kind!r} tidak dikenal")
        # The bytes as they lie there count, not only what they say.
        if event.previous != previous or event.hash != one.stored_hash or one.raw_actor.encode() != canonical(event.actor):
            yield Flaw(place, number, "rantai terputus: isi peristiwa berbeda dari hashnya")
        if event.at < at:
            yield Flaw(place, number, "waktu mundur")
        yield from _payload(place, one, erased)
        previous, at = one.stored_hash, event.at


def _payload(place: str, one: Recorded, erased: frozenset[int]) -> Iterator[Flaw]:
    if one.raw is None or one.salt is None:
        if one.event.seq not in erased:
            yield Flaw(place, one.event.seq, "isi peristiwa hilang tanpa catatan penghapusan")
        return
    try:
        body = parse_canonical(one.raw)
        good = isinstance(body, dict) and payload_digest(body, one.salt) == one.event.payload_digest
    except NotCanonical:
        good = False
    if not good:
        yield Flaw(place, one.event.seq, "isi peristiwa berubah")
