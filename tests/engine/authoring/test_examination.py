"""What an analyst uploads is judged in the place of what is in force; what cannot be judged is told, never a stack trace."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest

from engine.authoring import examination
from engine.authoring.examination import CannotExamine, Examined
from tests.builders import SECOND, Office

FOLDER = SECOND / "processes" / "izin-reklame"
DIAGRAM = (FOLDER / "izin-reklame.bpmn").read_bytes()


def examined(office: Office, sent: Mapping[str, bytes], process: str = "") -> Examined:
    return office.engine.examination.of(sent, process)


def packed(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for name, content in files.items():
            box.writestr(name, content)
    return out.getvalue()


def folder() -> dict[str, bytes]:
    """The process as an analyst packs it, with its forms beside."""
    paths = [path for path in FOLDER.rglob("*") if path.is_file()]
    own = {f"processes/izin-reklame/{path.relative_to(FOLDER)}": path.read_bytes() for path in paths}
    forms = (SECOND / "forms" / "izin-reklame").glob("*.json")
    return own | {f"forms/izin-reklame/{path.name}": path.read_bytes() for path in forms}


def test_a_lone_diagram_is_judged_with_the_files_in_force_around_it(second_office: Office) -> None:
    found = examined(second_office, {"baru.bpmn": DIAGRAM})
    assert (found.sound, found.instead_of, found.files) == (True, "izin-reklame", 1)
    assert found.diagram is not None and "izin_reklame" in found.diagram


def test_a_lane_that_the_settings_do_not_know_is_found_in_a_lone_diagram(second_office: Office) -> None:
    found = examined(second_office, {"baru.bpmn": DIAGRAM.replace(b'name="Camat"', b'name="Lurah"')})
    assert not found.sound and any("Lurah" in one.message for one in found.findings)


def test_a_diagram_of_nobody_is_judged_by_itself(second_office: Office) -> None:
    found = examined(second_office, {"lain.bpmn": DIAGRAM.replace(b'"izin_reklame"', b'"izin_lain"')})
    assert found.instead_of == "" and found.files == 1


@pytest.mark.parametrize("inside", ["", "unduhan/rumah/"])
def test_a_packed_folder_is_laid_out_wherever_it_lay(second_office: Office, inside: str) -> None:
    found = examined(second_office, {"proses.zip": packed({inside + name: content for name, content in folder().items()})})
    assert found.sound, [one.message for one in found.findings]
    assert found.files == len(folder())


def test_a_packed_folder_without_a_letter_is_faulted(second_office: Office) -> None:
    files = {name: content for name, content in folder().items() if not name.endswith(".typ")}
    found = examined(second_office, {"proses.zip": packed(files)})
    assert not found.sound and all(one.remedy for one in found.findings)


def locked() -> bytes:
    """An archive whose first file says that it is encrypted."""
    raw = bytearray(packed({"a.bpmn": DIAGRAM}))
    raw[6] |= 1
    place = raw.index(b"PK\x01\x02")
    raw[place + 8] |= 1
    return bytes(raw)


@pytest.mark.parametrize("sent", [
    {}, {"foto.jpg": b"\xff\xd8"}, {"satu.bpmn": DIAGRAM, "dua.bpmn": DIAGRAM}, {"proses.zip": packed({"baca.txt": b"halo"})},
    {"proses.zip": locked()}])
def test_what_holds_nothing_to_judge_is_refused_with_advice(second_office: Office, sent: dict[str, bytes]) -> None:
    with pytest.raises(CannotExamine) as refusal:
        examined(second_office, sent)
    assert refusal.value.advice.endswith(".")


def test_an_archive_that_unpacks_to_too_much_is_refused(second_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "MOST_TOGETHER", 100)
    with pytest.raises(CannotExamine, match="too much"):
        examined(second_office, {"proses.zip": packed({"a.bpmn": DIAGRAM})})


def test_what_is_no_xml_is_found_and_not_drawn(second_office: Office) -> None:
    found = examined(second_office, {"rusak.bpmn": b"<bpmn"}, "izin-reklame")
    assert (found.sound, found.diagram) == (False, None)
