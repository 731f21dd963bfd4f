"""The end of a case: the print-out from receipt to decision with its timeline, as one PDF ("elektronik dan manual")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.runtime.services.letters import CaseLetters
from engine.runtime.services.order import Order
from engine.store import papers

PRINT_OUT = "berkas_cetak"
"""The document kind of the print-out; a process that declares none is archived without."""


@dataclass(frozen=True)
class CaseArchive:
    """engine.handling.Archive for one effect."""

    order: Order
    letters: CaseLetters

    def close(self) -> Mapping[str, Any]:
        """Make the print-out: its cover with the timeline, then every document of the case in its newest version."""
        if PRINT_OUT not in self.order.edition.process.documents:
            return {"document": None}
        return dict(self.letters.render(PRINT_OUT, self._behind()))

    def _behind(self) -> list[bytes]:
        with self.order.house.database.reading() as connection:
            rows = papers.of_case(connection, self.order.row.id)
        newest = {row.kind: row for row in rows if row.kind != PRINT_OUT and not row.draft}
        return [self.order.house.files.read(row.case, row.sha256) for row in newest.values()]
