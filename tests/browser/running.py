"""An office as it runs for real: two supervised processes on a folder of their own, its mail, its commands, its people."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from tests.browser.answering import Hand
from tests.browser_tools import Watch, watch
from tests.builders import HOME
from tests.forms.web.test_main import free_port

PATIENCE = 120.0
LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Running:
    """A started office."""

    folder: Path
    base: str
    environment: dict[str, str]

    def letters_to(self, address: str) -> list[EmailMessage]:
        """What the office has mailed to somebody, oldest first."""
        written = sorted((self.folder / "mail").glob("*.eml"))
        found = [message_from_bytes(path.read_bytes(), policy=default) for path in written]
        return [one for one in found if one["To"] == address]

    def letter(self, address: str, about: str) -> EmailMessage:
        """The mail to somebody with these words in its subject, as soon as the worker has sent it."""
        last = time.monotonic() + PATIENCE
        while time.monotonic() < last:
            found = [one for one in self.letters_to(address) if about in one["Subject"]]
            if found:
                return found[-1]
            time.sleep(0.2)
        raise AssertionError(f"no letter about {about} to {address}")

    def command(self, *words: str, folder: bool = True) -> subprocess.CompletedProcess[str]:
        """A command of the house, in a process of its own."""
        place = ("--data", str(self.folder)) if folder else ()
        return subprocess.run([sys.executable, "-m", "engine", *words, *place], cwd=HOME, env=self.environment, text=True,
                              capture_output=True, timeout=PATIENCE)


@contextmanager
def started(folder: Path, *options: str) -> Iterator[Running]:
    """Start it, and stop it as Ctrl-C does; it must end well."""
    port, environment = free_port(), {**os.environ, "PYTHONPATH": str(HOME)}
    words = [sys.executable, "-m", "engine", "start", "--data", str(folder), "--port", str(port), *options]
    process = subprocess.Popen(words, cwd=HOME, env=environment, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None and "siap" in process.stdout.readline()
        yield Running(folder, f"http://127.0.0.1:{port}", environment)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


def link_in(letter: EmailMessage) -> str:
    """The first address in a letter."""
    body = letter.get_body(("plain",))
    assert body is not None
    found = LINK.search(body.get_content())
    assert found is not None, letter["Subject"]
    return found.group()


@dataclass
class Person:
    """Somebody before a browser of their own. `presses` counts what is pressed beyond answering a form."""

    page: Page
    base: str
    eyes: Watch
    scripts: bool = True
    presses: int = 0

    def open(self, address: str) -> None:
        """Go to an address of the office, or one from a letter."""
        self.page.goto(address if "://" in address else self.base + address)

    def answer(self, values: Mapping[str, Any]) -> None:
        """Answer the form on the page."""
        Hand(self.page, self.scripts).answer(values)

    def press(self, name: str, within: str = "body") -> None:
        """Press a button by the words on it, and wait for the page that comes."""
        self._go(self.page.locator(within).get_by_role("button", name=name))

    def follow(self, name: str, within: str = "body") -> None:
        """Follow a link by the words on it."""
        self._go(self.page.locator(within).get_by_role("link", name=name))

    def press_first(self, place: str) -> None:
        """Press what the first of several places offers."""
        self._go(self.page.locator(place).first.locator("button, a.button"))

    def _go(self, target: Locator) -> None:
        self.presses += 1
        with self.page.expect_navigation():
            target.first.click()

    def sign_in(self, username: str, password: str) -> None:
        """By name and password, as everybody does."""
        self.open("/masuk")
        self.answer_sign_in(username, password)

    def answer_sign_in(self, username: str, password: str) -> None:
        """On the sign-in page, wherever it came from."""
        self.page.fill("#nama_pengguna", username)
        self.page.fill("#kata_sandi", password)
        self.press("Masuk", within="form:has(#kata_sandi)")

    @property
    def text(self) -> str:
        """What the page says."""
        return " ".join(self.page.locator("body").inner_text().split())


@contextmanager
def person(browser: Browser, base: str, *, scripts: bool = True, phone: bool = False) -> Iterator[Person]:
    """A browser of one's own, with nothing shared with anybody."""
    size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
    context = browser.new_context(locale="id-ID", timezone_id="Asia/Jakarta", java_script_enabled=scripts, has_touch=phone,
                                  viewport={"width": size["width"], "height": size["height"]})
    context.set_default_timeout(20_000)
    page = context.new_page()
    try:
        yield Person(page, base, watch(page), scripts)
    finally:
        context.close()
