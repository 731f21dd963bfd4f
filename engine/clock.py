"""The only door to time and new ids. Everything else is handed the time it needs."""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

WIB = timezone(timedelta(hours=7), "WIB")
"""Zone of the office (Asia/Jakarta has had no daylight saving; formats and screens show it as WIB)."""


class Clock:
    """Time of day and randomness of the machine."""

    def now(self) -> datetime:
        """This moment, aware, in UTC, microseconds kept."""
        return datetime.now(UTC)

    def new_id(self) -> str:
        """A random opaque id: 128 bit, base32, lower case, 26 characters."""
        return _base32(secrets.token_bytes(16))

    def new_token(self) -> str:
        """A random secret for a link or a session: 256 bit, URL safe."""
        return secrets.token_urlsafe(32)

    def new_salt(self) -> bytes:
        """32 random bytes for one payload."""
        return secrets.token_bytes(32)

    def new_code(self) -> str:
        """The 80-bit code printed as QR on a document: 16 characters, base32, upper case."""
        return base64.b32encode(secrets.token_bytes(10)).decode()


class FixedClock(Clock):
    """A clock for tests and scenarios: time stands until it is moved; ids count up from a seed."""

    def __init__(self, at: datetime, seed: int = 1) -> None:
        self._at = at.astimezone(UTC)
        self._count = seed << 32

    def now(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        """Let time pass; it never runs backwards."""
        self._at = max(self._at, at.astimezone(UTC))

    def _bytes(self, length: int) -> bytes:
        self._count += 1
        return self._count.to_bytes(length, "big")

    def new_id(self) -> str:
        return _base32(self._bytes(16))

    def new_token(self) -> str:
        return "token-" + self._bytes(16).hex()

    def new_salt(self) -> bytes:
        return self._bytes(32)

    def new_code(self) -> str:
        return base64.b32encode(self._bytes(10)).decode()


class DatedClock(FixedClock):
    """Time that is set, randomness of the machine: for examples that are laid into a real office."""

    def set_to(self, at: datetime) -> None:
        """Stand at another moment, earlier or later."""
        self._at = at.astimezone(UTC)

    def _bytes(self, length: int) -> bytes:
        return secrets.token_bytes(length)


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()


def stamp(at: datetime) -> str:
    """RFC 3339 in UTC with six decimals and Z, as the journal wants it (formats.md 3)."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def parse_stamp(text: str) -> datetime:
    """The moment of a stamp; ValueError for any other form."""
    at = datetime.fromisoformat(text)
    # The library reads many forms of ISO 8601; only the one that we write is a stamp.
    if at.tzinfo is None or stamp(at) != text:
        raise ValueError(f"not a stamp: {text!r}")
    return at


def local(at: datetime, zone: str | None = None) -> datetime:
    """The moment as the office's clock shows it."""
    return at.astimezone(ZoneInfo(zone) if zone else WIB)
