"""Backup and restore: one moment of a running office, brought back on either database with the same digests, or not at all."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from engine.assembly import assemble
from engine.audit.backup import LEFT_OUT, Holdings, Manifest, certificates_of, read_manifest, write_backup
from engine.audit.drill import Drills
from engine.audit.restore import BrokenBackup, Restoring
from engine.clock import Clock
from engine.digest import canonical
from engine.errors import CannotRun, NotFound
from engine.rules.people import Actor
from engine.settings import Settings
from engine.store import directory, schema, snapshot
from engine.store.database import Database
from engine.store.files import FileStore
from tests.builders import PASSPHRASE, SECOND, Office, apply_for_sign, finished_sign, open_office
from tests.tools import offices

AT = "2026-06-09T02:00:00.000000Z"


def quiet(what: str, count: int) -> None:
    """Nobody listens."""


def holdings(settings: Settings, database: Database | None = None) -> Holdings:
    return Holdings(database or Database(settings.database), FileStore(settings.files), settings.keys)


def of(office: Office) -> Holdings:
    return holdings(office.engine.settings, office.engine.database)


@pytest.fixture(params=offices.DATABASES)
def worked(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """An office with a finished case, an open one, a draft, an entry in the access log and somebody signed in."""
    if request.param == "postgresql":
        with offices.office_on(request.getfixturevalue("postgres_cluster"), tmp_path / "kantor", SECOND) as office:
            yield work_in(office)
        return
    office = open_office(tmp_path / "kantor", SECOND)
    yield work_in(office)
    office.engine.close()


def work_in(office: Office) -> Office:
    finished_sign(office)
    case, desk = apply_for_sign(office), office.actor("petugas_loket")
    office.engine.tasks.save_draft(case, office.task(case, "periksa_reklame").task, {"baik": True}, desk, revision=0)
    office.engine.identity.note_access(office.actor("auditor"), "lihat", case)
    office.engine.identity.visit()
    return office


def registered(office: Office) -> list[Path]:
    """The files that belong to somebody; what a visitor left behind is swept later."""
    with office.engine.database.snapshot() as view:
        return [office.engine.files.store.path(*one) for one in snapshot.files(view)]


@pytest.fixture
def backup(worked: Office, tmp_path: Path) -> Path:
    """A backup of it, fresh."""
    write_backup(of(worked), tmp_path / "cadangan.zip", AT, quiet)
    return tmp_path / "cadangan.zip"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One backup for all that only look at what becomes of it."""
    folder = tmp_path_factory.mktemp("model")
    office = work_in(open_office(folder / "kantor", SECOND))
    write_backup(of(office), folder / "cadangan.zip", AT, quiet)
    office.engine.close()
    return folder / "cadangan.zip"


@pytest.fixture
def lite(tmp_path: Path) -> Settings:
    """An empty folder."""
    return Settings(data=tmp_path / "pulih")


@pytest.fixture(params=offices.DATABASES)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An empty place to restore into."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    house = SECOND
    yield Settings(data=tmp_path / "pulih", processes=house / "processes", forms=house / "forms", database_url=url)


def restored(file: Path, target: Settings) -> Manifest:
    target.data.mkdir(exist_ok=True)
    there = holdings(target)
    try:
        return Restoring(there, quiet).from_file(file)
    finally:
        there.database.close()


def manifest_of(file: Path) -> Manifest:
    with ZipFile(file) as archive:
        return read_manifest(archive)


# --- what is in it


def test_a_backup_says_what_it_holds_and_what_not(worked: Office, backup: Path) -> None:
    manifest = manifest_of(backup)
    assert (manifest.made_at, manifest.revision, manifest.standing.cases) == (AT, schema.newest(), 2)
    assert manifest.files == len(registered(worked)) > 2
    assert {"session", "attempt"}.isdisjoint(manifest.tables) and manifest.tables["draft"].rows == 1
    assert manifest.left_out == LEFT_OUT and "frasa sandi" in LEFT_OUT
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_no_key_and_no_passphrase_is_in_it(worked: Office, backup: Path) -> None:
    with worked.engine.database.transaction() as connection:
        directory.save_setting(connection, "frasa_sandi_contoh", PASSPHRASE)
    second = backup.with_name("kedua.zip")
    write_backup(of(worked), second, AT, quiet)
    keys = [path.read_bytes() for path in worked.engine.settings.keys.rglob("*") if path.is_file() and path.suffix != ".crt"]
    with ZipFile(second) as archive:
        contents = [archive.read(name) for name in archive.namelist()]
    assert keys and not [one for one in contents if b"PRIVATE KEY" in one or PASSPHRASE.encode() in one or one in keys]


def test_a_backup_does_not_write_over_another(second_office: Office, tmp_path: Path) -> None:
    (tmp_path / "lama.zip").write_bytes(b"lama")
    with pytest.raises(CannotRun):
        write_backup(of(second_office), tmp_path / "lama.zip", AT, quiet)
    assert (tmp_path / "lama.zip").read_bytes() == b"lama"


def test_a_folder_that_is_not_there_ends_in_a_sentence_and_leaves_nothing(second_office: Office, tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="No such"):
        write_backup(of(second_office), tmp_path / "tidak" / "ada.zip", AT, quiet)


def test_what_happens_during_a_backup_is_not_half_in_it(worked: Office, tmp_path: Path) -> None:
    going, done = threading.Event(), threading.Event()

    def meanwhile(what: str, count: int) -> None:
        if what == "account" and not going.is_set():
            going.set()
            assert done.wait(60)
    before = len(worked.cases())
    writer = threading.Thread(target=lambda: (going.wait(60), finished_sign(worked), done.set()))
    writer.start()
    manifest = write_backup(of(worked), tmp_path / "cadangan.zip", AT, meanwhile)
    writer.join()
    assert manifest.standing.cases == manifest.tables["cases"].rows == before < len(worked.cases())
    assert not manifest.missing


def test_a_file_that_is_gone_or_altered_is_named(second_office: Office, tmp_path: Path) -> None:
    worked = work_in(second_office)
    gone, altered, *_ = registered(worked)
    gone.unlink()
    altered.write_bytes(b"lain")
    manifest = write_backup(of(worked), tmp_path / "cadangan.zip", AT, quiet)
    assert set(manifest.missing) == {f"{one.parent.name}/{one.name}" for one in (gone, altered)}


# --- bringing it back


def test_what_comes_back_is_the_same_and_replays(worked: Office, backup: Path, target: Settings) -> None:
    manifest = restored(backup, target)
    engine = assemble(target, worked.clock)
    with worked.engine.database.snapshot() as here, engine.database.snapshot() as there:
        assert snapshot.standing(here) == snapshot.standing(there) == manifest.standing
        assert snapshot.facts(here) == snapshot.facts(there) == list(manifest.tables.values())
    assert list(engine.verification.flaws()) == []
    assert all(one.good for one in engine.replays.all())
    engine.close()


def test_work_goes_on_in_the_restored_office(worked: Office, backup: Path, lite: Settings) -> None:
    target = replace(lite, processes=SECOND / "processes", forms=SECOND / "forms")
    restored(backup, target)
    office = replace(worked, engine=assemble(target, worked.clock))
    case = office.cases()[-1]
    draft = office.engine.tasks.draft(case, office.task(case, "periksa_reklame").task, office.actor("petugas_loket"))
    assert draft is not None and draft.values == {"baik": True}
    office.complete(case, "periksa_reklame", {"baik": True})
    assert office.row(case).end == "reklame_terbit"
    with office.engine.database.reading() as connection:
        assert directory.session(connection, "") is None
    office.engine.close()


@pytest.mark.parametrize("what", ["rows", "files"])
def test_an_office_that_is_not_empty_is_not_written_over(model: Path, lite: Settings, what: str) -> None:
    if what == "rows":
        restored(model, lite)
    else:
        FileStore(lite.files).put("a" * 26, b"lama")
    with pytest.raises(CannotRun, match="not empty"):
        restored(model, lite)


def rewritten(file: Path, folder: Path, change: dict[str, bytes | None]) -> Path:
    """The backup with some entries changed, added, or (None) left out."""
    made = folder / "diubah.zip"
    with ZipFile(file) as old, ZipFile(made, "w") as new:
        names = dict.fromkeys([*old.namelist(), *change])
        for name in names:
            content = change[name] if name in change else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return made


@pytest.mark.parametrize("entry", ["tables/event.jsonl", "tables/cases.jsonl", "files/", "certificates/uji/"])
@pytest.mark.parametrize("way", ["altered", "left out", "garbage"])
def test_a_backup_that_was_touched_is_refused_and_leaves_nothing(
        tmp_path: Path, model: Path, lite: Settings, entry: str, way: str) -> None:
    with ZipFile(model) as archive:
        name = next(one for one in archive.namelist() if one.startswith(entry))
        content = archive.read(name)
    touched = {"altered": content.replace(b"1", b"2", 1) if b"1" in content else content + b" ", "left out": None,
               "garbage": b"\xff\x00" * 40}[way]
    with pytest.raises(BrokenBackup) as refusal:
        restored(rewritten(model, tmp_path, {name: touched}), lite)
    assert refusal.value.advice.endswith(".")
    must_be_as_empty_as_before(lite)
    assert restored(model, lite).standing.cases == 2


def must_be_as_empty_as_before(lite: Settings) -> None:
    database = Database(lite.database)
    with database.reading() as connection:
        assert snapshot.is_empty(connection)
    database.close()
    assert not list(lite.files.glob("*"))


@pytest.mark.parametrize("name", ["files/../../../keluar", "tables/baru.jsonl", "certificates/../../luar.pem", "lain.txt"])
def test_a_backup_with_something_added_is_refused(tmp_path: Path, model: Path, lite: Settings, name: str) -> None:
    with pytest.raises(BrokenBackup):
        restored(rewritten(model, tmp_path, {name: b"x"}), lite)


@pytest.mark.parametrize("newer", [{"release": "9.0"}, {"revision": "9999"}])
def test_a_backup_of_a_newer_release_is_refused(
        tmp_path: Path, model: Path, lite: Settings, newer: dict[str, str]) -> None:
    record = json.loads(canonical(manifest_of(model).record())) | newer
    with pytest.raises(CannotRun) as refusal:
        restored(rewritten(model, tmp_path, {"manifest.json": canonical(record)}), lite)
    assert "lebih baru" in refusal.value.advice


@pytest.mark.parametrize("content", [b"", b"bukan zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_backup_ends_in_a_sentence(tmp_path: Path, lite: Settings, content: bytes) -> None:
    (tmp_path / "aneh.zip").write_bytes(content)
    with pytest.raises(BrokenBackup) as refusal:
        restored(tmp_path / "aneh.zip", lite)
    assert refusal.value.advice.endswith(".")


def test_a_cut_backup_is_refused(tmp_path: Path, model: Path, lite: Settings) -> None:
    content = model.read_bytes()
    (tmp_path / "terpotong.zip").write_bytes(content[:len(content) * 2 // 3])
    with pytest.raises(BrokenBackup):
        restored(tmp_path / "terpotong.zip", lite)


def test_a_backup_that_is_not_there_ends_in_a_sentence(tmp_path: Path, lite: Settings) -> None:
    with pytest.raises(CannotRun, match="tidak-ada"):
        restored(tmp_path / "tidak-ada.zip", lite)


# --- keys stay behind


def test_signed_documents_stay_authentic_and_signers_need_new_keys(office: Office, tmp_path: Path) -> None:
    office.play("02-rapat-saja")
    write_backup(of(office), tmp_path / "cadangan.zip", AT, quiet)
    target = replace(office.engine.settings, data=tmp_path / "pulih")
    restored(tmp_path / "cadangan.zip", target)
    engine = assemble(target, office.clock)
    assert list(engine.verification.flaws()) == []
    assert engine.settings.keys.joinpath("uji", "otoritas.pem").read_bytes() != \
        office.engine.settings.keys.joinpath("uji", "otoritas.pem").read_bytes(), "an authority of its own"
    signer = next(post.id for post in office.edition.process.posts.values() if post.signs)
    account = str(office.actor(signer).account)
    assert engine.administration.signer_status(account).code == "belum_ada"
    engine.administration.issue_certificate(account, PASSPHRASE, office.clock.now(), Actor(account, signer, "definitif"))
    assert engine.administration.signer_status(account).ready
    again = replace(office, engine=engine)
    again.play("02-rapat-saja")
    assert list(engine.verification.flaws()) == [], "the old and the new signature are judged by their own roots"
    engine.close()


def test_keys_that_were_moved_by_hand_go_on_signing(office: Office, tmp_path: Path) -> None:
    write_backup(of(office), tmp_path / "cadangan.zip", AT, quiet)
    target = replace(office.engine.settings, data=tmp_path / "pulih")
    target.data.mkdir()
    office.engine.settings.keys.rename(target.keys)
    restored(tmp_path / "cadangan.zip", target)
    assert not list(target.keys.glob("uji/lama/*")), "the root it knows is not laid down twice"
    again = replace(office, engine=assemble(target, office.clock))
    again.play("02-rapat-saja")
    assert list(again.engine.verification.flaws()) == []
    again.engine.close()


def test_only_what_is_public_counts_as_certificate(office: Office) -> None:
    (office.engine.settings.keys / "penanda").mkdir()
    (office.engine.settings.keys / "penanda" / "abc.crt").write_bytes(b"publik")
    (office.engine.settings.keys / "penanda" / "abc.p12").write_bytes(b"rahasia")
    found = certificates_of(office.engine.settings.keys)
    assert sorted(name.partition("/")[0] for name in found) == ["penanda", "uji"]
    assert not [one for one in found.values() if b"PRIVATE" in one or one == b"rahasia"]


# --- the drill


def test_a_drill_finds_an_untouched_office_the_same(worked: Office, tmp_path: Path) -> None:
    (tmp_path / "latihan").mkdir()
    outcome = Drills(of(worked), Clock(), quiet).run(tmp_path / "latihan")
    assert outcome.good and outcome.steps > 5 and outcome.manifest.standing.cases == 2


def test_a_drill_tells_what_is_wrong_in_the_office(second_office: Office, tmp_path: Path) -> None:
    worked = work_in(second_office)
    gone = registered(worked)[0]
    gone.unlink()
    (tmp_path / "latihan").mkdir()
    outcome = Drills(of(worked), Clock(), quiet).run(tmp_path / "latihan")
    assert not outcome.good and any(gone.name[:12] in one for one in outcome.differences)


def test_a_restored_file_is_under_its_own_digest(model: Path, lite: Settings) -> None:
    restored(model, lite)
    store = FileStore(lite.files)
    with ZipFile(model) as archive:
        names = [name.split("/")[1:] for name in archive.namelist() if name.startswith("files/")]
    assert sorted(names) == sorted([holder, name] for holder, name, _ in store.all())
    with pytest.raises(NotFound):
        store.get("a" * 26, "0" * 64)
