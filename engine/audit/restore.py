"""A backup brought back: into an empty office, SQLite or PostgreSQL, all of it or nothing, every digest compared."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from engine.audit.backup import (
    EVERY,
    MANIFEST,
    TRIAL,
    Holdings,
    Manifest,
    Progress,
    certificates_of,
    digest_of,
    entry_of,
    read_manifest,
)
from engine.digest import sha256
from engine.documents.authority import TestAuthority
from engine.errors import CannotRun, LostRace, NotStorable, Refusal
from engine.runtime.cases import VERSION
from engine.store import schema, snapshot
from engine.store.database import Connection

FILE = re.compile(r"files/([0-9A-Za-z_-]{1,64})/([0-9a-f]{64})")
CERTIFICATE = re.compile(r"(akar|uji|penanda)/([0-9A-Za-z_-]{1,80}\.(?:pem|crt))")


class BrokenBackup(Refusal):
    """A backup that is not whole: cut, altered, or no backup at all. Nothing was restored."""

    code = "cadangan_rusak"
    advice = "Cadangan ini tidak utuh, jadi tidak ada yang dipulihkan. Pakai cadangan lain."

    def __init__(self, what: str) -> None:
        super().__init__(what, advice=f"Cadangan ini tidak utuh ({what}), jadi tidak ada yang dipulihkan. "
                                      "Pakai cadangan lain.")


@dataclass
class Restoring:
    """An empty office that takes a backup in."""

    office: Holdings
    progress: Progress
    _table: str = field(default="", repr=False)

    def from_file(self, file: Path) -> Manifest:
        """Restore all of it, at this release's revision; a Refusal says why nothing was."""
        with _opened(file) as archive:
            manifest = _manifest(archive)
            _must_fit(manifest)
            _must_be_whole(archive, manifest)
            self._must_be_empty()
            self._make_tables(manifest.revision)
            self._take(archive, manifest)
        schema.migrate(self.office.database)
        return manifest

    def _must_be_empty(self) -> None:
        self.office.database.reachable()
        with self.office.database.reading() as connection:
            filled = not snapshot.is_empty(connection)
        if filled or any(self.office.store.folder.glob("*")):
            raise CannotRun("not empty", advice="Kantor tujuan tidak kosong. Pulihkan ke folder baru (--data) dan, untuk "
                                                "PostgreSQL, ke basis data yang baru dibuat.")

    def _make_tables(self, revision: str) -> None:
        """The tables as they were when the backup was made; those of this release, still empty, make room."""
        if schema.revision(self.office.database) not in (None, revision):
            schema.downgrade(self.office.database, "base")
        schema.migrate(self.office.database, revision)

    def _take(self, archive: ZipFile, manifest: Manifest) -> None:
        try:
            with self.office.database.transaction() as connection:
                self._rows(connection, archive, manifest)
                if snapshot.standing(connection) != manifest.standing:
                    raise BrokenBackup("kepala rantai atau keadaan berkas berbeda dari catatannya")
                self._files(archive, manifest)
                self._trust(archive, manifest)
        except (NotStorable, LostRace) as fault:
            raise CannotRun(f"{self._table}: {fault}", advice=f"Tabel {self._table} memuat baris yang tidak diterima basis "
                                                              "data tujuan (teks terlalu panjang atau ganda).") from fault
        except BaseException:
            # Rows are gone with the transaction; the folder was empty before, so whatever lies there now is ours.
            shutil.rmtree(self.office.store.folder, ignore_errors=True)
            raise

    def _rows(self, connection: Connection, archive: ZipFile, manifest: Manifest) -> None:
        for table in snapshot.carried(connection):
            self._table, incoming = table.name, snapshot.Incoming(connection, table)
            if table.name not in manifest.tables or incoming.columns != manifest.tables[table.name].columns:
                raise BrokenBackup(f"kolom tabel {table.name} berbeda dari yang dikenal pada revisi {manifest.revision}")
            with archive.open(entry_of(table.name)) as lines, _readable(table.name):
                incoming.take(lines)
            self.progress(table.name, incoming.rows)

    def _files(self, archive: ZipFile, manifest: Manifest) -> None:
        count = 0
        for match in filter(None, map(FILE.fullmatch, archive.namelist())):
            holder, digest = match.groups()
            if f"{holder}/{digest}" in manifest.missing:
                continue
            with _readable(digest[:12]):
                content = archive.read(match.group())
            if sha256(content) != digest:
                raise BrokenBackup(f"file {digest[:12]} berubah")
            self.office.store.put(holder, content)
            count += 1
            if count % EVERY == 0:
                self.progress("file", count)
        self.progress("file", count)

    def _trust(self, archive: ZipFile, manifest: Manifest) -> None:
        """What was signed stays judged by the roots of its day; signers need new keys of a new authority."""
        known = {sha256(one) for one in certificates_of(self.office.keys).values()}
        for name, digest in manifest.certificates.items():
            with _readable(name):
                content = archive.read(f"certificates/{name}")
            if digest != sha256(content):
                raise BrokenBackup(f"sertifikat {name} berubah")
            if digest not in known:
                self._lay_down(name, content)

    def _lay_down(self, name: str, content: bytes) -> None:
        kind, _, file = name.partition("/")
        folder = TestAuthority(self.office.keys / TRIAL).former if kind == TRIAL else self.office.keys / kind
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / file).write_bytes(content)


@contextmanager
def _opened(file: Path) -> Iterator[ZipFile]:
    try:
        with ZipFile(file) as archive:
            yield archive
    except FileNotFoundError as fault:
        raise CannotRun(str(file), advice=f"Berkas cadangan {file} tidak ada.") from fault
    except (IsADirectoryError, NotADirectoryError, PermissionError) as fault:
        raise CannotRun(f"{file}: {fault.strerror}", advice=f"{file} tidak dapat dibaca sebagai berkas cadangan. Sebutkan "
                                                            "berkas yang dibuat `./izin backup`, bukan foldernya.") from fault
    except BadZipFile as fault:
        raise BrokenBackup("bukan berkas zip yang utuh") from fault


@contextmanager
def _readable(what: str) -> Iterator[None]:
    try:
        yield
    except (ValueError, TypeError, KeyError, EOFError, ZlibError, BadZipFile) as fault:
        raise BrokenBackup(f"{what} tidak terbaca") from fault


def _manifest(archive: ZipFile) -> Manifest:
    with _readable(MANIFEST):
        return read_manifest(archive)


def _must_fit(manifest: Manifest) -> None:
    """CannotRun for a backup that this release does not know how to read."""
    newer = _numbers(manifest.release) > _numbers(VERSION)
    if newer or not schema.knows(manifest.revision):
        raise CannotRun(f"release {manifest.release}, revision {manifest.revision}",
                        advice=f"Cadangan ini dibuat oleh Izin {manifest.release} (revisi {manifest.revision}), lebih "
                               f"baru daripada versi ini ({VERSION}). Pasang versi itu, lalu pulihkan.")


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", release))


def _must_be_whole(archive: ZipFile, manifest: Manifest) -> None:
    """Exactly the entries that the manifest speaks of, and every table to the byte, before anything is written."""
    names = archive.namelist()
    files = [name for name in names if FILE.fullmatch(name)]
    wanted = [MANIFEST, *(entry_of(name) for name in manifest.tables),
              *(f"certificates/{name}" for name in manifest.certificates)]
    named = all(CERTIFICATE.fullmatch(name) for name in manifest.certificates) and len(set(names)) == len(names)
    if not named or sorted(names) != sorted([*wanted, *files]) or len(files) != manifest.files:
        raise BrokenBackup("isinya berbeda dari daftarnya")
    for table in manifest.tables.values():
        with archive.open(entry_of(table.name)) as lines, _readable(table.name):
            if digest_of(lines) != table.sha256:
                raise BrokenBackup(f"tabel {table.name} berbeda dari catatannya")
