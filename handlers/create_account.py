"""Make the applicant's account from the account form; the applicant of the case is the new account."""

from collections.abc import Mapping
from typing import Any

from engine.handling import Outcome, TaskContext, handler


def close(context: TaskContext, _receipt: Mapping[str, Any]) -> None:
    """The case ended meanwhile: an account that nobody was told of is closed."""
    context.accounts.close_own()


@handler("create_account", compensate=close)
def create_account(context: TaskContext) -> Outcome:
    """Once per effect: asking again gives the same account."""
    made = context.accounts.create_applicant()
    return Outcome(values=made, applicant=made["account"])
