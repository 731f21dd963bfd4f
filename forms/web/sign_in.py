"""Signing in and out, choosing the capacity one acts in, and activating an account by its link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from engine.assembly import AccountRow
from engine.errors import AccountRefused, TooManyTries
from engine.rules.people import PREFIXES, Appointment
from forms.web import menu, words
from forms.web.ground import editions, engine, post_name
from forms.web.guard import opens_to
from forms.web.visitor import SESSION, set_cookie, visitor

bp = Blueprint("sign_in", __name__)

APPLICANTS = 10_000
"""The place of applicants in the list of a demo: after every post."""


def start_page() -> str:
    """Where a person goes after signing in: the first room of the capacity."""
    return menu.first_room(visitor()) or url_for("sign_in.capacity")


def own_address(wanted: str | None) -> str | None:
    """The address if it is one of ours: a path, never another host. Browsers drop tabs and line ends: no controls."""
    if not wanted or not wanted.isprintable():
        return None
    return wanted if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) else None


@bp.get("/masuk")
@opens_to("public")
def page() -> ResponseReturnValue:
    """User name and password; in a demo the accounts to try."""
    if visitor().signed_in is not None:
        return redirect(start_page())
    return _form(request.args.get("lanjut"))


def _form(onward: str | None, username: str = "", advice: str | None = None) -> str:
    people = [_demo_person(*one) for one in engine().identity.demo_accounts()]
    people.sort(key=lambda one: (one.place, one.name))
    return render_template("sign_in.html", lanjut=own_address(onward), username=username, advice=advice,
                           petugas=[one for one in people if one.place < APPLICANTS], rahasia=engine().identity.demo_words(),
                           pemohon=[one for one in people if one.place == APPLICANTS])


@dataclass(frozen=True)
class DemoPerson:
    """Somebody whose part can be tried: who, as what, and the place in the list (the lanes' order, applicants last)."""

    id: str
    name: str
    what: str
    place: int


def _demo_person(account: AccountRow, held: Sequence[Appointment]) -> DemoPerson:
    if not held:
        known = engine().case_files.of_applicant(account.id)
        told = "; ".join(f"{row.title or 'tanpa judul'}: {words.lower_first(status)}" for row, status, *_ in known)
        return DemoPerson(account.id, account.name, told or "belum punya permohonan", APPLICANTS)
    order = [lane.post for edition in editions() for lane in edition.process.lanes]
    place = order.index(held[0].post) if held[0].post in order else len(order)
    posts = ", ".join(PREFIXES.get(one.capacity, "") + post_name(one.post) for one in held)
    return DemoPerson(account.id, account.name, posts, place)


@bp.post("/masuk")
@opens_to("public")
def enter() -> ResponseReturnValue:
    """Sign in; the answer says the same for a wrong name and a wrong password."""
    username, onward = request.form.get("nama_pengguna", ""), own_address(request.form.get("lanjut"))
    password, place = request.form.get("kata_sandi", ""), request.remote_addr or ""
    try:
        secret, _ = engine().identity.sign_in(username, password, from_=place)
    except (AccountRefused, TooManyTries) as refusal:
        return _form(onward, username, refusal.advice), 429 if isinstance(refusal, TooManyTries) else 422
    return _welcome(secret, onward)


@bp.post("/masuk/contoh")
@opens_to("public")
def enter_demo() -> ResponseReturnValue:
    """Sign in as one of the demo's people with one press; only where the data folder is a demo."""
    secret, _ = engine().identity.sign_in_demo(request.form.get("akun", ""))
    return _welcome(secret, None)


def _welcome(secret: str, onward: str | None) -> Response:
    answer = redirect(onward or url_for("sign_in.arrive"))
    set_cookie(answer, SESSION, secret)
    return answer


@bp.get("/mulai")
@opens_to("masuk")
def arrive() -> ResponseReturnValue:
    """To the first room of the person who just signed in."""
    return redirect(start_page())


@bp.post("/keluar")
@opens_to("masuk")
def leave() -> ResponseReturnValue:
    """Sign out: the session ends on the server, not only in the browser."""
    engine().identity.sign_out(visitor().secret)
    answer = redirect(url_for("sign_in.page", pesan="keluar"))
    answer.delete_cookie(SESSION, path="/")
    return answer


@bp.get("/jabatan")
@opens_to("masuk")
def capacity() -> ResponseReturnValue:
    """In which capacity one acts: every appointment that holds today."""
    return render_template("capacity.html")


@bp.post("/jabatan")
@opens_to("masuk")
def choose() -> ResponseReturnValue:
    """Act from another appointment from now on."""
    signed_in = visitor().signed_in
    if signed_in is not None:
        engine().identity.act_from(signed_in, request.form.get("penunjukan", ""))
    return redirect(url_for("sign_in.arrive"))


@bp.get("/aktifkan/<token>")
@opens_to("public")
def activation(token: str) -> ResponseReturnValue:
    """Choose a password for a new account."""
    return _activation(token)


def _activation(token: str, advice: str | None = None) -> str:
    return render_template("activate.html", account=engine().identity.link_of(token), advice=advice, code=token)


@bp.post("/aktifkan/<token>")
@opens_to("public")
def activate(token: str) -> ResponseReturnValue:
    """Set the password and use the link up."""
    password = request.form.get("kata_sandi", "")
    engine().identity.link_of(token)
    if password != request.form.get("ulangi", ""):
        return _activation(token, "Kedua kata sandi tidak sama. Ketik sekali lagi."), 422
    try:
        engine().identity.set_password(token, password)
    except AccountRefused as refusal:
        return _activation(token, refusal.advice), 422
    return redirect(url_for("sign_in.page", pesan="aktif"))
