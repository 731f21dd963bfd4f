"""The end of a case: the print-out from receipt to decision with its timeline, as one PDF ("elektronik dan manual")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.runtime.services.letters import CaseLetters
from engine.runtime.services.order import Order

PRINT_OUT = "berkas_cetak"
"""The document kind of the print-out; a process that declares none is archived without."""


@dataclass(frozen=True)
class CaseArchive:
    """engine.handling.Archive for one effect."""

    order: Order
    letters: CaseLetters

    def close(self) -> Mapping[str, Any]:
        """Make the print-out."""
        if PRINT_OUT not in self.order.edition.process.documents:
            return {"document": None}
        return dict(self.letters.render(PRINT_OUT))
