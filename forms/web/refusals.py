"""How a no is said: a page with what happened and what to do next; a fault becomes an incident with a number."""

from __future__ import annotations

import logging

from flask import Flask, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from engine.errors import (
    AccountRefused,
    Conflict,
    FormRefused,
    LostRace,
    NotAllowed,
    NotFound,
    Refusal,
    StaleDraft,
    StoreUnavailable,
    TooManyTries,
)
from forms.web.again import again
from forms.web.ground import engine

log = logging.getLogger("izin.web")

STATUS = ((NotFound, 404), (NotAllowed, 403), (Conflict, 409), (StaleDraft, 409), (LostRace, 409), (TooManyTries, 429),
          (StoreUnavailable, 503), (AccountRefused, 422), (FormRefused, 422), (Refusal, 422))
"""Refusal -> status; the first that fits."""

WORDS = {
    400: ("Permintaan tidak dapat dibaca", "Muat ulang halamannya, lalu coba lagi. Isian yang tersimpan tetap ada."),
    401: ("Masuk dulu", "Halaman ini hanya untuk orang yang sudah masuk."),
    403: ("Bukan untuk akun ini", NotAllowed.advice),
    404: ("Halaman tidak ditemukan", NotFound.advice),
    405: ("Cara membuka halaman ini keliru", "Buka lagi dari halaman sebelumnya dan pakai tombol yang tersedia."),
    409: ("Keadaan sudah berubah", Conflict.advice),
    413: ("Berkas terlalu besar", "Kirim berkas satu per satu, atau perkecil ukurannya, lalu coba lagi."),
    422: ("Belum dapat dijalankan", Refusal.advice),
    429: ("Terlalu banyak percobaan", TooManyTries.advice),
    500: ("Ada gangguan pada sistem kami",
          "Yang sudah tersimpan aman. Coba lagi sebentar; bila tetap terjadi, sebutkan nomor ini kepada petugas."),
    503: ("Layanan sedang tidak dapat menyimpan", StoreUnavailable.advice),
}
PASSING = (LostRace, StoreUnavailable)
"""The same request may go well a moment later: the page offers to make it again with all that was typed."""

FORGED = "Formulir ini sudah terlalu lama terbuka atau dibuka dari tempat lain. Muat ulang halamannya, lalu kirim lagi."


def install(app: Flask) -> None:
    """Answer every refusal, HTTP error and fault with a page."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, fault)


def status_of(refusal: Refusal) -> int:
    """The status a refusal is answered with."""
    return next(status for kind, status in STATUS if isinstance(refusal, kind))


def answer(status: int, advice: str | None = None, incident: str | None = None, *, passing: bool = False
           ) -> ResponseReturnValue:
    """The error page; with a button that makes the request again when what was wrong may be `passing`."""
    title, usual = WORDS.get(status, WORDS[422 if status < 500 else 500])
    words = {"title": title, "advice": advice or usual, "incident": incident,
             "lagi": again() if passing else None}
    try:
        page = render_template("refusal.html", **words)
    except Exception as fault:   # the frame itself asks the database; when that is what is missing, the words must do alone
        log.error("frame failed", extra={"action": request.endpoint or "", "incident": incident or ""}, exc_info=fault)
        page = current_app.jinja_env.get_template("bare.html").render(**words)
    return make_response(page, status)


def refused(refusal: Refusal) -> ResponseReturnValue:
    """The engine said no."""
    return answer(status_of(refusal), refusal.advice, passing=isinstance(refusal, PASSING))


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Not found, too large, wrong method …"""
    return answer(error.code or 500)


def fault(error: Exception) -> ResponseReturnValue:
    """Something broke: a number for the person, a line for the log, no trace on the page."""
    incident = engine().clock.new_id()[:8].upper()
    log.error("page failed", extra={"action": request.endpoint or "", "incident": incident}, exc_info=error)
    return answer(500, incident=incident, passing=True)
