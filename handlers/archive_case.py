"""Close the file of a case with its print-out."""

from collections.abc import Mapping
from typing import Any

from engine.handling import Outcome, TaskContext, handler


def take_back(context: TaskContext, _receipt: Mapping[str, Any]) -> None:
    """The case ended otherwise meanwhile: its print-out is thrown away."""
    context.letters.take_back_own()


@handler("archive_case", compensate=take_back)
def archive_case(context: TaskContext) -> Outcome:
    """The print-out is a document of the case like any other."""
    return Outcome(values=context.archive.close())
