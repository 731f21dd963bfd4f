"""Void the live number of the case in a register; its row stays with the reason."""

from engine.handling import Outcome, TaskContext, handler

REASON = "Dibatalkan sebelum dipakai"


@handler("void_number", options=("register", "alasan"))
def void_number(context: TaskContext) -> Outcome:
    """Nothing happens when the case has no live number there."""
    register = context.option("register")
    voided = context.numbers.void(register, str(context.options.get("alasan") or REASON))
    return Outcome(values={"register": register, "nomor": voided})
