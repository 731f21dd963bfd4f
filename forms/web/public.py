"""Pages for everyone: what a licence is and how to get it, where an application is, whether a document is genuine."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.assembly import Edition
from engine.errors import NotFound, TooManyTries
from engine.rules.language import grouped
from engine.rules.process import Process
from forms.web import pictures, verdicts
from forms.web.ground import edition_of, editions, engine
from forms.web.guard import opens_to
from forms.web.journey import journey
from forms.web.promise import promise_of

bp = Blueprint("public", __name__)

REGISTER, APPLY = "daftar", "ajukan"
"""The two message starts by which an applicant begins: without an account, with one."""

NO_FILE = "Pilih berkas PDF yang akan diperiksa, lalu tekan Periksa berkas."

MOST_CHECKS = 60
"""Files that one place may have judged within the window of the limit."""


@bp.get("/")
@opens_to("public")
def home() -> ResponseReturnValue:
    """The service standard of the one process, or the list of all."""
    known = editions()
    if len(known) == 1:
        return _service_page(known[0])
    return render_template("home.html", editions=known)


@bp.get("/layanan/<process>")
@opens_to("public")
def service(process: str) -> ResponseReturnValue:
    """The service standard of one process."""
    return _service_page(edition_of(process))


def figures(process: Process) -> list[tuple[str, str, str]]:
    """The three figures of the front page: how long, how much, for how long; each with its words."""
    service, fee = process.section("layanan"), process.section("biaya").get("rupiah")
    years = process.section("masa_berlaku").get("tahun")
    found = [("Waktu", process.promise.limit, service.get("jangka_waktu", ""))] if process.promise else []
    found += [("Biaya", f"Rp {grouped(fee)}", "" if fee else "tidak ada pungutan")] if fee is not None else []
    return found + ([("Berlaku", f"{years} tahun", "")] if years else [])


def _service_page(edition: Edition) -> str:
    process, diagram = edition.process, edition.diagram
    return render_template("service.html", proses=process, layanan=process.section("layanan"),
                           sop=process.section("sop"), angka=figures(process),
                           langkah=pictures.steps_of(process, diagram), gambar=pictures.draw(process, diagram),
                           daftar=REGISTER in diagram.starts, ajukan=APPLY in diagram.starts or not diagram.starts)


@bp.get("/kontak")
@opens_to("public")
def contact() -> ResponseReturnValue:
    """Where to ask, where to complain, and what is done with personal data."""
    return render_template("contact.html", editions=editions())


@bp.get("/lacak")
@opens_to("public")
def track() -> ResponseReturnValue:
    """Ask for number and digits; a link from a letter brings the number along."""
    return render_template("track.html", nomor=request.args.get("nomor", ""))


@bp.post("/lacak")
@opens_to("public")
def tracked() -> ResponseReturnValue:
    """The way of one application, for who knows its number and the last four digits of the identity number."""
    number, digits = request.form.get("nomor", "").strip(), request.form.get("angka", "").strip()
    try:
        for subject in (f"lacak:{number.upper()[:40]}", f"lacak-dari:{request.remote_addr or ''}"):
            engine().identity.limit(subject)
        found = engine().case_files.tracked(number, digits)
    except NotFound as refusal:
        return render_template("track.html", nomor=number, advice=refusal.advice), 404
    except TooManyTries as refusal:
        return render_template("track.html", nomor=number, advice=refusal.advice), 429
    process = found.edition.process
    return render_template("tracked.html", proses=process,
                           jalan=journey(process, found.edition.diagram, found.row, found.tasks, promise_of(found)))


@bp.get("/periksa")
@opens_to("public")
def check() -> ResponseReturnValue:
    """Check a document: by its code or number, or by the file itself."""
    wanted = request.args.get("kode", "").strip()
    if wanted:
        return redirect(url_for("public.verdict", code=wanted.upper()))
    return render_template("check.html")


@bp.get("/v/<code>")
@opens_to("public")
def verdict(code: str) -> ResponseReturnValue:
    """What stands behind the code printed on a document: the register's entry and the judgement of its file."""
    try:
        entry = engine().papers.by_code(code.strip().upper())
    except NotFound as refusal:
        return render_template("check.html", kode=code, advice=refusal.advice), 404
    return render_template("verdict.html", temuan=verdicts.of_entry(entry, engine().papers.judged_entry(entry)))


@bp.post("/periksa")
@opens_to("public")
def judge() -> ResponseReturnValue:
    """Judge an uploaded file; it is not kept."""
    upload = request.files.get("berkas")
    content = upload.read() if upload else b""
    if not content:
        return render_template("check.html", advice=NO_FILE), 422
    engine().identity.limit(f"periksa-dari:{request.remote_addr or ''}", MOST_CHECKS)
    entry = engine().papers.by_file(content)
    return render_template("verdict.html", unggahan=True,
                           temuan=verdicts.of_upload(entry, engine().papers.judge(content, entry)))
