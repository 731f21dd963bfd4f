"""The inbox: own post only, most urgent first, found and finished in few presses, nothing lost when somebody was first."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from tests.builders import Office
from tests.web_builders import Browser
from tests.web_cases import address

FORM = {"nama": "Sari Rekaan", "alamat": "Jalan Rekaan 5", "tulisan": "Kopi Rekaan", "luas": 12}


@pytest.fixture
def officer(second_office: Office) -> Browser:
    return Browser(second_office, second_office.actor("petugas_loket"))


def applied(office: Office, sign: str = "Kopi Rekaan") -> str:
    case = office.start("ajukan")
    file = office.upload(case, "papan.pdf", office.applicant)
    rows = [{"dokumen": one.code, "nama": one.name, "berkas": [file]} for one in office.edition.process.requirements]
    office.complete(case, "ajukan_reklame", {**FORM, "tulisan": sign, "persyaratan": rows})
    return case


def test_an_empty_inbox_says_why_and_what_comes_next(officer: Browser) -> None:
    officer.get("/kotak-masuk")
    assert "Kotak masuk kosong" in officer.text
    assert "Tugas baru tampil di sini" in officer.text


def test_tasks_stand_in_groups_by_urgency_with_what_is_left(second_office: Office) -> None:
    office = second_office
    applied(office, "Lama")
    office.clock.move_to(office.clock.now() + timedelta(days=1))
    applied(office, "Baru")
    officer = Browser(office, office.actor("petugas_loket"))
    officer.get("/kotak-masuk")
    assert [one.get_text(" ", strip=True) for one in officer.page.find_all("h2")] == [
        "Terlambat 1 tugas", "Jatuh tempo hari ini 1 tugas"]
    rows = officer.page.find_all("li", attrs={"data-key": True})
    assert "Lama" in rows[0].get_text() and "Terlambat" in rows[0].get_text()
    assert "Sisa 2 jam kerja" in rows[1].get_text() and "Langkah 2 dari 3" in rows[1].get_text()


def test_the_most_urgent_task_is_found_and_finished_in_two_presses_beyond_the_form(officer: Browser) -> None:
    office = officer.office
    case = applied(office)
    officer.get("/kotak-masuk")
    claim = officer.page.find("li", attrs={"data-key": True}).find("form")
    officer.send(claim["action"])
    assert officer.heading == "Memeriksa permohonan"
    assert "Anda memegang tugas ini" in officer.text
    task = office.task(case, "periksa_reklame")
    response = officer.send(address(task), {**officer.form(), "baik": "true", "_aksi": "kirim"})
    assert response.request.path == "/kotak-masuk" and "Tugas selesai" in officer.text
    assert office.waiting(case) == ["putuskan_reklame"]


def test_search_filters_and_order_stand_in_the_address(officer: Browser) -> None:
    for sign in ("Kopi Rekaan", "Teh Rekaan"):
        applied(officer.office, sign)
    officer.get("/kotak-masuk?q=teh&u=lama")
    assert len(officer.page.find_all("li", attrs={"data-key": True})) == 1
    assert "Paling lama menunggu" in officer.text
    assert officer.page.find("input", id="q")["value"] == "teh"
    officer.get("/kotak-masuk?q=tidak-ada")
    assert "Tidak ada tugas yang cocok" in officer.text


def test_a_long_inbox_has_pages_that_keep_the_filters(officer: Browser) -> None:
    office = officer.office
    for number in range(52):
        applied(office, f"Papan {number}")
    officer.get("/kotak-masuk?w=bebas")
    assert "1 sampai 50 dari 52" in officer.text
    onward = officer.page.find("a", rel="next")["href"]
    assert "w=bebas" in onward and "h=2" in onward
    officer.get(onward)
    assert "51 sampai 52 dari 52" in officer.text


def test_the_list_goes_out_as_csv_without_formulas(officer: Browser) -> None:
    applied(officer.office, "=1+1 Rekaan")
    answer = officer.client.get("/kotak-masuk.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[0][:3] == ["Nomor", "Kegiatan", "Nama"]
    assert rows[1][2] == "'=1+1 Rekaan"


def test_the_script_of_an_open_inbox_learns_of_a_new_task(officer: Browser) -> None:
    before = officer.client.get("/kotak-masuk/keadaan").get_json()
    applied(officer.office)
    after = officer.client.get("/kotak-masuk/keadaan").get_json()
    assert before["jumlah"] == 0 and after["jumlah"] == 1
    assert before["tanda"] != after["tanda"]


def test_another_post_sees_nothing_of_it_and_cannot_claim(second_office: Office) -> None:
    case = applied(second_office)
    task = second_office.task(case, "periksa_reklame")
    mayor = Browser(second_office, second_office.actor("camat"))
    mayor.get("/kotak-masuk")
    assert "Kotak masuk kosong" in mayor.text
    assert mayor.send(f"{address(task)}/ambil").status_code == 403


def test_a_task_that_is_put_back_is_free_again(officer: Browser) -> None:
    task = officer.office.task(applied(officer.office), "periksa_reklame")
    officer.send(f"{address(task)}/ambil")
    officer.send(f"{address(task)}/lepas")
    assert "Tugas dilepas" in officer.text
    assert officer.page.find("form", action=f"{address(task)}/ambil") is not None


def test_who_comes_second_is_told_who_was_first_and_reads_what_was_typed(officer: Browser) -> None:
    office = officer.office
    case = applied(office)
    task = office.task(case, "periksa_reklame")
    officer.get(address(task))
    typed = {**officer.form(), "baik": "false", "catatan": "Papan terlalu tinggi", "_aksi": "kirim"}
    office.complete(case, "periksa_reklame", {"baik": True})
    response = officer.send(address(task), typed)
    assert response.status_code == 409
    assert "Orang petugas_loket" in officer.text
    assert "Papan terlalu tinggi" in officer.text
