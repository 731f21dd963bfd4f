"""What an analyst is told about files that are not in force: a diagram, several files or a folder, uploaded and judged.

Nothing of it is kept. A diagram alone is judged in the place of the one in force, with that edition's forms and letters.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from lxml import etree

from engine.authoring.folder import MOST_BYTES, MOST_FILES
from engine.authoring.lint import FAULT, Finding, Known, check_diagram, check_edition
from engine.authoring.lint.edition import process_of
from engine.authoring.lint.reading import MODEL, Unreadable, read_tree
from engine.errors import NotFound, Refusal
from engine.handling import Handler
from engine.runtime.catalog import Catalog

MOST_TOGETHER = 32 << 20
"""Bytes of all files of one examination, unpacked."""

ROOMS = ("processes", "forms")
DIAGRAM, TOML = ".bpmn", "process.toml"


class CannotExamine(Refusal):
    """The upload holds nothing that could be judged."""

    code = "tidak_dapat_diperiksa"
    advice = "Pilih satu berkas .bpmn, beberapa berkas proses, atau satu .zip berisi folder proses."


@dataclass(frozen=True)
class Examined:
    """What was looked at, the diagram to draw (None when it cannot be drawn), and every finding."""

    name: str
    instead_of: str
    diagram: str | None
    findings: tuple[Finding, ...]
    files: int

    @property
    def sound(self) -> bool:
        """True when nothing keeps it from being deployed."""
        return not any(one.severity == FAULT for one in self.findings)


@dataclass(frozen=True)
class Examination:
    """Judges uploads against what is in force."""

    catalog: Catalog
    handlers: Mapping[str, Handler]

    def of(self, sent: Mapping[str, bytes], process: str = "") -> Examined:
        """Judge what was sent: file name -> content. `process` = whose diagram a lone .bpmn would replace."""
        found = _laid_out(_unpacked(sent))
        name = process_of(found)
        if name is not None:
            return self._edition(name, found, sent)
        diagrams = [path for path in found if path.endswith(DIAGRAM)]
        if len(diagrams) != 1:
            raise CannotExamine(f"{len(diagrams)} diagrams, no {TOML}")
        return self._diagram(PurePosixPath(diagrams[0]).name, found[diagrams[0]], process)

    def _edition(self, name: str, found: Mapping[str, bytes], sent: Mapping[str, bytes]) -> Examined:
        """A whole folder; what it shares with other processes, and forms it does not bring, come from what is in force."""
        known = self._in_force(name)
        brings_forms = any(path.startswith(f"forms/{name}/") for path in found)
        rest = {path: content for path, content in known.items()
                if "/_shared/" in path or (path.startswith("forms/") and not brings_forms)}
        files = rest | dict(found)
        diagram = files.get(f"processes/{name}/{name}{DIAGRAM}")
        title = ", ".join(sorted(sent)[:3]) + (" …" if len(sent) > 3 else "")
        return Examined(title, "", drawable(diagram), tuple(check_edition(files, self.handlers)), len(found))

    def _diagram(self, name: str, source: bytes, process: str) -> Examined:
        wanted = process or self._meant(source)
        files = dict(self._in_force(wanted))
        if not files:
            alone = check_diagram(source, Known(handlers=self.handlers, place=name))
            return Examined(name, "", drawable(source), tuple(alone), 1)
        path = f"processes/{wanted}/{wanted}{DIAGRAM}"
        found = check_edition({**files, path: source}, self.handlers)
        return Examined(name, wanted, drawable(source), tuple(one for one in found if _about(one, path)), 1)

    def _in_force(self, process: str) -> Mapping[str, bytes]:
        """The files of the edition in force; {} for a process that has none."""
        try:
            return self.catalog.current(process).files if process else {}
        except NotFound:
            return {}

    def _meant(self, source: bytes) -> str:
        """The process in force whose diagram has the id that this one has; empty when there is none."""
        try:
            ids = {one.get("id", "").replace("_", "-") for one in read_tree(source).iter(f"{{{MODEL}}}process")}
        except Unreadable:
            return ""
        return next((one.process.id for one in self.catalog.in_force() if one.process.id in ids), "")


def _about(one: Finding, path: str) -> bool:
    """Findings about the diagram, and faults that it causes elsewhere; cautions about unchanged files are left out."""
    return one.place == path or one.severity == FAULT


def drawable(source: bytes | None) -> str | None:
    """The diagram as text for a browser's viewer, written anew so that only plain XML leaves; None when it is none."""
    if source is None:
        return None
    try:
        return etree.tostring(read_tree(source), encoding="unicode")
    except Unreadable:
        return None


def _unpacked(sent: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files themselves; archives opened, with a limit on what may come out of them."""
    found: dict[str, bytes] = {}
    for name, content in sent.items():
        found |= _opened(content) if zipfile.is_zipfile(io.BytesIO(content)) else {name: content}
    if len(found) > MOST_FILES or sum(map(len, found.values())) > MOST_TOGETHER:
        raise CannotExamine("too much", advice="Terlalu banyak atau terlalu besar; kirim satu folder proses saja.")
    return found


def _opened(archive: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as box:
            for entry in box.infolist()[:MOST_FILES + 1]:
                if not entry.is_dir():
                    with box.open(entry) as file:
                        found[entry.filename] = file.read(MOST_BYTES + 1)
                if sum(map(len, found.values())) > MOST_TOGETHER:
                    break
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as fault:
        raise CannotExamine(str(fault), advice="Berkas .zip ini tidak dapat dibuka. Buat lagi tanpa kata sandi.") from fault
    return found


def _laid_out(found: Mapping[str, bytes]) -> dict[str, bytes]:
    """Each file at its place in the house, wherever the folder lay in the archive."""
    toml = next((path for path in sorted(found, key=len) if PurePosixPath(path).name == TOML), None)
    if toml is None:
        return dict(found)
    folder = PurePosixPath(toml).parent
    name = folder.name or _named_by(found)
    outside = folder.parent.parent if folder.parent.name == ROOMS[0] else folder.parent
    return {_place(PurePosixPath(path), folder, outside, name): content for path, content in found.items()}


def _named_by(found: Mapping[str, bytes]) -> str:
    """Files sent without a folder: the diagram says whose they are."""
    return next((PurePosixPath(path).stem for path in found if path.endswith(DIAGRAM)), "proses")


def _place(path: PurePosixPath, folder: PurePosixPath, outside: PurePosixPath, name: str) -> str:
    if path.is_relative_to(outside / "forms"):
        return str(path.relative_to(outside))
    if path.is_relative_to(folder):
        inside = path.relative_to(folder)
        return f"forms/{name}/{inside}" if path.suffix == ".json" and len(inside.parts) == 1 else f"processes/{name}/{inside}"
    return str(path.relative_to(outside)) if path.is_relative_to(outside) else str(path)
