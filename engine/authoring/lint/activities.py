"""Does every activity fit the process around it? Properties, forms, handlers and what is handed to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from engine.authoring.lint.drawing import (
    AUTOMATIC,
    BOUNDARY,
    END,
    PEOPLE,
    SPIFF,
    START,
    Drawing,
    Scope,
    child,
    elements,
    identity,
    interrupts,
    kind,
    local,
    properties,
    spiff,
    title,
    words,
)
from engine.authoring.lint.expressions import judged
from engine.authoring.lint.findings import Finding, FormKeys, Known, caution, fault, meant, shown
from engine.authoring.lint.reading import MODEL, Tree
from engine.authoring.lint.witness import Worlds
from engine.errors import TimeRefused
from engine.handling import Handler
from engine.rules.expressions import Expression
from engine.rules.process import Process
from engine.rules.worktime import parse_limit

ROW, FORM, VARIABLES, APART, LIMIT, GROUP = "baris_sop", "formulir", "variabel", "pisah", "batas", "kelompok_batas"
ALLOWED: Mapping[str, Collection[str]] = {
    PEOPLE: (ROW, FORM, "keluaran", LIMIT, GROUP, VARIABLES, APART), AUTOMATIC: (VARIABLES, "keluaran", ROW)}


def settings(drawing: Drawing, known: Known) -> Iterator[Finding]:
    """Properties of activities: known names, each once, with values that mean something."""
    for node in drawing.of(PEOPLE, AUTOMATIC):
        yield from _property_names(node)
        yield from _variables(node, known)
    for node in drawing.of(PEOPLE):
        yield from _row(node, known)
        yield from _form(node, known)
        yield from _limit(node, known)
        yield from _apart(drawing, node)


def _property_names(node: Tree) -> Iterator[Finding]:
    names = [one.get("name") or "" for box in spiff(node, "properties") for one in elements(box)]
    for name, count in Counter(names).items():
        if name not in ALLOWED[kind(node)]:
            yield fault("properti_tidak_dikenal", identity(node),
                        f"Properti “{shown(name)}” pada {title(node)} tidak dikenal.",
                        meant(name, ALLOWED[kind(node)]))
        if count > 1:
            yield fault("properti_ganda", identity(node),
                        f"Properti “{shown(name)}” pada {title(node)} ditulis {count} kali.",
                        "Sisakan satu; beberapa nilai ditulis dengan koma.")


def _row(node: Tree, known: Known) -> Iterator[Finding]:
    number, process = properties(node).get(ROW, "").strip(), known.process
    if not number:
        yield fault("tanpa_baris_sop", identity(node), f"Tugas {title(node)} tidak menyebut baris SOP.",
                    "Isi properti baris_sop dengan nomor baris pada tabel SOP, misalnya 4.")
    if process is None:
        return
    row = process.rows.get(identity(node))
    if row is None:
        yield fault("tanpa_kegiatan", identity(node),
                    f"Tugas {title(node)} tidak ada di process.toml pada [[kegiatan]].",
                    f"Tambahkan [[kegiatan]] dengan id = \"{shown(identity(node))}\" beserta baris dan uraiannya.")
    elif number and str(row.number) != number:
        yield fault("baris_berbeda", identity(node), f"Tugas {title(node)} menyebut baris SOP {shown(number)}, "
                    f"process.toml menyebut {shown(row.number)}.",
                    "Samakan keduanya dengan tabel SOP.")


def form_name(node: Tree) -> str:
    """The form of a user task."""
    return properties(node).get(FORM) or identity(node)


def _form(node: Tree, known: Known) -> Iterator[Finding]:
    if known.forms is not None and form_name(node) not in known.forms:
        yield fault("formulir_tidak_ada", identity(node),
                    f"Formulir “{shown(form_name(node))}” untuk tugas {title(node)} tidak ada. "
                    + meant(form_name(node), known.forms),
                    "Tambahkan berkas JSON formulirnya, atau perbaiki properti formulir.")


def _variables(node: Tree, known: Known) -> Iterator[Finding]:
    form = (known.forms or {}).get(form_name(node)) if kind(node) == PEOPLE else None
    for name in words(properties(node).get(VARIABLES)):
        if known.variables is not None and name not in known.variables:
            yield fault("variabel_tidak_dikenal", identity(node),
                        f"Tugas {title(node)} mengisi variabel “{shown(name)}” yang tidak dinyatakan. "
                        + meant(name, known.variables),
                        "Nyatakan di process.toml pada [variabel], atau perbaiki namanya.")
        elif form is not None:
            yield from _variable_field(node, name, form, known)


def _variable_field(node: Tree, name: str, form: FormKeys, known: Known) -> Iterator[Finding]:
    if name not in form.kinds:
        yield fault("variabel_tanpa_isian", identity(node),
                    f"Formulir “{shown(form_name(node))}” tidak mempunyai isian “{shown(name)}”. "
                    + meant(name, form.kinds), "Beri isian itu kunci yang sama dengan nama variabelnya.")
        return
    if name in form.personal:
        yield fault("variabel_pribadi", identity(node),
                    f"Isian “{shown(name)}” ditandai pribadi, jadi tidak boleh menjadi variabel berkas.",
                    "Hapus dari properti variabel; pakai isian lain yang berupa keputusan, misalnya ya atau tidak.")
    variable = known.process.variables.get(name) if known.process else None
    if variable is not None and not _fits(variable.kind, name, form):
        yield fault("jenis_tidak_cocok", identity(node),
                    f"Variabel “{shown(name)}” berjenis {variable.kind}, tetapi isiannya {_described(name, form)}.",
                    "Samakan jenis variabel di process.toml dengan jenis isian pada formulir.")


FIELD_KINDS: Mapping[str, Collection[str]] = {
    "teks": ("textfield", "textarea", "datetime"), "bilangan": ("number",), "ya_tidak": ("checkbox",),
    "tanggal": ("datetime",),
    "daftar": ("checklist", "taglist", "dynamiclist")}


def _fits(wanted: str, name: str, form: FormKeys) -> bool:
    options = form.choices.get(name)
    if options is None:
        return form.kinds[name] in FIELD_KINDS[wanted]
    types = {"ya_tidak": bool, "bilangan": int, "teks": str}
    return wanted in types and all(type(option) is types[wanted] for option in options)


def _described(name: str, form: FormKeys) -> str:
    options = form.choices.get(name)
    return f"pilihan {shown(', '.join(map(str, options)))}" if options is not None else form.kinds[name]


def _limit(node: Tree, known: Known) -> Iterator[Finding]:
    own, process = properties(node), known.process
    yield from limit_findings(own.get(LIMIT), identity(node))
    if process is None:
        return
    written = process.limits.get(identity(node))
    if own.get(LIMIT) and written and written != own[LIMIT]:
        yield fault("batas_berbeda", identity(node), f"Batas {title(node)} ditulis “{shown(own[LIMIT])}” pada diagram "
                    f"dan “{shown(written)}” di process.toml.",
                    "Samakan keduanya, atau tulis di satu tempat saja.")
    group = own.get(GROUP)
    found = next((one for one in process.groups if one.id == group), None)
    if group and found is None:
        yield fault("kelompok_tidak_ada", identity(node),
                    f"Kelompok batas “{shown(group)}” tidak ada. " + meant(group, [one.id for one in process.groups]),
                    "Nyatakan di process.toml pada [kelompok_waktu].")
    elif found is not None and identity(node) not in found.activities:
        yield fault("kelompok_tidak_memuat", identity(node),
                    f"Kelompok batas “{shown(group)}” tidak menyebut tugas {title(node)}.",
                    f"Tambahkan “{shown(identity(node))}” pada langkah kelompok itu.")


def limit_findings(text: object, where: str) -> Iterator[Finding]:
    """A limit as the office says it."""
    if text is None or text == "":
        return
    try:
        parse_limit(text)
    except TimeRefused as refused:
        yield fault("batas_salah", where, f"Batas waktu “{shown(text)}” tidak dikenal.", refused.advice)


def _apart(drawing: Drawing, node: Tree) -> Iterator[Finding]:
    people = {identity(one) for one in drawing.of(PEOPLE)}
    for name in words(properties(node).get(APART)):
        if name not in people or name == identity(node):
            yield fault("pisah_salah", identity(node),
                        f"Properti pisah pada {title(node)} menyebut “{shown(name)}”, bukan tugas orang lain. "
                        + meant(name, people - {identity(node)}),
                        "Sebut id tugas pengguna yang pelakunya tidak boleh mengerjakan tugas ini.")


def lane_names(drawing: Drawing, known: Known) -> Iterator[Finding]:
    """Lanes of the diagram and of process.toml are the same."""
    if known.process is None:
        return
    drawn = {lane.get("name") or "": lane for lane in drawing.root.iter(f"{{{MODEL}}}lane")}
    declared = [lane.name for lane in known.process.lanes]
    for name, lane in drawn.items():
        if name and name not in declared:
            yield fault("lajur_tidak_dikenal", identity(lane) or None,
                        f"Lajur “{shown(name)}” tidak ada di process.toml. " + meant(name, declared),
                        "Samakan namanya huruf demi huruf, atau tambahkan [[lajur]].")
    for name in declared:
        if name not in drawn:
            yield caution("lajur_tidak_digambar", None, f"Lajur “{shown(name)}” di process.toml tidak ada pada "
                          f"diagram.", "Gambar lajurnya atau hapus dari process.toml.")


def end_names(drawing: Drawing, known: Known) -> Iterator[Finding]:
    """Ends at which a case may finish are told in public words."""
    top = drawing.top
    if known.process is None or top is None:
        return
    main = top.reached([identity(node) for node in top.of(START)], side=False)
    for node in top.of(END):
        if identity(node) in main and identity(node) not in known.process.ends:
            yield fault("akhir_tanpa_status", identity(node), f"Akhir {title(node)} tidak ada di process.toml.",
                        f"Tambahkan [akhir.{shown(identity(node))}] dengan status dan hasil.")


# --- service tasks ---------------------------------------------------------------------------------------------------

def services(drawing: Drawing, known: Known) -> Iterator[Finding]:
    """Every service task names a handler and hands it what it asks for."""
    for scope in drawing.scopes:
        for node in scope.of(AUTOMATIC):
            operators = spiff(node, "serviceTaskOperator")
            if len(operators) != 1:
                yield fault("tanpa_operasi", identity(node),
                            f"Tugas layanan {title(node)} menyebut {len(operators)} operasi.",
                            "Pilih satu operasi (spiffworkflow:serviceTaskOperator) dari folder handlers/.")
            for operator in operators:
                yield from _operator(scope, node, operator, known)


def _operator(scope: Scope, node: Tree, operator: Tree, known: Known) -> Iterator[Finding]:
    name = operator.get("id") or ""
    handler = None if known.handlers is None else known.handlers.get(name)
    if known.handlers is not None and handler is None:
        yield fault("operasi_tidak_dikenal", identity(node),
                    f"Operasi “{shown(name)}” pada {title(node)} tidak ada di folder handlers/. "
                    + meant(name, known.handlers), "Perbaiki nama operasinya, atau tambahkan handler dengan nama itu.")
    if operator.get("resultVariable"):
        yield fault("hasil_diabaikan", identity(node),
                    f"resultVariable “{shown(operator.get('resultVariable'))}” pada {title(node)} diabaikan.",
                    "Hapus; variabel yang diambil dari hasil ditulis pada properti variabel.")
    for part in elements(operator):
        if local(part) != "parameters":
            yield fault("ulang_diabaikan", identity(node),
                        f"Unsur {shown(local(part))} pada operasi {title(node)} diabaikan.",
                        "Hapus; pengulangan operasi yang gagal diatur mesin.")
    given = list(operator.iter(f"{{{SPIFF}}}parameter"))
    yield from _parameters(node, given, known)
    if handler is not None:
        yield from _options(node, handler, {one.get("id") or "" for one in given})
        yield from _secret(scope, node, handler)


def _options(node: Tree, handler: Handler, given: set[str]) -> Iterator[Finding]:
    for name in sorted(set(handler.options) - given):
        yield fault("parameter_kurang", identity(node),
                    f"Operasi “{handler.operation}” pada {title(node)} memerlukan parameter “{name}”.",
                    f"Tambahkan parameter {name}.")
    for name in sorted(given - set(handler.options)):
        yield fault("parameter_tidak_dikenal", identity(node),
                    f"Parameter “{shown(name)}” tidak dikenal operasi “{handler.operation}”. "
                    + meant(name, handler.options), "Hapus atau perbaiki nama parameternya.")


def _parameters(node: Tree, given: list[Tree], known: Known) -> Iterator[Finding]:
    for name, count in Counter(one.get("id") or "" for one in given).items():
        if count > 1:
            yield fault("parameter_ganda", identity(node),
                        f"Parameter “{shown(name)}” pada {title(node)} ditulis {count} kali.", "Sisakan satu.")
    for one in given:
        name = one.get("id") or ""
        expression, found = judged(one.get("value") or "", identity(node),
                                   f"Parameter “{shown(name)}” pada {title(node)}", known.variables)
        yield from found
        if expression is not None:
            yield from _named_things(node, name, expression, known)


def _named_things(node: Tree, parameter: str, expression: Expression, known: Known) -> Iterator[Finding]:
    """Documents, notices, registers and receivers that may come out of a parameter must exist."""
    there = things(known.process).get(parameter) if known.process else None
    if there is None:
        return
    for name in Worlds.of(known).results(expression):
        if name not in there:
            yield fault("rujukan_tidak_ada", identity(node),
                        f"Parameter {parameter} pada {title(node)} menyebut “{shown(name)}” yang tidak ada. "
                        + meant(name, there), "Perbaiki namanya, atau nyatakan di process.toml.")


def things(process: Process) -> dict[str, Collection[str]]:
    """What the parameters that name things may name."""
    return {"dokumen": process.documents, "pesan": process.notices, "register": process.registers,
            "kepada": {"pemohon", *process.posts, *(lane.post for lane in process.lanes)}}


def _secret(scope: Scope, node: Tree, handler: Handler) -> Iterator[Finding]:
    """A handler that needs a secret runs in the request of the person who typed it, and can be refused it."""
    if not handler.secret:
        return
    errors = [one for one in scope.boundaries.get(identity(node), ()) if child(one, "errorEventDefinition") is not None
              and interrupts(one)]
    if not errors:
        yield fault("rahasia_tanpa_galat", identity(node),
                    f"{title(node)} memerlukan sandi, tetapi tidak ada jalan bila sandinya salah.",
                    "Tempelkan peristiwa galat pada tugas layanan ini dan arahkan kembali ke tugas penandatangan.")
    waits = sorted(name for name in _origins(scope, identity(node)) if kind(scope.nodes[name]) != PEOPLE)
    for name in waits:
        yield fault("rahasia_tanpa_orang", identity(node),
                    f"{title(node)} memerlukan sandi, tetapi dapat dicapai dari {title(scope.nodes[name])} "
                    "tanpa ada orang yang mengetiknya.",
                    "Letakkan tugas pengguna penandatangan langsung sebelum rangkaian ini.")


def _origins(scope: Scope, node: str) -> set[str]:
    """The nearest nodes before this one at which somebody or something waited."""
    found, seen, todo = set(), {node}, scope.before(node)
    while todo:
        here = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        sort = kind(scope.nodes[here])
        is_error = sort == BOUNDARY and child(scope.nodes[here], "errorEventDefinition") is not None
        if sort in (AUTOMATIC, "exclusiveGateway", "inclusiveGateway", "parallelGateway") or is_error:
            todo += scope.before(here)
        else:
            found.add(here)
    return found
