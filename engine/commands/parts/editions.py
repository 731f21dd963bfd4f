"""Which edition would go into force, is it fit, and how does it differ from the one in force?"""

from __future__ import annotations

from collections.abc import Mapping

from engine.assembly import Edition, Engine
from engine.authoring.difference import differences
from engine.authoring.folder import edition_files
from engine.authoring.lint import FAULT, Finding, check_edition
from engine.commands.parts.answers import tell
from engine.errors import NotFound
from engine.rules.people import SYSTEM
from engine.runtime.catalog import available, gather

SHOWN_CHANGES = 5


def in_force(engine: Engine, process: str) -> Edition | None:
    """The edition that new cases start with."""
    try:
        return engine.catalog.current(process)
    except NotFound:
        return None


def faults(engine: Engine, process: str) -> list[Finding]:
    """What keeps the working files of a process from going into force."""
    settings = engine.settings
    files = edition_files(settings.processes, settings.forms, process)
    return [one for one in check_edition(files, engine.handlers) if one.severity == FAULT]


def working_files(engine: Engine, process: str) -> dict[str, bytes]:
    """The files of a process as they lie in the working folders."""
    return gather(engine.settings.processes, engine.settings.forms, process)


def put_into_force(engine: Engine, process: str) -> Edition:
    """Deploy the working files."""
    return engine.catalog.deploy(process, working_files(engine, process), SYSTEM)


def difference(before: Edition | None, files: Mapping[str, bytes]) -> list[str]:
    """What deploying these files would change, one line for each file and each element of the diagram."""
    return [str(one) for one in differences(before.files if before else {}, files)]


def deploy_new(engine: Engine) -> None:
    """Put into force what never was; for the rest say how the files differ, and change nothing."""
    for process in available(engine.settings.processes):
        before = in_force(engine, process)
        if before is None:
            _first(engine, process)
            continue
        changes = difference(before, working_files(engine, process))
        if changes:
            more = f"; dan {len(changes) - SHOWN_CHANGES} lagi" if len(changes) > SHOWN_CHANGES else ""
            tell(f"Proses {process}: {len(changes)} hal berbeda dari edisi {before.row.number} yang berlaku "
                 f"({'; '.join(changes[:SHOWN_CHANGES])}{more}). Tidak ada yang diubah; berlakukan dengan "
                 f"`./izin deploy {process}`.")


def _first(engine: Engine, process: str) -> None:
    found = faults(engine, process)
    if found:
        tell(f"Proses {process} belum layak diberlakukan: {len(found)} galat; lihat `./izin check {process}`.")
        return
    edition = put_into_force(engine, process)
    tell(f"Proses {process}: edisi {edition.row.number} ({edition.hash[:12]}) berlaku.")
