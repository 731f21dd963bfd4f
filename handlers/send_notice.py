"""Queue a message to the applicant or to the holders of a post."""

from collections.abc import Mapping
from typing import Any

from engine.handling import Outcome, TaskContext, handler


def take_back(context: TaskContext, _receipt: Mapping[str, Any]) -> None:
    """The case ended meanwhile: what has not gone out yet does not go out."""
    context.notices.take_back_own()


@handler("send_notice", options=("pesan", "kepada"), compensate=take_back)
def send_notice(context: TaskContext) -> Outcome:
    """Queued once per effect; delivery is the worker's, at least once with the same Message-ID."""
    return Outcome(values=context.notices.send(context.option("pesan"), context.options.get("kepada")))
