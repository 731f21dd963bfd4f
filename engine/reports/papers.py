"""Documents for people: listed, opened, judged by code, by file or by upload."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.clock import Clock, local, parse_stamp
from engine.digest import sha256
from engine.documents.judging import Expected, Judgement, judge
from engine.errors import NotFound
from engine.rules.people import PREFIXES
from engine.rules.validity import in_force
from engine.runtime.catalog import Catalog
from engine.runtime.files import Files
from engine.runtime.signatories import Signatories
from engine.store import cases, directory, papers
from engine.store.database import Database
from engine.store.papers import DocumentRow


@dataclass(frozen=True)
class Entry:
    """What the public register says about a published document; nothing personal. `standing`: berlaku, kedaluwarsa,
    diganti, dicabut, or empty for a decision that is no licence."""

    code: str
    process: str
    name: str
    number: str
    title: str
    published_at: datetime
    valid_until: str | None
    standing: str
    signer: str
    trial: bool
    sha256: str
    outcome: str | None


@dataclass(frozen=True)
class Papers:
    """Reads documents."""

    database: Database
    clock: Clock
    catalog: Catalog
    files: Files
    signatories: Signatories

    def of_case(self, case: str) -> list[DocumentRow]:
        """Every document of a case."""
        with self.database.reading() as connection:
            return papers.of_case(connection, case)

    def find(self, document: str) -> DocumentRow:
        """One document."""
        with self.database.reading() as connection:
            row = papers.by_id(connection, document)
        if row is None:
            raise NotFound(f"document {document}")
        return row

    def read(self, row: DocumentRow) -> bytes:
        """The file of a document, signed if it is."""
        return self.files.read(row.case, row.sha256)

    def by_code(self, code: str) -> Entry:
        """The register's entry behind a QR code; NotFound for a code that was never published."""
        with self.database.reading() as connection:
            row = papers.by_code(connection, code)
        if row is None or not self.is_out(row):
            raise NotFound(f"code {code}", advice="Kode ini tidak ada di daftar dokumen yang diterbitkan. Ketik kode persis "
                                                  "seperti pada surat, atau unggah berkas PDF-nya.")
        return self._entry(row)

    def by_file(self, pdf: bytes) -> Entry | None:
        """The register's entry of a file, by its very bytes."""
        with self.database.reading() as connection:
            row = papers.by_file(connection, sha256(pdf))
        return self._entry(row) if row is not None and self.is_out(row) else None

    def is_out(self, row: DocumentRow) -> bool:
        """Does the applicant have it? A signed letter once published; any other that is made for the applicant, at once."""
        with self.database.reading() as connection:
            case = cases.find(connection, row.case)
        kind = self.catalog.edition(case.edition).process.documents.get(row.kind) if case else None
        return row.published_at is not None or (kind is not None and kind.public and not kind.signed and not row.draft)

    def judge(self, pdf: bytes, entry: Entry | None = None) -> Judgement:
        """Is this file authentic? Against the register's entry where one is known, else from its signature alone."""
        return judge(pdf, self.signatories.roots, self._expected(entry) if entry else None)

    def _expected(self, entry: Entry) -> Expected:
        with self.database.reading() as connection:
            row = papers.by_code(connection, entry.code)
        receipt = (row.receipt or {}) if row else {}
        at = receipt.get("recorded_at")
        return Expected((entry.sha256,), receipt.get("certificate_fingerprint"), parse_stamp(at) if at else None)

    def judged_entry(self, entry: Entry) -> Judgement:
        """The judgement of the stored file of an entry."""
        with self.database.reading() as connection:
            row = papers.by_code(connection, entry.code)
        if row is None:
            raise NotFound(entry.code)
        return self.judge(self.read(row), entry)

    def _entry(self, row: DocumentRow) -> Entry:
        with self.database.reading() as connection:
            case = cases.find(connection, row.case)
            held = directory.appointments(connection, account=row.signer) if row.signer else []
        if case is None:
            raise NotFound(row.id)
        given = row.published_at or row.made_at
        process, receipt = self.catalog.edition(case.edition).process, row.receipt or {}
        kind, today = process.documents[row.kind], local(self.clock.now()).date()
        at = parse_stamp(receipt["recorded_at"]) if "recorded_at" in receipt else parse_stamp(given)
        signing = [one for one in held if one.holds_on(local(at).date()) and one.post in process.posts]
        signer = f"{PREFIXES.get(signing[0].capacity, '')}{process.posts[signing[0].post].name}" if signing else ""
        return Entry(row.code, process.name, kind.name, row.number or "", case.title, parse_stamp(given),
                     row.valid_until, in_force(row.standing, row.valid_until, today), signer, bool(receipt.get("uji_coba")),
                     row.sha256, kind.outcome)
