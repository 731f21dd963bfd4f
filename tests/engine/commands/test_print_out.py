"""`print-out`: the paper archive of a finished case."""

from __future__ import annotations

from tests.builders import Office
from tests.commands_called import Caller


def test_a_finished_case_is_written_as_one_pdf(office: Office, izin: Caller) -> None:
    case = office.play("02-rapat-saja")
    target = izin.folder / "cetak.pdf"
    told = izin("print-out", str(office.row(case).number), str(target))
    assert told.status == 0 and target.read_bytes().startswith(b"%PDF")


def test_a_case_that_runs_has_none_yet(office: Office, izin: Caller) -> None:
    case = office.play("02-rapat-saja", 3)
    told = izin("print-out", case, str(izin.folder / "cetak.pdf"))
    assert told.status == 2 and "belum selesai" in told.err


def test_a_place_that_cannot_be_written_is_named(office: Office, izin: Caller) -> None:
    case = office.play("02-rapat-saja")
    told = izin("print-out", case, str(izin.folder / "tidak" / "ada.pdf"))
    assert told.status == 2 and "tidak dapat ditulis" in told.err
