"""Make the applicant's account from the account form; the applicant of the case is the new account."""

from engine.handling import Outcome, TaskContext, handler


@handler("create_account")
def create_account(context: TaskContext) -> Outcome:
    """Once per effect: asking again gives the same account."""
    made = context.accounts.create_applicant()
    return Outcome(values=made, applicant=made["account"])
