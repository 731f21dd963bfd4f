"""The database fails under a page: a sentence, what was typed is still there, and one press sends it again.

Each statement of each request fails in turn, on both databases, by turns in each of the ways of
tests/tools/broken_database.py and by turns alone or with all after it. Afterwards the case is as before or as after, and
the button on the page brings it to after, once.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from engine.authoring.props import content_of
from engine.store import journal
from forms.web.again import SECRETS
from tests.builders import HOME, SECOND, Office
from tests.proofs.race_track import AMENDED, ANSWERS, CHECKS, Track
from tests.tools import offices
from tests.tools.broken_database import KINDS, failing_at
from tests.web_builders import Browser

MOST = 150
TECHNICAL = re.compile(r"Traceback|Error|sqlite|psycopg|SELECT|disk|lock|connection", re.IGNORECASE)
NOT_SAID_AGAIN = {"_token", "_aksi", "_revisi"}


@pytest.fixture(params=offices.DATABASES)
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The small house on either database."""
    yield from offices.on_either(request, tmp_path, SECOND)


@pytest.fixture(params=offices.DATABASES)
def large(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """This house on either database."""
    yield from offices.on_either(request, tmp_path, HOME)


@dataclass(frozen=True)
class Request:
    """A form that is about to be sent, and how one sees that it was taken."""

    browser: Browser
    address: str
    answers: Mapping[str, Any]
    taken: Callable[[], int]


def each_statement_fails(office: Office, prepared: Callable[[], Request]) -> int:
    """For each statement of a request one that meets the fault there; how many statements there are."""
    request = prepared()
    for number in range(1, MOST):
        before = request.taken()
        assert request.browser.token, "the form was opened before anything failed"
        with failing_at(office.engine.database, number, KINDS[number % 3], once=number % 2 == 0) as tried:
            response = request.browser.send(request.address, request.answers, follow=False)
        if len(tried) < number:
            assert response.status_code == 302 and request.taken() == before + 1
            return number - 1
        must_be_told(response)
        if request.taken() == before:
            assert response.status_code in (422, 503), "nothing was written, and it is not said to be"
            assert_typed_is_there(request, response)
            send_again(request, response)
        assert request.taken() == before + 1, f"{number}: {tried[number - 1]}"
        request = prepared()
    raise AssertionError("more statements than a request may need")


def must_be_told(response: TestResponse) -> None:
    """A sentence for people and nothing for technicians."""
    text = BeautifulSoup(response.get_data(as_text=True), "html.parser").get_text(" ")
    assert response.status_code in (302, 422, 503), text
    assert not TECHNICAL.search(text), text
    if response.status_code == 503:
        assert "penyimpanan sedang tidak dapat dipakai" in text and "kirim lagi" in text


def assert_typed_is_there(request: Request, response: TestResponse) -> None:
    """On the page itself, as fields that can be sent again; a file by the digest under which it was kept, or asked anew."""
    shown = fields_of(response)
    for name, value in request.answers.items():
        if name not in NOT_SAID_AGAIN and not isinstance(value, tuple):
            assert value in shown.get(name, ()), (name, value, shown)
        elif isinstance(value, tuple):
            asked = "berkas yang baru dipilih" in response.get_data(as_text=True)
            assert name in shown or asked or response.status_code == 422


def fields_of(response: TestResponse) -> dict[str, list[str]]:
    """Every value that the forms of a page would send."""
    found: dict[str, list[str]] = {}
    page = BeautifulSoup(response.get_data(as_text=True), "html.parser")
    for one in page.select("main input, main textarea, main option[selected]"):
        if one.get("type") not in ("radio", "checkbox") or one.has_attr("checked"):
            name = one.get("name") or one.find_parent("select")["name"] if one.name == "option" else one.get("name", "")
            found.setdefault(name, []).append(one.get("value", one.get_text().removeprefix("\n")))
    return found


def send_again(request: Request, response: TestResponse) -> None:
    """Press the button of the page; what it cannot carry (a file, a secret) is given anew."""
    page = BeautifulSoup(response.get_data(as_text=True), "html.parser")
    button = page.find("button", string="Kirim lagi")
    answers: dict[str, Any] = dict(request.answers)
    if button is not None:
        form = button.find_parent("form")
        assert form["action"] == request.address and form["method"] == "post"
        carried: dict[str, Any] = {}
        for one in form.find_all("input"):
            carried.setdefault(one["name"], []).append(one["value"])
        answers = {**{name: value for name, value in answers.items() if isinstance(value, tuple) and name not in carried},
                   **carried}
    else:
        answers |= {name: values[-1] for name, values in fields_of(response).items() if name in ("_revisi", "_token")}
    again = request.browser.send(request.address, answers, follow=False)
    assert again.status_code == 302, (response.status_code, fields_of(response), answers)


def must_be_whole(office: Office) -> None:
    office.settle()
    assert all(one.good for one in office.engine.replays.all())
    assert list(office.engine.verification.flaws()) == []


def events(office: Office, kind: str) -> Callable[[], int]:
    """How often something happened to any case."""
    def counted() -> int:
        with office.engine.database.reading() as connection:
            return sum(one.event.kind == kind for case in office.cases() for one in journal.read(connection, case))
    return counted


# --- officers


def test_an_officer_completes_a_task(small: Office) -> None:
    track, officer = Track.of(small), Browser(small, small.actor("petugas_loket"))

    def prepared() -> Request:
        task = small.task(track.case(), CHECKS[0])
        return Request(officer, f"/tugas/{task.case}/{task.task}", {
            "baik": "false", "catatan": "Gambar kurang jelas.", "_aksi": "kirim"}, events(small, "completed"))
    assert each_statement_fails(small, prepared) > 20
    must_be_whole(small)


def test_an_officer_takes_a_task(small: Office) -> None:
    track, officer = Track.of(small), Browser(small, small.actor("petugas_loket"))

    def prepared() -> Request:
        task = small.task(track.case(), CHECKS[0])
        return Request(officer, f"/tugas/{task.case}/{task.task}/ambil", {}, events(small, "claimed"))
    assert each_statement_fails(small, prepared) > 7
    must_be_whole(small)


def test_an_administrator_changes_the_calendar(small: Office) -> None:
    small.engine.promises.office.seed()
    administrator, days = Browser(small, small.actor("administrator")), iter(range(MOST))

    def prepared() -> Request:
        day = date(2026, 8, 3) + timedelta(days=next(days))
        return Request(administrator, "/kalender", {
            "hari": day.isoformat(), "jenis": "libur", "jam": "", "dasar": "SK Camat 7/2026 (rekaan)", "_aksi": "simpan"},
            lambda: len(small.engine.calendar.changes()))
    assert each_statement_fails(small, prepared) > 5
    must_be_whole(small)


# --- applicants


def test_an_applicant_saves_a_form_with_an_upload(small: Office) -> None:
    applicant = Browser(small, small.applicant)

    def prepared() -> Request:
        case = small.engine.cases.start(small.process, "ajukan", small.applicant).id
        task = small.tasks(case)[0]
        return Request(applicant, f"/tugas/{case}/{task.task}", {
            "nama": "Sari Rekaan", "alamat": "Jalan Rekaan 5", "tulisan": "Kopi Rekaan", "luas": "4",
            "persyaratan.0.dokumen": "gambar", "persyaratan.0.berkas": ("papan.pdf", content_of("papan.pdf")),
            "_aksi": "kirim"}, lambda: with_draft(small, case, task.task))
    assert each_statement_fails(small, prepared) > 10
    must_be_whole(small)


def with_draft(office: Office, case: str, task: int) -> int:
    """1 when the draft lies there with its file, 0 when not."""
    draft = office.engine.tasks.draft(case, task, office.applicant)
    return int(draft is not None and bool(draft.values["persyaratan"][0]["berkas"]))


def test_an_applicant_sends_what_was_reviewed(small: Office) -> None:
    track, applicant = Track.of(small), Browser(small, small.applicant)

    def prepared() -> Request:
        task = small.task(track.case(), ANSWERS[0])
        small.engine.tasks.save_draft(task.case, task.task, AMENDED, small.applicant, revision=0)
        return Request(applicant, f"/tugas/{task.case}/{task.task}/kirim", {"_revisi": "1"}, events(small, "completed"))
    assert each_statement_fails(small, prepared) > 10
    must_be_whole(small)


def test_an_applicant_takes_the_application_back(small: Office) -> None:
    track, applicant = Track.of(small), Browser(small, small.applicant)

    def prepared() -> Request:
        return Request(applicant, f"/permohonan/{track.case()}/cabut", {"alasan": "Tidak jadi memasang."},
                       events(small, "message"))
    assert each_statement_fails(small, prepared) > 10
    must_be_whole(small)


def test_a_visitor_registers_with_an_upload(large: Office) -> None:
    address, values = f"/daftar/{large.process}", large.scenario("01-rapat-dan-peninjauan").steps[0].values
    typed = {name: "true" if value is True else str(value) for name, value in values.items() if name != "kartu_identitas"}
    visitor = Browser(large)

    def prepared() -> Request:
        visitor.get(address)
        visitor.send(address, {**typed, "kartu_identitas": ("ktp.pdf", content_of("ktp.pdf")), "_perbarui": "1"})
        kept = visitor.page.find("input", {"name": "kartu_identitas", "type": "hidden"})["value"]
        return Request(visitor, address, {**typed, "kartu_identitas": kept, "_aksi": "kirim"}, lambda: len(large.cases()))
    assert each_statement_fails(large, prepared) > 8
    must_be_whole(large)


# --- what the page that sends again leaves out


def test_a_secret_is_never_put_into_a_page(small: Office) -> None:
    browser = Browser(small)
    browser.get("/masuk")
    assert browser.page.find("input", {"name": SECRETS})["value"] == "kata_sandi"
    answers = {"username": "petugas_loket", "kata_sandi": "amat rahasia", SECRETS: "kata_sandi"}
    with failing_at(small.engine.database, 1, KINDS[0]):
        response = browser.send("/masuk", answers, follow=False)
    assert response.status_code == 503
    assert "amat rahasia" not in response.get_data(as_text=True)
    assert fields_of(response)["username"] == ["petugas_loket"]
    assert "kata atau frasa sandi" in browser.text


def test_each_secret_field_of_a_page_says_so(small: Office) -> None:
    templates = HOME / "forms" / "web" / "templates"
    drawn = [path for path in templates.rglob("*.html") if re.search(r'<input[^>]*password|type="\{\{ type', path.read_text())]
    assert drawn and all(SECRETS in path.read_text() for path in drawn)


def test_a_page_that_cannot_be_read_offers_to_try_again(small: Office) -> None:
    officer = Browser(small, small.actor("petugas_loket"))
    with failing_at(small.engine.database, 1, KINDS[2]):
        response = officer.get("/kotak-masuk?k=hari-ini", follow=False)
    assert response.status_code == 503
    assert officer.page.find("a", string="Coba lagi")["href"] == "/kotak-masuk?k=hari-ini"
    assert officer.get("/kotak-masuk").status_code == 200


def test_a_full_disk_under_an_upload_is_a_sentence_at_its_field(small: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    applicant = Browser(small, small.applicant)
    applicant.send(f"/ajukan/{small.process}")
    task = small.tasks(small.cases()[0])[0]

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        response = applicant.send(f"/tugas/{task.case}/{task.task}", {
            **applicant.form(), "tulisan": "Kopi Rekaan", "_aksi": "kirim",
            "persyaratan.0.berkas": ("papan.pdf", content_of("papan.pdf"))})
    assert response.status_code == 422 and "penyimpanan sedang tidak dapat dipakai" in applicant.text
    assert applicant.form()["tulisan"] == "Kopi Rekaan"
    assert not list(small.engine.settings.files.rglob(".*")), "no half file stays behind"
