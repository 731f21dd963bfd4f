"""An office for proofs: one person for each post, sample answers to every form, and cases taken along their way.

The answers come from the process's own sample file; a picture of text stands for every upload.
"""

from __future__ import annotations

import random
import shutil
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from engine.assembly import Engine, assemble
from engine.clock import FixedClock
from engine.handling import Handler, Outcome
from engine.rules.people import SYSTEM, VISITOR, Actor, Appointment
from engine.runtime import dossier
from engine.runtime.advance import inspect
from engine.runtime.catalog import gather
from engine.settings import Settings
from engine.store import cases, directory, schema
from engine.store.database import Database
from engine.store.directory import AccountRow

PROCESS = "izin-optikal"
START = datetime(2026, 6, 9, 2, tzinfo=UTC)
FOUNDING = 1 << 20
"""The seed of what is there before anybody enters."""

AGENDA = {"rapat_tanggal": "2026-06-09", "tinjauan_tanggal": "2026-06-09", "tanggal": "2026-06-09"}
INSTANT = ("render_document", "sign_document", "verify_document", "publish_document", "send_notice", "archive_case")
ROUTE = ("periksa_akun.setuju", "ajukan_permohonan.perorangan", "periksa_berkas.lengkap", "entri_data_teknis.keduanya",
         "rapat_kajian.disetujui", "hasil_peninjauan.memenuhi", "susun_naskah.izin", "verifikasi_kasi.setuju",
         "verifikasi_kabid.setuju", "penetapan.setuju")
RETURN = ("susun_naskah.izin", "verifikasi_kasi.kembali")


@dataclass
class Office:
    """An engine with one person for each post, and sample answers."""

    engine: Engine
    actors: Mapping[str, Actor]
    samples: Mapping[str, Mapping[str, Any]]
    random: random.Random
    process: str = PROCESS


@contextmanager
def office(seed: int, url: str = "", synchronous: str = "FULL") -> Iterator[Office]:
    """A fresh office in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="izin-bench-"))
    settings = Settings(data=folder, database_url=url, sqlite_synchronous=synchronous)
    try:
        _found(settings)
        with entered(settings, seed) as inside:
            yield inside
    finally:
        shutil.rmtree(folder)


def _found(settings: Settings) -> None:
    """Tables, the process in force, a person in every post."""
    database = Database(settings.database, synchronous=settings.sqlite_synchronous)
    schema.migrate(database)
    engine = assemble(settings, FixedClock(START, FOUNDING), database)
    engine.catalog.deploy(PROCESS, gather(settings.processes, settings.forms, PROCESS), SYSTEM)
    _appoint(engine)
    engine.close()


@contextmanager
def entered(settings: Settings, seed: int) -> Iterator[Office]:
    """An office that stands already, as one process sees it: ids and answers follow from the seed, which nobody else uses."""
    engine = with_instant_handlers(assemble(settings, FixedClock(START, seed)))
    samples = tomllib.loads((settings.processes / PROCESS / "scenarios" / "_contoh.toml").read_text())
    people = {one.post: one.actor() for one in engine.administration.appointments()}
    try:
        yield Office(engine, people, samples, random.Random(seed))
    finally:
        engine.close()


def with_instant_handlers(engine: Engine) -> Engine:
    """Letters, signatures, mail and archive answer at once: the engine is measured, not Typst."""
    instant = {name: Handler(name, lambda context: Outcome(values={"document": context.key, "kind": "surat"}), (), False, None)
               for name in INSTANT}
    effects = replace(engine.effects, handlers={**engine.handlers, **instant})
    return replace(engine, effects=effects)


def _appoint(engine: Engine) -> None:
    with engine.database.transaction() as connection:
        for post in engine.catalog.current(PROCESS).process.posts:
            row = AccountRow(engine.clock.new_id(), post, f"Petugas {post}", f"{post}@contoh.example", True, True, "")
            directory.save_account(connection, row)
            made = Appointment(engine.clock.new_id(), row.id, post, "definitif", date(2020, 1, 1), None, "SK contoh")
            directory.save_appointment(connection, made)


def values_of(office: Office, name: str, holder: str) -> dict[str, Any]:
    """A sample answer with random text in it; every file token becomes the one file of the holder."""
    activity, _, which = name.partition(".")
    file = next(iter(office.engine.files.values_of(holder).values()))
    answer = _filled(office.samples[activity][which], file)
    answer |= {key: day for key, day in AGENDA.items() if key in answer}
    for key in ("catatan_petugas", "pembahasan", "alasan_rekomendasi", "lokasi_kegiatan_usaha"):
        if key in answer and len(str(answer[key])) > 20:
            answer[key] = "".join(office.random.choices("abcdefghijklmnopqrstuvwxyz ", k=120)).strip()
    return answer


def _filled(value: Any, file: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(inner, file) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, file) for inner in value]
    if isinstance(value, str) and value.endswith((".jpg", ".pdf")):
        return [file]
    return value if isinstance(value, (str, int, bool)) else str(value)[:5] if hasattr(value, "hour") else str(value)


def begin(office: Office) -> tuple[str, float]:
    """A case whose account form is filled in, and the seconds it took."""
    engine, holder = office.engine, office.engine.clock.new_id()
    engine.files.keep(holder, "contoh.jpg", b"bukan gambar", "image/jpeg", VISITOR)
    answer = values_of(office, "registrasi.biasa", holder)
    before = time.perf_counter()
    case = engine.cases.start_with(PROCESS, "daftar", answer, VISITOR, holder=holder).id
    return case, time.perf_counter() - before


@dataclass(frozen=True)
class Took:
    """Seconds of one completion alone, and of it with everything it ordered."""

    alone: float
    whole: float


def complete(office: Office, case: str, name: str) -> Took:
    """Complete one task and run what it ordered."""
    engine, activity = office.engine, name.partition(".")[0]
    row = engine.cases.find(case)
    with engine.database.reading() as connection:
        task = next(one for one in cases.tasks(connection, case, only_open=True) if one.activity == activity)
    by = office.actors.get(task.post) or Actor(row.applicant, None, "pemohon")
    answer = prefilled(office, case, activity) | values_of(office, name, case)
    lease = engine.effects.lease()
    before = time.perf_counter()
    engine.tasks.complete(case, task.task, answer, by, lease=lease)
    alone = time.perf_counter() - before
    engine.effects.run_case(case, lease)
    return Took(alone, time.perf_counter() - before)


def prefilled(office: Office, case: str, activity: str) -> dict[str, Any]:
    """What the page shows before anybody types."""
    engine = office.engine
    row = engine.cases.find(case)
    edition = engine.catalog.edition(row.edition)
    earlier = dossier.last_answers(engine.case_files.completions(case))
    known = inspect(edition.diagram, row.state).variables
    context = dossier.form_context(dossier.Page(edition, activity, known, earlier, engine.clock.now()))
    return edition.form_of(activity).initial(context)
