"""May a file that a signing service gives back be registered? Only our letter, signed once, by the person who was asked.

The service holds the key, so all that can be judged is what it returns: is every page what was sent, is there exactly
one new signature, is it that person's, and does it pass the judgement that everyone else will pass on it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asn1crypto import pem
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader

from engine.digest import sha256
from engine.documents.esign.likeness import same_letter
from engine.documents.judging import Expected, judge
from engine.documents.signing import SIGNER_NAME, CertificateFacts, SigningFailed, SignJob, facts


class ReturnedFileRefused(SigningFailed):
    """What the service gave back is not our letter with one signature of that person; it is not registered."""

    code = "tte_hasil_ditolak"
    advice = ("Layanan TTE mengembalikan berkas yang tidak dapat diterima, jadi tidak dicatat. Nomor dan naskah tetap aman; "
              "coba lagi, dan bila terulang hubungi administrator.")


NOT_A_PDF = "Layanan TTE tidak mengembalikan PDF. Nomor dan naskah tetap aman; coba lagi nanti."
OTHER_LETTER = ("Layanan TTE mengembalikan surat yang isinya berbeda dari naskah yang disetujui, jadi tidak dicatat. "
                "Hubungi administrator; nomor dan naskah tetap aman.")
OTHER_PERSON = ("Surat ditandatangani dengan sertifikat yang bukan milik Anda, jadi tidak dicatat. Minta administrator "
                "memeriksa NIK pada akun Anda dan sertifikat yang dipasang; nomor dan naskah tetap aman.")


@dataclass(frozen=True)
class Accepted:
    """A file that may be registered. `rewritten` = it does not begin with the very bytes that were sent."""

    certificate: CertificateFacts
    rewritten: bool


@dataclass(frozen=True)
class Acceptance:
    """Who is expected, and whom the office trusts.

    `people` holds `<account>.crt`: the certificates (PEM, one after another) with which a person may sign. Where there
    is none, the certificate must name the person's identity number itself.
    """

    people: Path
    roots: Callable[[], Sequence[bytes]]

    def accept(self, pdf: bytes, job: SignJob) -> Accepted:
        """ReturnedFileRefused says why not."""
        if not pdf.startswith(b"%PDF-"):
            raise ReturnedFileRefused("not a PDF", advice=NOT_A_PDF)
        judgement = judge(pdf, self.roots(), Expected((sha256(pdf),), at=job.at))
        if not judgement.authentic:
            sentences = " ".join(line.sentence for line in judgement.lines if line.holds is False)
            raise ReturnedFileRefused("does not pass", advice=f"{ReturnedFileRefused.advice} {sentences}")
        if not same_letter(job.pdf, pdf):
            raise ReturnedFileRefused("another letter", advice=OTHER_LETTER)
        certificate = _signer(pdf)
        if not self._is_of(certificate, job):
            raise ReturnedFileRefused("another person", advice=OTHER_PERSON)
        return Accepted(facts(certificate), not pdf.startswith(job.pdf))

    def _is_of(self, certificate: Certificate, job: SignJob) -> bool:
        pinned = self.pinned(job.signer)
        if pinned:
            return facts(certificate).fingerprint in {one.fingerprint for one in pinned}
        return bool(job.identity) and job.identity in set(_numbers(certificate.subject.native))

    def pinned(self, account: str) -> list[CertificateFacts]:
        """The certificates that an administrator put down for a person."""
        place = self.people / f"{account}.crt"
        if not SIGNER_NAME.fullmatch(account) or not place.is_file():
            return []
        return [facts(Certificate.load(der)) for _, _, der in pem.unarmor(place.read_bytes(), multiple=True)]


def _signer(pdf: bytes) -> Certificate:
    [signature] = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
    return signature.signer_cert


def _numbers(subject: Mapping[str, Any]) -> list[str]:
    """The numbers in a subject, whatever a field is called and whatever stands before the digits."""
    values = [part for value in subject.values() for part in (value if isinstance(value, list) else [value])]
    return [found for value in values for found in re.findall(r"(?<!\d)\d{16}(?!\d)", str(value))]
