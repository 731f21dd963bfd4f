"""Give a document out: to the applicant, and a licence to the public register."""

from collections.abc import Mapping
from typing import Any

from engine.handling import Outcome, TaskContext, handler


def take_back(context: TaskContext, _receipt: Mapping[str, Any]) -> None:
    """The case ended otherwise meanwhile: the licence does not stand."""
    context.letters.withdraw_own()


@handler("publish_document", options=("dokumen",), compensate=take_back)
def publish_document(context: TaskContext) -> Outcome:
    """Once: publishing again changes nothing."""
    return Outcome(values=context.letters.publish(context.option("dokumen")))
