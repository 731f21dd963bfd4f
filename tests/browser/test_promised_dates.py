"""Few presses to a date and its reason: for an officer, an applicant, who keeps the calendar, who answers for the dates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import House, in_a_thread, opened
from tests.browser.looking import DESK, PHONE

MOST_TO_A_REASON = 2
MOST_TO_A_CHANGE = 3
MOST_TO_CASES = 2


@pytest.fixture(scope="module")
def house(demo: Callable[[], Path]) -> Iterator[House]:
    with opened(demo()) as office:
        yield office


class Finger:
    """Presses, and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.presses = page, 0

    def press(self, selector: str) -> None:
        """One press on the first that fits."""
        self.page.locator(selector).first.click()
        self.presses += 1


@pytest.fixture
def finger(page: Page) -> Finger:
    page.set_viewport_size(PHONE)
    return Finger(page)


def desk_with_most(house: House) -> str:
    tasks = [task for case in house.cases for task in case.open_tasks if not case.applicant_turn]
    return max({task.post for task in tasks}, key=lambda post: sum(task.post == post for task in tasks))


def test_an_officer_finds_the_most_urgent_task_and_sees_why_its_date(house: House, page: Page, finger: Finger) -> None:
    post = desk_with_most(house)
    tasks = [task for case in house.cases for task in case.open_tasks if task.post == post and task.due]
    urgent = min(tasks, key=lambda task: str(task.due))
    assert len(tasks) > 1
    house.enter(page.context, post)
    page.goto(f"{house.base}/kotak-masuk")
    finger.press("ul.rows h3 a")
    assert page.url.endswith(f"/tugas/{urgent.case}/{urgent.task}")
    # On a phone the instructions are a tab of their own; on a desk they stand beside the form.
    page.set_viewport_size(DESK)
    finger.press("details.why summary")
    days = page.locator("details.why ol").first
    expect(days).to_be_visible()
    expect(page.locator("details.why").first).to_contain_text("Jatuh tempo")
    assert finger.presses <= MOST_TO_A_REASON


def test_an_applicant_sees_why_the_promised_day(house: House, page: Page, finger: Finger) -> None:
    case = house.promised()
    house.enter(page.context, case.row.applicant or "")
    page.goto(f"{house.base}/permohonan/{case.row.id}")
    expect(page.locator(".promise .day")).to_contain_text("WIB")
    finger.press(".promise summary")
    expect(page.locator(".promise ol.why-days")).to_be_visible()
    assert finger.presses <= MOST_TO_A_REASON


def test_who_answers_for_it_comes_from_a_number_to_its_cases(
        house: House, page: Page, finger: Finger, take: Callable[[Page, str], None]) -> None:
    house.enter(page.context, house.signing_post())
    page.goto(f"{house.base}/kotak-masuk")
    finger.press("text=Tingkat layanan")
    picture(page, "kinerja", take)
    late = page.locator("dl.big-figures div", has_text="Tugas terlambat").locator("dd").first
    number = int(late.inner_text().split()[0])
    finger.press("dl.big-figures div:has-text('Tugas terlambat') dd a")
    assert number > 0 and page.locator("tbody tr").count() == number
    assert finger.presses <= MOST_TO_CASES


def test_a_day_is_pressed_seen_and_changed_and_open_dates_follow(
        house: House, page: Page, finger: Finger, take: Callable[[Page, str], None]) -> None:
    case = house.promised()
    assert case.promised is not None
    day = working_day_before(house, case.promised.date())
    house.enter(page.context, "administrator")
    page.goto(f"{house.base}/kalender?tahun={day.year}")
    finger.press(f'table.month a[href="?hari={day.isoformat()}#ubah"]')
    page.fill("#dasar", "SK 7/2026 (rekaan)")
    finger.press("text=Lihat yang bergeser")
    expect(page.locator("#pratinjau")).to_contain_text("Menggeser")
    picture(page, "kalender", take)
    assert house.engine.case_files.read(case.row.id).promised == case.promised
    finger.press("text=Simpan perubahan ini")
    assert finger.presses <= MOST_TO_A_CHANGE
    expect(page.locator("table[aria-labelledby=perubahan]")).to_contain_text("sedang mengikuti")
    in_a_thread(house.engine.calendar.follow)
    page.reload()
    expect(page.locator("table[aria-labelledby=perubahan]")).to_contain_text("sudah mengikuti")
    moved = house.engine.case_files.read(case.row.id).promised
    assert moved is not None and moved > case.promised
    house.enter(page.context, case.row.applicant or "")
    page.goto(f"{house.base}/permohonan/{case.row.id}")
    expect(page.locator("ol.timeline")).to_contain_text("karena perubahan kalender: SK 7/2026 (rekaan)")
    promise = case.edition.process.promise
    assert promise is not None
    assert any(one.recipient == case.row.applicant and one.notice == promise.moved
               for one in house.engine.case_files.read(case.row.id).messages)


def picture(page: Page, name: str, take: Callable[[Page, str], None]) -> None:
    """As on a desk, then back to the phone."""
    page.set_viewport_size(DESK)
    take(page, name)
    page.set_viewport_size(PHONE)


def working_day_before(house: House, on: date) -> date:
    """The last working day before a date."""
    calendar = house.engine.calendar.calendar()
    return next(day for day in (on - timedelta(days=back) for back in range(1, 30)) if calendar.on(day).spans)
