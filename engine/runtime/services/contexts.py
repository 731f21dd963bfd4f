"""Builds what a handler is given for one effect."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import NotFound
from engine.handling import TaskContext
from engine.runtime.catalog import Catalog
from engine.runtime.services.accounts import CaseAccounts
from engine.runtime.services.archive import CaseArchive
from engine.runtime.services.letters import CaseLetters
from engine.runtime.services.notices import CaseNotices
from engine.runtime.services.numbers import CaseNumbers
from engine.runtime.services.order import House, Order
from engine.runtime.signatories import Signatories
from engine.store import cases
from engine.store.cases import CaseRow
from engine.store.receipts import EffectRow


@dataclass(frozen=True)
class Contexts:
    """Called with an effect, the secret its request holds, and its case if that is known; gives the handler's context."""

    house: House
    catalog: Catalog
    signatories: Signatories

    def __call__(self, effect: EffectRow, secret: str | None, row: CaseRow | None = None) -> TaskContext:
        row = row or self._case(effect.case)
        order = Order(self.house, effect, row, self.catalog.edition(row.edition))
        letters = CaseLetters(order, self.signatories)
        return TaskContext(
            case=row.id, key=effect.key, operation=effect.operation, options=effect.arguments, at=order.at, today=order.today,
            numbers=CaseNumbers(order), letters=letters, notices=CaseNotices(order), accounts=CaseAccounts(order),
            archive=CaseArchive(order, letters), secret=secret)

    def _case(self, wanted: str) -> CaseRow:
        with self.house.database.reading() as connection:
            row = cases.find(connection, wanted)
        if row is None:
            raise NotFound(f"case {wanted}")
        return row
