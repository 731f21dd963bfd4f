"""The analyst's room: processes in force drawn, files checked before a deploy, scenarios played. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from engine.assembly import Edition, scenarios
from engine.errors import NotFound, Refusal
from forms.web import pictures
from forms.web.ground import edition_of, editions, engine
from forms.web.guard import opens_to

bp = Blueprint("analyst", __name__)

GALAT = "galat"


@bp.get("/proses")
@opens_to("analis")
def processes() -> ResponseReturnValue:
    """The processes in force."""
    return render_template("processes.html", proses_ada=[_card(one) for one in editions()])


def _card(edition: Edition) -> Mapping[str, Any]:
    process = edition.process
    return {"edition": edition, "process": process, "steps": pictures.steps_of(process, edition.diagram),
            "picture": pictures.draw(process, edition.diagram)}


@bp.get("/proses/<process>")
@opens_to("analis")
def process(process: str) -> ResponseReturnValue:
    """One process: its diagram, its steps in words, its editions, its scenarios."""
    return _process(edition_of(process))


def _process(edition: Edition, verdicts: list[Any] | None = None) -> ResponseReturnValue:
    known = edition.process
    rows = [row for row in reversed(engine().catalog.listed()) if row.process == known.id]
    people = {row.id: row.name for row in engine().administration.accounts() if row.staff}
    return render_template(
        "process.html", edisi=edition, proses=known, edisi_semua=rows, orang=people, skenario=_scenarios(known.id),
        langkah=pictures.steps_of(known, edition.diagram), gambar=pictures.draw(known, edition.diagram), hasil=verdicts,
        pertanyaan=known.raw.get("pertanyaan", ()))


def _scenarios(process: str) -> dict[str, str]:
    """The scenarios of the working folder, by name: their titles. None where the folder is not on this machine."""
    known = scenarios(engine().settings)
    return {name: _title(known, process, name) for name in known.names(process)}


def _title(known: Any, process: str, name: str) -> str:
    """The title of a scenario; of one that cannot be read, what is wrong with it."""
    try:
        return str(known.read(process, name).title)
    except Refusal as refusal:
        return refusal.advice


@bp.post("/proses/<process>/skenario")
@opens_to("analis")
def play(process: str) -> ResponseReturnValue:
    """Play one scenario, or all of them, on the edition in force: each on an engine of its own."""
    edition, wanted = edition_of(process), request.form.get("skenario", "")
    names = _scenarios(process)
    if wanted and wanted not in names:
        abort(404)
    return _process(edition, [_played(edition, name) for name in ([wanted] if wanted else list(names))])


def _played(edition: Edition, name: str) -> Mapping[str, Any]:
    """One verdict in words; a scenario that cannot be read says so."""
    try:
        verdict = scenarios(engine().settings).play(edition.process.id, name, edition.files)
    except Refusal as refusal:
        return {"name": name, "title": name, "good": False, "steps": 0, "findings": [(0, refusal.advice)]}
    return {"name": name, "title": verdict.scenario.title, "good": verdict.good, "steps": len(verdict.scenario.steps),
            "findings": [(one.step, one.message) for one in verdict.findings]}


@bp.get("/periksa-proses")
@opens_to("analis")
def check() -> ResponseReturnValue:
    """Choose a diagram, files or a folder to be checked."""
    return _check()


def _check(advice: str | None = None, **found: Any) -> ResponseReturnValue:
    page = render_template("check_process.html", proses_ada=[one.process for one in editions()], advice=advice,
                           **{"hasil": None, "tanda": None, **found})
    return page, 422 if advice else 200


@bp.post("/periksa-proses")
@opens_to("analis")
def examine() -> ResponseReturnValue:
    """Check what was sent: findings in a list and on the diagram. Nothing is kept."""
    sent = {one.filename: one.read() for one in request.files.getlist("berkas") if one.filename}
    if not sent:
        return _check("Pilih dahulu berkas .bpmn, beberapa berkas, atau satu .zip.")
    try:
        result = engine().examination.of(sent, _chosen())
    except Refusal as refusal:
        return _check(refusal.advice)
    elements = [one.element for one in result.findings if one.element]
    return _check(hasil=result, tanda={"finding": list(dict.fromkeys(elements))},
                  galat=sum(one.severity == GALAT for one in result.findings))


def _chosen() -> str:
    """The process whose diagram a lone file would replace, if it is one in force."""
    wanted = request.form.get("proses", "")
    if wanted and wanted not in {one.process.id for one in editions()}:
        raise NotFound(f"process {wanted}")
    return wanted
