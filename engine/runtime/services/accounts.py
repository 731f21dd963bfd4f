"""Accounts of applicants, made once per effect from the account form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.clock import stamp
from engine.errors import HandlerFailed
from engine.rules.events import OFFICE
from engine.rules.people import SYSTEM
from engine.runtime.services import letter_values
from engine.runtime.services.order import Order
from engine.runtime.transitions import note_office
from engine.store import directory, locks
from engine.store.database import Connection
from engine.store.directory import AccountRow


@dataclass(frozen=True)
class CaseAccounts:
    """engine.handling.Accounts for one effect."""

    order: Order

    def create_applicant(self) -> Mapping[str, Any]:
        """Make the account; the activation link goes out with the notice that follows."""
        order, house = self.order, self.order.house
        with house.database.transaction() as connection:
            locks.hold(connection, OFFICE)
            known = directory.account_by_key(connection, order.key)
            if known is None:
                order.claim(connection)
                known = self._row(connection, letter_values.account_form(order))
                directory.save_account(connection, known)
                note_office(connection, house.clock, "account_created", SYSTEM, {"account": known.id, "case": order.row.id,
                                                                                 "key": order.key, "staff": False})
        return {"account": known.id}

    def close_own(self) -> None:
        """Close the account that this very effect made: its case is over, and nobody was told of it."""
        order, house = self.order, self.order.house
        with house.database.transaction() as connection:
            known = directory.account_by_key(connection, order.key)
            if known is not None and known.active:
                directory.change_account(connection, known.id, active=False)
                note_office(connection, house.clock, "account_changed", SYSTEM, {
                    "account": known.id, "case": order.row.id, "key": order.key, "active": False})

    def _row(self, connection: Connection, typed: Mapping[str, str]) -> AccountRow:
        clock = self.order.house.clock
        if not typed.get("surel"):
            raise HandlerFailed("surel_kosong", "Formulir akun tidak memuat alamat surel, jadi akun tidak dapat dibuat.")
        username = _free_name(connection, typed.get("nama_pengguna") or typed["surel"])
        return AccountRow(clock.new_id(), username, typed.get("nama", ""), typed["surel"], False, True, stamp(clock.now()),
                          phone=typed.get("telepon", ""), identity=typed.get("nik", ""), key=self.order.key)


def _free_name(connection: Connection, wanted: str) -> str:
    """The user name, with a number behind it when somebody has it already."""
    name, count = wanted.strip().lower()[:70], 1
    free = name
    while directory.account_named(connection, free) is not None:
        count += 1
        free = f"{name}{count}"
    return free
