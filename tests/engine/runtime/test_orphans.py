"""Orphans: what nobody registered is deleted once it is old, a case's journal says so, and nothing else is touched."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.runtime import orphans
from engine.store import files, journal
from engine.store.database import StoreUnavailable
from tests.builders import SECOND, Office, apply_for_sign, open_office
from tests.engine.runtime.test_races import at_once

CONTENT = b"signed by nobody who lived to say so"
DECADES = 10 ** 9
"""Seconds; the clock of the disk is not the clock of the test."""


@pytest.fixture
def working(second_office: Office) -> tuple[Office, str]:
    """An office with one case and its uploads."""
    return second_office, apply_for_sign(second_office)


def orphan(office: Office, holder: str, content: bytes = CONTENT) -> Path:
    """A file on disk that no row names, laid down now."""
    path = office.engine.files.store.path(holder, office.engine.files.store.put(holder, content))
    now = office.clock.now().timestamp()
    os.utime(path, (now, now))
    return path


def let_it_age(office: Office, seconds: int = 61) -> None:
    office.clock.move_to(office.clock.now() + timedelta(seconds=seconds))


def notes(office: Office, case: str) -> list[str]:
    with office.engine.database.reading() as connection:
        return [one.body["orphan"] for one in journal.read_kinds(connection, case, (orphans.KIND,))]


def test_an_old_orphan_is_deleted_and_the_case_says_so(working):
    office, case = working
    path = orphan(office, case)
    let_it_age(office)
    assert office.engine.orphans.sweep() == 1
    assert not path.exists() and notes(office, case) == [path.name]
    assert list(office.engine.verification.flaws()) == [] and office.engine.replays.case(case).good


def test_a_young_file_may_still_be_registered(working):
    office, case = working
    path = orphan(office, case)
    let_it_age(office, 30)
    assert office.engine.orphans.sweep() == 0 and path.exists()
    let_it_age(office, 31)
    assert office.engine.orphans.sweep() == 1


def test_registered_files_stay_however_old(working):
    office, case = working
    kept = office.engine.files.values_of(case)
    let_it_age(office, DECADES)
    office.engine.orphans.sweep()
    assert kept and all(office.engine.files.read(case, digest) for digest in kept)


def test_the_visit_that_became_a_case_leaves_nothing_behind(working):
    office, _ = working
    folder = office.engine.files.store.path("unggahan-uji", "x").parent
    left = list(folder.iterdir())
    assert left, "the bytes were copied to the case"
    let_it_age(office, DECADES)
    assert office.engine.orphans.sweep() == len(left) and list(folder.iterdir()) == []


def test_a_half_written_file_is_deleted_without_a_word(working):
    office, case = working
    half = orphan(office, case).rename(office.engine.files.store.path(case, ".abc.1.2"))
    let_it_age(office)
    assert office.engine.orphans.sweep() == 1
    assert not half.exists() and notes(office, case) == []


def test_a_death_between_the_note_and_the_deletion_is_not_noted_twice(working, monkeypatch):
    office, case = working
    path = orphan(office, case)
    let_it_age(office)
    monkeypatch.setattr(Path, "unlink", lambda self, missing_ok=False: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        office.engine.orphans.sweep()
    monkeypatch.undo()
    assert path.exists() and office.engine.orphans.sweep() == 1
    assert notes(office, case) == [path.name]


def test_the_same_bytes_laid_down_again_are_young_again(working):
    office, case = working
    path = orphan(office, case)
    let_it_age(office)
    office.engine.files.store.put(case, CONTENT)
    assert path.stat().st_mtime > office.clock.now().timestamp()
    assert office.engine.orphans.sweep() == 0 and path.exists()


def test_bytes_that_were_swept_are_not_registered(working):
    office, case = working
    row = office.engine.files.laid_down(case, "a.pdf", CONTENT, "application/pdf", office.applicant)
    office.engine.files.store.remove(case, row.sha256)
    with pytest.raises(StoreUnavailable), office.engine.database.transaction() as connection:
        office.engine.files.register(connection, row)
    with office.engine.database.reading() as connection:
        assert files.find(connection, case, row.sha256) is None


def test_the_worker_sweeps_once_per_lease(working):
    office, case = working
    office.engine.work_once()
    orphan(office, case)
    let_it_age(office, 59)
    assert office.engine.orphans.sweep_when_due() == 0
    let_it_age(office, 2)
    assert office.engine.orphans.sweep_when_due() == 1


def test_a_clock_that_ran_ahead_and_was_set_right_leaves_nothing_unswept(working):
    office, case = working
    office.engine.orphans.sweep()
    let_it_age(office, DECADES)
    office.engine.orphans.sweep()
    office.clock._at -= timedelta(seconds=DECADES)
    path = orphan(office, case)
    let_it_age(office)
    assert office.engine.orphans.sweep_when_due() == 1 and not path.exists()


def test_an_ended_case_is_told_too(second_office: Office):
    case = apply_for_sign(second_office)
    second_office.complete(case, "periksa_reklame", {"baik": True})
    assert second_office.row(case).ended_at is not None
    path = orphan(second_office, case)
    let_it_age(second_office)
    assert second_office.engine.orphans.sweep() == 1 and notes(second_office, case) == [path.name]
    assert list(second_office.engine.verification.flaws()) == []


def test_a_sweep_does_not_disturb_who_verifies_meanwhile(working, monkeypatch):
    office, case = working
    path = orphan(office, case)
    listed = list(office.engine.files.store.all())
    path.unlink()
    monkeypatch.setattr(type(office.engine.files.store), "all", lambda self: iter(listed))
    assert list(office.engine.verification.flaws()) == []


def test_nothing_is_swept_beside_another_database(working: tuple[Office, str], tmp_path: Path) -> None:
    office, _ = working
    assert office.engine.orphans.sweep() == 0
    stranger = open_office(tmp_path / "lain", SECOND)
    folder = stranger.engine.files.store.folder
    shutil.copytree(office.engine.files.store.folder, folder, dirs_exist_ok=True)
    for path in folder.glob("*/*/*"):
        os.utime(path, (0, 0))
    before = sorted(folder.glob("*/*/*"))
    assert stranger.engine.orphans.sweep() == 0
    assert before and sorted(folder.glob("*/*/*")) == before
    stranger.engine.close()


def test_workers_that_begin_at_once_agree_on_the_mark_of_the_office(second_office, monkeypatch):
    """Each has seen that there is none: the folder is still known to be this database's, or nothing is ever swept."""
    office, find, meeting = second_office, orphans.directory.setting, threading.Barrier(2, timeout=.5)
    office.engine.orphans.store.folder.joinpath(orphans.MARK).unlink(missing_ok=True)
    with office.engine.database.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM setting WHERE name = 'kantor'")

    def and_wait(connection, name):
        found = find(connection, name)
        with suppress(threading.BrokenBarrierError):
            meeting.wait()
        return found
    monkeypatch.setattr(orphans.directory, "setting", and_wait)
    looked = at_once(*(replace(office.engine.orphans)._belong_together for _ in range(2)))
    assert looked == [True, True]
    assert office.engine.orphans._belong_together()
