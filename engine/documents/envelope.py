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
    tight = _tight(container, chain, SIGNATURE)
    if tight is None or not written.startswith(tight) or any(written[len(tight):]):
        return False
    return digits in (written.hex().encode(), written.hex().upper().encode())


SIGNATURE, STAMP = ("v1", "data"), ("v3", "tst_info")
"""Version and content of the two kinds of container: a signature, and the timestamp that may stand within it."""


def _tight(container: cms.ContentInfo, chain: Collection[bytes], kind: tuple[str, str]) -> bytes | None:
    """The container written anew from the parts that are vouched for; None when it has others."""
    signed, (version, content) = container["content"], kind
    signers = signed["signer_infos"]
    if container["content_type"].native != "signed_data" or len(signers) != 1:
        return None
    signer, certificates, held = signers[0], signed["certificates"], signed["encap_content_info"]
    methods = [*signed["digest_algorithms"], signer["digest_algorithm"]]
    parts = _tight_signer(signer, chain if kind is SIGNATURE else None)
    if not (_one_digest(methods) and _all_known(certificates, chain)) or parts is None:
        return None
    again = cms.SignedData({
        "version": version, "digest_algorithms": methods[:-1], "certificates": list(certificates), "signer_infos": [parts],
        "encap_content_info": {"content_type": content} | ({} if kind is SIGNATURE else {"content": held["content"]})})
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": again}).dump())


def _one_digest(methods: list[cms.DigestAlgorithm]) -> bool:
    """The same digest twice, named with no parameters or with the empty one, as services write it."""
    names = [one["algorithm"].native for one in methods]
    return len(names) == 2 and names[0] == names[1] and names[0] in DIGESTS and not any(
        one["parameters"].native for one in methods)


def _all_known(certificates: cms.CertificateSet, chain: Collection[bytes]) -> bool:
    found = [certificate.chosen.dump() for certificate in certificates]
    return len(found) == len(set(found)) and set(found) <= set(chain)


def _tight_signer(signer: cms.SignerInfo, chain: Collection[bytes] | None) -> cms.SignerInfo | None:
    """The signer written anew; beside the signature only a timestamp may stand, and only where `chain` is given."""
    parts = {"version": "v1", "sid": signer["sid"], "digest_algorithm": signer["digest_algorithm"],
             "signed_attrs": signer["signed_attrs"], "signature_algorithm": signer["signature_algorithm"],
             "signature": signer["signature"]}
    beside = signer["unsigned_attrs"]
    if beside.native is None:
        return cms.SignerInfo(parts)
    stamp = _stamp(beside)
    if chain is None or stamp is None or _tight(stamp, chain, STAMP) != stamp.dump():
        return None
    return cms.SignerInfo(parts | {"unsigned_attrs": [{"type": "signature_time_stamp_token", "values": [stamp]}]})


def _stamp(beside: cms.CMSAttributes) -> cms.ContentInfo | None:
    """The one timestamp beside a signature; None when there is anything else."""
    if [one["type"].native for one in beside] != ["signature_time_stamp_token"] or len(beside[0]["values"]) != 1:
        return None
    return beside[0]["values"][0]
