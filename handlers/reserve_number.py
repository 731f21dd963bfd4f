"""Reserve a number of a register, once per case while it is live."""

from collections.abc import Mapping
from typing import Any

from engine.handling import Outcome, TaskContext, handler


def give_back(context: TaskContext, _receipt: Mapping[str, Any]) -> None:
    """The case ended meanwhile: the number this effect took is voided with its reason."""
    context.numbers.void_own("Permohonan berakhir sebelum nomor dipakai")


@handler("reserve_number", options=("register",), compensate=give_back)
def reserve_number(context: TaskContext) -> Outcome:
    """The live number of the case in the register."""
    register = context.option("register")
    number = context.numbers.reserve(register)
    called = number if context.numbers.names_cases(register) else None
    return Outcome(values={"register": register, "nomor": number}, number=called)
