"""New tables for the office's calendar: what they say otherwise, what that moves, taken over on a press with the decrees."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.assembly import MOST_DECREE, Offer
from engine.errors import Refusal
from engine.rules.calendar_tables import decrees
from forms.web import refusals
from forms.web.ground import engine
from forms.web.guard import opens_to
from forms.web.visitor import current_actor

bp = Blueprint("calendar_tables", __name__)


@bp.get("/kalender/tabel")
@opens_to("administrator")
def offered() -> ResponseReturnValue:
    """The tables of the working folder beside the office's own."""
    return _page()


@bp.post("/kalender/tabel")
@opens_to("administrator")
def take_over() -> ResponseReturnValue:
    """Make those that were looked at the office's own."""
    decree = request.form.get("dasar", "").strip()
    try:
        engine().calendar.take_over(request.form.get("dilihat", ""), decree, current_actor())
    except Refusal as refusal:
        return _page(decree, refusal.advice), refusals.status_of(refusal)
    return redirect(url_for("calendar.year", pesan="tabel_kalender", _anchor="perubahan"))


@bp.get("/kalender/tabel/<int:number>")
@opens_to("administrator")
def taken(number: int) -> ResponseReturnValue:
    """What tables that were taken over said otherwise than those before."""
    change, found = engine().calendar.taken_over(number)
    return render_template("calendar_tables.html", perubahan=change, beda=found)


def waiting() -> tuple[Offer | None, str]:
    """The tables on offer, and why they cannot be used ("" = they can)."""
    try:
        return engine().calendar.offer(), ""
    except Refusal as refusal:
        return None, refusal.advice


def _page(decree: str | None = None, advice: str = "") -> str:
    offer, unusable = waiting()
    found = offer.differences if offer else ()
    return render_template(
        "calendar_tables.html", perubahan=None, beda=found, dilihat=offer.digest if offer else "", advice=advice,
        rusak=unusable, pratinjau=engine().calendar.preview_tables(offer) if offer else None, paling_banyak=MOST_DECREE,
        dasar="; ".join(decrees(found)) if decree is None else decree)
