"""Numbers of registers for one case: reserved once, voided with a reason, each journaled on the office's chain.

The effect is claimed before the office's chain, always in this order: nobody waits in a circle, and who waits for the chain
waits only for what must stand on it.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.clock import stamp
from engine.errors import HandlerFailed
from engine.marks import mark
from engine.rules.events import OFFICE
from engine.rules.numbering import compile_pattern, registration_number
from engine.rules.people import SYSTEM
from engine.rules.process import Register
from engine.runtime.services.order import Order
from engine.runtime.transitions import note_office
from engine.store import locks, register
from engine.store.database import Connection
from engine.store.register import NumberRow


@dataclass(frozen=True)
class CaseNumbers:
    """engine.handling.Numbers for one effect."""

    order: Order

    def names_cases(self, register: str) -> bool:
        """True for the register whose numbers people call cases by."""
        return register == self.order.edition.process.register

    def reserve(self, register_id: str) -> str:
        """The number this effect took, else the live one of the case in the register; taken now if there is none."""
        declared = self._declared(register_id)
        order, house = self.order, self.order.house
        with house.database.transaction() as connection:
            known = self._known(connection, register_id)
            if known is None:
                order.claim(connection)
                known = self._known(connection, register_id)   # who held the effect before may have taken one
            if known is not None:
                return known.text
            locks.hold(connection, OFFICE)
            wanted = NumberRow(register_id, order.today.year, 0, "", order.row.id, order.key, stamp(house.clock.now()))
            made = register.reserve(connection, wanted, lambda sequence: self._text(declared, sequence))
            note_office(connection, house.clock, "number_reserved", SYSTEM, {
                "register": register_id, "number": made.text, "case": order.row.id, "key": order.key})
            mark("number_in_commit")
        mark("number_reserved")
        return made.text

    def void(self, register_id: str, reason: str) -> str | None:
        """Void the live number of this case, if there is one."""
        with self.order.house.database.transaction() as connection:
            if register.live(connection, register_id, self.order.row.id) is None:
                return None
            self.order.claim(connection)
            locks.hold(connection, OFFICE)
            known = register.live(connection, register_id, self.order.row.id)
            if known is None:
                return None
            return self._void(connection, known, reason)

    def void_own(self, reason: str) -> str | None:
        """Void the number that this very effect reserved, if it is still live."""
        with self.order.house.database.transaction() as connection:
            locks.hold(connection, OFFICE)
            own = [one for one in register.of_case(connection, self.order.row.id)
                   if one.key == self.order.key and one.voided_at is None]
            return self._void(connection, own[0], reason) if own else None

    def _known(self, connection: Connection, register_id: str) -> NumberRow | None:
        """The number that this effect took, else the live one of the case."""
        return (register.of_effect(connection, register_id, self.order.row.id, self.order.key)
                or register.live(connection, register_id, self.order.row.id))

    def _void(self, connection: Connection, known: NumberRow, reason: str) -> str:
        order, house = self.order, self.order.house
        register.void(connection, known, stamp(house.clock.now()), reason)
        note_office(connection, house.clock, "number_voided", SYSTEM, {
            "register": known.register, "number": known.text, "case": order.row.id, "key": order.key, "reason": reason})
        return known.text

    def _declared(self, register_id: str) -> Register:
        found = self.order.edition.process.registers.get(register_id)
        if found is None:
            raise HandlerFailed("register_tidak_ada", f"Register “{register_id}” belum ada di process.toml.")
        return found

    def _text(self, declared: Register, sequence: int) -> str:
        order = self.order
        if self.names_cases(declared.id):
            return registration_number(order.edition.process.prefix, order.today.year, sequence)
        return compile_pattern(declared.pattern, declared.words).number(sequence, order.today)
