"""An upload judged in the place of what is in force: a diagram alone, files together, an archive however it was packed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest

from engine.authoring.examination import MOST_TOGETHER, CannotExamine, drawable
from engine.authoring.folder import edition_files
from tests.builders import SECOND, Office

PLACE = "processes/izin-reklame/izin-reklame.bpmn"


@pytest.fixture
def files() -> Mapping[str, bytes]:
    return edition_files(SECOND / "processes", SECOND / "forms", "izin-reklame")


def packed(files: Mapping[str, bytes], prefix: str = "") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as box:
        for path, content in files.items():
            box.writestr(f"{prefix}{path}", content)
    return written.getvalue()


def test_a_lone_diagram_is_judged_with_the_forms_of_the_edition_it_would_replace(
        second_office: Office, files: Mapping[str, bytes]) -> None:
    found = second_office.engine.examination.of({"coba.bpmn": files[PLACE]})
    assert (found.instead_of, found.sound) == ("izin-reklame", True)
    renamed = files[PLACE].replace(b'id="periksa_reklame"', b'id="periksa_ulang"').replace(
        b'"periksa_reklame"', b'"periksa_ulang"')
    told = second_office.engine.examination.of({"coba.bpmn": renamed})
    assert not told.sound and any(one.element == "periksa_ulang" for one in told.findings)


def test_a_diagram_of_nobody_is_judged_by_itself(second_office: Office, files: Mapping[str, bytes]) -> None:
    stranger = files[PLACE].replace(b"izin_reklame", b"izin_lain")
    found = second_office.engine.examination.of({"lain.bpmn": stranger})
    assert found.instead_of == ""
    assert second_office.engine.examination.of({"lain.bpmn": stranger}, "izin-reklame").instead_of == "izin-reklame"


@pytest.mark.parametrize("prefix", ["", "kiriman/", "a/b/"])
def test_an_archive_is_understood_wherever_the_folder_lies_in_it(
        second_office: Office, files: Mapping[str, bytes], prefix: str) -> None:
    found = second_office.engine.examination.of({"semua.zip": packed(files, prefix)})
    assert found.sound, found.findings
    assert found.diagram is not None and found.files == len(files)


def test_files_sent_side_by_side_take_what_they_lack_from_what_is_in_force(
        second_office: Office, files: Mapping[str, bytes]) -> None:
    beside = [path for path in files if path.count("/") == 2 and "_shared" not in path]
    own = {path.rpartition("/")[2]: files[path] for path in beside}
    toml = own["process.toml"].replace(b'batas = "2 jam"', b'batas = "2 windu"')
    found = second_office.engine.examination.of({**own, "process.toml": toml})
    assert any("2 windu" in one.message for one in found.findings)
    assert not any("_shared" in one.message for one in found.findings)


@pytest.mark.parametrize("sent", [
    {}, {"catatan.txt": b"halo"}, {"a.bpmn": b"<a/>", "b.bpmn": b"<b/>"}, {"rusak.zip": b"PK\x05\x06" + b"\0" * 18}])
def test_nothing_to_judge_is_refused(second_office: Office, sent: Mapping[str, bytes]) -> None:
    with pytest.raises(CannotExamine):
        second_office.engine.examination.of(sent)


def test_an_archive_that_swells_is_refused_before_it_fills_the_memory(second_office: Office) -> None:
    bomb = packed({f"{number}.txt": b"\0" * (7 << 20) for number in range(1 + MOST_TOGETHER // (7 << 20))})
    assert len(bomb) < 1 << 20
    with pytest.raises(CannotExamine):
        second_office.engine.examination.of({"bom.zip": bomb})


@pytest.mark.parametrize("source", [None, b"", b"<a", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_what_is_no_diagram_is_not_drawn(source: bytes | None) -> None:
    assert drawable(source) is None
