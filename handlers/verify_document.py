"""Judge the signed decision as anyone would before it is given out."""

from engine.handling import Outcome, TaskContext, handler


@handler("verify_document", options=("dokumen",))
def verify_document(context: TaskContext) -> Outcome:
    """Fails when the signature is not intact, so that nothing doubtful is published."""
    return Outcome(values=context.letters.verify(context.option("dokumen")))
