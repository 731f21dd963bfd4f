"""An authority for tests that is no test authority: its people's certificates look like those of a national one."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

FROM, UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2049, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """Somebody with a key and a certificate."""

    name: str
    identity: str
    passphrase: str
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


class Issuer:
    """A root that gives certificates to people."""

    def __init__(self, name: str) -> None:
        self.key = _new_key()
        self.name = _subject(name)
        self.certificate = _sealed(_blank(self.name, self.name, self.key, authority=True), self.key)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def person(self, name: str, identity: str, passphrase: str = "", *, named: bool = True) -> Person:
        """`named`: the certificate carries the identity number."""
        key = _new_key()
        subject = _subject(name, identity if named else "")
        made = _blank(subject, self.name, key, authority=False)
        return Person(name, identity, passphrase, key, _sealed(made, self.key))

    def signed(self, pdf: bytes, person: Person, field: str = "Tanda1") -> bytes:
        """The file, signed by a person as a service does: one invisible field, nothing certified."""
        metadata = PdfSignatureMetadata(field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        return bytes(PdfSigner(metadata, signer=self._signer(person)).sign_pdf(writer).getvalue())

    def _signer(self, person: Person) -> SimpleSigner:
        store = SimpleCertificateStore()
        store.register(_plain(self.certificate))
        return SimpleSigner(_plain(person.certificate), PrivateKeyInfo.load(_der(person.key)), store)


@cache
def issuer(name: str = "Otoritas Rekaan") -> Issuer:
    """Made once per run."""
    return Issuer(name)


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _der(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _plain(certificate: x509.Certificate) -> Certificate:
    return Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _subject(name: str, identity: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Dinas Rekaan")]
    return x509.Name(parts + ([x509.NameAttribute(NameOID.SERIAL_NUMBER, f"NIK:{identity}")] if identity else []))


def _blank(subject: x509.Name, by: x509.Name, key: rsa.RSAPrivateKey, *, authority: bool) -> x509.CertificateBuilder:
    usage = x509.KeyUsage(digital_signature=not authority, content_commitment=not authority, key_cert_sign=authority,
                          crl_sign=authority, key_encipherment=False, data_encipherment=False, key_agreement=False,
                          encipher_only=False, decipher_only=False)
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(by).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(FROM).not_valid_after(UNTIL)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(usage, critical=True))


def _sealed(made: x509.CertificateBuilder, key: rsa.RSAPrivateKey) -> x509.Certificate:
    return made.sign(key, hashes.SHA256())
