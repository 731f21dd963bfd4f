"""Every page of the house, in the states it can be in: readable by everyone, no wider than its screen, and silent.

Each is looked at on a desk and on a phone, by day and by night: nothing that breaks WCAG 2.2 A or AA, no complaint of the
browser, nothing asked of another host.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.house import House, opened
from tests.browser.visits import NOT_PAGES, VISITS, Visit
from tests.browser_tools import Watch, axe_findings, watch, wider_than_screen

DESK, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
EXPECTED = ("Failed to load resource: the server responded with a status of 4",)
"""A refusal is a page with a status of its own; the browser reports the status, and that is all it may report."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("kantor")) as demo:
        yield demo


def complaints(eyes: Watch) -> list[str]:
    return [one for one in eyes.complaints if not any(usual in one for usual in EXPECTED)]


def looked_at(page: Page) -> list[str]:
    """What is wrong with this page on either screen, by day or by night."""
    found = []
    for screen in (DESK, PHONE):
        page.set_viewport_size(screen)
        if wider_than_screen(page):
            found.append(f"wider than {screen['width']}")
        for light in ("light", "dark"):
            page.emulate_media(color_scheme=light)
            found += [f"{screen['width']} {light}: {finding}" for finding in axe_findings(page)]
    return found


@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_a_page_is_for_everyone_on_every_screen(house: House, page: Page, visit: Visit) -> None:
    house.enter(page.context, visit.who(house))
    eyes = watch(page)
    response = page.goto(house.base + visit.address(house))
    assert response is not None and response.status == visit.status
    if visit.act is not None:
        with page.expect_navigation():
            visit.act(house, page)
    assert visit.endpoint == "refusal" or visit.endpoint in house.views(page.url)
    assert page.locator("h1").count() == 1
    assert looked_at(page) == []
    assert complaints(eyes) == []


def test_every_task_of_the_office_is_for_everyone_on_every_screen(house: House, page: Page) -> None:
    for task in house.office_tasks():
        house.enter(page.context, task.post)
        page.goto(f"{house.base}/tugas/{task.case}/{task.task}")
        assert looked_at(page) == [], task.activity


def test_every_page_of_the_house_is_visited(house: House) -> None:
    shown = {rule.endpoint for rule in house.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert shown - {visit.endpoint for visit in VISITS} - NOT_PAGES == set()


def test_a_planted_fault_is_seen(house: House, page: Page) -> None:
    page.goto(house.base)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"data:,\"><p>x</p>')")
    page.evaluate("document.querySelector('main p:last-child').style.width = '3000px'")
    assert any("image-alt" in finding for finding in axe_findings(page))
    assert wider_than_screen(page)
