"""Pages in the states of a bad day and of an empty office: still readable by everyone, on every screen, and silent.

Everything is late, long, stuck or failed in one office; in the other nothing has happened yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from engine.assembly import CaseFile
from forms.web import administration, cases, inbox, service_cases, signing
from tests.browser import bad_day
from tests.browser.house import House, opened, served
from tests.browser.looking import complaints, looked_at
from tests.browser.visits import ADMINISTRATOR, ANALYST, AUDITOR, VISITOR, Visit, at, by, fill, visited
from tests.builders import open_office

FEW = 2
"""Rows on one page, so that a demo has many pages."""


@pytest.fixture(scope="module")
def house(demo: Callable[[], Path]) -> Iterator[House]:
    patch = pytest.MonkeyPatch()
    for room in (administration, cases, inbox, service_cases, signing):
        patch.setattr(room, "SIZE", FEW)
    with opened(demo()) as office:
        bad_day.befall(office)
        yield office
    patch.undo()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    office = open_office(tmp_path_factory.mktemp("baru"))
    with served(office.engine) as house:
        yield house
    office.engine.close()


def stuck(house: House) -> CaseFile:
    return next(case for case in house.cases if any(one.status == "incident" for one in case.pending))


def running(house: House) -> CaseFile:
    return next(case for case in house.cases if any(one.status == "ordered" for one in case.pending))


def unsigned(house: House) -> CaseFile:
    return next(case for case in house.cases if case.failure is not None)


def signer(house: House) -> str:
    return house.signing_post()


def of(find: Callable[[House], CaseFile], prefix: str, rest: str = "") -> Callable[[House], str]:
    return lambda house: f"/{prefix}/{find(house).row.id}{rest}"


def applicant_of(find: Callable[[House], CaseFile]) -> Callable[[House], str]:
    return lambda house: find(house).row.applicant or ""


def signing_task(house: House) -> str:
    case = unsigned(house)
    return f"/tugas/{case.row.id}/{case.open_tasks[0].task}"


def desk(house: House) -> str:
    return house.office_tasks()[0].post


def late(house: House) -> CaseFile:
    return house.ended("terbit")


def refused(house: House) -> str:
    """The page of a message that was refused."""
    return f"/surat-keluar/{next(one.id for one in house.engine.mail.listed() if one.status == 'refused')}"


def mail_keeper(house: House) -> str:
    return house.engine.catalog.in_force()[0].process.mail_keeper


BAD = (
    Visit("inbox.mine", "mail refused, law near", mail_keeper, at("/kotak-masuk")),
    Visit("cases.show", "mail refused, law near", mail_keeper, lambda house: f"/berkas/{house.promised().row.id}"),
    Visit("administration.mail", "refused", ADMINISTRATOR, at("/surat-keluar?s=refused")),
    Visit("administration.message", "refused", ADMINISTRATOR, refused),
    Visit("administration.account", "address refused", ADMINISTRATOR, lambda house: f"/akun/{house.promised().row.applicant}"),
    Visit("service_level.show", "late, law near", signer, at("/kinerja?panas=telat")),
    Visit("service_cases.behind", "law near, many", signer, at("/kinerja/berkas?w=dekat_batas&h=2")),
    Visit("calendar.year", "a day changed", ADMINISTRATOR, at("/kalender?tahun=2026")),
    Visit("calendar_tables.offered", "long decrees", ADMINISTRATOR, at("/kalender/tabel")),
    Visit("calendar_tables.taken", "long decrees", ADMINISTRATOR, at("/kalender/tabel/2")),
    Visit("inbox.mine", "late, long, many", desk, at("/kotak-masuk")),
    Visit("inbox.mine", "last page", desk, at("/kotak-masuk?h=2")),
    Visit("cases.search", "many", desk, at("/berkas")),
    Visit("cases.show", "incident", ADMINISTRATOR, of(stuck, "berkas")),
    Visit("cases.show", "incident for others", desk, of(stuck, "berkas")),
    Visit("cases.show", "running", desk, of(running, "berkas")),
    Visit("cases.show", "signature failed", signer, of(unsigned, "berkas")),
    Visit("applicant.case", "running", applicant_of(running), of(running, "permohonan")),
    Visit("applicant.case", "long", applicant_of(late), of(late, "permohonan")),
    Visit("applicant.mine", "long", applicant_of(late), at("/permohonan")),
    Visit("tasks.show", "signature failed", signer, signing_task),
    Visit("signing.waiting", "failed and late", signer, at("/tanda-tangan")),
    Visit("signing.outcome", "failed", signer, of(unsigned, "tanda-tangan", "/hasil")),
    Visit("signing.outcome", "running", signer, of(running, "tanda-tangan", "/hasil")),
    Visit("signing.outcome", "stuck", signer, of(stuck, "tanda-tangan", "/hasil")),
    Visit("administration.incidents", "one", ADMINISTRATOR, at("/insiden")),
    Visit("administration.accounts", "long", ADMINISTRATOR, at("/akun")),
    Visit("administration.mail", "many", ADMINISTRATOR, at("/surat-keluar")),
    Visit("audit.cases", "many", AUDITOR, at("/audit")),
    Visit("audit.show", "signature failed", AUDITOR, of(unsigned, "audit")),
    Visit("sign_in.page", "long", VISITOR, at("/masuk")),
    Visit("public.tracked", "ended", VISITOR, at("/lacak"),
          lambda house, page: fill(nomor=late(house).row.number or "", angka="0000")(house, page)),
)

NOTHING = (
    Visit("public.home", "no case", VISITOR, at("/")),
    Visit("inbox.mine", "empty", signer, at("/kotak-masuk")),
    Visit("signing.waiting", "empty", signer, at("/tanda-tangan")),
    Visit("cases.search", "empty", signer, at("/berkas")),
    Visit("administration.incidents", "empty", ADMINISTRATOR, at("/insiden")),
    Visit("administration.mail", "empty", ADMINISTRATOR, at("/surat-keluar")),
    Visit("service_level.show", "empty", signer, at("/kinerja")),
    Visit("service_level.step", "empty", signer,
          lambda house: f"/kinerja/langkah/{next(iter(house.engine.catalog.in_force()[0].process.limits))}"),
    Visit("calendar_tables.offered", "nothing new", ADMINISTRATOR, at("/kalender/tabel")),
    Visit("audit.cases", "empty", AUDITOR, at("/audit")),
    Visit("analyst.processes", "one", ANALYST, at("/proses")),
    Visit("sign_in.page", "no demo", VISITOR, at("/masuk")),
)


@pytest.mark.parametrize("visit", BAD, ids=str)
def test_a_page_bears_a_bad_day(house: House, page: Page, visit: Visit) -> None:
    look(house, page, visit)


@pytest.mark.parametrize("visit", NOTHING, ids=str)
def test_a_page_bears_nothing(empty: House, page: Page, visit: Visit) -> None:
    look(empty, page, visit)


def test_an_applicant_without_an_application_is_told_what_comes_next(empty: House, page: Page) -> None:
    account = next(one.id for one in empty.engine.administration.accounts() if not one.staff)
    look(empty, page, Visit("applicant.mine", "empty", by(account), at("/permohonan")))
    assert "Belum ada permohonan" in page.inner_text("main")


def look(house: House, page: Page, visit: Visit) -> None:
    eyes = visited(house, page, visit)
    assert visit.endpoint in house.views(page.url)
    assert looked_at(page) == []
    assert complaints(eyes) == []
