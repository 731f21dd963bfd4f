"""What pages promise besides axe's rules: keyboard alone, large letters, few bytes, the diagram maker's mark in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, ViewportSize

from tests.browser.house import House, opened
from tests.browser.looking import DESK, PHONE
from tests.browser.visits import ANALYST, AUDITOR, at
from tests.browser_tools import wider_than_screen

MOST_BYTES = 60_000
ENLARGED = {"200 %": ViewportSize(width=640, height=450), "400 %": ViewportSize(width=320, height=256)}
"""What is left of a desk's screen when the letters are that large."""

SEEN = """() => {
  const one = document.activeElement;
  const box = one.getBoundingClientRect();
  const label = one.closest('label') ?? one;
  const at = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
  const style = getComputedStyle(one);
  const around = getComputedStyle(label);
  return {
    name: one.name || one.textContent.trim().slice(0, 40) || one.tagName,
    inForm: one.closest('#isian') !== null, inBar: one.closest('.action-bar') !== null,
    marked: [style, around].some((look) => look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2
      || look.boxShadow !== 'none'),
    covered: at !== null && !(label.contains(at) || at.contains(one)),
  };
}"""


@pytest.fixture(scope="module")
def house(demo: Callable[[], Path]) -> Iterator[House]:
    with opened(demo()) as office:
        yield office


def on_task(house: House, page: Page) -> None:
    """An officer before a task."""
    task = house.office_tasks()[0]
    house.enter(page.context, task.post)
    page.goto(f"{house.base}/tugas/{task.case}/{task.task}")


def on_return(house: House, page: Page) -> None:
    """An applicant before a form that came back."""
    case, task = house.waiting_for_applicant(returned=True)
    house.enter(page.context, case.row.applicant or "")
    page.goto(f"{house.base}/tugas/{case.row.id}/{task.task}")


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("opens", [on_task, on_return])
def test_the_keyboard_alone_reaches_every_field_and_the_main_button(
        house: House, page: Page, opens: Callable[[House, Page], None], screen: ViewportSize) -> None:
    page.set_viewport_size(screen)
    opens(house, page)
    reached = []
    for _ in range(250):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(SEEN))
        if reached[-1]["inBar"] and "Simpan" not in reached[-1]["name"]:
            break
    assert reached[-1]["inBar"], "the bar was never reached"
    names = {one["name"] for one in reached if one["inForm"]}
    asked = page.evaluate("""() => [...document.querySelectorAll('#isian [name]')].filter(one => one.type !== 'hidden'
        && one.offsetParent !== null && one.tabIndex >= 0).map(one => one.name)""")
    assert set(asked) - names == set()
    assert [one["name"] for one in reached if not one["marked"]] == []
    assert [one["name"] for one in reached if one["covered"]] == []


def test_the_first_press_of_the_keyboard_offers_to_skip_the_head(house: House, page: Page) -> None:
    page.goto(house.base)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "isi"


@pytest.mark.parametrize("enlarged", ENLARGED)
def test_pages_bear_large_letters(house: House, page: Page, enlarged: str) -> None:
    page.set_viewport_size(ENLARGED[enlarged])
    page.goto(house.base)
    assert not wider_than_screen(page)
    on_return(house, page)
    assert not wider_than_screen(page)
    for task in house.office_tasks():
        house.enter(page.context, task.post)
        page.goto(f"{house.base}/tugas/{task.case}/{task.task}")
        assert not wider_than_screen(page), task.activity
    for address in ("kotak-masuk", f"berkas/{house.office_tasks()[-1].case}", "kinerja", "pemberitahuan",
                    "kinerja/berkas?w=terlambat", f"kinerja/langkah/{house.office_tasks()[0].activity}"):
        page.goto(f"{house.base}/{address}")
        assert not wider_than_screen(page), address
    house.enter(page.context, "administrator")
    page.goto(f"{house.base}/kalender?hari=2026-12-07")
    assert not wider_than_screen(page)


@pytest.mark.parametrize("opens", [on_task, on_return])
def test_a_task_page_brings_few_bytes_of_its_own(house: House, page: Page, opens: Callable[[House, Page], None]) -> None:
    brought: list[Response] = []
    page.on("response", lambda one: brought.append(one))
    opens(house, page)
    page.wait_for_load_state("networkidle")
    own = {one.url: len(one.body()) for one in brought if "/statis/" in one.url}
    assert own and sum(own.values()) <= MOST_BYTES, own


def case_of(prefix: str) -> Callable[[House], str]:
    return lambda house: f"/{prefix}/{house.ended('terbit').row.id}"


def process(house: House) -> str:
    return f"/proses/{house.engine.catalog.in_force()[0].process.id}"


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(("who", "address"), [(AUDITOR, case_of("berkas")), (AUDITOR, case_of("audit")), (ANALYST, process),
                                              (AUDITOR, at("/kinerja"))], ids=["case", "replay", "process", "map"])
def test_the_mark_of_the_diagrams_maker_is_seen(house: House, page: Page, who: Callable[[House], str],
                                                address: Callable[[House], str], screen: ViewportSize) -> None:
    page.set_viewport_size(screen)
    house.enter(page.context, who(house))
    page.goto(house.base + address(house))
    mark = page.locator(".bjs-powered-by")
    mark.scroll_into_view_if_needed()
    assert mark.is_visible()
    assert mark.evaluate("""one => { const box = one.getBoundingClientRect();
        return one.contains(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)); }""")
