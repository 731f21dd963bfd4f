"""Pictures for the README, taken by the walks when they are asked to: small files, the same names each time."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.builders import HOME

PLACE = HOME / "docs" / "pictures"
WANTED = {"beranda", "kotak-masuk", "tugas", "ponsel-perbaiki", "tanda-tangan", "putar-ulang", "periksa-izin",
          "kinerja", "kalender"}
LARGEST = 250_000
COLOURS = 128


def save(content: bytes, name: str) -> None:
    """As a PNG of few colours; AssertionError when it is too heavy for a page."""
    PLACE.mkdir(parents=True, exist_ok=True)
    path = PLACE / f"{name}.png"
    Image.open(io.BytesIO(content)).convert("RGB").quantize(COLOURS).save(path, optimize=True)
    assert path.stat().st_size <= LARGEST, f"{path.name}: {path.stat().st_size} bytes"


def photograph(page: Page, name: str) -> None:
    """What is on the screen now, from the top of the page."""
    if name in WANTED:
        page.evaluate("window.scrollTo(0, 0)")
        save(page.screenshot(animations="disabled"), name)


def letter_picture(pdf: Path, take: Callable[[Page, str], None]) -> None:
    """The first page of a letter as it would be printed; only when pictures are taken."""
    if take is photograph:
        page = subprocess.run(["pdftoppm", "-png", "-r", "70", "-singlefile", pdf], capture_output=True, check=True).stdout
        save(page, "surat-izin")
