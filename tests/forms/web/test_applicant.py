"""The applicant: begins, drafts, uploads, reviews, sends, follows, withdraws; and never sees another's file."""

from __future__ import annotations

import re

import pytest

from engine.authoring.props import content_of
from tests.builders import Office
from tests.web_builders import Browser, new_applicant

FORM = {"nama": "Sari Rekaan", "alamat": "Jalan Rekaan 5", "tulisan": "Kopi Rekaan", "luas": "4"}


@pytest.fixture
def applicant(second_office: Office) -> Browser:
    return Browser(second_office, second_office.applicant)


def begun(browser: Browser) -> str:
    """The address of a fresh task form."""
    response = browser.send("/ajukan/izin-reklame")
    assert response.status_code == 200
    return response.request.path


def typed(browser: Browser, **answers: object) -> dict[str, object]:
    return {**browser.form(), **FORM, **answers}


def test_a_new_application_opens_as_a_form_with_what_the_account_says(applicant: Browser) -> None:
    address = begun(applicant)
    assert re.fullmatch(r"/tugas/[a-z0-9]{26}/\d+", address)
    assert applicant.form()["nama"] == "Pemohon Rekaan"


def test_a_faulty_form_keeps_the_upload_and_names_what_to_mend(applicant: Browser) -> None:
    address = begun(applicant)
    sent = typed(applicant, luas="", **{"persyaratan.0.berkas": ("papan.pdf", content_of("papan.pdf")), "_aksi": "kirim"})
    response = applicant.send(address, sent)
    assert response.status_code == 422
    summary = applicant.page.find(class_="fault-summary")
    assert summary is not None and "Luas papan" in summary.get_text()
    target = summary.find("a")["href"].removeprefix("#")
    assert applicant.page.find(id=target) is not None
    assert "papan.pdf" in applicant.text
    assert applicant.form()["tulisan"] == "Kopi Rekaan"


def test_a_whole_form_is_shown_once_more_and_then_sent(applicant: Browser) -> None:
    address = begun(applicant)
    sent = typed(applicant, **{"persyaratan.0.berkas": ("papan.pdf", content_of("papan.pdf")), "_aksi": "kirim"})
    response = applicant.send(address, sent)
    assert response.request.path == f"{address}/periksa"
    assert "Kopi Rekaan" in applicant.text and "papan.pdf" in applicant.text
    revision = applicant.page.find("form", id="kirim").find("input", {"name": "_revisi"})["value"]
    response = applicant.send(f"{address}/kirim", {"_revisi": revision})
    assert response.request.path.startswith("/permohonan/")
    assert re.search(r"RK-2026-\d{6}", applicant.text), applicant.text
    assert "Loket Kecamatan" in applicant.text


def test_a_draft_waits_in_the_list_and_on_another_device(applicant: Browser) -> None:
    address = begun(applicant)
    applicant.send(address, typed(applicant, _aksi="draf"))
    assert "Tersimpan" in applicant.text
    other = Browser(applicant.office, applicant.office.applicant, applicant.app)
    other.get("/permohonan")
    assert "Satu permohonan menunggu Anda" in other.text
    assert other.page.find("a", href=address) is not None
    other.get(address)
    assert other.form()["tulisan"] == "Kopi Rekaan"


def test_two_devices_with_one_draft_are_told_and_choose(applicant: Browser) -> None:
    address = begun(applicant)
    first = typed(applicant, _aksi="draf", tulisan="Dari telepon")
    applicant.send(address, {**first})
    response = applicant.send(address, {**first, "_revisi": "0", "tulisan": "Dari laptop"})
    assert response.status_code == 409
    assert "perangkat lain" in applicant.text
    hidden = {one["name"]: one["value"] for one in applicant.page.find("main").find_all("input", type="hidden")}
    assert hidden["tulisan"] == "Dari laptop"
    applicant.send(address, {**hidden, "_aksi": "draf"})
    applicant.get(address)
    assert applicant.form()["tulisan"] == "Dari laptop"


def test_a_form_sent_twice_is_sent_once(applicant: Browser) -> None:
    case, address = sent_application(applicant)
    response = applicant.send(f"{address}/kirim", {"_revisi": "1"})
    assert response.status_code == 409
    assert applicant.office.waiting(case) == ["periksa_reklame"]


def sent_application(browser: Browser) -> tuple[str, str]:
    address = begun(browser)
    browser.send(address, typed(browser, **{"persyaratan.0.berkas": ("papan.pdf", content_of("papan.pdf")),
                                            "_aksi": "kirim"}))
    browser.send(f"{address}/kirim", {"_revisi": "1"})
    browser.office.settle()
    return address.split("/")[2], address


def test_the_application_page_tells_the_way_and_opens_what_was_sent(applicant: Browser) -> None:
    case, _ = sent_application(applicant)
    applicant.get(f"/permohonan/{case}")
    assert applicant.heading == "Kopi Rekaan"
    assert "Tidak ada yang perlu Anda lakukan" in applicant.text
    link = applicant.page.find("a", string="papan.pdf")
    answer = applicant.client.get(link["href"])
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_return_says_what_is_asked_and_leads_to_the_form(applicant: Browser) -> None:
    case, _ = sent_application(applicant)
    applicant.office.complete(case, "periksa_reklame", {"baik": False, "catatan": "Tulisan kurang jelas."})
    applicant.get("/permohonan")
    assert "Satu permohonan menunggu Anda" in applicant.text
    applicant.get(f"/permohonan/{case}")
    assert "Berkas dikembalikan untuk dilengkapi" in applicant.text
    task = applicant.office.task(case, "lengkapi_reklame").task
    assert applicant.page.find("a", href=f"/tugas/{case}/{task}") is not None


def test_a_letter_made_for_the_applicant_can_be_taken(applicant: Browser) -> None:
    case, _ = sent_application(applicant)
    applicant.office.complete(case, "periksa_reklame", {"baik": True})
    applicant.get(f"/permohonan/{case}")
    assert "Izin terbit" in applicant.text
    link = applicant.page.find("a", href=re.compile("^/surat/"))
    assert applicant.client.get(link["href"]).data.startswith(b"%PDF")


def test_another_applicant_finds_nothing(applicant: Browser) -> None:
    case, address = sent_application(applicant)
    letter = "/lampiran/" + case + "/" + "0" * 64
    stranger = Browser(applicant.office, new_applicant(applicant.office, "Orang Lain"), applicant.app)
    assert [stranger.get(one).status_code for one in (f"/permohonan/{case}", address, letter)] == [404, 404, 404]
