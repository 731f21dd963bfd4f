"""A browser for the tests, and what a page must never do: complain, call another host, be wider than its screen."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page, Request

from tests.tools.launcher import launcher

AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
CONTRAST = ("color-contrast",)
OWN_HOSTS = {"127.0.0.1", "localhost"}


def chromium_path() -> str:
    """The browser that the launcher found; run by hand, the launcher is asked."""
    return os.environ.get("IZIN_CHROMIUM") or str(launcher().ensure_browser())


@dataclass
class Watch:
    """What went wrong on a page since it was opened. `complaints` is empty on a good page."""

    complaints: list[str] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def error(self, error: Error) -> None:
        self.complaints.append(f"script: {error}")

    def request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.hostname not in OWN_HOSTS:
            self.complaints.append(f"request to another host: {request.url}")


def watch(page: Page) -> Watch:
    """Collects from now on; a violated content security policy arrives as a console error."""
    eyes = Watch()
    page.on("console", eyes.console)
    page.on("pageerror", eyes.error)
    page.on("request", eyes.request)
    return eyes


def axe_findings(page: Page, rules: Sequence[str] = AXE_TAGS) -> list[str]:
    """One line for each node that breaks WCAG 2.2 A or AA, or one of the rules named. The page's own policy stays in force."""
    if not page.evaluate("'axe' in window"):
        page.evaluate((launcher().ASSETS / "node_modules" / "axe-core" / "axe.min.js").read_text())
    options = {"runOnly": {"type": "tag" if rules is AXE_TAGS else "rule", "values": list(rules)}}
    result: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{violation['id']}: {node['target']} {violation['help']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def wider_than_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
