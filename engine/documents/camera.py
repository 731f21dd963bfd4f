"""What a camera wrote into a photo: when and where was it taken? Read before the photo is written anew without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import ExifTags, Image


@dataclass(frozen=True)
class Taken:
    """Time as the camera's own clock says it (no zone) and position in decimal degrees, as text; None where unknown."""

    at: str | None
    position: str | None

    def record(self) -> dict[str, str | None]:
        return {"diambil": self.at, "posisi": self.position}


def taken_from(picture: Image.Image) -> Taken | None:
    """The claims of the camera; None when it made none. A claim is not a proof."""
    try:
        exif = picture.getexif()
        at = _time(exif.get_ifd(ExifTags.IFD.Exif), exif)
        position = _position(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except (ValueError, TypeError, KeyError, OSError, SyntaxError, ZeroDivisionError, OverflowError):
        return None   # a malformed note of the camera is no reason to refuse the photo
    return Taken(at, position) if at or position else None


def _time(details: Mapping[int, Any], exif: Mapping[int, Any]) -> str | None:
    written = details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    if not isinstance(written, str):
        return None
    return datetime.strptime(written.strip("\0 "), "%Y:%m:%d %H:%M:%S").strftime("%Y-%m-%dT%H:%M:%S")


def _position(gps: Mapping[int, Any]) -> str | None:
    north, east = gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLongitude)
    if north is None or east is None:
        return None
    latitude = _degrees(north, gps.get(ExifTags.GPS.GPSLatitudeRef) == "S")
    longitude = _degrees(east, gps.get(ExifTags.GPS.GPSLongitudeRef) == "W")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return f"{latitude:.5f}, {longitude:.5f}"


def _degrees(parts: Any, negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    found = degrees + minutes / 60 + seconds / 3600
    return -found if negative else found
