"""What does a scenario file say, and is it written rightly? An invented case: who does what when, and what must follow.

    nama  = "Aduan dikembalikan satu kali"
    mulai = 2026-06-09T08:15:00+07:00
    [orang.rina]                     # optional: an invented person who holds one or more posts
    nama = "Rina Contoh"
    jabatan = ["penilai"]
    [[langkah]]
    siapa = "loket"                  # a lane, `sistem`, or a person declared above
    tugas = "nilai_aduan"            # or mulai = "ajukan", pesan = "cabut", jam = <moment> (time passes until then)
    pada  = 2026-06-09T10:00:00+07:00
    contoh = "lengkap"               # optional: values of [nilai_aduan.lengkap] in _contoh.toml, under `isi`;
                                     # a step with `mulai` names the form as well: "tulis_aduan.biasa"
    isi   = { lengkap = false }
    lalu  = { menunggu = ["lengkapi_aduan@pemohon"], dokumen = [], pesan = [], nomor = [], batas = {} }

Expectations are a closed world: what a step brings about must equal `lalu`; a list that is left out means "nothing".
`ditolak = "isian_salah"` expects a refusal with that code instead of `lalu`. `rahasia` is what a signer types.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from engine.errors import DefinitionRefused

EXAMPLES = "_contoh.toml"
"""Values used by several scenarios: activity -> name -> form values. Not a scenario itself."""

SYSTEM = "sistem"
DEEDS = {"tugas": "task", "mulai": "start", "pesan": "message", "jam": "wait"}
HEAD_KEYS = {"nama", "mulai", "keterangan", "orang", "langkah"}
STEP_KEYS = {"siapa", "pada", "isi", "contoh", "rahasia", "alasan", "lalu", "ditolak", *DEEDS}
LISTS = ("menunggu", "dokumen", "pesan", "nomor")
THEN_KEYS = {*LISTS, "batas", "akhir"}
Examples = Mapping[str, Mapping[str, Mapping[str, Any]]]


class ScenarioRefused(DefinitionRefused):
    """A scenario file is not written rightly."""

    code = "skenario_ditolak"
    advice = "Skenario tidak dapat dibaca. Bandingkan dengan contoh di processes/README.md."


@dataclass(frozen=True)
class Person:
    """An invented person and the posts they hold."""

    id: str
    name: str
    posts: tuple[str, ...]


@dataclass(frozen=True)
class Expected:
    """What must be so after a step.

    `waiting` = every open task as "activity@lane"; documents, notices and numbers are those that this step made, a
    number as its register, a voided one as "batal <register>"; `dues` are those that this step set or moved: of tasks,
    of shared limits by their id, of the promise to the applicant as "janji".
    """

    waiting: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    dues: Mapping[str, str] = field(default_factory=dict)
    end: str | None = None


@dataclass(frozen=True)
class Step:
    """One thing that somebody does. `deed` is task, start, message or wait; `name` says which one."""

    number: int
    who: str
    deed: str
    name: str
    at: datetime
    values: Mapping[str, Any]
    secret: str | None
    reason: str
    then: Expected | None
    refused: str | None


@dataclass(frozen=True)
class Scenario:
    """An invented case from its first moment on."""

    id: str
    title: str
    begins: datetime
    people: Mapping[str, Person]
    steps: tuple[Step, ...]


def load_examples(source: bytes) -> Examples:
    """The shared form values of a scenarios folder."""
    found = _toml(EXAMPLES, source)
    for activity, named in found.items():
        if not isinstance(named, dict) or not all(isinstance(one, dict) for one in named.values()):
            raise _refused(EXAMPLES, f"[{activity}.<nama>] harus berupa tabel isian")
    return {activity: {name: plain(values) for name, values in named.items()} for activity, named in found.items()}


def load_scenario(name: str, source: bytes, examples: Examples | None = None) -> Scenario:
    """The scenario of a file; ScenarioRefused says in which step what is wrong."""
    raw = _toml(name, source)
    _only(name, raw, HEAD_KEYS)
    steps = raw.get("langkah")
    if not isinstance(steps, list) or not steps:
        raise _refused(name, "tidak mempunyai satu pun [[langkah]]")
    begins = _moment(name, "mulai", raw.get("mulai"))
    people = {key: _person(name, key, one) for key, one in raw.get("orang", {}).items()}
    made = tuple(_step(name, number, one, examples or {}) for number, one in enumerate(steps, 1))
    _begins_once(name, made)
    _in_order(name, begins, made)
    return Scenario(name, _text(name, "nama", raw.get("nama")), begins, people, made)


def plain(value: Any) -> Any:
    """TOML values as forms give them: dates and times as text, no floats."""
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        raise _refused("isi", f"{value} adalah pecahan; tulis sebagai teks, misalnya \"{value}\"")
    return value


def _toml(name: str, source: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(source.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as fault:
        raise _refused(name, f"tidak dapat dibaca: {fault}") from fault


def _refused(where: str, why: str) -> ScenarioRefused:
    return ScenarioRefused(f"{where}: {why}", advice=f"Skenario “{where}”: {why}.")


def _only(where: str, raw: Mapping[str, Any], known: set[str]) -> None:
    if strangers := sorted(raw.keys() - known):
        raise _refused(where, f"kunci tidak dikenal: {', '.join(strangers)}")


def _text(where: str, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _refused(where, f"“{key}” harus berupa teks")
    return value


def _moment(where: str, key: str, value: object) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise _refused(where, f"“{key}” harus berupa waktu dengan zona, misalnya 2026-06-09T08:15:00+07:00")
    return value


def _person(where: str, key: str, raw: Any) -> Person:
    if not isinstance(raw, dict):
        raise _refused(where, f"[orang.{key}] harus berupa tabel")
    _only(f"{where}, orang {key}", raw, {"nama", "jabatan"})
    posts = _texts(where, "jabatan", raw.get("jabatan", []))
    return Person(key, _text(where, "nama", raw.get("nama")), posts)


def _texts(where: str, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _refused(where, f"“{key}” harus berupa daftar teks")
    return tuple(value)


def _step(name: str, number: int, raw: Any, examples: Examples) -> Step:
    where = f"{name}, langkah {number}"
    if not isinstance(raw, dict):
        raise _refused(where, "harus berupa tabel")
    _only(where, raw, STEP_KEYS)
    deed, value = _deed(where, raw)
    who = _text(where, "siapa", raw.get("siapa"))
    if (who == SYSTEM) != (deed == "wait"):
        raise _refused(where, "langkah “jam” dijalankan oleh “sistem”, dan hanya itu")
    at = _moment(where, "jam" if deed == "wait" else "pada", value if deed == "wait" else raw.get("pada"))
    label = "" if deed == "wait" else _text(where, "tugas, mulai, atau pesan", value)
    return Step(number, who, deed, label, at, _values(where, label, raw, examples), raw.get("rahasia"),
                raw.get("alasan", ""), *_outcome(where, raw))


def _deed(where: str, raw: Mapping[str, Any]) -> tuple[str, Any]:
    named = [key for key in DEEDS if key in raw]
    if len(named) != 1:
        raise _refused(where, f"harus berisi tepat satu dari {', '.join(DEEDS)}")
    return DEEDS[named[0]], raw[named[0]]


def _values(where: str, activity: str, raw: Mapping[str, Any], examples: Examples) -> dict[str, Any]:
    values = plain(raw.get("isi", {}))
    if not isinstance(values, dict):
        raise _refused(where, "“isi” harus berupa tabel")
    wanted = raw.get("contoh")
    if wanted is None:
        return values
    form, _, named = wanted.rpartition(".") if isinstance(wanted, str) else ("", "", "")
    found = examples.get(form or activity, {}).get(named)
    if found is None:
        raise _refused(where, f"contoh [{form or activity}.{named}] tidak ada di {EXAMPLES}")
    return {**found, **values}


def _outcome(where: str, raw: Mapping[str, Any]) -> tuple[Expected | None, str | None]:
    if ("lalu" in raw) == ("ditolak" in raw):
        raise _refused(where, "harus berisi “lalu” atau “ditolak”, salah satu")
    if "ditolak" in raw:
        return None, _text(where, "ditolak", raw["ditolak"])
    return _expected(where, raw["lalu"]), None


def _expected(where: str, then: Any) -> Expected:
    if not isinstance(then, dict):
        raise _refused(where, "“lalu” harus berupa tabel")
    _only(where, then, THEN_KEYS)
    waiting, documents, notices, numbers = (_texts(where, key, then.get(key, [])) for key in LISTS)
    if wrong := [one for one in waiting if one.count("@") != 1]:
        raise _refused(where, f"“menunggu” ditulis kegiatan@lajur, bukan “{wrong[0]}”")
    end = _text(where, "akhir", then["akhir"]) if "akhir" in then else None
    return Expected(waiting, documents, notices, numbers, _dues(where, then.get("batas", {})), end)


def _dues(where: str, raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict):
        raise _refused(where, "“batas” harus berupa tabel kegiatan = waktu")
    return {activity: _due(where, activity, value) for activity, value in raw.items()}


def _due(where: str, activity: str, value: object) -> str:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as fault:
        raise _refused(where, f"batas {activity}: {value} bukan waktu") from fault
    return _moment(where, f"batas.{activity}", at).isoformat()


def _begins_once(name: str, steps: tuple[Step, ...]) -> None:
    for step in steps:
        if (step.deed == "start") != (step.number == 1):
            raise _refused(f"{name}, langkah {step.number}", "“mulai” adalah langkah pertama, dan hanya itu")


def _in_order(name: str, begins: datetime, steps: tuple[Step, ...]) -> None:
    before = begins
    for step in steps:
        if step.at < before:
            raise _refused(f"{name}, langkah {step.number}", "waktunya mendahului langkah sebelumnya")
        before = step.at


def differences(expected: Expected, found: Expected) -> list[str]:
    """What is not as expected, one sentence each; the order of a list does not matter, how often it names one does."""
    told = []
    for name, wanted, there in zip(LISTS, _lists(expected), _lists(found)):
        told += _listed(name, wanted, there)
    told += _moved(expected.dues, found.dues)
    if expected.end != found.end:
        told.append(f"akhir: diharapkan {expected.end or 'masih berjalan'}, nyatanya {found.end or 'masih berjalan'}")
    return told


def _lists(one: Expected) -> tuple[tuple[str, ...], ...]:
    return one.waiting, one.documents, one.notices, one.numbers


def _moved(wanted: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    return [f"batas {name}: diharapkan {wanted.get(name, 'tidak ada')}, nyatanya {there.get(name, 'tidak ada')}"
            for name in sorted(wanted.keys() | there.keys()) if wanted.get(name) != there.get(name)]


def _listed(name: str, wanted: Sequence[str], there: Sequence[str]) -> list[str]:
    missing, surplus = Counter(wanted) - Counter(there), Counter(there) - Counter(wanted)
    return [*(f"{name}: “{one}” tidak ada" for one in sorted(missing.elements())),
            *(f"{name}: “{one}” tidak disebut" for one in sorted(surplus.elements()))]
