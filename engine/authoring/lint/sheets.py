"""Are the forms sound, and do they fit the process? Each by its own rules, then what it asks of its surroundings."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from engine.authoring.lint.activities import form_name
from engine.authoring.lint.drawing import PEOPLE, Drawing
from engine.authoring.lint.findings import Finding, FormKeys, Known, fault, meant, placed, shown
from engine.errors import FormDefinitionRefused
from engine.rules.form import Form, definition_findings, load_form
from engine.rules.form.model import CHOICES, TODAY, Field
from engine.rules.process import Process

LARGEST = 1 << 20
ROW, ACCOUNT = "baris", "akun"
"""Prefills from the row a form is opened for, and from the applicant's account."""
BOUND = {"this", "parent", ROW, "variabel"}
MEND = "Bandingkan dengan forms/README.md; perbaiki komponen itu, lalu periksa lagi."


def read_json(path: str, content: bytes) -> tuple[Any, list[Finding]]:
    """The value of a JSON file, and what is wrong with it."""
    if len(content) > LARGEST:
        return None, [Finding("berkas_terlalu_besar", "galat", None, path,
                              f"Berkas lebih besar dari {LARGEST >> 20} MB.", "Pecah formulirnya.")]
    try:
        return json.loads(content.decode("utf-8")), []
    except (UnicodeDecodeError, ValueError, RecursionError) as broken:
        return None, [Finding("json_rusak", "galat", None, path, f"JSON tidak dapat dibaca: {shown(broken)}.",
                              "Ekspor ulang dari editor formulir (UTF-8).")]


def shared_groups(files: Mapping[str, bytes]) -> tuple[dict[str, Any], list[Finding]]:
    """forms/_shared by name."""
    found, wrong = {}, []
    for path, content in files.items():
        if path.startswith("forms/_shared/") and path.endswith(".json"):
            value, faults = read_json(path, content)
            wrong += faults
            if not faults:
                found[_stem(path)] = value
    return found, wrong


def forms_of(files: Mapping[str, bytes], process: str, sources: Collection[str] | None) -> tuple[dict[str, Form],
                                                                                                 list[Finding]]:
    """Every sound form by name, and the findings of the others."""
    shared, wrong = shared_groups(files)
    forms: dict[str, Form] = {}
    for path, content in sorted(files.items()):
        if path.startswith(f"forms/{process}/") and path.endswith(".json"):
            value, faults = read_json(path, content)
            wrong += faults or placed(_own(value, shared, sources), path)
            if not faults and not _own(value, shared, None):
                forms[_stem(path)] = load_form(value, shared)
    return forms, wrong


def _own(value: Any, shared: Mapping[str, Any], sources: Collection[str] | None) -> list[Finding]:
    try:
        told = definition_findings(value, shared, sources)
    except (FormDefinitionRefused, RecursionError) as refused:
        return [fault("formulir_ditolak", None, f"Formulir tidak dapat dibaca: {shown(refused)}.", MEND)]
    return [fault(f"formulir_{one.code}", one.where, f"{one.where}: {one.advice}.", MEND) for one in told]


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".json")


def form_keys(form: Form) -> FormKeys:
    """What the rest of the edition may ask of a form."""
    return FormKeys(
        kinds={one.key: one.kind for one in form.inputs},
        personal=frozenset(key.partition(".")[0] for key in form.personal),
        choices={one.key: tuple(choice.value for choice in one.options) for one in form.inputs if one.kind in CHOICES})


def sources_of(process: Process | None) -> list[str] | None:
    """The lists a form may take fixed rows from."""
    return None if process is None else ["persyaratan", *process.lists]


def against_the_rest(forms: Mapping[str, Form], drawing: Drawing, known: Known, folder: str) -> Iterator[Finding]:
    """Prefills, filters and conditions reach something; forms are used."""
    asked = {form_name(node) for node in drawing.of(PEOPLE)}
    for name, form in forms.items():
        place = f"{folder}/{name}.json"
        if name not in asked:
            yield Finding("formulir_tidak_dipakai", "peringatan", None, place, f"Formulir “{name}” tidak dipakai tugas "
                          f"mana pun.", "Hapus, atau pakai lewat properti formulir.")
        known_names = {*(known.variables or ()), TODAY, *(one.key for one in form.inputs)}
        yield from placed(_fields(form.fields, known_names, drawing, known), place)


def _fields(fields: tuple[Field, ...], names: set[str], drawing: Drawing, known: Known) -> Iterator[Finding]:
    for one in fields:
        where = one.key or one.label or None
        for path in one.prefill:
            yield from _prefill(where, path, drawing, known)
        if one.source is not None and one.source.kept_by is not None:
            yield from _earlier(where, ".".join(one.source.kept_by[:2]), drawing, known)
        if known.variables is not None:
            yield from _conditions(one, where, names)
        inside = names if one.kind == "group" else names | {inner.key for inner in one.children}
        yield from _fields(one.children, inside, drawing, known)


def _conditions(one: Field, where: str | None, names: set[str]) -> Iterator[Finding]:
    asked = [condition for condition in (one.hide, *(objection.when for objection in one.objections)) if condition]
    for condition in asked:
        for name in sorted({names_asked[0] for names_asked in condition.names} - names - BOUND):
            yield fault("nama_tidak_dikenal", where, f"Syarat “{shown(condition.source)}” memakai “{shown(name)}” "
                        "yang bukan isian maupun variabel. " + meant(name, names),
                        "Perbaiki nama; isian pada baris yang sama ditulis this.kunci.")


def _prefill(where: str | None, path: str, drawing: Drawing, known: Known) -> Iterator[Finding]:
    head, _, key = path.partition(".")
    if path == TODAY or head in (ROW, ACCOUNT):
        return
    if head == "variabel":
        if known.variables is not None and key not in known.variables:
            yield fault("variabel_tidak_dikenal", where, f"isi_awal “{shown(path)}” memakai variabel yang tidak "
                        f"dinyatakan. " + meant(key, known.variables), "Perbaiki namanya.")
        return
    yield from _earlier(where, path, drawing, known)


def _earlier(where: str | None, path: str, drawing: Drawing, known: Known) -> Iterator[Finding]:
    activity, _, key = path.partition(".")
    node = next((one for one in drawing.of(PEOPLE) if one.get("id") == activity), None)
    if node is None:
        yield fault("jalur_salah", where, f"“{shown(path)}” tidak menunjuk tugas pada diagram.",
                    "Tulis kegiatan.kunci dari formulir sebelumnya.")
        return
    form = (known.forms or {}).get(form_name(node))
    if form is not None and key.partition(".")[0] not in form.kinds:
        yield fault("jalur_salah", where, f"“{shown(path)}”: formulir itu tidak mempunyai isian tersebut. "
                    + meant(key, form.kinds), "Tulis kunci isian pada formulir itu.")
