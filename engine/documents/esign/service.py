"""Signing by the national service: the file goes out with the person's number and passphrase, a signed file comes back.

                      release 1                                      release 2
    sign              POST /api/sign/pdf, multipart:                 POST /api/v2/sign/pdf, JSON: nik, passphrase,
                      file, nik, passphrase, tampilan,               signatureProperties [{tampilan, reason, location}],
                      reason, location -> the PDF,                   file [base64] -> {time, file [base64]}
                      header id_dokumen
    fetch again       GET /api/sign/download/{id_dokumen}            none
    may one sign?     GET /api/user/status/{nik}                     POST /api/v2/user/check/status, JSON: nik
                      -> {"status": "ISSUE"}                         -> {"status": "ISSUE"}
    refused           HTTP 400 {"status_code": 2011 | 2031 | …, "error": …}

The application itself is known by HTTP Basic. A question that stays unanswered may have been carried out: release 1 is
asked for the result first when its id arrived before the line broke; otherwise the letter is signed again. Either way
exactly one signed file is registered, because the register takes one per document and the other copy is kept nowhere.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from engine.digest import sha256
from engine.documents.esign.refusals import (
    ApplicationUnknown,
    IdentityMissing,
    NotRegistered,
    ServiceRefused,
    ServiceSilent,
)
from engine.documents.esign.returned import Acceptance, ReturnedFileRefused
from engine.documents.signing import Signed, SignerStatus, SigningFailed, SignJob, WrongPassphrase
from engine.wire import Answer, Asked, Question, Unanswered

log = logging.getLogger(__name__)

MAY_SIGN = "ISSUE"
REFUSALS: Mapping[int, type[SigningFailed]] = {2011: NotRegistered, 2031: WrongPassphrase}
IDENTITY = re.compile(r"\d{16}", re.ASCII)
REFERENCE = re.compile(r"[A-Za-z0-9._-]{1,80}")


@dataclass(frozen=True)
class Application:
    """How the office's application is known to the service. `quick` answers what a page waits for."""

    service: Asked
    quick: Asked
    user: str
    password: str = field(repr=False)

    def ask(self, question: Question, *, quick: bool = False) -> Answer:
        """The answer with the application's own credentials."""
        basic = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        headers = {**question.headers, "Authorization": f"Basic {basic}", "Accept": "*/*"}
        known = Question(question.method, question.path, headers, question.body)
        return (self.quick if quick else self.service).ask(known)


class NationalSigner:
    """What both releases have in common."""

    driver = ""
    uji_coba = False

    def __init__(self, application: Application, acceptance: Acceptance, issuer_words: str) -> None:
        self.application = application
        self.acceptance = acceptance
        self.issuer_words: str | None = issuer_words

    def status(self, signer: str, at: datetime, identity: str = "") -> SignerStatus:
        """What the service says about the person, and the certificate put down for this office."""
        pinned = [one for one in self.acceptance.pinned(signer) if one.valid_at(at)]
        certificate = pinned[-1] if pinned else None
        if not IDENTITY.fullmatch(identity):
            return SignerStatus(False, "belum_ada", IdentityMissing.advice, certificate)
        try:
            answer = self.application.ask(self._status_question(identity), quick=True)
        except Unanswered:
            return SignerStatus(False, ServiceSilent.code, ServiceSilent.advice, certificate)
        if answer.status == 200 and _spoken(answer).get("status") == MAY_SIGN:
            return SignerStatus(True, "siap", "", certificate)
        refusal = NotRegistered() if answer.status == 200 else _refused(answer)
        return SignerStatus(False, refusal.code, refusal.advice, certificate)

    def sign(self, job: SignJob, secret: str) -> Signed:
        """Sign once; what comes back is taken only when it is that letter with that person's one signature."""
        if not IDENTITY.fullmatch(job.identity):
            raise IdentityMissing(f"{job.signer} has no identity number")
        pdf, about = self._found(job) or self._signed(job, secret)
        accepted = self.acceptance.accept(pdf, job)
        return Signed(pdf, sha256(pdf), sha256(job.pdf), self.driver, self.uji_coba, accepted.certificate, job.at,
                      {**about, "rewritten": accepted.rewritten})

    def _asked(self, question: Question) -> Answer:
        try:
            answer = self.application.ask(question)
        except Unanswered as silence:
            raise _silent(silence.kind, silence.headers) from None   # its frames hold the passphrase
        if answer.status != 200:
            raise _refused(answer)
        return answer

    def _status_question(self, identity: str) -> Question:
        raise NotImplementedError

    def _found(self, job: SignJob) -> tuple[bytes, dict[str, str]] | None:
        """What an earlier, unanswered try left at the service; None where it cannot be asked or has nothing."""
        return None

    def _signed(self, job: SignJob, secret: str) -> tuple[bytes, dict[str, str]]:
        raise NotImplementedError


class FirstRelease(NationalSigner):
    """Multipart in, PDF out, and a result can be fetched again by its id."""

    driver = "bsre-v1"

    def _status_question(self, identity: str) -> Question:
        return Question("GET", f"/api/user/status/{identity}")

    def _found(self, job: SignJob) -> tuple[bytes, dict[str, str]] | None:
        if job.reference is None:
            return None
        try:
            answer = self._asked(Question("GET", f"/api/sign/download/{quote(job.reference, safe='')}"))
        except (ServiceRefused, NotRegistered):
            return None   # nothing there under that id: sign again
        except ServiceSilent as silence:
            raise ServiceSilent(str(silence), reference=job.reference) from None
        return answer.body, {"service_id": job.reference}

    def _signed(self, job: SignJob, secret: str) -> tuple[bytes, dict[str, str]]:
        words = {"nik": job.identity, "passphrase": secret, "tampilan": "invisible", "reason": job.reason,
                 "location": job.location}
        kind, body = multipart(words, job.pdf)
        try:
            answer = self._asked(Question("POST", "/api/sign/pdf", {"Content-Type": kind}, body))
        except ServiceSilent as silence:
            if silence.reference is None:
                raise
            return self._fetched(job, silence.reference)
        return answer.body, _reference(answer.headers)

    def _fetched(self, job: SignJob, reference: str) -> tuple[bytes, dict[str, str]]:
        """The answer broke off behind its head: the signature exists, so it is asked for by its id."""
        found = self._found(SignJob(job.pdf, job.signer, job.at, identity=job.identity, reference=reference))
        if found is None:
            raise ServiceSilent("cut off, and nothing under the id", reference=reference)
        return found


class SecondRelease(NationalSigner):
    """JSON in, JSON out."""

    driver = "bsre-v2"

    def _status_question(self, identity: str) -> Question:
        return _json("/api/v2/user/check/status", {"nik": identity})

    def _signed(self, job: SignJob, secret: str) -> tuple[bytes, dict[str, str]]:
        asked = {"nik": job.identity, "passphrase": secret, "file": [base64.b64encode(job.pdf).decode()],
                 "signatureProperties": [{"tampilan": "INVISIBLE", "reason": job.reason, "location": job.location}]}
        spoken = _spoken(self._asked(_json("/api/v2/sign/pdf", asked)))
        files = spoken.get("file")
        if not isinstance(files, list) or len(files) != 1 or not isinstance(files[0], str):
            raise ReturnedFileRefused("not one file")
        try:
            return base64.b64decode(files[0], validate=True), {}
        except (binascii.Error, ValueError):
            raise ReturnedFileRefused("not base64") from None


def _json(path: str, words: Mapping[str, Any]) -> Question:
    return Question("POST", path, {"Content-Type": "application/json"}, json.dumps(words).encode())


def _spoken(answer: Answer) -> dict[str, Any]:
    """What an answer says in JSON; {} when it says nothing."""
    try:
        spoken = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return spoken if isinstance(spoken, dict) else {}


def _refused(answer: Answer) -> SigningFailed:
    """What a refusal means. The service's own sentence is not repeated: it may name a person's number."""
    number = str(_spoken(answer).get("status_code", ""))
    number = number if number.isascii() and number.isdigit() and len(number) < 6 else ""
    log.warning("signing service refused", extra={"action": "sign_document", "status": answer.status, "cause": number})
    told = f"HTTP {answer.status}, code {number or 'none'}"
    if number and int(number) in REFUSALS:
        return REFUSALS[int(number)](told)
    if answer.status in (401, 403):
        return ApplicationUnknown(told)
    if answer.status >= 500 or answer.status in (408, 429):
        return ServiceSilent(told)
    return ServiceRefused(told)


def _silent(kind: str, headers: Mapping[str, str]) -> ServiceSilent:
    log.warning("signing unanswered", extra={"action": "sign_document", "cause": kind})
    return ServiceSilent(kind, reference=_reference(headers).get("service_id"))


def _reference(headers: Mapping[str, str]) -> dict[str, str]:
    told = headers.get("id_dokumen", "")
    return {"service_id": told} if REFERENCE.fullmatch(told) else {}


def multipart(words: Mapping[str, str], pdf: bytes) -> tuple[str, bytes]:
    """Content type and body. The boundary cannot stand in the file: it holds the file's own digest."""
    boundary = f"izin-{sha256(pdf)[:40]}"
    plain = "Content-Type: text/plain; charset=utf-8"
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n{plain}\r\n\r\n{word}\r\n'.encode()
             for name, word in words.items() if word]
    head = (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="surat.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n").encode()
    return f"multipart/form-data; boundary={boundary}", b"".join([*parts, head, pdf, f"\r\n--{boundary}--\r\n".encode()])
