"""What does a scenario file say, and is it written rightly? An invented case: who does what when, and what must follow.

    nama  = "Aduan dikembalikan satu kali"
    mulai = 2026-06-09T08:15:00+07:00
    pilihan = { mediasi = true }     # optional: choices of process.toml that are otherwise for this case
    layanan = ["tte", "whatsapp"]    # optional: services outside that this office uses (mail it always has)
    [orang.rina]                     # optional: an invented person who holds one or more posts
    nama = "Rina Contoh"
    jabatan = ["penilai"]
    [[langkah]]
    siapa = "loket"                  # a lane, `sistem`, `administrator`, or a person declared above
    tugas = "nilai_aduan"            # or mulai = "ajukan", pesan = "cabut", jam = <moment> (time passes until then),
                                     # kalender = { hari = <date>, jenis = "libur", dasar = "SK …" } (also jenis = "kerja")
    pada  = 2026-06-09T10:00:00+07:00
    contoh = "lengkap"               # optional: values of [nilai_aduan.lengkap] in _contoh.toml, under `isi`;
                                     # a step with `mulai` names the form as well: "tulis_aduan.biasa"
    isi   = { lengkap = false }
    layanan = { surel = "mati" }     # optional: how services outside behave until this step is over (see SERVICES)
    lalu  = { menunggu = ["lengkapi_aduan@pemohon"], dokumen = [], pesan = [], nomor = [], batas = {} }

Expectations are a closed world: what a step brings about must equal `lalu`; a list that is left out means "nothing".
`ditolak = "isian_salah"` expects a refusal with that code instead of `lalu`. `rahasia` is what a signer types.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from engine.errors import DefinitionRefused
from engine.rules.calendars import NewDay

EXAMPLES = "_contoh.toml"
"""Values used by several scenarios: activity -> name -> form values. Not a scenario itself."""

SYSTEM, ADMINISTRATOR = "sistem", "administrator"
DEEDS = {"tugas": "task", "mulai": "start", "pesan": "message", "jam": "wait", "kalender": "calendar"}
DOERS = {"wait": SYSTEM, "calendar": ADMINISTRATOR}
"""Who alone does a deed, and does nothing else."""

SERVICES: Mapping[str, tuple[str, ...]] = {
    "tte": ("mati", "terputus_setelah_menandatangani", "penanda_tangan_tidak_terdaftar"),
    "surel": ("mati", "menolak_alamat_pemohon"),
    "whatsapp": ("mati",)}
"""Services outside, and the ways in which a scenario may let them fail."""

ALWAYS = "surel"
"""Every office has mail; the others are named in the head of a scenario."""

HEAD_KEYS = {"nama", "mulai", "keterangan", "pilihan", "layanan", "orang", "langkah"}
STEP_KEYS = {"siapa", "pada", "isi", "contoh", "rahasia", "alasan", "layanan", "lalu", "ditolak", *DEEDS}
DAY_KEYS = {"hari", "jenis", "jam", "dasar"}
DAY_KINDS = ("libur", "kerja")
LISTS = ("menunggu", "dokumen", "pesan", "nomor", "ambang", "bergeser", "gagal")
THEN_KEYS = {*LISTS, "batas", "akhir"}
ALARM = re.compile(r"(pengingat|eskalasi) \w+@\w+")
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
    number as its register, a voided one as "batal <register>", a registered signature as the document "ttd <kind>", a
    notice over the second channel as "whatsapp <notice>"; `dues` are those that this step set or moved: of tasks, of
    shared limits by their id, of the promise to the applicant as "janji". Out of the journal: `alarms` as
    "pengingat <clock>@<post>" or "eskalasi <clock>@<post>", one for each post told, where <clock> is the activity, the
    id of a shared limit, "janji" or "hukum"; `moved` = the clocks that a changed calendar moved; `failures` as
    "<activity>: <code>" of an automatic step, and "<channel>: <notice>" of every message whose send log got a no.
    """

    waiting: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    dues: Mapping[str, str] = field(default_factory=dict)
    end: str | None = None


@dataclass(frozen=True)
class Step:
    """One thing that somebody does. `deed` is task, start, message, wait or calendar; `name` says which one.

    `services` = how services outside fail until the step is over; `day` = what a changed calendar says.
    """

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
    services: Mapping[str, str] = field(default_factory=dict)
    day: NewDay | None = None


@dataclass(frozen=True)
class Scenario:
    """An invented case from its first moment on.

    `services` = those outside that its office uses, `choices` = choices of the process that are otherwise for it.
    """

    id: str
    title: str
    begins: datetime
    people: Mapping[str, Person]
    steps: tuple[Step, ...]
    services: tuple[str, ...] = (ALWAYS,)
    choices: Mapping[str, bool] = field(default_factory=dict)

    @property
    def needs_own_office(self) -> bool:
        """True when people, choices, services outside or the calendar are not those of any office."""
        if self.people or self.choices or self.services != (ALWAYS,):
            return True
        return any(one.services or one.day for one in self.steps)


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
    scenario = Scenario(name, _text(name, "nama", raw.get("nama")), begins, people, made, _used(name, raw),
                        _choices(name, raw.get("pilihan", {})))
    _must_use(scenario)
    return scenario


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


def _choices(where: str, raw: Any) -> dict[str, bool]:
    if not isinstance(raw, dict) or not all(isinstance(one, bool) for one in raw.values()):
        raise _refused(where, "“pilihan” harus berupa tabel nama = true atau false")
    return dict(raw)


def _used(where: str, raw: Mapping[str, Any]) -> tuple[str, ...]:
    """The services outside that the office of a scenario uses."""
    named = _texts(where, "layanan", raw.get("layanan", []))
    if strangers := [one for one in named if one not in SERVICES]:
        raise _refused(where, f"layanan “{strangers[0]}” tidak dikenal; pilih dari {', '.join(SERVICES)}")
    return (ALWAYS, *(one for one in SERVICES if one in named and one != ALWAYS))


def _must_use(scenario: Scenario) -> None:
    for step in scenario.steps:
        for name in step.services:
            if name not in scenario.services:
                raise _refused(f"{scenario.id}, langkah {step.number}", f"layanan “{name}” belum dipakai kantor ini; tulis "
                                                                        f"layanan = [\"{name}\"] di kepala skenario")


def _step(name: str, number: int, raw: Any, examples: Examples) -> Step:
    where = f"{name}, langkah {number}"
    if not isinstance(raw, dict):
        raise _refused(where, "harus berupa tabel")
    _only(where, raw, STEP_KEYS)
    deed, value = _deed(where, raw)
    at = _moment(where, "jam" if deed == "wait" else "pada", value if deed == "wait" else raw.get("pada"))
    label = _text(where, "tugas, mulai, atau pesan", value) if deed not in DOERS else ""
    return Step(number, _doer(where, raw, deed), deed, label, at, _values(where, label, raw, examples), raw.get("rahasia"),
                raw.get("alasan", ""), *_outcome(where, raw), _moods(where, raw.get("layanan", {})),
                _day(where, value) if deed == "calendar" else None)


def _doer(where: str, raw: Mapping[str, Any], deed: str) -> str:
    who = _text(where, "siapa", raw.get("siapa"))
    if who != DOERS.get(deed, who) or (who in DOERS.values() and deed not in DOERS):
        raise _refused(where, f"langkah “jam” dijalankan oleh “{SYSTEM}”, langkah “kalender” oleh “{ADMINISTRATOR}”, "
                              "dan hanya itu")
    return who


def _moods(where: str, raw: Any) -> dict[str, str]:
    """service -> how it fails."""
    if not isinstance(raw, dict):
        raise _refused(where, "“layanan” harus berupa tabel, misalnya { surel = \"mati\" }")
    for name, mood in raw.items():
        if mood not in SERVICES.get(name, ()):
            known = "; ".join(f"{service} = {' atau '.join(moods)}" for service, moods in SERVICES.items())
            raise _refused(where, f"layanan {name} = “{mood}” tidak dikenal; pilih {known}")
    return dict(raw)


def _day(where: str, raw: Any) -> NewDay:
    if not isinstance(raw, dict):
        raise _refused(where, "“kalender” harus berupa tabel { hari, jenis, dasar }")
    _only(f"{where}, kalender", raw, DAY_KEYS)
    day, kind = raw.get("hari"), raw.get("jenis")
    if not isinstance(day, date) or isinstance(day, datetime):
        raise _refused(where, "“kalender.hari” harus berupa tanggal, misalnya 2026-06-18")
    if kind not in DAY_KINDS:
        raise _refused(where, f"“kalender.jenis” harus {' atau '.join(DAY_KINDS)}")
    return NewDay(day, kind == "kerja", raw.get("jam"), _text(where, "kalender.dasar", raw.get("dasar")))


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
    waiting, documents, notices, numbers, alarms, moved, failures = (_texts(where, key, then.get(key, [])) for key in LISTS)
    if wrong := [one for one in waiting if one.count("@") != 1]:
        raise _refused(where, f"“menunggu” ditulis kegiatan@lajur, bukan “{wrong[0]}”")
    if wrong := [one for one in alarms if not ALARM.fullmatch(one)]:
        raise _refused(where, f"“ambang” ditulis “pengingat kegiatan@jabatan” atau “eskalasi …”, bukan “{wrong[0]}”")
    end = _text(where, "akhir", then["akhir"]) if "akhir" in then else None
    return Expected(waiting, documents, notices, numbers, alarms, moved, failures, _dues(where, then.get("batas", {})), end)


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
    return one.waiting, one.documents, one.notices, one.numbers, one.alarms, one.moved, one.failures


def _moved(wanted: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    return [f"batas {name}: diharapkan {wanted.get(name, 'tidak ada')}, nyatanya {there.get(name, 'tidak ada')}"
            for name in sorted(wanted.keys() | there.keys()) if wanted.get(name) != there.get(name)]


def _listed(name: str, wanted: Sequence[str], there: Sequence[str]) -> list[str]:
    missing, surplus = Counter(wanted) - Counter(there), Counter(there) - Counter(wanted)
    return [*(f"{name}: “{one}” tidak ada" for one in sorted(missing.elements())),
            *(f"{name}: “{one}” tidak disebut" for one in sorted(surplus.elements()))]
