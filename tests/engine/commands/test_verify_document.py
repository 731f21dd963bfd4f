"""`verify-document`: with the register, without it, and for files that are not what they seem."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import cli
from tests.builders import Office
from tests.commands_called import Caller


@pytest.fixture
def licence(office: Office) -> Path:
    """A signed licence, taken out of the office."""
    case = office.play("02-rapat-saja")
    row = next(one for one in office.engine.papers.of_case(case) if one.signed)
    path = office.engine.settings.data / "izin.pdf"
    path.write_bytes(office.engine.papers.read(row))
    return path


def test_a_licence_is_authentic_against_the_register(licence: Path, izin: Caller) -> None:
    told = izin("verify-document", str(licence))
    assert told.status == 0 and "ASLI" in told.out and "sama persis" in told.out and "Terdaftar:" in told.out


def test_one_flipped_byte_is_not_authentic(licence: Path, izin: Caller) -> None:
    content = bytearray(licence.read_bytes())
    content[len(content) // 2] ^= 1
    licence.write_bytes(bytes(content))
    told = izin("verify-document", str(licence))
    assert told.status == 1 and "TIDAK ASLI" in told.out


@pytest.mark.parametrize("change", [lambda pdf: pdf + b"\n", lambda pdf: pdf[:-40], lambda pdf: b"%PDF-1.7", lambda pdf: b""])
def test_appended_truncated_or_emptied_is_not_authentic(licence: Path, izin: Caller, change: object) -> None:
    assert callable(change)
    licence.write_bytes(change(licence.read_bytes()))
    assert izin("verify-document", str(licence)).status == 1


def test_a_stranger_judges_by_the_signature_and_the_root_he_trusts(licence: Path, izin: Caller, tmp_path: Path) -> None:
    root = tmp_path / "akar.pem"
    root.write_text(izin("keys", "root").out)
    elsewhere = Caller(izin.capsys, tmp_path / "tidak-ada")
    told = elsewhere("verify-document", str(licence), "--root", str(root), "--json")
    assert told.status == 0
    assert [(one["code"], one["holds"]) for one in told.document["lines"]] == [
        ("identical", None), ("intact", True), ("trusted", True)]


def test_without_a_root_the_signature_is_intact_and_the_signer_unknown(licence: Path, izin: Caller,
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    empty = izin.folder / "mesin-lain"
    empty.mkdir()
    assert Caller(izin.capsys, empty)("verify-document", str(licence)).status == 2, "a folder that is named is an office"
    monkeypatch.chdir(empty)
    assert cli.main(["verify-document", str(licence)]) == 1
    told = izin.capsys.readouterr().out
    assert "Tanda tangan utuh: ya" in told and "Penandatangan dipercaya: TIDAK" in told
    assert list(empty.iterdir()) == [], "nothing is left behind"


def test_a_root_that_is_none_and_a_file_that_is_not_there_end_in_a_sentence(licence: Path, izin: Caller) -> None:
    assert izin("verify-document", str(licence), "--root", str(licence)).status == 2
    assert izin("verify-document", str(licence.with_name("lain.pdf"))).status == 2
