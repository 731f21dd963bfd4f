"""Signing a letter: who may sign with what, and what comes back? One interface; here, a PKCS#12 file.

A passphrase is an argument of one call: it is in no attribute, no log line and no traceback text of this module. A
remote service is another class with the same members (engine.documents.esign); nothing else changes.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from asn1crypto import pem, pkcs12
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession

from engine.clock import stamp
from engine.digest import sha256
from engine.errors import Refusal

TRIAL_MARK = "TTE UJI COBA – TIDAK SAH"
"""Stands on everything that the test authority has a hand in."""
FIELD = "TandaTanganElektronik"
SIGNER_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")

# pyHanko logs the traceback of a wrong passphrase; nothing of it may reach a log of ours.
for _library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_library).addHandler(logging.NullHandler())
    logging.getLogger(_library).propagate = False


class SigningFailed(Refusal):
    """The signature did not come about; the file and its number are kept for the next try."""

    code = "tte_gagal"
    advice = "Tanda tangan elektronik gagal dibuat. Nomor dan naskah tetap aman; coba lagi atau hubungi administrator."
    reference: str | None = None
    """What a service calls a try that may have been carried out; the next try asks for it first."""


class WrongPassphrase(SigningFailed):
    """The passphrase does not open the key."""

    code = "sandi_salah"
    advice = "Frasa sandi (passphrase) tanda tangan salah. Nomor dan naskah tetap aman; ketik ulang frasa sandi Anda."


class SignerUnavailable(SigningFailed):
    """There is no usable key for this person, or the service does not answer."""

    code = "tte_tidak_tersedia"
    advice = ("Sertifikat tanda tangan elektronik untuk akun ini belum ada atau tidak dapat dibuka. "
              "Minta administrator menerbitkan atau memasang sertifikat; nomor dan naskah tetap aman.")


class CertificateExpired(SignerUnavailable):
    """The certificate is not valid at the recorded time."""

    code = "sertifikat_tidak_berlaku"
    advice = ("Sertifikat tanda tangan elektronik ini tidak berlaku pada hari ini. "
              "Minta sertifikat baru kepada administrator; nomor dan naskah tetap aman.")


@dataclass(frozen=True)
class CertificateFacts:
    """What is public about a certificate."""

    subject: str
    issuer: str
    serial: str
    fingerprint: str
    valid_from: datetime
    valid_until: datetime

    def valid_at(self, at: datetime) -> bool:
        return self.valid_from <= at <= self.valid_until


@dataclass(frozen=True)
class SignerStatus:
    """Can this person sign now? `code` is `siap`, `belum_ada`, `tidak_berlaku` or `rusak`; `advice` says what to do."""

    ready: bool
    code: str
    advice: str
    certificate: CertificateFacts | None = None


@dataclass(frozen=True)
class SignJob:
    """One file to sign, for one person, at the recorded time.

    `identity` = the person's number at a national service; `reference` = its name for an earlier, unanswered try.
    """

    pdf: bytes = field(repr=False)
    signer: str
    at: datetime
    reason: str = ""
    location: str = ""
    identity: str = field(default="", repr=False)
    reference: str | None = None


@dataclass(frozen=True)
class Signed:
    """The signed file and what its receipt holds. `service` = what a remote service said beside the file."""

    pdf: bytes = field(repr=False)
    sha256: str
    unsigned_sha256: str
    driver: str
    trial: bool
    certificate: CertificateFacts
    at: datetime
    service: Mapping[str, Any] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """The receipt, as it stands in the journal; the verification answer is added by whoever verified."""
        return {"unsigned_sha256": self.unsigned_sha256, "signed_sha256": self.sha256, "driver": self.driver,
                "uji_coba": self.trial, "certificate_subject": self.certificate.subject,
                "certificate_serial": self.certificate.serial, "certificate_fingerprint": self.certificate.fingerprint,
                "recorded_at": stamp(self.at), **({"service": dict(self.service)} if self.service else {})}


class Signer(Protocol):
    """What every driver offers. `issuer_words` is the issuer named at the foot of a letter, never set for trials."""

    driver: str
    uji_coba: bool
    issuer_words: str | None

    def status(self, signer: str, at: datetime, identity: str = "") -> SignerStatus:
        """Could this person sign at this time? Needs no secret."""

    def sign(self, job: SignJob, secret: str) -> Signed:
        """Sign the file once; a SigningFailed says why not."""


class Pkcs12Signer:
    """Keys as PKCS#12 files `<account>.p12` with the certificate beside them as `<account>.crt`."""

    def __init__(self, folder: Path, *, driver: str = "pkcs12", uji_coba: bool = False,
                 issuer_words: str | None = None) -> None:
        self.folder = folder
        self.driver = driver
        self.uji_coba = uji_coba
        self.issuer_words = None if uji_coba else issuer_words

    def status(self, signer: str, at: datetime, identity: str = "") -> SignerStatus:
        try:
            certificate = self._certificate(signer)
            self._must_have_key(signer)
        except SignerUnavailable as refusal:
            return SignerStatus(False, "belum_ada", refusal.advice)
        if not certificate.valid_at(at):
            return SignerStatus(False, "tidak_berlaku", CertificateExpired.advice, certificate)
        return SignerStatus(True, "siap", "", certificate)

    def sign(self, job: SignJob, secret: str) -> Signed:
        if not self._certificate(job.signer).valid_at(job.at):
            raise CertificateExpired(f"the certificate of {job.signer} is not valid at {stamp(job.at)}")
        key = self._open(job.signer, secret)
        certificate = facts(key.signing_cert)
        signed = _sign(job, key, self._metadata(job, certificate))
        return Signed(signed, sha256(signed), sha256(job.pdf), self.driver, self.uji_coba, certificate, job.at)

    def _certificate(self, signer: str) -> CertificateFacts:
        try:
            return read_certificate(self._file(signer, ".crt").read_bytes())
        except (OSError, ValueError) as fault:
            raise SignerUnavailable(f"no certificate of {signer}: {type(fault).__name__}") from fault

    def _must_have_key(self, signer: str) -> None:
        """A certificate that came with a backup has no key beside it."""
        if not self._file(signer, ".p12").is_file():
            raise SignerUnavailable(f"no key of {signer}")

    def _open(self, signer: str, secret: str) -> SimpleSigner:
        try:
            archive = self._file(signer, ".p12").read_bytes()
            pkcs12.Pfx.load(archive, strict=True).native   # a damaged file is not a wrong passphrase
        except (OSError, ValueError, TypeError) as fault:
            raise SignerUnavailable(f"the key of {signer} cannot be read: {type(fault).__name__}") from fault
        try:
            return SimpleSigner.load_pkcs12_data(archive, other_certs=[], passphrase=secret.encode())
        except ValueError:
            raise WrongPassphrase(f"the key of {signer} did not open") from None   # no traceback of what was typed

    def _file(self, signer: str, suffix: str) -> Path:
        if not SIGNER_NAME.fullmatch(signer):
            raise SignerUnavailable("no such signer")
        return self.folder / f"{signer}{suffix}"

    def _metadata(self, job: SignJob, certificate: CertificateFacts) -> PdfSignatureMetadata:
        reason = f"{TRIAL_MARK}. {job.reason}".rstrip(". ") if self.uji_coba else job.reason
        return PdfSignatureMetadata(
            field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES, reason=reason or None, location=job.location or None,
            name=certificate.subject)


class _RecordedTimeSigner(PdfSigner):
    """A signer that writes the recorded time into the signature instead of asking the machine for another one."""

    def __init__(self, metadata: PdfSignatureMetadata, key: SimpleSigner, at: datetime) -> None:
        super().__init__(metadata, signer=key)
        self._recorded_at = at.astimezone(UTC).replace(microsecond=0)

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._recorded_at
        return session


def _sign(job: SignJob, key: SimpleSigner, metadata: PdfSignatureMetadata) -> bytes:
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(job.pdf))
        if writer.prev.embedded_signatures:
            raise SigningFailed("the file is signed already",
                                advice="Berkas ini sudah ditandatangani; satu berkas, satu tanda tangan.")
        return bytes(_RecordedTimeSigner(metadata, key, job.at).sign_pdf(writer).getvalue())
    except (PdfError, SigningError, ValueError) as fault:
        raise SigningFailed(f"{type(fault).__name__}") from fault


def read_certificate(content: bytes) -> CertificateFacts:
    """The facts of a certificate in PEM or DER; ValueError when it is none."""
    return facts(load_certificate(content))


def load_certificate(content: bytes) -> Certificate:
    """A certificate in PEM or DER; ValueError when it is none."""
    der = pem.unarmor(content)[2] if pem.detect(content) else content
    certificate = Certificate.load(der, strict=True)
    certificate.native   # parsed lazily: what is broken shall show here
    return certificate


def facts(certificate: Certificate) -> CertificateFacts:
    """What is public about a certificate."""
    return CertificateFacts(
        subject=_words(certificate.subject.native), issuer=_words(certificate.issuer.native),
        serial=f"{certificate.serial_number:x}", fingerprint=certificate.sha256.hex(),
        valid_from=certificate.not_valid_before, valid_until=certificate.not_valid_after)


SHOWN_PARTS = ("common_name", "organizational_unit_name", "organization_name")


def _words(name: Mapping[str, Any]) -> str:
    found = [name[part] for part in SHOWN_PARTS if part in name]
    return ", ".join(part if isinstance(part, str) else " ".join(part) for part in found)
