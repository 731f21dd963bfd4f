"""Close the file of a case with its print-out."""

from engine.handling import Outcome, TaskContext, handler


@handler("archive_case")
def archive_case(context: TaskContext) -> Outcome:
    """The print-out is a document of the case like any other."""
    return Outcome(values=context.archive.close())
