"""`./izin check`: its target is found by name, folder or file; findings are told by file; no office's folder is touched."""

import json
from argparse import ArgumentParser

import pytest

from engine.commands import check
from engine.errors import CannotRun
from engine.settings import ROOT
from tests.engine.authoring.sketches import broken, retag, sketch

HOUSE = ROOT / "tests" / "second_house"
ROOM = HOUSE / "processes" / "izin-reklame"


def run(*words):
    parser = ArgumentParser()
    check.arguments(parser)
    return check.run(parser.parse_args([str(word) for word in words]))


@pytest.fixture
def second_house(monkeypatch):
    monkeypatch.setenv("IZIN_PROCESSES", str(HOUSE / "processes"))
    monkeypatch.setenv("IZIN_FORMS", str(HOUSE / "forms"))


def test_without_a_name_every_process_of_the_house_is_looked_at(second_house, capsys):
    assert run() == 0
    assert capsys.readouterr().out == "Layak diberlakukan: izin-reklame: 0 galat, 0 peringatan.\n"


def test_a_process_is_found_by_name_and_a_folder_by_its_path(second_house, capsys):
    assert run("izin-reklame") == 0 and run(ROOM) == 0 and run(ROOM / "izin-reklame.bpmn") == 0
    assert capsys.readouterr().out.count("Layak diberlakukan") == 3


def test_a_folder_elsewhere_brings_its_own_forms(capsys):
    assert run(ROOM) == 0
    assert "izin-reklame: 0 galat" in capsys.readouterr().out


def test_a_bare_diagram_is_told_element_by_element(tmp_path, capsys):
    path = tmp_path / "impor.bpmn"
    path.write_bytes(broken(retag("periksa", "manualTask"), retag("tinjau", "scriptTask")))
    assert run(path) == 1
    told = capsys.readouterr().out
    assert told.startswith(f"{path}\n  galat periksa [unsur_tidak_didukung]\n    Tugas manual "
                           f"(manualTask)") and "→ Ganti dengan" in told
    assert told.rstrip().endswith("peringatan.") and "Belum layak" in told


def test_json_is_one_document_and_nothing_else(tmp_path, capsys):
    path = tmp_path / "impor.bpmn"
    path.write_bytes(broken(retag("tinjau", "scriptTask")))
    assert run(path, "--json") == 1
    document = json.loads(capsys.readouterr().out)
    assert document["layak"] is False and document["galat"] >= 1
    assert {"code": "unsur_tidak_didukung", "severity": "galat",
            "element": "tinjau"}.items() <= document["temuan"][0].items()


def test_warnings_alone_keep_nothing_back(tmp_path, capsys):
    path = tmp_path / "impor.bpmn"
    source = sketch(listener=False, timers=False, many=False, inclusive=False, secret=False).bytes()
    path.write_bytes(source.replace(b'"nomor"', b'"reserve_number"').replace(b'Element="terbit"', b'Element="hilang"'))
    assert run(path) == 0
    assert "peringatan terbit [unsur_tanpa_gambar]" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"%PDF", b"<a>" * 900_000, b"\x00" * (9 << 20)])
def test_any_file_is_answered(tmp_path, content, capsys):
    path = tmp_path / "apa.bpmn"
    path.write_bytes(content)
    assert run(path) == 1 and "[" in capsys.readouterr().out


def test_what_is_not_there_is_said_in_one_sentence(tmp_path, monkeypatch):
    with pytest.raises(CannotRun) as refused:
        run("hilang")
    assert "hilang" in refused.value.advice
    with pytest.raises(CannotRun):
        run(tmp_path)
    monkeypatch.setenv("IZIN_PROCESSES", str(tmp_path))
    with pytest.raises(CannotRun):
        run()


def test_an_offices_folder_is_left_alone(tmp_path, monkeypatch, second_house):
    monkeypatch.setenv("IZIN_DATA", str(tmp_path / "kantor"))
    run()
    assert list(tmp_path.iterdir()) == []
