"""Sign the rendered decision with the passphrase that the request holds in memory."""

from collections.abc import Mapping
from typing import Any

from engine.handling import Outcome, TaskContext, handler


def unsign(context: TaskContext, _receipt: Mapping[str, Any]) -> None:
    """The case ended meanwhile: a decision that nobody was told of bears no signature."""
    context.letters.unsign_own()


@handler("sign_document", options=("dokumen",), secret=True, compensate=unsign)
def sign_document(context: TaskContext) -> Outcome:
    """One registered signature per document; a try after a crash finds it."""
    return Outcome(values=context.letters.sign(context.option("dokumen"), context.secret))
