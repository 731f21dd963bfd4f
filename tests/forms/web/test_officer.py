"""The task page of the office: the SOP's words, the form, the file so far, the draft letter and what changed in it."""

from __future__ import annotations

import pytest

from tests.builders import Office
from tests.web_builders import Browser
from tests.web_cases import address, played


@pytest.fixture
def case(office: Office) -> str:
    """A case whose draft letter waits for its first verification."""
    return played(office, "02-rapat-saja", until="verifikasi_kasi")


@pytest.fixture
def verifier(office: Office, case: str) -> Browser:
    return Browser(office, office.actor("kasi"))


def test_the_page_says_what_the_sop_asks_until_when_and_why(verifier: Browser, case: str) -> None:
    office = verifier.office
    verifier.get(address(office.task(case, "verifikasi_kasi")))
    row = office.edition.process.rows["verifikasi_kasi"]
    guide = verifier.page.find(id="petunjuk").get_text(" ", strip=True)
    assert row.text in guide and row.output in guide
    assert "Mengapa tanggal ini?" in guide and "Jatuh tempo" in guide
    assert "Langkah 8 dari 10" in verifier.text


def test_the_draft_letter_is_on_the_page_and_opens_from_the_same_place(verifier: Browser, case: str) -> None:
    verifier.get(address(verifier.office.task(case, "verifikasi_kasi")))
    frame = verifier.page.find("iframe")
    answer = verifier.client.get(frame["src"].partition("#")[0])
    assert answer.data.startswith(b"%PDF")
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert verifier.page.find("a", href=frame["src"].partition("#")[0]) is not None


def test_the_file_so_far_is_beside_the_form(verifier: Browser, case: str) -> None:
    verifier.get(address(verifier.office.task(case, "verifikasi_kasi")))
    beside = verifier.page.find(id="isi-berkas").get_text(" ", strip=True)
    assert "Keputusan sejauh ini" in beside and "Disetujui" in beside
    assert "Rekomendasi teknis" in beside and "Isian sebelumnya" in beside
    assert verifier.page.find("a", href=f"/berkas/{case}") is not None


def test_a_verifier_sees_what_changed_since_the_version_before(office: Office) -> None:
    case = played(office, "10-kasi-mengembalikan", until="verifikasi_kasi")
    office.complete(case, "verifikasi_kasi", {"kasi_setuju": False, "diverifikasi": [],
                                              "catatan": [{"bagian": "isi_keputusan", "keterangan": "Tambahkan ketentuan"}]})
    office.complete(case, "susun_naskah", {"rekomendasi": "disetujui", "keputusan": "izin",
                                           "ketentuan_tambahan": "Memasang papan nama dalam 30 hari."})
    verifier = Browser(office, office.actor("kasi"))
    verifier.get(address(office.task(case, "verifikasi_kasi")))
    changed = verifier.page.find("ins")
    assert changed is not None and "Memasang papan nama" in changed.get_text()
    assert "Yang berubah sejak versi sebelumnya" in verifier.text


def test_faults_are_listed_on_top_and_nothing_typed_is_lost(verifier: Browser, case: str) -> None:
    office = verifier.office
    task = office.task(case, "verifikasi_kasi")
    verifier.get(address(task))
    response = verifier.send(address(task), {**verifier.form(), "diverifikasi": ["identitas"], "kasi_setuju": "true",
                                             "_aksi": "kirim"})
    assert response.status_code == 422
    assert verifier.page.find(class_="fault-summary") is not None
    assert verifier.form()["diverifikasi"] == "identitas"
    assert office.waiting(case) == ["verifikasi_kasi"]


def test_what_follows_by_itself_is_done_before_the_next_page(office: Office) -> None:
    case = played(office, "02-rapat-saja", until="periksa_berkas")
    officer = Browser(office, office.actor("front_office"))
    task = office.task(case, "periksa_berkas")
    officer.get(address(task))
    sent = officer.form()
    rows = {name.rpartition(".")[0] for name in sent if name.startswith("catatan.")}
    sent |= {f"{row}.status": "ada" for row in rows}
    officer.send(address(task), {**sent, "lengkap": "true", "_aksi": "kirim"})
    assert office.waiting(case) == ["entri_data_teknis"], officer.text
    assert [one.kind for one in office.engine.papers.of_case(case)] == ["tanda_terima"]


def test_a_claimed_task_says_who_holds_it_and_can_be_put_back(verifier: Browser, case: str) -> None:
    office = verifier.office
    task = office.task(case, "verifikasi_kasi")
    office.engine.tasks.claim(case, task.task, office.actor("kasi"))
    verifier.get(address(task))
    assert "Anda memegang tugas ini" in verifier.text
    assert verifier.page.find("form", action=f"{address(task)}/lepas") is not None
