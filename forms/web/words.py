"""How moments, sizes and names read on a page: plain Indonesian, in the office's time zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from engine.rules import language

OFFICE_ZONE = ZoneInfo("Asia/Jakarta")

UNITS = ((1 << 20, "MB"), (1 << 10, "kB"))
KINDS = {"application/pdf": "PDF", "image/jpeg": "JPG", "image/png": "PNG", "image/heic": "HEIC", "image/webp": "WEBP"}
LETTERS = 2
SHOWN = 4

Moment = datetime | str
Day = date | str


def office_time(moment: Moment) -> datetime:
    """A stamp or an aware moment as the office's clock shows it."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at.astimezone(OFFICE_ZONE)


def _day(value: Day) -> date:
    if isinstance(value, datetime):
        return office_time(value).date()
    if isinstance(value, date):
        return value
    return office_time(value).date() if "T" in value else date.fromisoformat(value)


def day(value: Day) -> str:
    """10 April 2026"""
    return language.long_date(_day(value))


def long_day(value: Day) -> str:
    """Jumat, 10 April 2026"""
    return language.day_and_date(_day(value))


def clock(value: Moment) -> str:
    """16.30"""
    return office_time(value).strftime("%H.%M")


def moment(value: Moment) -> str:
    """Jumat, 10 April 2026, 16.30 WIB"""
    return language.moment(office_time(value))


def short_moment(value: Moment, now: Moment) -> str:
    """hari ini, 16.30 · kemarin, 16.30 · 10 April 2026, 16.30"""
    then = office_time(value)
    distance = (office_time(now).date() - then.date()).days
    near = {0: "hari ini", 1: "kemarin", -1: "besok"}.get(distance, day(then))
    return f"{near}, {clock(then)}"


def since(value: Moment, now: Moment) -> str:
    """How long ago, in one unit: baru saja, 12 menit lalu, 3 jam lalu, 4 hari lalu."""
    seconds = int((office_time(now) - office_time(value)).total_seconds())
    for unit, word in ((86400, "hari"), (3600, "jam"), (60, "menit")):
        if seconds >= unit:
            return f"{seconds // unit} {word} lalu"
    return "baru saja"


def size(count: int) -> str:
    """1,1 MB"""
    for unit, word in UNITS:
        if count >= unit:
            text = f"{count / unit:.1f}" if count < 10 * unit else f"{count / unit:.0f}"
            return f"{language.grouped(text.removesuffix('.0'))} {word}"
    return f"{count} bita"


def kind_of_file(media: str) -> str:
    """PDF, JPG, …"""
    return KINDS.get(media, media.rsplit("/", 1)[-1].upper())


def masked(identity: str | None) -> str:
    """The first four and the last four signs, the rest as dots."""
    if not identity:
        return "–"
    hidden = len(identity) - 2 * SHOWN
    return identity if hidden <= 0 else f"{identity[:SHOWN]}{'•' * hidden}{identity[-SHOWN:]}"


def initials(name: str) -> str:
    """At most two letters of a name, for the round mark beside a person."""
    return "".join(word[0] for word in name.split()[:LETTERS]).upper() or "?"


def lower_first(text: str) -> str:
    """The text with a small first letter, to stand inside a sentence; abbreviations stay."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """The text with a large first letter, to begin a sentence."""
    return text[:1].upper() + text[1:]


FILTERS = {"hari": day, "hari_lengkap": long_day, "pukul": clock, "saat": moment, "saat_singkat": short_moment,
           "sejak": since, "angka": language.grouped, "ukuran": size, "jenis_berkas": kind_of_file, "samar": masked,
           "inisial": initials, "huruf_kecil": lower_first, "huruf_besar": upper_first}
"""The Jinja filters of every template."""
