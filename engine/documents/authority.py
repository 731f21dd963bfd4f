"""The test authority: certificates for trying out, made on the spot. Whatever they sign is marked as void.

    <folder>/otoritas.pem       key and certificate of the root
    <folder>/penanda/<account>.p12, .crt   key (opened by a passphrase) and certificate of one person
    <folder>/lama/*.pem    roots without key that came with a backup: what they signed is still judged by them
"""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from engine.documents.signing import (
    SIGNER_NAME,
    TRIAL_MARK,
    CertificateFacts,
    Pkcs12Signer,
    SignerUnavailable,
    read_certificate,
)

DRIVER = "local-test"
ROOT_FROM, ROOT_UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
"""The root outlives every recorded time that a test or a scenario may name."""
SIGNER_DAYS = 730


class TestAuthority:
    """A root of its own and one key for each person who signs."""

    __test__ = False   # a name, not a test

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ensure(self) -> None:
        """Make the root if there is none; two processes that start together end with the same one."""
        self.people.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        if not self._root_file.exists():
            _write_once(self._root_file, _new_root())

    @property
    def signer(self) -> Pkcs12Signer:
        """The driver that signs with these keys."""
        return Pkcs12Signer(self.people, driver=DRIVER, uji_coba=True)

    @property
    def root(self) -> bytes:
        """The root certificate (PEM): trusted by whoever judges a trial."""
        return self._root()[1].public_bytes(serialization.Encoding.PEM)

    @property
    def roots(self) -> list[bytes]:
        """The root and those before it (PEM); none where no authority was ever made."""
        own = [self.root] if self._root_file.exists() else []
        return [*own, *(path.read_bytes() for path in sorted(self.former.glob("*.pem")))]

    @property
    def former(self) -> Path:
        """Where roots lie whose keys stayed behind."""
        return self.folder / "lama"

    def issue(self, account: str, common_name: str, passphrase: str, at: datetime) -> CertificateFacts:
        """A new key and certificate for one person, valid from the recorded time; the old key is replaced."""
        if not SIGNER_NAME.fullmatch(account):
            raise SignerUnavailable("an account id is letters and digits")
        root_key, root = self._root()
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(_name(common_name), key.public_key(), root, at).sign(root_key, hashes.SHA256())
        archive = pkcs12.serialize_key_and_certificates(
            account.encode(), key, certificate, [root], serialization.BestAvailableEncryption(passphrase.encode()))
        public = certificate.public_bytes(serialization.Encoding.PEM)
        _replace(self.people / f"{account}.p12", archive)
        _replace(self.people / f"{account}.crt", public)
        return read_certificate(public)

    @property
    def people(self) -> Path:
        """Where keys and certificates of people lie."""
        return self.folder / "penanda"

    @property
    def _root_file(self) -> Path:
        return self.folder / "otoritas.pem"

    def _root(self) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
        content = self._root_file.read_bytes()
        key = serialization.load_pem_private_key(content, password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key, x509.load_pem_x509_certificate(content)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:60]),
                      x509.NameAttribute(NameOID.ORGANIZATION_NAME, TRIAL_MARK)])


def _new_root() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Otoritas uji coba setempat")
    certificate = (_blank(name, name, key.public_key(), (ROOT_FROM, ROOT_UNTIL))
                   .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
                   .add_extension(_usage(certifies=True), critical=True)
                   .sign(key, hashes.SHA256()))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return secret + certificate.public_bytes(serialization.Encoding.PEM)


def _certificate(name: x509.Name, key: ec.EllipticCurvePublicKey, root: x509.Certificate,
                 at: datetime) -> x509.CertificateBuilder:
    valid = (at.astimezone(UTC) - timedelta(days=1), at.astimezone(UTC) + timedelta(days=SIGNER_DAYS))
    return (_blank(name, root.subject, key, valid)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(certifies=False), critical=True))


def _blank(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey,
           valid: tuple[datetime, datetime]) -> x509.CertificateBuilder:
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
            .serial_number(x509.random_serial_number()).not_valid_before(valid[0]).not_valid_after(valid[1])
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False))


def _usage(certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(digital_signature=not certifies, content_commitment=not certifies, key_cert_sign=certifies,
                         crl_sign=certifies, key_encipherment=False, data_encipherment=False, key_agreement=False,
                         encipher_only=False, decipher_only=False)


def _private(path: Path, content: bytes) -> Path:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
    return draft


def _replace(path: Path, content: bytes) -> None:
    os.replace(_private(path, content), path)


def _write_once(path: Path, content: bytes) -> None:
    draft = _private(path, content)
    try:
        os.link(draft, path)
    except FileExistsError:
        return   # another process was first; its root is the one
    finally:
        draft.unlink()
