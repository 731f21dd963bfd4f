"""Who can sign, with which driver, and which roots everyone trusts when a document is judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.documents.authority import TestAuthority
from engine.documents.signing import CertificateFacts, Signer, SignerStatus

TRUSTED = "akar"
"""Folder of further root certificates (PEM), such as that of a national authority."""


@dataclass(frozen=True)
class Signatories:
    """The signer in use and the trusted roots."""

    folder: Path
    authority: TestAuthority

    @classmethod
    def at(cls, folder: Path) -> Signatories:
        """The keys folder of an office; the test authority is made when there is none."""
        authority = TestAuthority(folder / "uji")
        authority.ensure()
        return cls(folder, authority)

    @property
    def signer(self) -> Signer:
        """The driver that signs."""
        return self.authority.signer

    @property
    def roots(self) -> list[bytes]:
        """Every trusted root, PEM."""
        further = sorted((self.folder / TRUSTED).glob("*.pem"))
        return [self.authority.root, *(path.read_bytes() for path in further)]

    def issue(self, account: str, name: str, passphrase: str, at: datetime) -> CertificateFacts:
        """A test certificate for an account."""
        return self.authority.issue(account, name, passphrase, at)

    def status(self, account: str, at: datetime) -> SignerStatus:
        """Could this account sign now?"""
        return self.signer.status(account, at)
