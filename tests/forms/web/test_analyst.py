"""The analyst: what is in force, an upload judged without being kept, scenarios played."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict

from engine.assembly import CaseQuery
from tests.builders import SECOND, Office
from tests.web_builders import Browser
from tests.web_cases import drawing

FOLDER = SECOND / "processes" / "izin-reklame"


@pytest.fixture
def analyst(second_office: Office) -> Browser:
    return drawing(Browser(second_office, second_office.actor("analis")))


def diagram() -> bytes:
    return (FOLDER / "izin-reklame.bpmn").read_bytes()


def zipped(root: Path, *folders: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as box:
        for folder in folders:
            for path in sorted((root / folder).rglob("*")):
                if path.is_file():
                    box.write(path, f"kiriman/{path.relative_to(root)}")
    return written.getvalue()


def test_the_process_in_force_is_drawn_with_its_editions(analyst: Browser) -> None:
    analyst.get("/proses")
    assert "Izin Reklame Kecil" in analyst.text
    analyst.get("/proses/izin-reklame")
    edition = analyst.office.edition
    assert edition.hash in analyst.text and edition.diagram.meaning in analyst.text
    assert "Memeriksa permohonan" in analyst.text and "2 jam" in analyst.text


def test_the_diagram_in_force_has_no_fault(analyst: Browser) -> None:
    analyst.send("/periksa-proses", {"berkas": ("salinan.bpmn", diagram())})
    assert "Layak diberlakukan" in analyst.text
    assert "pengganti diagram izin-reklame" in analyst.text


def test_a_fault_is_listed_with_element_and_remedy_and_marked_on_the_drawing(analyst: Browser) -> None:
    broken = diagram().replace(b'id="reserve_number"', b'id="pesan_kopi"', 1)
    analyst.send("/periksa-proses", {"berkas": ("rusak.bpmn", broken)})
    assert "Belum layak diberlakukan" in analyst.text
    found = analyst.page.find("ul", class_="findings")
    assert "pesan_kopi" in found.get_text() and "Perbaikan:" in found.get_text()
    element = found.find("li")["data-element"]
    figure = analyst.page.find("figure", class_="diagram")
    assert element in json.loads(figure["data-marks"])["finding"]
    assert "pesan_kopi" in json.loads(figure.find("script", attrs={"data-diagram-source": True}).string)


@pytest.mark.parametrize("content", [b"", b"<a", b"\xff\xfe<", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_what_is_no_diagram_is_told_and_nothing_breaks(analyst: Browser, content: bytes) -> None:
    response = analyst.send("/periksa-proses", {"berkas": ("apa.bpmn", content)})
    assert response.status_code == 200
    assert "Belum layak diberlakukan" in analyst.text
    assert analyst.page.find("figure", class_="diagram") is None


def test_a_folder_as_an_archive_is_judged_whole(analyst: Browser) -> None:
    archive = zipped(SECOND, "processes/izin-reklame", "forms/izin-reklame")
    analyst.send("/periksa-proses", {"berkas": ("kiriman.zip", archive)})
    assert "Layak diberlakukan" in analyst.text, analyst.text
    alone = zipped(FOLDER.parent, "izin-reklame")
    analyst.send("/periksa-proses", {"berkas": ("folder.zip", alone)})
    assert "Layak diberlakukan" in analyst.text, analyst.text


def test_several_files_are_judged_together(analyst: Browser) -> None:
    toml = (FOLDER / "process.toml").read_bytes().replace(b'batas = "2 jam"', b'batas = "2 windu"')
    files = [("berkas", (io.BytesIO(toml), "process.toml")), ("berkas", (io.BytesIO(diagram()), "izin-reklame.bpmn"))]
    analyst.get("/periksa-proses")
    answer = analyst.client.post("/periksa-proses", data=MultiDict([("_token", analyst.token), *files]))
    page = answer.get_data(as_text=True)
    assert "Belum layak" in page and "2 windu" in page


@pytest.mark.parametrize(("name", "content"), [("catatan.txt", b"halo"), ("rusak.zip", b"PK\x03\x04" + b"\0" * 60),
                                               ("kosong.zip", b"PK\x05\x06" + b"\0" * 18)])
def test_an_upload_without_anything_to_judge_is_refused_in_words(analyst: Browser, name: str, content: bytes) -> None:
    response = analyst.send("/periksa-proses", {"berkas": (name, content)})
    assert response.status_code == 422
    assert "Pilih satu berkas .bpmn" in analyst.text or "tidak dapat dibuka" in analyst.text


def test_nothing_chosen_is_asked_for(analyst: Browser) -> None:
    assert analyst.send("/periksa-proses", {"proses": ""}).status_code == 422
    assert "Pilih dahulu" in analyst.text


def test_a_scenario_is_played_and_its_verdict_told(analyst: Browser) -> None:
    analyst.send("/proses/izin-reklame/skenario", {"skenario": "kecil"})
    assert "Skenario sesuai: 1 dari 1" in analyst.text
    analyst.send("/proses/izin-reklame/skenario")
    assert "Skenario sesuai: 2 dari 2" in analyst.text
    assert analyst.office.engine.case_files.search(CaseQuery()) == ([], 0)
    assert analyst.send("/proses/izin-reklame/skenario", {"skenario": "../besar"}).status_code == 404
