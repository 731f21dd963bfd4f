"""Does a signature's container hold anything that nothing vouches for? Then one changed byte in it would go unseen.

The signed ranges leave one gap: the container itself. A reader skips its zero padding, the case of its hex digits, the
certificates it does not need and a few fields outside of the signed attributes. Here each must be what it has to be.
"""

from __future__ import annotations

from collections.abc import Collection

from asn1crypto import cms

DIGESTS = ("sha256", "sha384", "sha512")


def is_exact(pdf: bytes, ranges: tuple[int, int, int, int], chain: Collection[bytes]) -> bool:
    """The ranges reach from the first byte to the last and the gap holds exactly one tight container."""
    start, first, second, length = ranges
    gap = pdf[first:second]
    if start != 0 or second + length != len(pdf) or gap[:1] != b"<" or gap[-1:] != b">":
        return False
    return _is_one_container(gap[1:-1], chain)


def _is_one_container(digits: bytes, chain: Collection[bytes]) -> bool:
    written = bytes.fromhex(digits.decode("ascii"))
    container = cms.ContentInfo.load(written)
    tight = _tight(container, chain)
    if tight is None or not written.startswith(tight) or any(written[len(tight):]):
        return False
    return digits in (written.hex().encode(), written.hex().upper().encode())


def _tight(container: cms.ContentInfo, chain: Collection[bytes]) -> bytes | None:
    """The container written anew from the parts that are vouched for; None when it has others."""
    signed = container["content"]
    signers = signed["signer_infos"]
    if container["content_type"].native != "signed_data" or len(signers) != 1:
        return None
    signer, certificates = signers[0], signed["certificates"]
    method = signer["digest_algorithm"]["algorithm"].native
    if signer["version"].native != "v1" or method not in DIGESTS or not _all_known(certificates, chain):
        return None
    again = cms.SignedData({
        "version": "v1", "digest_algorithms": [{"algorithm": method}], "encap_content_info": {"content_type": "data"},
        "certificates": list(certificates), "signer_infos": [_tight_signer(signer, method)]})
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": again}).dump())


def _all_known(certificates: cms.CertificateSet, chain: Collection[bytes]) -> bool:
    found = [certificate.chosen.dump() for certificate in certificates]
    return len(found) == len(set(found)) and set(found) <= set(chain)


def _tight_signer(signer: cms.SignerInfo, method: str) -> cms.SignerInfo:
    parts = {"version": "v1", "sid": signer["sid"], "digest_algorithm": {"algorithm": method},
             "signed_attrs": signer["signed_attrs"], "signature_algorithm": signer["signature_algorithm"],
             "signature": signer["signature"]}
    if signer["unsigned_attrs"].native is not None:
        parts["unsigned_attrs"] = signer["unsigned_attrs"]   # timestamps; a driver that brings them judges them too
    return cms.SignerInfo(parts)
