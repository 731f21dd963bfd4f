"""A second process gets the same pages from its own words, and runs over HTTP to both its ends; no program knows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.policy import default
from typing import Any
from urllib.parse import urlsplit

import pytest

from engine.authoring.props import content_of
from engine.rules.people import Actor
from engine.rules.scenario import Step
from engine.store import directory
from forms.web.app import create_app
from tests import house_code as house
from tests.builders import SECOND, Office
from tests.process_words import Words, found_in, words_of
from tests.web_builders import Browser

PROCESS = SECOND / "processes" / "izin-reklame"


@pytest.fixture
def played(second_office: Office, request: pytest.FixtureRequest) -> Office:
    """The office after a scenario was played in browsers, each step expected as the scenario says."""
    Play(second_office).all(request.param)
    return second_office


class Play:
    """A scenario played over HTTP: everybody has a browser and sends the form that their page shows."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.app = create_app(office.engine)
        self.case = ""

    def all(self, scenario: str) -> None:
        for step in self.office.scenario(scenario).steps:
            self.office.clock.move_to(step.at)
            self.start(step) if step.deed == "start" else self.complete(step)
            self.office.settle()
            if step.then is not None:
                lanes = {one.partition("@")[0] for one in step.then.waiting}
                assert set(self.office.waiting(self.case)) == lanes, step.number
                assert self.office.row(self.case).end == step.then.end

    def browser(self, lane: str) -> Browser:
        """A fresh browser of who works in this lane: a session does not outlive the days that pass here."""
        known = next(one for one in self.office.edition.process.lanes if one.id == lane)
        actor = self.office.applicant if known.applicant else self.office.actor(known.post)
        return Browser(self.office, actor, self.app)

    def start(self, step: Step) -> None:
        browser = self.browser(step.who)
        browser.get("/permohonan")
        opened = browser.send(f"/ajukan/{self.office.process}")
        self.case = opened.request.path.split("/")[2]

    def complete(self, step: Step) -> None:
        browser, task = self.browser(step.who), self.office.task(self.case, step.name)
        address = f"/tugas/{self.case}/{task.task}"
        browser.get(address)
        assert self.office.edition.process.rows[step.name].text in browser.text or step.who == "warga"
        if any("luas" == name for name in step.values):   # which documents are asked for depends on it
            browser.send(address, {**browser.form(), **plain(step.values), "_perbarui": "1"})
        answer = browser.send(address, {**browser.form(), **plain(step.values), **dict(files(browser, step.values)),
                                        "_aksi": "kirim"})
        assert (answer.status_code == 422) == (step.refused is not None), browser.text
        if answer.request.path.endswith("/periksa"):
            revision = browser.page.find("form", id="kirim").find("input", {"name": "_revisi"})["value"]
            browser.send(f"{address}/kirim", {"_revisi": revision})


def plain(values: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value).lower() if isinstance(value, bool) else str(value)
            for key, value in values.items() if not isinstance(value, list)}


def files(browser: Browser, values: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """Each file of the scenario in the row of its document."""
    rows = {str(one["value"]): one["name"].removesuffix("dokumen")
            for one in browser.page.find_all("input", {"name": re.compile(r"^persyaratan\.\d+\.dokumen$")})}
    for row in values.get("persyaratan", ()):
        if row["dokumen"] in rows:
            yield f"{rows[row['dokumen']]}berkas", (row["berkas"], content_of(row["berkas"]))


@pytest.mark.parametrize("played", ["kecil", "besar"], indirect=True)
def test_it_runs_to_its_end_over_http(played: Office) -> None:
    case = played.row(played.cases()[0])
    assert case.ended_at is not None and played.engine.case_files.read(case.id).outcome in ("terbit", "ditolak")


@pytest.mark.parametrize("played", ["kecil"], indirect=True)
def test_its_letter_is_found_by_its_code_and_its_case_by_its_number(played: Office) -> None:
    letter, row = played.engine.case_files.read(played.cases()[0]).documents[-1], played.row(played.cases()[0])
    visitor = Browser(played)
    visitor.get(f"/v/{letter.code}")
    assert "Surat izin reklame" in visitor.text and str(letter.number) in visitor.text
    applicant = Browser(played, played.applicant, visitor.app)
    applicant.get(f"/permohonan/{row.id}")
    assert str(row.number).startswith("RK-") and "Izin terbit" in applicant.text


@pytest.mark.parametrize("played", ["kecil"], indirect=True)
def test_the_journal_of_it_is_executed_again_without_a_difference(played: Office) -> None:
    auditor = Browser(played, played.actor("auditor"))
    case = played.cases()[0]
    auditor.get(f"/audit/{case}")
    assert auditor.send(f"/audit/{case}/jalankan").status_code == 200
    assert "hasil tiap langkah sama dengan catatan" in auditor.text


def test_public_pages_speak_its_words(second_office: Office) -> None:
    visitor = Browser(second_office)
    visitor.get("/")
    assert "Izin Reklame Kecil" in visitor.text and "Izin memasang papan reklame" in visitor.text and "Rp" in visitor.text
    visitor.get("/layanan/izin-reklame")
    assert "Loket Kecamatan" in visitor.text and "Camat" in visitor.text and "000/CONTOH/2026" in visitor.text


def test_every_message_leads_its_reader_to_a_page_they_may_open(second_office: Office) -> None:
    account = second_office.applicant.account
    with second_office.engine.database.transaction() as connection:
        directory.change_account(connection, str(account), password="-")
    Play(second_office).all("kecil")
    letters = [message_from_bytes(path.read_bytes(), policy=default) for path in
               sorted(second_office.engine.settings.outbox.glob("*.eml"))]
    known = {one.email: one.id for one in second_office.engine.administration.accounts()}
    links = [(known[str(one["To"])], urlsplit(found).path) for one in letters
             for found in re.findall(r"http://\S+", one.get_body(("plain",)).get_content())]
    assert len({reader for reader, _ in links}) > 1, "applicant and officers are told"
    for reader, link in links:
        assert Browser(second_office, Actor(reader, None, "definitif")).get(link, follow=False).status_code == 200


def test_no_program_knows_its_names() -> None:
    """Its everyday words may stand anywhere; a name made of parts, such as a program would ask for, stands nowhere."""
    names = frozenset(name for name in words_of(PROCESS).ids if re.search("[_-]", name)) - {"ya_tidak"}
    program = [house.HOME / "izin", *house.files(".py", ".html", ".js")]
    assert {name for path in program for name in found_in(path, Words(names, frozenset()))} == set()
    assert len(names) > 20
