"""What a person just sent, when it could not be taken: put into the answer, so that one press sends it again.

Browsers do not keep what was typed into pages that no cache may hold, so "go back" would lose it. A secret is never put into
a page: each form says in a field of its own (SECRETS) which of its fields are. A file cannot be either; one that was
already kept is named by its digest, as the form itself would name it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import g, request

SECRETS, REVISION = "_rahasia", "_revisi"
"""The fields of a form that name its secret fields, and the draft it was opened with."""


@dataclass(frozen=True)
class Again:
    """A request to be made again; `missing` = what has to be typed or chosen anew."""

    address: str
    sends: bool
    fields: Mapping[str, Sequence[str]] = field(repr=False, default_factory=dict)
    missing: Sequence[str] = ()


def kept_so_far(answers: Mapping[str, Sequence[str]], *, lost: bool = False) -> None:
    """Remember the answers of this request with its uploads kept; `lost` when one could not be."""
    g.answers, g.lost = {name: list(values) for name, values in answers.items()}, lost


def drafted(revision: int) -> None:
    """The draft is saved: what is sent again belongs to this revision."""
    if "answers" in g:
        g.answers[REVISION] = [str(revision)]


def again() -> Again:
    """This request, to be made again."""
    address = request.full_path.rstrip("?")
    if request.method != "POST":
        return Again(address, False)
    secrets = {*request.form.getlist(SECRETS)}
    sent = g.answers if "answers" in g else dict(request.form.lists())
    lost = g.lost if "answers" in g else any(upload.filename for upload in request.files.values())
    missing = [*(["berkas yang baru dipilih"] if lost else []),
               *(["kata atau frasa sandi"] if secrets & request.form.keys() else [])]
    return Again(address, True, {name: values for name, values in sent.items() if name not in secrets}, missing)
