"""Render a letter of the case."""

from collections.abc import Mapping
from typing import Any

from engine.handling import Outcome, TaskContext, handler


def take_back(context: TaskContext, _receipt: Mapping[str, Any]) -> None:
    """The case ended meanwhile: a letter that nobody was told of is thrown away."""
    context.letters.take_back_own()


@handler("render_document", options=("dokumen",), compensate=take_back)
def render_document(context: TaskContext) -> Outcome:
    """The receipt names the document; the one that starts the promise to the applicant says so."""
    kind = context.option("dokumen")
    return Outcome(values=context.letters.render(kind), received=context.letters.starts_promise(kind))
