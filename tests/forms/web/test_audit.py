"""The auditor: the journal step by step, masked; executed again; a changed record is found and named."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from tests.builders import Office, open_office
from tests.web_builders import Browser
from tests.web_cases import drawing, played


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    """An office with one case that went to its end; the tests that use it only read it."""
    office = open_office(tmp_path_factory.mktemp("kantor"))
    yield office, played(office, "10-kasi-mengembalikan")
    office.engine.close()


def auditor_of(office: Office) -> Browser:
    return drawing(Browser(office, office.actor("auditor")))


def test_a_case_is_found_and_opened_in_two_presses(ended: tuple[Office, str]) -> None:
    office, case = ended
    auditor = auditor_of(office)
    auditor.get("/audit")
    auditor.get(auditor.page.find("tbody").find("a")["href"])
    assert auditor.heading.startswith("Putar ulang: Optik")
    assert "Bukti utuh" in auditor.text


def test_each_step_says_who_in_which_capacity_in_time_and_what_changed(ended: tuple[Office, str]) -> None:
    office, case = ended
    auditor = auditor_of(office)
    done = office.engine.case_files.completions(case)
    checked = next(one for one in done if one.activity == "periksa_berkas")
    auditor.get(f"/audit/{case}?langkah={checked.seq}")
    panel = next(one for one in auditor.page.find_all("section", class_="step-panel") if not one.has_attr("hidden"))
    told = panel.get_text(" ", strip=True)
    assert "Memeriksa kelengkapan berkas" in told and "Orang front_office, Petugas Front Office" in told
    assert "Tepat waktu? Ya" in told
    assert "lengkap belum diisi ya" in told
    assert "Isian Melakukan permohonan izin" in told


def test_the_text_twin_has_every_step_and_the_slider_its_marks(ended: tuple[Office, str]) -> None:
    office, case = ended
    auditor = auditor_of(office)
    auditor.get(f"/audit/{case}")
    steps = len(office.engine.case_files.history(case))
    twin = auditor.page.find("ol", class_="twin").find_all("li")
    assert len(twin) == steps and twin[-1].get("aria-current") == "step"
    assert auditor.page.find("input", id="g")["max"] == str(steps)
    marks = json.loads(auditor.page.find("script", attrs={"data-diagram-steps": True}).string)
    assert len(marks) == steps and "ajukan_permohonan" in marks[0]["current"] and marks[-1]["current"] == []


def test_nothing_personal_is_read_in_clear(ended: tuple[Office, str]) -> None:
    office, case = ended
    form = office.engine.case_files.read(case).answers["ajukan_permohonan"]
    auditor = auditor_of(office)
    auditor.get(f"/audit/{case}")
    exported = auditor.client.get(f"/audit/{case}/jurnal.json").get_data(as_text=True)
    for key in ("nama", "nik", "surel", "telepon"):
        assert str(form[key]) not in auditor.text, key
        assert f'"{form[key]}"' not in exported, key


def test_the_export_carries_every_link_of_the_chain(ended: tuple[Office, str]) -> None:
    office, case = ended
    answer = auditor_of(office).client.get(f"/audit/{case}/jurnal.json")
    events = json.loads(answer.data)["peristiwa"]
    assert events[-1]["hash"] == office.row(case).head
    assert all(one["previous"] == before["hash"] for before, one in zip(events, events[1:]))
    assert "Langkah,Waktu,Peristiwa" in auditor_of(office).client.get(f"/audit/{case}/langkah.csv").get_data(as_text=True)


def test_running_it_again_comes_out_the_same(ended: tuple[Office, str]) -> None:
    office, case = ended
    auditor = auditor_of(office)
    auditor.send(f"/audit/{case}/jalankan")
    assert "hasil tiap langkah sama dengan catatan" in auditor.text


def test_a_changed_payload_is_named_with_its_step(office: Office) -> None:
    case = played(office, "02-rapat-saja", until="periksa_berkas")
    with office.engine.database.transaction() as connection:
        for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE payload SET salt = zeroblob(32) WHERE chain = :case AND seq = 2"), {"case": case})
    auditor = auditor_of(office)
    auditor.get(f"/audit/{case}")
    assert "Bukti tidak cocok" in auditor.text
    assert "langkah 2: isi peristiwa berubah" in auditor.text


def test_a_decision_changed_in_the_stored_state_is_found_by_page_and_replay(office: Office) -> None:
    case = played(office, "02-rapat-saja", until="periksa_berkas")
    assert b'"lengkap":null' in office.row(case).state
    with office.engine.database.transaction() as connection:
        changed = office.row(case).state.replace(b'"lengkap":null', b'"lengkap":true')
        connection.execute(text("UPDATE cases SET state = :state WHERE id = :case"), {"state": changed, "case": case})
    auditor = auditor_of(office)
    auditor.send(f"/audit/{case}/jalankan")
    assert "Bukti tidak cocok" in auditor.text and "keadaan tersimpan berbeda" in auditor.text
    replayed = office.engine.replays.case(case)
    assert replayed.divergence is not None and replayed.divergence.what == "keadaan tersimpan"


def test_only_an_auditor_reads_journals(ended: tuple[Office, str]) -> None:
    office, case = ended
    for post in ("kepala", "administrator", "analis"):
        browser = Browser(office, office.actor(post))
        assert browser.get(f"/audit/{case}").status_code == 403
