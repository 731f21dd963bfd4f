"""Is this process, folder or diagram fit to be deployed? Findings by file; touches no office's folder."""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.assembly import load_handlers
from engine.authoring.folder import edition_files, read_limited
from engine.authoring.lint import FAULT, Finding, Known, check_diagram, check_edition
from engine.errors import CannotRun
from engine.handling import Handler
from engine.runtime.catalog import available
from engine.settings import Settings, read_settings

NAME = "check"
HELP = "Periksa proses, folder, atau berkas .bpmn sebelum diberlakukan; tanpa nama, semua proses."

Handlers = Mapping[str, Handler]


def arguments(parser: ArgumentParser) -> None:
    """One thing to look at, or nothing for every process."""
    parser.add_argument("sasaran", nargs="?", metavar="PROSES|BERKAS",
                        help="nama proses, folder proses, atau berkas .bpmn")
    parser.add_argument("--json", action="store_true", help="cetak satu dokumen JSON")


def run(args: Namespace) -> int:
    """0 nothing to mend, 1 at least one fault, 2 (CannotRun) nothing to look at."""
    settings = read_settings(os.environ)
    checked, found = judge(args.sasaran, settings, load_handlers(settings.handlers))
    print(as_json(checked, found) if args.json else as_text(checked, found))
    return int(any(one.severity == FAULT for one in found))


def judge(target: str | None, settings: Settings, handlers: Handlers) -> tuple[list[str], list[Finding]]:
    """What was looked at, and what was found."""
    if target is None:
        return _all(settings, handlers)
    path = Path(target)
    if path.is_dir():
        return _folder(path.resolve(), settings, handlers)
    if path.is_file():
        return [target], _file(path, settings, handlers)
    if (settings.processes / target).is_dir():
        return [target], check_edition(edition_files(settings.processes, settings.forms, target), handlers)
    raise CannotRun(target, advice=f"“{target}” bukan proses, folder, atau berkas yang ada.")


def _all(settings: Settings, handlers: Handlers) -> tuple[list[str], list[Finding]]:
    names = available(settings.processes)
    if not names:
        raise CannotRun(str(settings.processes), advice=f"Tidak ada proses di folder {settings.processes}.")
    each = (check_edition(edition_files(settings.processes, settings.forms, name), handlers) for name in names)
    return names, list(itertools.chain.from_iterable(each))


def _folder(folder: Path, settings: Settings, handlers: Handlers) -> tuple[list[str], list[Finding]]:
    """A process folder; its forms stand in a folder `forms` beside `processes`, else in the house's."""
    beside = folder.parent.parent / "forms"
    forms = beside if (beside / folder.name).is_dir() else settings.forms
    return [folder.name], check_edition(edition_files(folder.parent, forms, folder.name), handlers)


def _file(path: Path, settings: Settings, handlers: Handlers) -> list[Finding]:
    """A diagram, with the process it belongs to where that stands around it."""
    folder = path.resolve().parent
    if (folder / "process.toml").is_file() and path.name == f"{folder.name}.bpmn":
        return [one for one in _folder(folder, settings, handlers)[1] if one.place.endswith(f"/{path.name}")]
    return check_diagram(read_limited(path), Known(handlers=handlers, place=str(path)))


def as_json(checked: Sequence[str], found: Sequence[Finding]) -> str:
    """One document."""
    faults = sum(one.severity == FAULT for one in found)
    return json.dumps({"diperiksa": list(checked), "layak": faults == 0, "galat": faults,
                       "peringatan": len(found) - faults,
                       "temuan": [dataclasses.asdict(one) for one in found]}, ensure_ascii=False, indent=2)


def as_text(checked: Sequence[str], found: Sequence[Finding]) -> str:
    """Findings by file, then what they come to."""
    lines: list[str] = []
    for place, group in itertools.groupby(sorted(found, key=lambda one: one.place), key=lambda one: one.place):
        lines += [place, *itertools.chain.from_iterable(_told(one) for one in group), ""]
    faults = sum(one.severity == FAULT for one in found)
    verdict = "Layak diberlakukan" if not faults else "Belum layak diberlakukan"
    return "\n".join([*lines, f"{verdict}: {', '.join(checked)}: {faults} galat, {len(found) - faults} peringatan."])


def _told(one: Finding) -> list[str]:
    where = f" {one.element}" if one.element else ""
    return [f"  {one.severity}{where} [{one.code}]", f"    {one.message}", f"    → {one.remedy}"]
