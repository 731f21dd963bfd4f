"""`keys`: where they lie and whether only their owner may read them; the root is for everyone."""

from __future__ import annotations

from engine.documents.signing import load_certificate
from tests.builders import Office
from tests.commands_called import Caller


def test_keys_are_named_by_place_and_safe(office: Office, izin: Caller) -> None:
    told = izin("keys")
    assert told.status == 0 and "otoritas.pem: aman" in told.out and ".p12: aman" in told.out


def test_a_key_that_others_may_read_is_found(office: Office, izin: Caller) -> None:
    key = next(office.engine.settings.keys.rglob("*.p12"))
    key.chmod(0o644)
    told = izin("keys")
    assert told.status == 1 and "chmod 600" in told.out
    assert izin("keys", "--json").document["kunci"][str(key)] is False
    assert izin("doctor").status == 1


def test_the_root_is_a_certificate_and_holds_no_key(office: Office, izin: Caller) -> None:
    told = izin("keys", "root")
    assert "PRIVATE" not in told.out
    assert "UJI COBA" in load_certificate(told.out.encode()).subject.human_friendly
