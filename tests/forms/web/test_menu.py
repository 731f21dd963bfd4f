"""The way through the house: who is offered which room."""

from __future__ import annotations

import pytest

from forms.web import menu
from tests.builders import Office
from tests.web_builders import Browser


def offered(office: Office, post: str | None) -> list[str]:
    browser = Browser(office, office.people[post] if post else None)
    browser.get("/kontak")
    return [one.get_text(" ", strip=True) for one in browser.page.find("nav", class_="main-nav").find_all("a")]


@pytest.mark.parametrize(("post", "labels"), [
    (None, ["Beranda", "Lacak", "Periksa izin", "Masuk"]),
    ("pemohon", ["Beranda", "Permohonan saya"]),
])
def test_visitors_and_applicants_are_offered_their_rooms(second_office: Office, post: str | None,
                                                         labels: list[str]) -> None:
    assert offered(second_office, post) == labels


def test_every_room_that_is_offered_opens_for_who_is_offered_it(office: Office) -> None:
    for post in office.people:
        browser = Browser(office, office.people[post])
        browser.get("/kontak")
        for link in browser.page.find("nav", class_="main-nav").find_all("a"):
            assert browser.get(link["href"]).status_code == 200, (post, link["href"])


def test_a_room_is_marked_also_while_it_answers_what_was_sent_to_it(office: Office) -> None:
    administrator = Browser(office, office.actor("administrator"))
    administrator.send("/kalender", {"hari": "2026-06-22", "jenis": "libur", "jam": "", "dasar": "SK 99/2026 (rekaan)"})
    here = administrator.page.select("nav.main-nav [aria-current=page]")
    assert [one.get_text(strip=True) for one in here] == ["Kalender"]


def test_a_room_that_is_not_built_is_not_offered(second_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = menu.Entry("ruang.kosong", "Ruang kosong", frozenset({menu.VISITOR}))
    monkeypatch.setattr(menu, "ENTRIES", (missing, *menu.ENTRIES))
    assert "Ruang kosong" not in offered(second_office, None)
