"""Which case does a person mean: by its registration number, or by its id?"""

from __future__ import annotations

from engine.assembly import Engine
from engine.errors import CannotRun, NotFound


def case_id(engine: Engine, wanted: str) -> str:
    """The id of a case; CannotRun when there is none."""
    for look in (engine.cases.find_by_number, engine.cases.find):
        try:
            return look(wanted).id
        except NotFound:
            continue
    raise CannotRun(f"case {wanted}", advice=f"Berkas “{wanted}” tidak ada di kantor ini; sebutkan nomor pendaftarannya.")
