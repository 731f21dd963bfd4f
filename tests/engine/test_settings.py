"""Settings that would do harm later are refused at once, by name and in one sentence; what they hold is not repeated."""

import pytest

from engine.errors import CannotRun
from engine.settings import Settings, read_settings


@pytest.mark.parametrize(("name", "value"), [
    ("SQLITE_SYNCHRONOUS", "OFF"), ("SQLITE_SYNCHRONOUS", "full"), ("LEASE_SECONDS", "0"), ("LEASE_SECONDS", "-5"),
    ("LEASE_SECONDS", "3601"), ("BSRE_SECONDS", "60"), ("BSRE_SECONDS", "0"), ("SMTP_URL", "mail.example"),
    ("SMTP_URL", "http://mail.example"), ("SMTP_URL", "smtp://"), ("SMTP_URL", "smtp://mail.example:banyak"),
    ("PUBLIC_URL", "izin.example"), ("PUBLIC_URL", "ftp://izin.example"), ("PUBLIC_URL", "https://[::1"),
    ("PUBLIC_URL", "https://izin.example /x"), ("LOG_MEGABYTES", "0"), ("PROXY", "-1"), ("UPLOAD_MEGABYTES", "0"),
    ("CRASH_POINT", "x"), ("CRASH_POINT", "often:/tmp/deaths"), ("CRASH_POINT", "2:/tmp/deaths"),
    ("CRASH_POINT", "0.1:/tmp/deaths:a:b"), ("CRASH_POINT", "0.1:/tmp/deaths;")])
def test_a_setting_that_cannot_be_kept_is_named(name: str, value: str) -> None:
    with pytest.raises(CannotRun) as refusal:
        read_settings({f"IZIN_{name}": value})
    assert f"IZIN_{name}" in refusal.value.advice and refusal.value.advice.endswith(".")
    assert refusal.value.advice.count(". ") == 0


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(CannotRun) as refusal:
        read_settings({"IZIN_SMTP_URL": "smtp://user:rahasia@mail.example:nol"})
    assert "rahasia" not in refusal.value.advice + str(refusal.value)


def test_the_signing_service_must_answer_within_a_lease() -> None:
    with pytest.raises(CannotRun, match="bsre_seconds"):
        read_settings({"IZIN_SIGNER": "bsre-v2", "IZIN_LEASE_SECONDS": "30"})
    assert read_settings({"IZIN_LEASE_SECONDS": "1"}).lease_seconds == 1   # nobody asks that service


@pytest.mark.parametrize(("name", "value"), [
    ("SQLITE_SYNCHRONOUS", "NORMAL"), ("LEASE_SECONDS", "3600"), ("BSRE_SECONDS", "59"),
    ("SMTP_URL", "smtp://user:pass@mail.example:587"), ("SMTP_URL", "smtps://mail.example"),
    ("PUBLIC_URL", "https://izin.example/pintu"), ("PUBLIC_URL", "http://[::1]:8000"), ("PROXY", "1"), ("LOG_KEEP", "0"),
    ("CRASH_POINT", "0.1:/tmp/deaths"), ("CRASH_POINT", "0:/tmp/deaths:a,b;1:/tmp/deaths:c")])
def test_a_setting_that_holds_is_taken(name: str, value: str) -> None:
    assert str(getattr(read_settings({f"IZIN_{name}": value}), name.lower())) == value


def test_nothing_set_is_the_settings_of_the_program() -> None:
    assert read_settings({}) == Settings()
