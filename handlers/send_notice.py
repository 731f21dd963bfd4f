"""Queue a message to the applicant or to the holders of a post."""

from engine.handling import Outcome, TaskContext, handler


@handler("send_notice", options=("pesan", "kepada"))
def send_notice(context: TaskContext) -> Outcome:
    """Queued once per effect; delivery is the worker's, at least once with the same Message-ID."""
    return Outcome(values=context.notices.send(context.option("pesan"), context.options.get("kepada")))
