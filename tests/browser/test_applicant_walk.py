"""An applicant's afternoon in a real browser: typing that is kept, files that are never lost, a form that also works bare."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from engine.authoring.props import content_of
from tests.browser.house import House, served
from tests.browser_tools import watch
from tests.builders import SECOND, Office, open_office

CHOSEN = {"name": "papan.pdf", "mimeType": "application/pdf", "buffer": content_of("papan.pdf")}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[Office, House]]:
    office = open_office(tmp_path, SECOND)
    with served(office.engine) as house:
        yield office, house
    office.engine.close()


@pytest.fixture
def form(shop: tuple[Office, House], page: Page) -> Page:
    """A fresh form, opened by the applicant."""
    office, house = shop
    house.enter(page.context, office.applicant.account or "")
    page.goto(f"{house.base}/permohonan")
    page.get_by_role("button", name="Mulai").click()
    return page


def typed(page: Page) -> None:
    page.fill("#f-alamat", "Jalan Rekaan 5")
    page.fill("#f-tulisan", "Kopi Rekaan")
    page.fill("#f-luas", "4")


def test_what_is_typed_is_saved_while_typing_and_opens_elsewhere(form: Page, shop: tuple[Office, House], browser: Browser,
                                                                 browser_context_args: dict[str, object]) -> None:
    eyes = watch(form)
    typed(form)
    expect(form.locator("[data-save-state]")).to_contain_text("Tersimpan", timeout=8000)
    with browser.new_context(**browser_context_args) as other:  # another device of the same person
        office, house = shop
        house.enter(other, office.applicant.account or "")
        elsewhere = other.new_page()
        elsewhere.goto(form.url)
        assert elsewhere.input_value("#f-tulisan") == "Kopi Rekaan"
    assert eyes.complaints == []


def test_a_chosen_file_is_kept_at_once_and_typing_meanwhile_is_not_lost(form: Page) -> None:
    form.set_input_files("#f-persyaratan-0-berkas", CHOSEN)
    form.fill("#f-tulisan", "Diketik sementara")
    expect(form.get_by_role("link", name="papan.pdf")).to_be_visible()
    assert form.input_value("#f-tulisan") == "Diketik sementara"
    expect(form.locator("[data-save-state]")).to_contain_text("Tersimpan", timeout=8000)
    form.reload()
    expect(form.get_by_role("link", name="papan.pdf")).to_be_visible()


def test_an_answer_brings_the_documents_it_asks_for(form: Page) -> None:
    assert form.locator("#f-persyaratan-1").count() == 0
    form.fill("#f-luas", "12")
    form.press("#f-luas", "Tab")
    expect(form.locator("#f-persyaratan-1")).to_be_visible()


def test_a_faulty_form_leads_to_each_fault_by_keyboard(form: Page) -> None:
    form.get_by_role("button", name="Periksa dan kirim").click()
    summary = form.locator(".fault-summary")
    expect(summary).to_be_focused()
    form.keyboard.press("Tab")
    form.keyboard.press("Enter")
    target = summary.locator("a").first.get_attribute("href") or ""
    assert form.evaluate("location.hash") == target
    expect(form.locator(target)).to_be_in_viewport()


def test_enter_in_a_field_sends_nothing(form: Page) -> None:
    form.press("#f-tulisan", "Enter")
    expect(form.get_by_role("heading", level=1)).to_have_text("Mengajukan izin reklame")
    assert "/tugas/" in form.url


def send_all(page: Page) -> None:
    typed(page)
    page.set_input_files("#f-persyaratan-0-berkas", CHOSEN)
    page.get_by_role("button", name="Periksa dan kirim").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa sebelum mengirim")
    page.get_by_role("button", name="Kirim", exact=True).click()


def test_a_form_is_reviewed_and_sent_and_its_number_is_there_at_once(form: Page) -> None:
    eyes = watch(form)
    send_all(form)
    expect(form.locator("[role=status]").first).to_contain_text("Terkirim")
    expect(form.locator(".page-title .over")).to_contain_text("RK-2026-000001")
    assert eyes.complaints == []


@pytest.fixture
def bare(browser: Browser, browser_context_args: dict[str, object]) -> Iterator[BrowserContext]:
    """A browser that runs no scripts."""
    with browser.new_context(**{**browser_context_args, "java_script_enabled": False}) as context:
        context.set_default_timeout(10_000)
        yield context


def test_everything_works_without_scripts(shop: tuple[Office, House], bare: BrowserContext) -> None:
    office, house = shop
    house.enter(bare, office.applicant.account or "")
    page = bare.new_page()
    page.goto(f"{house.base}/permohonan")
    page.get_by_role("button", name="Mulai").click()
    page.fill("#f-luas", "12")
    page.get_by_role("button", name="Sesuaikan isian").first.click()
    expect(page.locator("#f-persyaratan-1")).to_be_visible()
    page.fill("#f-luas", "4")
    send_all(page)
    expect(page.locator(".page-title .over")).to_contain_text("RK-2026-000001")
