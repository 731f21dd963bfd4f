"""How does an Indonesian office write it? Numbers in words, dates, times, amounts and durations."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from decimal import Decimal

from engine.clock import WIB

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
          "Desember")
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
BELOW_TWELVE = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh",
                "sebelas")
SCALES = ((10 ** 15, "kuadriliun"), (10 ** 12, "triliun"), (10 ** 9, "miliar"), (10 ** 6, "juta"))
LARGEST_IN_WORDS = 10 ** 15


def in_words(number: int) -> str:
    """Terbilang of 0 to 10^15: 2026 -> "dua ribu dua puluh enam"; ValueError outside of that range."""
    if not 0 <= number <= LARGEST_IN_WORDS:
        raise ValueError(f"{number} cannot be written in words")
    for size, name in SCALES:
        if number >= size:
            return _joined(f"{in_words(number // size)} {name}", number % size)
    return _below_a_million(number)


def _below_a_million(number: int) -> str:
    if number >= 2000:
        return _joined(f"{_below_a_million(number // 1000)} ribu", number % 1000)
    if number >= 1000:
        return _joined("seribu", number - 1000)
    if number >= 200:
        return _joined(f"{BELOW_TWELVE[number // 100]} ratus", number % 100)
    if number >= 100:
        return _joined("seratus", number - 100)
    return _below_a_hundred(number)


def _below_a_hundred(number: int) -> str:
    if number >= 20:
        return _joined(f"{BELOW_TWELVE[number // 10]} puluh", number % 10)
    if number >= 12:
        return f"{BELOW_TWELVE[number - 10]} belas"
    return BELOW_TWELVE[number]


def _joined(head: str, rest: int) -> str:
    return f"{head} {in_words(rest)}" if rest else head


def day_name(on: date) -> str:
    """Senin … Minggu."""
    return DAYS[on.weekday()]


def month_name(month: int) -> str:
    """1 -> Januari."""
    return MONTHS[month - 1]


def roman_month(month: int) -> str:
    """10 -> X, as letter numbers have it."""
    return ROMAN[month - 1]


def long_date(on: date) -> str:
    """24 November 2026."""
    return f"{on.day} {month_name(on.month)} {on.year}"


def day_and_date(on: date) -> str:
    """Jumat, 10 April 2026."""
    return f"{day_name(on)}, {long_date(on)}"


def date_in_words(on: date) -> str:
    """Selasa tanggal Dua Puluh Empat bulan November tahun Dua Ribu Dua Puluh Enam: the opening of a berita acara."""
    return (f"{day_name(on)} tanggal {in_words(on.day).title()} bulan {month_name(on.month)} "
            f"tahun {in_words(on.year).title()}")


def time_of_day(at: datetime, zone: tzinfo = WIB) -> str:
    """16.30 WIB."""
    there = at.astimezone(zone)
    return f"{there.hour:02}.{there.minute:02} {there.tzname()}"


def moment(at: datetime, zone: tzinfo = WIB) -> str:
    """Jumat, 10 April 2026, 16.30 WIB."""
    return f"{day_and_date(at.astimezone(zone).date())}, {time_of_day(at, zone)}"


def date_range(first: date, last: date) -> str:
    """1–3 April 2026; 30 April–2 Mei 2026; 30 Desember 2026–2 Januari 2027; one day alone is written once."""
    if first == last:
        return long_date(first)
    if first.year != last.year:
        return f"{long_date(first)}–{long_date(last)}"
    if first.month != last.month:
        return f"{first.day} {month_name(first.month)}–{long_date(last)}"
    return f"{first.day}–{long_date(last)}"


def grouped(number: int | str | Decimal) -> str:
    """Thousands with dots, decimals after a comma: "1234.5" -> 1.234,5. Decimals come as strings (formats.md 2)."""
    whole, _, decimals = f"{Decimal(number):,f}".partition(".")
    return whole.replace(",", ".") + (f",{decimals}" if decimals else "")


def remaining(amount: int, unit: str, *, late: bool) -> str:
    """sisa 2 hari kerja; sisa 38 menit kerja; terlambat 3 jam kerja."""
    return f"{'terlambat' if late else 'sisa'} {grouped(amount)} {unit} kerja"
