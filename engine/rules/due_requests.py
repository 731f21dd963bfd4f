"""One JSON line in, one JSON line out: due dates and elapsed times for programs that ask many. Pure; reads no file.

A line is {"id", "received", "duration", …} -> {"id", "due"}, or {"id", "from", "to", …} -> {"id", "minutes",
"pemohon_minutes"}; both may carry "pauses" and "overrides". Nothing is guessed: a line with an unknown or doubled key,
a time without offset or a date in another form is answered {"id", "error"}.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from engine.errors import TimeRefused
from engine.rules.calendars import Calendar, Override, parse_spans
from engine.rules.worktime import Pause, due, parse_limit, working_minutes

DUE = {"received", "duration"}
ELAPSED = {"from", "to"}
OPTIONAL = {"id", "pauses", "overrides"}

# Python's own reader also takes 20261124 and 2026-W48-2; a promise is not built on a lucky guess.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(_DATE.pattern + r"T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,6})?)?(Z|[+-][0-9]{2}(:[0-9]{2})?)")


def answer_line(calendar: Calendar, line: bytes) -> dict[str, object]:
    """The answer to one line; with the key `error` when it cannot be answered."""
    asked: object = None
    try:
        asked = _parsed(line)
        return {"id": _id(asked), **_answer(calendar, asked)}
    except TimeRefused as refusal:
        return {"id": _id(asked), "error": refusal.advice}


def write_line(answer: Mapping[str, object]) -> str:
    """An answer as one JSON line, ASCII only."""
    return json.dumps(answer, separators=(", ", ": "))


def _parsed(line: bytes) -> object:
    try:
        return json.loads(line.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (UnicodeDecodeError, ValueError, RecursionError) as fault:
        raise _refused("Baris ini bukan satu objek JSON.") from fault


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _refused(advice: str) -> TimeRefused:
    return TimeRefused(advice, advice=advice)


def _id(asked: object) -> object:
    """The id to answer under: text or whole number, else null."""
    found = asked.get("id") if isinstance(asked, dict) else None
    return found if isinstance(found, (str, int)) and not isinstance(found, bool) else None


def _answer(calendar: Calendar, asked: object) -> dict[str, object]:
    if not isinstance(asked, dict):
        raise _refused("Baris ini bukan satu objek JSON.")
    if _id(asked) is None:
        raise _refused("Kunci “id” belum diisi dengan teks atau bilangan bulat.")
    _check_keys(set(asked))
    changed = calendar.with_overrides(_overrides(asked.get("overrides")))
    pauses = list(_pauses(asked.get("pauses")))
    if "received" in asked:
        return _due(changed, asked, pauses)
    spent = working_minutes(changed, parse_moment(asked["from"]), parse_moment(asked["to"]), pauses)
    return {"minutes": _minutes(spent.office), "pemohon_minutes": _minutes(spent.applicant)}


def _check_keys(keys: set[str]) -> None:
    wanted = DUE if keys & DUE else ELAPSED
    if missing := sorted(wanted - keys):
        raise _refused(f"Kunci {', '.join(missing)} belum ada: isi “received” dan “duration”, atau “from” dan “to”.")
    if unknown := sorted(keys - wanted - OPTIONAL):
        raise _refused(f"Kunci {', '.join(map(ascii, unknown))} tidak dikenal di sini; hapus atau perbaiki namanya.")


def _due(calendar: Calendar, asked: Mapping[str, Any], pauses: list[Pause]) -> dict[str, object]:
    found = due(calendar, parse_moment(asked["received"]), parse_limit(asked["duration"]), pauses)
    return {"due": found.isoformat()}


def _minutes(spent: timedelta) -> int | float:
    whole, rest = divmod(spent, timedelta(minutes=1))
    return spent / timedelta(minutes=1) if rest else whole


def parse_moment(text: object) -> datetime:
    """2026-03-13T10:00[:05[.5]] with Z or an offset; TimeRefused for any other form."""
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        raise _refused(f"Waktu {text!a:.60} tidak dikenal. Tulis dengan selisih zona: 2026-03-13T10:00+07:00.")
    try:
        return datetime.fromisoformat(text)
    except ValueError as fault:
        raise _refused(f"Waktu {text} tidak ada di kalender.") from fault


def parse_day(text: str) -> date:
    """2026-03-13; TimeRefused for any other form."""
    if not _DATE.fullmatch(text):
        raise _refused(f"Tanggal {text!a:.60} tidak dikenal. Tulis seperti 2026-03-13.")
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise _refused(f"Tanggal {text} tidak ada di kalender.") from fault


def _pauses(found: object) -> Iterator[Pause]:
    if found is not None and not isinstance(found, list):
        raise _refused("“pauses” harus berupa daftar pasangan [mulai, selesai].")
    for pair in found or ():
        if not isinstance(pair, list) or len(pair) != 2:
            raise _refused("Setiap jeda harus berupa pasangan [mulai, selesai].")
        yield parse_moment(pair[0]), parse_moment(pair[1])


def _overrides(found: object) -> Iterator[Override]:
    if found is not None and not isinstance(found, dict):
        raise _refused("“overrides” harus berupa objek tanggal ke perubahan.")
    for day, change in (found or {}).items():
        yield _override(parse_day(day), change)


def _override(on: date, change: object) -> Override:
    if not isinstance(change, dict) or change.get("kind") not in ("libur", "kerja") or set(change) - {"kind", "hours"}:
        raise _refused(f"Perubahan {on} harus berisi kind “libur” atau “kerja”, dan hours bila perlu.")
    works, hours = change["kind"] == "kerja", change.get("hours")
    if not works and hours:
        raise _refused(f"Perubahan {on}: hari libur tidak mempunyai jam kerja.")
    return Override(on, works, parse_spans(hours) if works and hours is not None else None, "")
