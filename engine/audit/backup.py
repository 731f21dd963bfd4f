"""A whole office in one file, written while it runs: rows, files and certificates as of one moment; no key, no passphrase.

    manifest.json                 release, revision, moment, tables with counts and digests, chain heads and states, files
    tables/<name>.jsonl           one row a line (engine.store.snapshot)
    files/<holder>/<sha256>       attachments and documents, named by their own digest
    certificates/<folder>/<name>  public only: roots by which documents are judged (akar, uji), signers' own (penanda)
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from engine.digest import canonical, parse_canonical, sha256
from engine.documents.authority import TestAuthority
from engine.documents.signing import read_certificate
from engine.errors import CannotRun, NotCanonical
from engine.runtime.cases import VERSION
from engine.runtime.signatories import PEOPLE, TRUSTED, further
from engine.store import schema, snapshot
from engine.store.database import Connection, Database
from engine.store.files import FileStore
from engine.store.snapshot import Standing, TableFacts

FORMAT = 1
MANIFEST = "manifest.json"
PRIVATE = 0o600
"""Mode of a backup: it holds what applicants told the office."""

LEFT_OUT = ("kunci penanda tangan dan kunci otoritas", "kunci induk", "frasa sandi", "sesi masuk", "surat di folder mail")
"""What is not in a backup, as people are told."""

EVERY = 10_000
"""Rows or files between two words on the way."""

CHUNK = 1 << 18

Progress = Callable[[str, int], None]
"""Called with what is being copied and how much of it is done."""


@dataclass(frozen=True)
class Holdings:
    """What an office owns: rows, files, and the folder of its keys."""

    database: Database
    store: FileStore
    keys: Path


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself."""

    release: str
    revision: str
    made_at: str
    database: str
    tables: Mapping[str, TableFacts]
    standing: Standing
    files: int
    bytes: int
    missing: tuple[str, ...]
    certificates: Mapping[str, str]
    left_out: tuple[str, ...] = field(default=LEFT_OUT)

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(one.rows for one in self.tables.values())

    def record(self) -> dict[str, Any]:
        """As it stands in the file and in answers."""
        return asdict(self) | {"format": FORMAT}

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Manifest:
        """Read back; KeyError, TypeError or ValueError for anything else than record() wrote."""
        if record["format"] != FORMAT:
            raise ValueError(f"format {record['format']}")
        tables = {name: TableFacts(one["name"], tuple(one["columns"]), tuple(one["raw"]), one["rows"], one["sha256"])
                  for name, one in record["tables"].items()}
        plain = ("release", "revision", "made_at", "database", "files", "bytes", "certificates")
        known = {name: record[name] for name in plain}
        return cls(**known, tables=tables, standing=Standing(**record["standing"]), missing=tuple(record["missing"]),
                   left_out=tuple(record["left_out"]))


def write_backup(office: Holdings, to: Path, at: str, progress: Progress) -> Manifest:
    """Write a backup; the file is there when it is whole, and not before."""
    if to.exists():
        raise CannotRun(str(to), advice=f"Berkas {to} sudah ada dan tidak ditimpa; pilih nama lain.")
    half = to.with_name(f".{to.name}.{os.getpid()}.sebagian")
    try:
        with open(half, "xb", opener=_private) as file:
            with ZipFile(file, "w", ZIP_DEFLATED) as archive:
                manifest = _write(office, archive, at, progress)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, to)
    except OSError as fault:
        raise CannotRun(f"{to}: {fault}", advice=f"Cadangan {to} tidak dapat ditulis ({fault.strerror}).") from fault
    finally:
        half.unlink(missing_ok=True)
    return manifest


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE)


def _write(office: Holdings, archive: ZipFile, at: str, progress: Progress) -> Manifest:
    revision = schema.revision(office.database)
    with office.database.snapshot() as view:
        # The first statement fixes the view on both databases; all that follows sees the same moment.
        tables = {one.name: one for one in _tables(view, archive, progress)}
        standing = snapshot.standing(view)
        files = _Files(archive, office.store)
        for number, (holder, digest) in enumerate(snapshot.files(view), 1):
            files.add(holder, digest)
            if number % EVERY == 0:
                progress("file", number)
    progress("file", files.count)
    certificates = certificates_of(office.keys)
    for name, content in certificates.items():
        archive.writestr(_entry(f"certificates/{name}"), content)
    manifest = Manifest(VERSION, revision or "", at, office.database.url.get_backend_name(), tables, standing, files.count,
                        files.bytes, tuple(files.missing), {name: sha256(one) for name, one in certificates.items()})
    archive.writestr(_entry(MANIFEST), canonical(manifest.record()))
    return manifest


def _tables(view: Connection, archive: ZipFile, progress: Progress) -> Iterator[TableFacts]:
    for table in snapshot.carried(view):
        outgoing = snapshot.Outgoing(view, table)
        with archive.open(_entry(entry_of(table.name)), "w", force_zip64=True) as out:
            for line in outgoing:
                out.write(line)
                if outgoing.rows % EVERY == 0:
                    progress(table.name, outgoing.rows)
        progress(table.name, outgoing.rows)
        yield outgoing.facts


def entry_of(table: str) -> str:
    """Where a table lies in the file."""
    return f"tables/{table}.jsonl"


class _Files:
    """Copies registered files into the archive; one that is gone or altered is named, and the rest goes on."""

    def __init__(self, archive: ZipFile, store: FileStore) -> None:
        self._archive, self._store = archive, store
        self.count, self.bytes = 0, 0
        self.missing: list[str] = []

    def add(self, holder: str, digest: str) -> None:
        """Copy one file."""
        name = f"{holder}/{digest}"
        try:
            with open(self._store.path(holder, digest), "rb") as source:
                # Pictures and PDF are packed already.
                with self._archive.open(_entry(f"files/{name}", ZIP_STORED), "w", force_zip64=True) as out:
                    found = digest_of(source, out.write)
                self.bytes += source.tell()
        except FileNotFoundError:
            self.missing.append(name)
            return
        self.count += 1
        if found != digest:
            self.missing.append(name)


def digest_of(source: IO[bytes], also: Callable[[bytes], object] = len) -> str:
    """SHA-256 of a stream, read piece by piece; each piece is handed on."""
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        also(chunk)
    return digest.hexdigest()


def _entry(name: str, way: int = ZIP_DEFLATED) -> ZipInfo:
    entry = ZipInfo(name)
    entry.compress_type, entry.external_attr = way, PRIVATE << 16
    return entry


TRIAL = "uji"
"""Folder of the test authority."""


def certificates_of(keys: Path) -> dict[str, bytes]:
    """What is public in a folder of keys: every trusted root, by its fingerprint, and the certificates of signers."""
    roots = [(TRIAL, one) for one in TestAuthority(keys / TRIAL).roots] + [(TRUSTED, one) for one in further(keys)]
    found = {f"{kind}/{read_certificate(one).fingerprint}.pem": one for kind, one in roots}
    return found | {f"{PEOPLE}/{path.name}": path.read_bytes() for path in sorted((keys / PEOPLE).glob("*.crt"))}


def read_manifest(archive: ZipFile) -> Manifest:
    """The manifest of an opened backup; ValueError when it is none."""
    try:
        return Manifest.of(cast("dict[str, Any]", parse_canonical(archive.read(MANIFEST))))
    except (KeyError, TypeError, AttributeError, NotCanonical) as fault:
        raise ValueError(f"manifest: {type(fault).__name__}") from fault
