"""Who can sign, with which driver, and which roots everyone trusts when a document is judged.

In the keys folder of an office:

    uji/                   the test authority and the keys it gave out
    penanda/<account>.p12  keys of people (driver pkcs12); <account>.crt = their certificates (all drivers but local-test)
    akar/*.pem             roots that are trusted when a signature is judged, such as the national authority's
    akar/layanan/*.pem     roots of mail servers and services that are asked over TLS
    layanan-tte.sandi      password of the office's application at the national service, unless the environment has it
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.documents.authority import TestAuthority
from engine.documents.esign.returned import Acceptance
from engine.documents.esign.service import Application, FirstRelease, SecondRelease
from engine.documents.signing import CertificateFacts, Pkcs12Signer, Signer, SignerUnavailable
from engine.errors import CannotRun
from engine.settings import Settings
from engine.wire import ROOTS, Service

TRUSTED = "akar"
PEOPLE = "penanda"
PASSWORD = "layanan-tte.sandi"

NATIONAL = "Balai Besar Sertifikasi Elektronik (BSrE), Badan Siber dan Sandi Negara (BSSN)"
"""Who issues the certificates of the national service, unless the office names another."""

QUICK = 3
"""Seconds that a page waits for the national service to say whether somebody may sign."""


@dataclass(frozen=True)
class Signatories:
    """The signer in use and the trusted roots."""

    folder: Path
    authority: TestAuthority
    signer: Signer

    @classmethod
    def at(cls, settings: Settings) -> Signatories:
        """The keys folder of an office; the test authority is made when there is none. CannotRun names what is missing."""
        authority = TestAuthority(settings.keys / "uji")
        authority.ensure()
        make = DRIVERS.get(settings.signer)
        if make is None:
            raise CannotRun(settings.signer, advice=f"IZIN_SIGNER “{settings.signer}” tidak dikenal; pilih salah satu dari "
                                                    f"{', '.join(DRIVERS)}.")
        return cls(settings.keys, authority, make(settings, authority))

    @property
    def roots(self) -> list[bytes]:
        """Every trusted root, PEM."""
        return [*self.authority.roots, *further(self.folder)]

    def issue(self, account: str, name: str, passphrase: str, at: datetime) -> CertificateFacts:
        """A test certificate for an account."""
        if not self.signer.uji_coba:
            raise SignerUnavailable("not the test authority", advice="Kantor ini memakai sertifikat dari penerbit luar. Minta "
                                                                     "sertifikat kepada penerbitnya lewat administrator.")
        return self.authority.issue(account, name, passphrase, at)


def further(folder: Path) -> list[bytes]:
    """The roots an administrator put down."""
    return [path.read_bytes() for path in sorted((folder / TRUSTED).glob("*.pem"))]


def _test(_settings: Settings, authority: TestAuthority) -> Signer:
    return authority.signer


def _files(settings: Settings, _authority: TestAuthority) -> Signer:
    return Pkcs12Signer(settings.keys / PEOPLE, issuer_words=settings.signer_issuer or None)


def _first(settings: Settings, _authority: TestAuthority) -> Signer:
    return FirstRelease(_application(settings), _acceptance(settings.keys), settings.signer_issuer or NATIONAL)


def _second(settings: Settings, _authority: TestAuthority) -> Signer:
    return SecondRelease(_application(settings), _acceptance(settings.keys), settings.signer_issuer or NATIONAL)


def _acceptance(keys: Path) -> Acceptance:
    """The test authority is not among the roots: what it signed is no national signature."""
    return Acceptance(keys / PEOPLE, lambda: further(keys))


def _application(settings: Settings) -> Application:
    password = settings.bsre_password or _kept(settings.keys / PASSWORD)
    missing = [name for name, value in (("IZIN_BSRE_URL", settings.bsre_url), ("IZIN_BSRE_USER", settings.bsre_user),
                                        ("IZIN_BSRE_PASSWORD", password)) if not value]
    if missing:
        raise CannotRun(", ".join(missing), advice=f"Untuk IZIN_SIGNER={settings.signer}, isi juga {', '.join(missing)}.")
    if not 0 < settings.bsre_seconds < settings.lease_seconds:
        raise CannotRun("bsre_seconds", advice="IZIN_BSRE_SECONDS harus lebih pendek dari IZIN_LEASE_SECONDS supaya hasil "
                                               "tanda tangan masih dapat dicatat.")
    roots = settings.keys / ROOTS
    return Application(Service(settings.bsre_url, roots, settings.bsre_seconds), Service(settings.bsre_url, roots, QUICK),
                       settings.bsre_user, password)


def _kept(path: Path) -> str:
    if not path.is_file():
        return ""
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CannotRun(str(path), advice=f"Berkas {path} dapat dibaca orang lain. Jalankan chmod 600 {path}.")
    return path.read_text("utf-8").strip()


DRIVERS: Mapping[str, Callable[[Settings, TestAuthority], Signer]] = {
    "local-test": _test, "pkcs12": _files, "bsre-v1": _first, "bsre-v2": _second}
