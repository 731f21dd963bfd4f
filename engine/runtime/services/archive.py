"""The end of a case: the print-out from receipt to decision with its timeline, as one PDF ("elektronik dan manual")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.runtime.services.letters import CaseLetters
from engine.runtime.services.order import Order
from engine.store import papers


@dataclass(frozen=True)
class CaseArchive:
    """engine.handling.Archive for one effect."""

    order: Order
    letters: CaseLetters

    def close(self) -> Mapping[str, Any]:
        """Make the print-out: its cover with the timeline, then every document of the case in its newest version."""
        kind = self.order.edition.process.print_out
        if kind is None:
            return {"document": None}
        return dict(self.letters.render(kind, self._behind(kind)))

    def _behind(self, kind: str) -> list[bytes]:
        with self.order.house.database.reading() as connection:
            rows = papers.of_case(connection, self.order.row.id)
        newest = {row.kind: row for row in rows if row.kind != kind and not row.draft}
        return [self.order.house.files.read(row.case, row.sha256) for row in newest.values()]
