"""Every page of the house, in the states it can be in: readable by everyone, no wider than its screen, and silent.

Each is looked at on a desk and on a phone, by day and by night: nothing that breaks WCAG 2.2 A or AA, no complaint of the
browser, nothing asked of another host.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.house import House, began_long_ago, opened
from tests.browser.looking import complaints, looked_at
from tests.browser.visits import NOT_PAGES, VISITS, Visit, visited
from tests.browser_tools import watch, wider_than_screen


@pytest.fixture(scope="module")
def house(demo: Callable[[], Path]) -> Iterator[House]:
    with opened(demo()) as office:
        began_long_ago(office)
        yield office


@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_a_page_is_for_everyone_on_every_screen(house: House, page: Page, visit: Visit) -> None:
    eyes = visited(house, page, visit)
    assert visit.endpoint == "refusal" or visit.endpoint in house.views(page.url)
    assert page.locator("h1").count() == 1
    assert looked_at(page) == []
    assert complaints(eyes) == []


def test_every_task_of_the_office_is_for_everyone_on_every_screen(house: House, page: Page) -> None:
    for task in house.office_tasks():
        house.enter(page.context, task.post)
        page.goto(f"{house.base}/tugas/{task.case}/{task.task}")
        assert looked_at(page) == [], task.activity


@pytest.mark.parametrize("prefix", ["tugas", "berkas", "permohonan"])
def test_the_days_behind_a_date_are_for_everyone_on_every_screen(house: House, page: Page, prefix: str) -> None:
    case = house.promised()
    task = case.open_tasks[0]
    house.enter(page.context, case.row.applicant or "" if prefix == "permohonan" else task.post)
    page.goto(f"{house.base}/{prefix}/{case.row.id}" + (f"/{task.task}" if prefix == "tugas" else ""))
    reasons = page.locator("details.why")
    assert reasons.count() > 0
    reasons.evaluate_all("them => them.forEach(one => { one.open = true; })")
    assert looked_at(page) == []


def test_every_page_of_the_house_is_visited(house: House) -> None:
    shown = {rule.endpoint for rule in house.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert shown - {visit.endpoint for visit in VISITS} - NOT_PAGES == set()


def test_a_planted_fault_is_seen(house: House, page: Page) -> None:
    page.goto(house.base)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"data:,\"><p>x</p>')")
    page.evaluate("document.querySelector('main p:last-child').style.width = '3000px'")
    assert any("image-alt" in finding for finding in looked_at(page))
    assert wider_than_screen(page)


def test_what_a_policy_refuses_is_heard(house: House, page: Page) -> None:
    eyes = watch(page)
    page.goto(house.base)
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    assert any("Content Security Policy" in one for one in complaints(eyes))
