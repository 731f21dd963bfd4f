"""What a camera says about a photo, and what becomes of nonsense it may say."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from engine.documents.camera import Taken, taken_from


def photo(gps: dict[int, object] | None = None, at: str | None = None) -> Image.Image:
    exif = Image.Exif()
    if at is not None:
        exif[0x0132] = at
    if gps is not None:
        exif.get_ifd(0x8825).update(gps)
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif.tobytes())
    return Image.open(io.BytesIO(out.getvalue()))


HERE = {1: "S", 2: (6.0, 33.0, 24.0), 3: "E", 4: (107.0, 26.0, 35.0)}


def test_time_and_position_are_read() -> None:
    assert taken_from(photo(HERE, "2026:06:17 10:12:33")) == Taken("2026-06-17T10:12:33", "-6.55667, 107.44306")
    north_west = HERE | {1: "N", 3: "W"}
    assert taken_from(photo(north_west)) == Taken(None, "6.55667, -107.44306")


@pytest.mark.parametrize(("gps", "at"), [
    (None, None), (None, "kemarin"), (None, "2026:99:99 10:12:33"), ({1: "S"}, None),
    (HERE | {2: (600.0, 0.0, 0.0)}, None), (HERE | {2: (6.0,)}, None),
])
def test_nonsense_is_no_claim(gps: dict[int, object] | None, at: str | None) -> None:
    assert taken_from(photo(gps, at)) is None
