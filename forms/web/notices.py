"""How an officer wants to be told of tasks: at once, once a morning, or not at all."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import NotAllowed, Refusal
from forms.web.ground import engine
from forms.web.guard import opens_to
from forms.web.visitor import current_actor

bp = Blueprint("notices", __name__)

CHOICES = {
    "segera": ("Segera", "Satu surel begitu ada tugas baru, dan pengingat saat batas waktu mendekat."),
    "harian": ("Ringkasan harian", "Satu surel setiap pagi hari kerja, pukul 07.15, berisi semua tugas yang menunggu."),
    "tidak": ("Tanpa pemberitahuan", "Tidak ada surel; lihat kotak masuk sendiri."),
}
"""Choice -> its name and what follows from it."""


@bp.get("/pemberitahuan")
@opens_to("petugas")
def mine() -> ResponseReturnValue:
    """The officer's own choice."""
    return _page()


@bp.post("/pemberitahuan")
@opens_to("petugas")
def choose() -> ResponseReturnValue:
    """Choose for oneself."""
    try:
        engine().administration.choose_notices(request.form.get("pilihan", ""), current_actor())
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _page(refusal.advice), 422
    return redirect(url_for("notices.mine", pesan="tersimpan"))


def _page(advice: str | None = None) -> str:
    row = engine().administration.account(current_actor().account or "")
    return render_template("notices.html", pilihan=CHOICES, dipilih=row.notify, surel=row.email, advice=advice)
