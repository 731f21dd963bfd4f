"""Sign the rendered decision with the passphrase that the request holds in memory."""

from engine.handling import Outcome, TaskContext, handler


@handler("sign_document", options=("dokumen",), secret=True)
def sign_document(context: TaskContext) -> Outcome:
    """One registered signature per document; a try after a crash finds it."""
    return Outcome(values=context.letters.sign(context.option("dokumen"), context.secret))
