"""Looking at a page as everyone who may read it: on a desk and on a phone, by day and by night."""

from __future__ import annotations

from playwright.sync_api import Page, ViewportSize

from tests.browser_tools import AXE_TAGS, CONTRAST, Watch, axe_findings, wider_than_screen

DESK, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
EXPECTED = ("Failed to load resource: the server responded with a status of 4",)
"""A refusal is a page with a status of its own; the browser reports the status, and that is all it may report."""

LOOKS = ((DESK, "light", AXE_TAGS), (DESK, "dark", CONTRAST), (PHONE, "light", CONTRAST), (PHONE, "dark", AXE_TAGS))
"""Every rule on either screen, every colour in all four; by night nothing but the colours is another."""


def looked_at(page: Page) -> list[str]:
    """What is wrong with this page on any screen, by day or by night."""
    found = []
    for screen, light, rules in LOOKS:
        page.set_viewport_size(screen)
        page.emulate_media(color_scheme="dark" if light == "dark" else "light", reduced_motion="reduce")
        if wider_than_screen(page):
            found.append(f"wider than {screen['width']}")
        found += [f"{screen['width']} {light}: {finding}" for finding in axe_findings(page, rules)]
    return found


def complaints(eyes: Watch) -> list[str]:
    """What a page said that no page may say."""
    return [one for one in eyes.complaints if not any(usual in one for usual in EXPECTED)]
