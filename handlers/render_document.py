"""Render a letter of the case."""

from engine.handling import Outcome, TaskContext, handler


@handler("render_document", options=("dokumen",))
def render_document(context: TaskContext) -> Outcome:
    """The receipt names the document; the one that starts the promise to the applicant says so."""
    kind = context.option("dokumen")
    return Outcome(values=context.letters.render(kind), received=context.letters.starts_promise(kind))
