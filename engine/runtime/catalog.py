"""Editions: the files of a process gathered, pinned by hash, deployed, and parsed when a case needs them."""

from __future__ import annotations

import json
import tomllib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from engine.clock import Clock, stamp
from engine.errors import DefinitionRefused, NotFound
from engine.rules.events import process_chain
from engine.rules.form import Form, load_form
from engine.rules.people import Actor
from engine.rules.process import Process, load_process
from engine.runtime.diagram import Diagram, load
from engine.store import editions, journal, locks
from engine.store.database import Connection, Database
from engine.store.editions import EditionRow, edition_hash

KEPT = 256
"""Parsed editions kept in memory (about 0.4 MB each)."""

SKIPPED = ("scenarios", "kalender.toml")
"""What lies beside an edition and is not part of it: examples, and the calendar of the office."""


@dataclass(frozen=True, eq=False)
class Edition:
    """A deployed process: every file as it was put into force, and what it means."""

    row: EditionRow
    files: Mapping[str, bytes] = field(repr=False)

    @property
    def hash(self) -> str:
        """The edition's hash."""
        return self.row.hash

    @cached_property
    def process(self) -> Process:
        """What process.toml says."""
        return load_process(own_files(self.files, self.row.process))

    @cached_property
    def source(self) -> bytes:
        """The bytes of the diagram."""
        return diagram_source(self.files, self.row.process)

    @property
    def diagram(self) -> Diagram:
        """The executable diagram."""
        return load(self.source)

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """Every form by name."""
        return load_forms(self.files, self.row.process)

    @cached_property
    def office(self) -> Mapping[str, Any]:
        """The office's letterhead and contacts (processes/_shared/kantor.toml)."""
        return shared_table(self.files, "kantor.toml")

    def form_of(self, activity: str) -> Form:
        """The form of a user task."""
        return self.forms[self.form_name(activity)]

    def form_name(self, activity: str) -> str:
        """The name of a user task's form: the property `formulir`, else the task's id."""
        return self.diagram.activities[activity].properties.get("formulir") or activity

    def post_of(self, lane: str | None) -> str:
        """The post behind a lane of the diagram."""
        found = self.process.lane_named(lane)
        if found is None:
            raise DefinitionRefused(f"lane {lane!r}", advice=f"Lajur “{lane}” belum ada di process.toml.")
        return found.post


def own_files(files: Mapping[str, bytes], process: str) -> dict[str, bytes]:
    """The files of a process's own folder, named relative to it."""
    start = f"processes/{process}/"
    return {path[len(start):]: content for path, content in files.items() if path.startswith(start)}


def diagram_source(files: Mapping[str, bytes], process: str) -> bytes:
    """The diagram among an edition's files."""
    path = f"processes/{process}/{process}.bpmn"
    if path not in files:
        raise DefinitionRefused(path, advice=f"Berkas {path} belum ada.")
    return files[path]


def load_forms(files: Mapping[str, bytes], process: str) -> dict[str, Form]:
    """The forms among an edition's files, by name."""
    shared = {Path(path).stem: _json(path, content) for path, content in files.items() if path.startswith("forms/_shared/")}
    start = f"forms/{process}/"
    return {Path(path).stem: load_form(_json(path, content), shared) for path, content in sorted(files.items())
            if path.startswith(start) and path.endswith(".json")}


def _json(path: str, content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as fault:
        raise DefinitionRefused(path, advice=f"{path} bukan JSON yang sah: {fault}.") from fault


def shared_table(files: Mapping[str, bytes], name: str) -> Mapping[str, Any]:
    """A TOML table of processes/_shared, or {} when there is none."""
    content = files.get(f"processes/_shared/{name}")
    return tomllib.loads(content.decode("utf-8")) if content else {}


def gather(processes: Path, forms: Path, process: str) -> dict[str, bytes]:
    """Every file of an edition, from the working folders, by its path in the house."""
    if not (processes / process / "process.toml").is_file():
        raise NotFound(f"process {process}", advice=f"Proses “{process}” tidak ada di folder {processes}.")
    found: dict[str, bytes] = {}
    for root, folder, kinds in ((processes, process, ()), (processes, "_shared", ()), (forms, process, (".json",)),
                                (forms, "_shared", (".json",))):
        found |= _folder(root, folder, kinds)
    return found


def _folder(root: Path, folder: str, kinds: tuple[str, ...]) -> dict[str, bytes]:
    base = "forms" if kinds else "processes"
    found = {}
    for path in sorted((root / folder).rglob("*")):
        inside = path.relative_to(root / folder)
        if path.is_file() and not path.is_symlink() and inside.parts[0] not in SKIPPED and not path.name.startswith("."):
            if not kinds or path.suffix in kinds:
                found[f"{base}/{folder}/{inside.as_posix()}"] = path.read_bytes()
    return found


def available(processes: Path) -> list[str]:
    """The processes in the working folder."""
    return sorted(path.parent.name for path in processes.glob("*/process.toml") if not path.parent.name.startswith("_"))


class Catalog:
    """Deployed editions of one database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._kept: OrderedDict[str, Edition] = OrderedDict()

    def edition(self, wanted: str) -> Edition:
        """An edition by hash; NotFound when it was never deployed here."""
        found = self._kept.get(wanted)
        if found is None:
            with self._database.reading() as connection:
                row = editions.find(connection, wanted)
                if row is None:
                    raise NotFound(f"edition {wanted[:12]}")
                found = Edition(row, editions.files(connection, wanted))
            self._kept[wanted] = found
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def listed(self) -> list[EditionRow]:
        """Every edition ever deployed."""
        with self._database.reading() as connection:
            return editions.listed(connection)

    def current(self, process: str) -> Edition:
        """The edition in force for new cases; NotFound when the process is not deployed."""
        rows = [row for row in self.listed() if row.process == process]
        if not rows:
            raise NotFound(f"process {process}", advice="Layanan ini belum tersedia di kantor ini.")
        return self.edition(rows[-1].hash)

    def in_force(self) -> list[Edition]:
        """The edition in force of each process."""
        newest = {row.process: row.hash for row in self.listed()}
        return [self.edition(one) for one in newest.values()]

    def deploy(self, process: str, files: Mapping[str, bytes], by: Actor) -> Edition:
        """Put an edition into force. Deploying the edition in force again changes nothing."""
        wanted = edition_hash(files)
        known = [row for row in self.listed() if row.process == process]
        if known and known[-1].hash == wanted:
            return self.edition(wanted)
        with self._database.transaction() as connection:
            row = EditionRow(wanted, process, load(diagram_source(files, process)).meaning, stamp(self._clock.now()),
                             by.account, editions.next_number(connection, process))
            if editions.find(connection, wanted) is not None:
                raise DefinitionRefused(wanted, advice="Edisi ini pernah berlaku; naikkan `versi` di process.toml.")
            editions.save(connection, row, files)
            self._note(connection, row, by)
        return self.edition(wanted)

    def _note(self, connection: Connection, row: EditionRow, by: Actor) -> None:
        chain = process_chain(row.process)
        locks.hold(connection, chain)
        happened = {"chain": chain, "kind": "deployed", "at": row.deployed_at, "actor": by.record(), "state_digest": None}
        body = {"edition": row.hash, "meaning": row.meaning, "number": row.number}
        journal.append(connection, [journal.entry(journal.head(connection, chain), happened, body, self._clock.new_salt())])
