"""The administrator's rooms: accounts and appointments, incidents, outgoing mail, tasks handed over, health."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from email.parser import BytesParser
from email.policy import SMTP

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.assembly import AccountRow, CaseFile, EffectRow, MessageRow, NewAccount, NewAppointment
from engine.errors import AccountRefused, NotFound, Refusal
from engine.rules import privacy
from engine.rules.people import CAPACITIES, PREFIXES, ROLES, Appointment
from forms.web import pictures, words
from forms.web.ground import editions, engine, is_demo, post_name
from forms.web.guard import opens_to
from forms.web.listing import csv_answer, kept, pages
from forms.web.tasks import carry_out
from forms.web.visitor import current_actor

bp = Blueprint("administration", __name__)

SIZE = 50
KINDS = {"petugas": True, "pemohon": False}
FIELDS = ("username", "name", "email", "employee_number", "rank", "phone")
LINK = re.compile(r"https?://\S+|\[\[[a-z-]+\]\]")
HIDDEN_LINK = "[tautan disembunyikan]"
SOON = 30
"""Days before a certificate's end at which it is named."""


def posts() -> dict[str, str]:
    """Every post that somebody can be appointed to: id -> name; the lanes of applicants are no posts."""
    known = [post.id for edition in editions() for post in edition.process.posts.values()]
    return {post: post_name(post) for post in (*dict.fromkeys(known), *ROLES)}


# --- accounts -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """An account with the posts it holds today."""

    row: AccountRow
    held: list[Appointment]

    @property
    def posts(self) -> str:
        """Its posts in words."""
        return ", ".join(PREFIXES.get(one.capacity, "") + post_name(one.post) for one in self.held)


def today() -> date:
    """The office's day."""
    return words.office_time(engine().clock.now()).date()


def found_people() -> list[Person]:
    """The accounts that the address asks for, officers first, by name. Applicants' particulars stay masked."""
    held: dict[str, list[Appointment]] = {}
    for one in engine().administration.appointments():
        if one.holds_on(today()):
            held.setdefault(one.account, []).append(one)
    wanted, sought = KINDS.get(request.args.get("j", "")), request.args.get("q", "").lower()[:80]
    rows = [row for row in engine().administration.accounts() if wanted is None or row.staff is wanted]
    rows = [row for row in rows if not sought or sought in f"{row.name} {row.username}".lower()]
    return [Person(row, held.get(row.id, [])) for row in sorted(rows, key=lambda row: (not row.staff, row.name.lower()))]


@bp.get("/akun")
@opens_to("administrator")
def accounts() -> ResponseReturnValue:
    """Every account."""
    found = found_people()
    parts = pages(len(found), SIZE, "administration.accounts", kept("q", "j"))
    return render_template("accounts.html", orang=found[max(parts.first - 1, 0):parts.last], halaman=parts,
                           disaring=kept("q", "j"), unduh=url_for("administration.export", **kept("q", "j")))


@bp.get("/akun.csv")
@opens_to("administrator")
def export() -> ResponseReturnValue:
    """The same list for a spreadsheet."""
    return csv_answer("akun", ("Nama", "Nama pengguna", "Jenis", "Jabatan", "Aktif"), (
        (one.row.name, one.row.username, "petugas" if one.row.staff else "pemohon", one.posts,
         "ya" if one.row.active else "tidak") for one in found_people()))


@bp.get("/akun/baru")
@opens_to("administrator")
def new() -> ResponseReturnValue:
    """The form of a new officer's account."""
    return render_template("account_new.html", isian={}, advice=None)


@bp.post("/akun/baru")
@opens_to("administrator")
def create() -> ResponseReturnValue:
    """Make an officer's account; its password is chosen by the officer through a link."""
    typed = {name: request.form.get(name, "").strip()[:200] for name in FIELDS}
    try:
        row = engine().administration.create_account(NewAccount(**typed), current_actor())
    except Refusal as refusal:
        return render_template("account_new.html", isian=typed, advice=refusal.advice), 422
    return redirect(url_for("administration.account", account=row.id, pesan="tersimpan"))


@bp.get("/akun/<account>")
@opens_to("administrator")
def account(account: str) -> ResponseReturnValue:
    """One account: its state, its posts now and before, what can be changed."""
    return _account(account)


def _account(account: str, advice: str | None = None, link: str | None = None) -> str:
    row = engine().administration.account(account)
    held = sorted(engine().administration.appointments(account), key=lambda one: one.starts, reverse=True)
    return render_template(
        "account.html", orang=row, penunjukan=held, hari_ini=today(), jabatan=posts(), advice=advice, tautan=link,
        kapasitas_pilihan=CAPACITIES[:3], sendiri=row.id == current_actor().account,
        nik=privacy.mask_nik(row.identity) if row.identity else "", surel=privacy.mask_email(row.email) if row.email else "",
        status=engine().administration.signer_status(account) if signs(held) else None)


def signs(held: list[Appointment]) -> bool:
    """Does one of these appointments sign letters today?"""
    signing = {post.id for edition in editions() for post in edition.process.posts.values() if post.signs}
    return any(one.post in signing and one.holds_on(today()) for one in held)


@bp.post("/akun/<account>/aktif")
@opens_to("administrator")
def set_active(account: str) -> ResponseReturnValue:
    """Close an account or open it again."""
    engine().administration.account(account)
    try:
        engine().administration.set_active(account, request.form.get("aktif") == "ya", current_actor())
    except Refusal as refusal:
        return _account(account, refusal.advice), 422
    return redirect(url_for("administration.account", account=account, pesan="tersimpan"))


@bp.post("/akun/<account>/tautan")
@opens_to("administrator")
def new_link(account: str) -> ResponseReturnValue:
    """A new one-time link, shown once on this very page and kept nowhere."""
    engine().administration.account(account)
    token = engine().administration.new_link(account, current_actor())
    return _account(account, link=f"{engine().settings.address}{url_for('sign_in.activation', token=token)}")


@bp.post("/akun/<account>/penunjukan")
@opens_to("administrator")
def appoint(account: str) -> ResponseReturnValue:
    """Appoint the person to a post, definitive, Plh or Plt, by a letter and for a time."""
    engine().administration.account(account)
    try:
        wanted = NewAppointment(account, request.form.get("jabatan", ""), request.form.get("kapasitas", ""),
                                _day("mulai") or today(), _day("sampai"), request.form.get("surat", "")[:200])
        engine().administration.appoint(wanted, current_actor(), posts())
    except Refusal as refusal:
        return _account(account, refusal.advice), 422
    return redirect(url_for("administration.account", account=account, pesan="tersimpan"))


def _day(name: str) -> date | None:
    """A typed day; empty = none. AccountRefused for something that is no day."""
    typed = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as fault:
        raise AccountRefused(f"{name}={typed!r}", advice="Tanggal tidak dapat dibaca. Pilih dari kalender.") from fault


@bp.post("/akun/<account>/penunjukan/<appointment>/akhiri")
@opens_to("administrator")
def end(account: str, appointment: str) -> ResponseReturnValue:
    """Let an appointment end, with the last day given or at once."""
    try:
        last = _day("terakhir")
        if last is None:
            engine().administration.end_appointment_now(appointment, today(), current_actor())
        else:
            engine().administration.end_appointment(appointment, last, current_actor())
    except NotFound:
        raise
    except Refusal as refusal:
        return _account(account, refusal.advice), 422
    return redirect(url_for("administration.account", account=account, pesan="tersimpan"))


# --- handing a task over ------------------------------------------------------------------------------------------


@bp.get("/berkas/<case>/tugas/<int:number>/alihkan")
@opens_to("administrator")
def hand_over(case: str, number: int) -> ResponseReturnValue:
    """To whom an open task may be given: the holders of its post today."""
    return _hand_over(engine().case_files.read(case), number)


def _hand_over(found: CaseFile, number: int, advice: str | None = None) -> str:
    task = next((one for one in found.open_tasks if one.task == number), None)
    if task is None:
        raise NotFound(f"task {number} of {found.row.id}", advice="Tugas ini sudah tidak terbuka.")
    names = {row.id: row.name for row in engine().administration.accounts() if row.active}
    holders = [(one.account, names[one.account]) for one in engine().administration.appointments()
               if one.post == task.post and one.holds_on(today()) and one.account in names]
    activity = found.edition.diagram.activities[task.activity]
    return render_template("hand_over.html", berkas=found, tugas=task, nama=pictures.plain_name(activity.name), advice=advice,
                           orang=dict(holders), jabatan=post_name(task.post), pemegang=names.get(task.claimed_by or "", ""))


@bp.post("/berkas/<case>/tugas/<int:number>/alihkan")
@opens_to("administrator")
def reassign(case: str, number: int) -> ResponseReturnValue:
    """Give an open task to another holder of its post."""
    found = engine().case_files.read(case)
    try:
        engine().tasks.reassign(case, number, request.form.get("kepada", ""), current_actor())
    except Refusal as refusal:
        return _hand_over(found, number, refusal.advice), 422
    return redirect(url_for("cases.show", case=case, pesan="tersimpan"))


# --- incidents and health -----------------------------------------------------------------------------------------


@bp.get("/insiden")
@opens_to("administrator")
def incidents() -> ResponseReturnValue:
    """Automatic steps that need a person, with their cause; and how the installation is."""
    stuck = [_incident(one) for one in engine().effects.incidents()]
    return render_template("incidents.html", insiden=stuck, keadaan=health(len(stuck)))


def _incident(one: EffectRow) -> Mapping[str, object]:
    found = engine().cases.find(one.case)
    activity = engine().catalog.edition(found.edition).diagram.activities.get(one.activity)
    return {"effect": one, "case": found, "name": activity.name if activity else one.operation}


@bp.post("/insiden/<case>/<int:number>/ulang")
@opens_to("administrator")
def retry(case: str, number: int) -> ResponseReturnValue:
    """Set a stuck step going again, at once."""
    engine().effects.retry(case, number, current_actor())
    carry_out(case, engine().effects.lease())
    return redirect(url_for("administration.incidents", pesan="diulang"))


@dataclass(frozen=True)
class Health:
    """One line of the health summary: what, how it is, and its mood."""

    name: str
    text: str
    mood: str = ""
    address: str = ""


def health(stuck: int) -> list[Health]:
    """How the installation is, from its own records."""
    counted = engine().verification.counted()
    mails = [one.status for one in engine().mail.listed()]
    return [
        Health("Langkah otomatis", f"{stuck} tersangkut" if stuck else "tidak ada yang tersangkut",
               "negative" if stuck else "positive"),
        _mail_health(mails.count("queued"), mails.count("failed") + mails.count("refused")),
        *_signers(),
        Health("Proses yang berlaku", ", ".join(one.process.name for one in editions()) or "belum ada",
               "positive" if editions() else "warning"),
        Health("Tersimpan", f"{counted.cases} berkas, {counted.events} catatan jurnal, {counted.documents} surat, "
                            f"{counted.files} berkas unggahan"),
        Health("Surat keluar lewat", "SMTP" if engine().settings.smtp_url else "folder data (belum ada server surel)",
               "positive" if engine().settings.smtp_url else "warning")]


def _mail_health(queued: int, failed: int) -> Health:
    address = url_for("administration.mail")
    if failed:
        return Health("Pesan", f"{failed} gagal dikirim, {queued} menunggu", "negative", address)
    return Health("Pesan", f"{queued} menunggu dikirim" if queued else "semua terkirim", "positive", address)


def _signers() -> list[Health]:
    """Each holder of a signing post with the days left of the certificate."""
    signing = {post.id for edition in editions() for post in edition.process.posts.values() if post.signs}
    held = [one for one in engine().administration.appointments() if one.post in signing and one.holds_on(today())]
    return [_signer(one) for one in held]


def _signer(one: Appointment) -> Health:
    name = engine().administration.account(one.account).name
    address = url_for("administration.account", account=one.account)
    status = engine().administration.signer_status(one.account)
    if not status.ready or status.certificate is None:
        return Health(f"Sertifikat {name}", "belum ada atau tidak berlaku; dibuat pemiliknya setelah masuk", "negative",
                      address)
    left = (words.office_time(status.certificate.valid_until).date() - today()).days
    return Health(f"Sertifikat {name}", f"berlaku {left} hari lagi", "warning" if left <= SOON else "positive", address)


# --- outgoing mail ------------------------------------------------------------------------------------------------


MAIL_MOODS = {"queued": ("menunggu", ""), "sent": ("terkirim", "positive"), "failed": ("gagal", "negative"),
              "refused": ("ditolak", "negative")}
TRIES = {"started": "terputus", "accepted": "diterima", "later": "ditunda", "failed": "gagal", "refused": "ditolak"}
"""Outcome of one try -> its word."""


@bp.get("/surat-keluar")
@opens_to("administrator")
def mail() -> ResponseReturnValue:
    """The newest messages with their state."""
    wanted = request.args.get("s", "")
    found = [one for one in engine().mail.listed() if wanted not in MAIL_MOODS or one.status == wanted]
    parts = pages(len(found), SIZE, "administration.mail", kept("s"))
    return render_template("mail.html", pesan_keluar=found[max(parts.first - 1, 0):parts.last], halaman=parts,
                           wujud=MAIL_MOODS, dipilih=wanted, samar_surel=privacy.mask_email)


@bp.get("/surat-keluar/<message>")
@opens_to("administrator")
def message(message: str) -> ResponseReturnValue:
    """One message as it was written; links that open an account are shown in a demo only."""
    found = next((one for one in engine().mail.listed() if one.id == message), None)
    if found is None:
        raise NotFound(f"message {message}")
    engine().identity.note_access(current_actor(), "pesan", message)
    written = as_it_went_out(found) if is_demo() else LINK.sub(HIDDEN_LINK, found.body)
    masked = found.address if is_demo() or not found.address else privacy.mask_email(found.address)
    tries = [(one.at, one.channel, TRIES[one.outcome], (one.answer or "").replace(found.address or masked, masked))
             for one in engine().mail.tries(found.id)]
    return render_template("message.html", surat=found, isi=written, wujud=MAIL_MOODS[found.status], alamat_surel=masked,
                           percobaan=tries)


def as_it_went_out(message: MessageRow) -> str:
    """The text of a message with its one-time link; as queued where no file of it is kept."""
    path = engine().mail.written(message)
    text = BytesParser(policy=SMTP).parsebytes(path.read_bytes()).get_body(("plain",)) if path else None
    return str(text.get_content()) if text is not None else message.body


@bp.post("/surat-keluar/<message>/kirim")
@opens_to("administrator")
def resend(message: str) -> ResponseReturnValue:
    """Queue a message again."""
    if message not in {one.id for one in engine().mail.listed()}:
        raise NotFound(f"message {message}")
    engine().mail.resend(message)
    return redirect(url_for("administration.mail", pesan="dikirim_ulang"))
