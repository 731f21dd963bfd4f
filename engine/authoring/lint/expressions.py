"""Are the analyst's expressions sound? Conditions, parameters and cardinalities, each where it stands."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator

from engine.authoring.lint.drawing import (
    AUTOMATIC,
    OR,
    XOR,
    Drawing,
    Flow,
    Scope,
    child,
    children,
    identity,
    kind,
    looped,
    properties,
    title,
    words,
)
from engine.authoring.lint.findings import Finding, Known, caution, fault, meant, shown
from engine.authoring.lint.reading import Tree
from engine.authoring.lint.witness import Worlds
from engine.errors import ExpressionRefused
from engine.rules.expressions import Expression, compile_expression

EXAMPLE = "Tulis seperti: lengkap == True, atau jenis in ('baru', 'perubahan')."


def judged(text: str, where: str | None, what: str, known: Collection[str] | None) -> tuple[Expression | None,
                                                                                            list[Finding]]:
    """The expression, and what is wrong with it."""
    foreign = _foreign(text)
    if foreign:
        return None, [fault("bahasa_asing", where, f"{what} “{shown(text)}” ditulis dalam {foreign}.",
                            f"Tanpa tanda itu. {EXAMPLE}")]
    try:
        expression = compile_expression(text.strip())
    except ExpressionRefused as refused:
        return None, [fault("ungkapan_ditolak", where, f"{what} “{shown(text)}”: {refused.args[0]}.",
                            f"{ExpressionRefused.advice} {EXAMPLE}")]
    strangers = sorted(expression.names - set(known)) if known is not None else []
    return expression, [fault("variabel_tidak_dikenal", where,
                              f"{what} “{shown(text)}” memakai “{shown(name)}” yang tidak dinyatakan. "
                              + meant(name, known or ()),
                              "Nyatakan di process.toml pada [variabel], atau perbaiki namanya.")
                        for name in strangers]


def _foreign(text: str) -> str:
    plain = text.strip()
    if plain.startswith(("${", "#{")):
        return "bahasa mesin lain (${…})"
    return "FEEL (diawali =)" if plain.startswith("=") and not plain.startswith("==") else ""


def conditions(drawing: Drawing, known: Known) -> Iterator[Finding]:
    """Every condition is sound, can hold, and never holds together with a rival."""
    by_machine = [name for node in drawing.of(AUTOMATIC) for name in words(properties(node).get("variabel"))]
    worlds = Worlds.of(known, by_machine)
    for scope in drawing.scopes:
        for node in scope.of(XOR, OR):
            rivals = []
            for flow in scope.out.get(identity(node), ()):
                expression, found = _condition(flow, known)
                yield from found
                if expression is not None and not found:
                    rivals.append((flow, expression))
            yield from _judge_rivals(node, rivals, worlds)
            yield from _covered(scope, node, [expression for _, expression in rivals], worlds)
        yield from _elsewhere(scope, known)


def _condition(flow: Flow, known: Known) -> tuple[Expression | None, list[Finding]]:
    if flow.condition is None:
        return None, []
    return judged(flow.condition.text or "", flow.id, "Syarat", known.variables)


def _covered(scope: Scope, node: Tree, conditions: list[Expression], worlds: Worlds) -> Iterator[Finding]:
    """An inclusive gateway without default must have a way whatever was answered."""
    if kind(node) != OR or node.get("default") or not conditions or len(conditions) < len(scope.out[identity(node)]):
        return
    gap, complete = worlds.uncovered(conditions)
    if complete and gap is None:
        return
    told = fault if complete and gap else caution
    yield told("tanpa_default", identity(node), f"Gateway inklusif {title(node)} tidak mempunyai alur default"
               + (f"; tidak ada alur yang cocok bila {gap}." if gap else "."),
               "Tambahkan alur default, atau lengkapi syaratnya sehingga setiap jawaban mempunyai alur.")


def _elsewhere(scope: Scope, known: Known) -> Iterator[Finding]:
    """Conditions that are ignored anyway are still read: whoever moves them should know."""
    for flow in scope.flows:
        if flow.source in scope.nodes and kind(scope.nodes[flow.source]) in (XOR, OR):
            continue
        yield from _condition(flow, known)[1]


def _judge_rivals(node: Tree, rivals: list[tuple[Flow, Expression]], worlds: Worlds) -> Iterator[Finding]:
    for flow, expression in rivals:
        if worlds.never(expression):
            yield fault("syarat_mustahil", flow.id,
                        f"Syarat “{shown(expression.source)}” tidak pernah benar; alur ini tidak pernah ditempuh.",
                        "Cocokkan dengan jenis variabelnya: ya/tidak ditulis True atau False, teks diberi tanda petik.")
    if kind(node) != XOR:
        return
    for (earlier, rival), (flow, expression) in itertools.combinations(rivals, 2):
        if worlds.exhausted:
            return
        witness = worlds.both(rival, expression)
        if witness is not None:
            yield fault("syarat_bertumpuk", flow.id, f"Syarat “{shown(expression.source)}” dan "
                        f"“{shown(rival.source)}” (alur {shown(earlier.id)}) "
                        f"pada gateway {title(node)} sama-sama benar bila {witness}.",
                        "Persempit salah satu syarat, atau pakai gateway inklusif bila keduanya memang ditempuh.")


def cardinalities(drawing: Drawing, known: Known) -> Iterator[Finding]:
    """How many at once: a number of at least one."""
    for node in drawing.nodes.values():
        loop = looped(node)
        if loop is None:
            continue
        if loop.get("isSequential") == "true":
            yield fault("jamak_berurutan", identity(node), f"Tugas jamak {title(node)} digambar berurutan.",
                        "Jadikan serentak (isSequential dihapus), atau gambar alur kembali lewat gateway.")
        count = child(loop, "loopCardinality")
        if count is None:
            yield fault("jamak_tanpa_jumlah", identity(node), f"Tugas jamak {title(node)} tidak menyebut jumlahnya.",
                        "Isi loopCardinality, misalnya 3 atau len(tim).")
        for one in children(loop, "loopCardinality"):
            yield from _cardinality(one.text or "", node, known)


def _cardinality(text: str, node: Tree, known: Known) -> Iterator[Finding]:
    expression, found = judged(text, identity(node), "Jumlah pengulangan", known.variables)
    yield from found
    if expression is None:
        return
    number = expression.evaluate({}) if not expression.names else None
    if not expression.names and (isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= 100):
        yield fault("jumlah_salah", identity(node), f"Jumlah pengulangan “{shown(text)}” bukan bilangan 1 sampai 100.",
                    "Tulis bilangan bulat, misalnya 3, atau len(tim) untuk variabel jenis daftar.")
    variable = known.process.variables.get(text.strip()) if known.process else None
    if variable is not None and variable.kind != "bilangan":
        yield fault("jumlah_salah", identity(node),
                    f"Variabel “{shown(text)}” berjenis {variable.kind}, bukan bilangan.",
                    f"Tulis len({text.strip()[:40]}) bila daftar, atau pakai variabel jenis bilangan.")


def requirement_conditions(known: Known) -> Iterator[Finding]:
    """The conditions of persyaratan.toml."""
    worlds = Worlds.of(known)
    for one in known.process.requirements if known.process else ():
        expression, found = judged(str(one.condition), str(one.code), "Syarat persyaratan", known.variables)
        yield from found
        if expression is not None and not found and worlds.never(expression):
            yield caution("syarat_mustahil", str(one.code),
                          f"Syarat “{shown(one.condition)}” tidak pernah benar; dokumen ini tidak pernah diminta.",
                          "Cocokkan dengan jenis dan pilihan variabelnya.")
