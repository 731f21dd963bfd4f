"""A certificate for this machine by a root of its own, for servers that tests start on loopback."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

FROM, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 1, 1, tzinfo=UTC)


def server_side(folder: Path) -> ssl.SSLContext:
    """The context of a server on 127.0.0.1; `<folder>/akar.pem` is what a client has to trust."""
    folder.mkdir(parents=True, exist_ok=True)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Akar layanan uji")])
    root = _made(root_name, root_name, root_key, root_key)
    here = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "layanan uji")])
    (folder / "akar.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    secret = folder / "layanan"
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                         serialization.NoEncryption())
                       + _made(here, root_name, key, root_key).public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(secret)
    return context


def _made(subject: x509.Name, by: x509.Name, key: ec.EllipticCurvePrivateKey,
          root_key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    authority = subject == by
    places = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    usage = x509.KeyUsage(digital_signature=True, key_cert_sign=authority, crl_sign=authority, content_commitment=False,
                          key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
                          decipher_only=False)
    made = (x509.CertificateBuilder().subject_name(subject).issuer_name(by).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(FROM).not_valid_after(UNTIL)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False))
    return (made if authority else made.add_extension(places, critical=False)).sign(root_key, hashes.SHA256())
