"""Fills an empty folder with an office to try: one person for each post and role, and cases at every step."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import count

from engine.administration import NewAccount, NewAppointment
from engine.assembly import Edition, Engine, assemble, scenarios, stage_over
from engine.authoring.invented import Person, person
from engine.authoring.rehearsal import APPLICANT, PASSPHRASE
from engine.authoring.samples import Playing, Sample, moved, samples, told_of
from engine.authoring.stage import Stage
from engine.clock import DatedClock, stamp
from engine.commands.parts.answers import tell
from engine.commands.parts.editions import deploy_new
from engine.identity import hash_password
from engine.rules.people import ROLES, SYSTEM, Actor
from engine.store import directory
from engine.store.directory import AccountRow

PASSWORD = "kata sandi contoh"
"""Of every account in a demo; shown on its sign-in page."""

BEFORE = timedelta(days=120)
"""The office opened this long ago, before any of its cases began."""

IN_OFFICE_SINCE = date(2020, 1, 2)


def wanted(engine: Engine, demo: bool | None) -> bool:
    """Is this folder to become a demo? Only an empty one can, at loopback; who is not asked is told."""
    with engine.database.reading() as connection:
        empty = directory.is_empty(connection)
    if not empty or demo is False:
        return False
    if not engine.settings.is_local:
        return _not_here(demo)
    if demo is None and sys.stdin.isatty():
        return not input("Folder ini kosong. Isi dengan contoh untuk dicoba? [Y/t] ").strip().lower().startswith(("t", "n"))
    return True


def _not_here(demo: bool | None) -> bool:
    if demo:
        tell("Contoh hanya dibuat di 127.0.0.1; folder ini dibiarkan kosong.")
    return False


def fill(engine: Engine) -> int:
    """Mark the folder for ever, then people, processes and cases; how many cases were made."""
    began, now = time.monotonic(), engine.clock.now()
    tell("Mengisi folder kosong dengan contoh …")
    clock = DatedClock(now - BEFORE)
    dated = assemble(engine.settings, clock, engine.database)
    _mark(dated)
    deploy_new(dated)
    accounts = _people(dated)
    made = sum(_cases(dated, clock, accounts, now))
    _give_passwords(dated)
    tell(f"Contoh siap: {made} permohonan, {len(accounts)} petugas ({time.monotonic() - began:.1f} detik).")
    return made


def _mark(engine: Engine) -> None:
    """Before anything else, so that a folder half filled is a demo too."""
    with engine.database.transaction() as connection:
        for name, value in (("demo", "ya"), ("kata_sandi_contoh", PASSWORD), ("frasa_sandi_contoh", PASSPHRASE)):
            directory.save_setting(connection, name, value)


def _people(engine: Engine) -> dict[str, str]:
    """One person for each post of each process and each role of the platform: post -> account."""
    processes = [edition.process for edition in engine.catalog.in_force()]
    signing = {post.id for process in processes for post in process.posts.values() if post.signs}
    posts = dict.fromkeys([*(post for process in processes for post in process.posts), *ROLES])
    accounts = {}
    for number, post in enumerate(posts):
        who = person(number)
        made = engine.administration.create_account(
            NewAccount(post.replace("_", "."), who.nama, f"{post}@kantor.example", who.nip, "Penata / III c",
                       password=PASSWORD), SYSTEM)
        engine.administration.appoint(
            NewAppointment(made.id, post, "definitif", IN_OFFICE_SINCE, None, "SK contoh"), SYSTEM, posts)
        if post in signing:
            by = Actor(made.id, post, "definitif")
            engine.administration.issue_certificate(made.id, PASSPHRASE, engine.clock.now(), by)
        accounts[post] = made.id
    return accounts


def _cases(engine: Engine, clock: DatedClock, accounts: Mapping[str, str], now: datetime) -> Iterator[bool]:
    """Every sample of every process; each by another applicant."""
    known, numbers = scenarios(engine.settings), count(len(accounts))
    stage = stage_over(engine, clock)
    for edition in engine.catalog.in_force():
        process = edition.process
        found = samples(known.read(process.id, name) for name in known.names(process.id))
        for sample in sorted((moved(one, now) for one in found), key=lambda one: one.scenario.begins):
            who = person(next(numbers))
            clock.set_to(sample.scenario.begins)
            # A case that does not begin with a visitor's form begins with an applicant's account.
            applicant = "" if sample.scenario.steps[0].values else _applicant(engine, who)
            yield _played(stage, edition, told_of(sample, process, who), {**accounts, APPLICANT: applicant})


def _played(stage: Stage, edition: Edition, sample: Sample, people: Mapping[str, str]) -> bool:
    """Play one sample; False (and a word about it) when it did not come out as its scenario says."""
    seen = Playing(stage, edition, sample.scenario, dict(people)).play()[-1]
    if seen.then is None or seen.stuck:
        tell(f"Contoh {sample.scenario.id} ({sample.shows}) tidak selesai: {seen.refused or seen.stuck}.")
    return seen.then is not None and not seen.stuck


def _applicant(engine: Engine, who: Person) -> str:
    row = AccountRow(engine.clock.new_id(), who.nama_pengguna, who.nama, who.surel, False, True, stamp(engine.clock.now()))
    with engine.database.transaction() as connection:
        directory.save_account(connection, row)
    return row.id


def _give_passwords(engine: Engine) -> None:
    """Applicants of a demo can sign in too, as if they had used their activation link."""
    rows = [one for one in engine.administration.accounts() if one.password is None]
    with engine.database.transaction() as connection:
        for row in rows:
            directory.change_account(connection, row.id, password=hash_password(PASSWORD))
