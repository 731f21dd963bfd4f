"""Is this PDF authentic? One judgement for screens, commands and handlers; a register adds to what the signature says.

Four lines are shown to a person; three are judged here: is the file identical to the registered one, is the signature
intact and the only one, is the signer trusted. The fourth (is the licence in force today) is the register's own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel, TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from engine.clock import stamp
from engine.digest import sha256
from engine.documents.envelope import is_exact
from engine.documents.signing import TRIAL_MARK, CertificateFacts, facts, load_certificate

LARGEST = 15 * 1024 * 1024
END = re.compile(rb"startxref\s{1,2}(\d{1,10})\s{1,2}%%EOF\s{0,2}\Z")
METADATA = re.compile(r"^([a-z_]+)=(.*)$")


@dataclass(frozen=True)
class Expected:
    """What the register knows: every hash the file is registered under, its certificate, the time it was signed."""

    hashes: Collection[str] = ()
    fingerprint: str | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Line:
    """One line of the judgement. `holds` is None where it cannot be said."""

    code: str
    holds: bool | None
    title: str
    sentence: str

    def record(self) -> dict[str, Any]:
        return {"code": self.code, "holds": self.holds, "title": self.title, "sentence": self.sentence}


@dataclass(frozen=True)
class Judgement:
    """The whole answer. `authentic` needs an intact single signature over the whole file by a trusted signer."""

    sha256: str
    identical: Line
    intact: Line
    trusted: Line
    trial: bool = False
    signer: CertificateFacts | None = None
    signed_at: datetime | None = None
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def lines(self) -> tuple[Line, Line, Line]:
        return self.identical, self.intact, self.trusted

    @property
    def authentic(self) -> bool:
        return self.intact.holds is True and self.trusted.holds is True and self.identical.holds is not False

    @property
    def conclusion(self) -> str:
        if not self.authentic:
            return "TIDAK ASLI: berkas ini tidak dapat dipercaya. Mintalah berkas asli dari kantor."
        mark = f" ({TRIAL_MARK})" if self.trial else ""
        return f"ASLI: isi berkas utuh sejak ditandatangani dan penandatangannya dikenal{mark}."

    def record(self) -> dict[str, Any]:
        """The verification answer, as a receipt keeps it."""
        return {"authentic": self.authentic, "sha256": self.sha256, "trial": self.trial,
                "lines": [line.record() for line in self.lines],
                "certificate_fingerprint": self.signer.fingerprint if self.signer else None,
                "certificate_subject": self.signer.subject if self.signer else None,
                "signed_at": stamp(self.signed_at) if self.signed_at else None}


def judge(pdf: bytes, trusted_roots: Sequence[bytes], expected: Expected | None = None) -> Judgement:
    """Judge a file, however broken; it never raises."""
    identical = _identical(pdf, expected)
    try:
        return _judged(pdf, [load_certificate(root) for root in trusted_roots], expected or Expected(), identical)
    except Exception as fault:   # a file made to break a reader is simply not authentic; the kind of fault is kept
        return unreadable(pdf, expected, f"tidak dapat dibaca ({type(fault).__name__})")


def unreadable(pdf: bytes, expected: Expected | None, why: str) -> Judgement:
    """The judgement on a file of which nothing but its digest can be told."""
    return Judgement(sha256(pdf), _identical(pdf, expected), _broken(why), _nobody())


def _judged(pdf: bytes, roots: Sequence[Certificate], expected: Expected, identical: Line) -> Judgement:
    if len(pdf) > LARGEST:
        return Judgement(sha256(pdf), identical, _broken("berkas terlalu besar untuk diperiksa"), _nobody())
    reader = PdfFileReader(io.BytesIO(pdf))
    signatures = list(reader.embedded_regular_signatures)
    if len(signatures) != 1:
        return Judgement(sha256(pdf), identical, _broken(_count(len(signatures))), _nobody())
    signature = signatures[0]
    status = validate_pdf_signature(signature, signer_validation_context=_context(roots, signature, expected))
    signer = facts(signature.signer_cert)
    covered = _covers(pdf, signature, status, roots) and _nothing_but_proofs(pdf, reader, status, _context(
        roots, signature, expected))
    return Judgement(sha256(pdf), identical, _intact(status, covered), _trusted(status, signer, expected),
                     trial=TRIAL_MARK in signer.subject or TRIAL_MARK in signer.issuer, signer=signer,
                     signed_at=signature.self_reported_timestamp, metadata=_metadata(reader))


def _context(roots: Sequence[Certificate], signature: EmbeddedPdfSignature, expected: Expected) -> ValidationContext:
    # A fresh one each time: a shared context was seen to hang between threads. The moment is that of signing: a
    # certificate that ends later does not undo what was signed while it ran.
    return ValidationContext(trust_roots=list(roots), allow_fetching=False, revocation_mode="soft-fail",
                             moment=expected.at or signature.self_reported_timestamp)


def _identical(pdf: bytes, expected: Expected | None) -> Line:
    title = "Berkas sama dengan yang terdaftar"
    if expected is None or not expected.hashes:
        return Line("identical", None, title,
                    "Tidak dibandingkan dengan daftar kantor; dinilai dari tanda tangannya saja.")
    if sha256(pdf) in expected.hashes:
        return Line("identical", True, title, "Berkas ini sama persis dengan yang diterbitkan kantor.")
    return Line("identical", False, title, "Berkas ini berbeda dari yang diterbitkan kantor.")


def _intact(status: PdfSignatureStatus, covered: bool) -> Line:
    if not (status.intact and status.valid):
        return _broken("isi berkas berubah setelah ditandatangani")
    if status.timestamp_validity is not None and not _stamp_holds(status.timestamp_validity):
        return _broken("penanda waktunya tidak dapat dipercaya")
    if status.docmdp_ok is False or not covered:
        return _broken("ada bagian berkas di luar tanda tangan")
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return Line("intact", True, INTACT, "Satu tanda tangan, meliputi seluruh berkas; tidak ada yang berubah sesudahnya.")
    return Line("intact", True, INTACT, "Satu tanda tangan, meliputi seluruh surat; sesudahnya hanya ditambahkan bukti untuk "
                                        "pemeriksaan di tahun-tahun mendatang.")


def _covers(pdf: bytes, signature: EmbeddedPdfSignature, status: PdfSignatureStatus,
            roots: Sequence[Certificate]) -> bool:
    start, first, second, length = (int(part) for part in signature.byte_range)
    # Where the signer is unknown there is no chain to hold the certificates to; the file is not authentic anyway.
    path = status.validation_path if status.trusted else signature.other_embedded_certs
    stamp_ = status.timestamp_validity
    stamped = (stamp_.validation_path or ()) if stamp_ is not None and stamp_.trusted else ()
    chain = [*(path or ()), *stamped, *roots, signature.signer_cert]
    revision = pdf[:second + length]
    return is_exact(revision, (start, first, second, length), {certificate.dump() for certificate in chain})


def _nothing_but_proofs(pdf: bytes, reader: PdfFileReader, status: PdfSignatureStatus, context: ValidationContext) -> bool:
    """The signature spans the file; or a stamped one is followed by nothing but proofs for later years, as services add."""
    stamps = list(reader.embedded_timestamp_signatures)
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return not stamps
    if status.coverage != SignatureCoverageLevel.ENTIRE_REVISION or status.timestamp_validity is None:
        return False
    if status.modification_level != ModificationLevel.LTA_UPDATES or not _ends_with(pdf, reader):
        return False
    return all(_stamp_holds(validate_pdf_timestamp(one, context)) for one in stamps)


def _ends_with(pdf: bytes, reader: PdfFileReader) -> bool:
    """The last thing in the file is the end of its last revision: nothing hides behind it."""
    last = END.search(pdf)
    return last is not None and int(last[1]) == reader.last_startxref


def _stamp_holds(stamp_: TimestampSignatureStatus) -> bool:
    return bool(stamp_.intact and stamp_.valid and stamp_.trusted)


def _trusted(status: PdfSignatureStatus, signer: CertificateFacts, expected: Expected) -> Line:
    if not status.trusted:
        return Line("trusted", False, TRUSTED,
                    "Penandatangan tidak dikenal: sertifikatnya bukan dari penerbit yang dipercaya.")
    if expected.fingerprint is not None and signer.fingerprint != expected.fingerprint:
        return Line("trusted", False, TRUSTED, "Penandatangan bukan pejabat yang tercatat untuk dokumen ini.")
    return Line("trusted", True, TRUSTED, f"Ditandatangani oleh {signer.subject}.")


INTACT = "Tanda tangan utuh"
TRUSTED = "Penandatangan dipercaya"


def _broken(why: str) -> Line:
    return Line("intact", False, INTACT, f"Tanda tangan tidak utuh: {why}.")


def _nobody() -> Line:
    return Line("trusted", False, TRUSTED, "Tidak ada penandatangan yang dapat dipastikan.")


def _count(signatures: int) -> str:
    return "berkas tidak bertanda tangan" if signatures == 0 else f"ada {signatures} tanda tangan, seharusnya satu"


def _metadata(reader: PdfFileReader) -> dict[str, str]:
    """What the letter says about itself: case, edition, template, digest of its values, head of the chain."""
    about = reader.trailer["/Info"] if "/Info" in reader.trailer else {}
    words = str(about["/Keywords"]) if "/Keywords" in about else ""
    found = (METADATA.match(part.strip()) for part in words.split(","))
    return {match[1]: match[2] for match in found if match}
