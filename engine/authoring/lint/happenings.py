"""Can every event happen as drawn? Starts, ends, boundary events, waits, timers, messages and errors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from engine.authoring.lint.drawing import (
    AND,
    AUTOMATIC,
    BOUNDARY,
    CATCH,
    END,
    OR,
    PEOPLE,
    START,
    Drawing,
    Scope,
    child,
    children,
    elements,
    events,
    identity,
    interrupts,
    is_terminate,
    kind,
    shape_of,
    title,
)
from engine.authoring.lint.findings import Finding, caution, fault, meant, shown
from engine.authoring.lint.reading import MODEL, Tree

DURATION = re.compile(r"'P(?=[0-9T])([0-9]{1,4}W)?([0-9]{1,4}D)?"
                      r"(T(?=[0-9])([0-9]{1,4}H)?([0-9]{1,4}M)?([0-9]{1,5}S)?)?'", re.ASCII)
WRITE_DURATION = "Tulis lamanya di antara tanda petik, misalnya 'P14D' (14 hari), 'PT1H' (1 jam) atau 'P2W' (2 minggu)."
PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


def starts(drawing: Drawing) -> Iterator[Finding]:
    """One plain start, or message starts only: beside a plain one the others never win."""
    for scope in drawing.scopes:
        found = scope.of(START)
        plain = [node for node in found if not events(node)]
        if not found:
            yield fault("tanpa_awal", scope.id or None, f"“{shown(scope.id)}” tidak mempunyai awal (startEvent).",
                        "Tambahkan awal; bila dimulai pemohon, beri jenis pesan.")
        for node in plain if len(found) > 1 else ():
            yield fault("awal_polos", identity(node),
                        f"Awal {title(node)} tanpa jenis berada di samping awal lain; awal lain dibatalkan diam-diam.",
                        "Beri setiap awal jenis pesan (messageEventDefinition) dengan nama pesan sendiri.")
    yield from _same_messages(drawing)


def _same_messages(drawing: Drawing) -> Iterator[Finding]:
    names = {identity(node): _message_name(drawing, node) for node in drawing.of(START)}
    count = Counter(name for name in names.values() if name)
    for node, name in names.items():
        if name and count[name] > 1:
            yield fault("awal_kembar", node, f"Pesan “{shown(name)}” memulai lebih dari satu awal.",
                        "Beri setiap awal pesan dengan nama yang berbeda.")


def _message_name(drawing: Drawing, node: Tree) -> str | None:
    for event in children(node, "messageEventDefinition"):
        message = drawing.named("message").get(event.get("messageRef") or "")
        return None if message is None else message.get("name")
    return None


def kinds_of_events(drawing: Drawing) -> Iterator[Finding]:
    """Exactly one kind per waiting event, at most one elsewhere."""
    for node in drawing.of(START, END, CATCH, BOUNDARY):
        found = events(node)
        if len(found) > 1:
            yield fault("peristiwa_ganda", identity(node),
                        f"Peristiwa {title(node)} mempunyai {len(found)} jenis sekaligus.",
                        "Sisakan satu jenis; gambar peristiwa lain tersendiri.")
        if not found and kind(node) in (CATCH, BOUNDARY):
            yield fault("peristiwa_tanpa_jenis", identity(node),
                        f"Peristiwa {title(node)} tidak menyebut apa yang ditunggu.",
                        "Pilih jenisnya: pesan, waktu" + (", atau galat." if kind(node) == BOUNDARY else "."))


def boundaries(drawing: Drawing) -> Iterator[Finding]:
    """Boundary events stand on a task that can meet them."""
    for scope in drawing.scopes:
        for node in scope.of(BOUNDARY):
            yield from _boundary(drawing, scope, node)
        for host, attached in scope.boundaries.items():
            yield from _same_errors(drawing, host, attached)


def _boundary(drawing: Drawing, scope: Scope, node: Tree) -> Iterator[Finding]:
    host = scope.nodes.get(node.get("attachedToRef") or "")
    is_error = child(node, "errorEventDefinition") is not None
    if host is None:
        yield fault("induk_tidak_ada", identity(node),
                    f"Peristiwa tepi {title(node)} menempel pada “{shown(node.get('attachedToRef'))}” yang tidak ada.",
                    "Tempelkan pada tugas pengguna atau tugas layanan.")
    elif kind(host) not in (PEOPLE, AUTOMATIC):
        yield fault("induk_salah", identity(node),
                    f"Peristiwa tepi {title(node)} menempel pada {kind(host)} {title(host)}.",
                    "Tempelkan pada tugas pengguna atau tugas layanan.")
    elif is_error and kind(host) == PEOPLE:
        yield fault("galat_pada_tugas_orang", identity(node),
                    f"Galat {title(node)} pada tugas orang {title(host)} tidak pernah terjadi.",
                    "Pindahkan ke tugas layanan yang dapat gagal, atau ganti dengan pilihan pada formulir dan gateway.")
    if is_error and not interrupts(node):
        yield fault("galat_tidak_menyela", identity(node),
                    f"Galat {title(node)} digambar tidak menyela (cancelActivity=\"false\").",
                    "Galat selalu menyela; hapus cancelActivity.")


def _same_errors(drawing: Drawing, host: str, attached: list[Tree]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for node in attached:
        for event in children(node, "errorEventDefinition"):
            code = _error_code(drawing, event) or ""
            first = seen.setdefault(code, identity(node))
            if first != identity(node):
                yield fault("galat_kembar", identity(node),
                            f"Galat “{shown(code or 'semua')}” pada “{shown(host)}” sudah ditangkap “{shown(first)}”.",
                            "Hapus salah satunya atau beri kode galat yang berbeda.")


def _error_code(drawing: Drawing, event: Tree) -> str | None:
    error = drawing.named("error").get(event.get("errorRef") or "")
    return None if error is None else error.get("errorCode")


def errors(drawing: Drawing) -> Iterator[Finding]:
    """Errors that boundary events name exist; a code is a plain word that a handler can raise."""
    known = drawing.named("error")
    for event in drawing.root.iter(f"{{{MODEL}}}errorEventDefinition"):
        name = event.get("errorRef")
        if name and name not in known:
            yield fault("rujukan_hilang", shape_of(event),
                        f"Galat “{shown(name)}” tidak ada di berkas ini. " + meant(name, known),
                        "Nyatakan galat itu (bpmn:error) dengan kodenya, atau hapus errorRef supaya semua ditangkap.")
    for error in known.values():
        code = error.get("errorCode")
        if code is not None and not PLAIN_NAME.fullmatch(code):
            yield fault("kode_galat_salah", identity(error), f"Kode galat “{shown(code)}” tidak akan pernah cocok.",
                        "Tulis kode yang dipakai handler, huruf kecil dan garis bawah, misalnya sandi_salah.")


def messages(drawing: Drawing) -> Iterator[Finding]:
    """Messages have a plain name of their own and are waited for."""
    known = drawing.named("message")
    names = Counter(message.get("name") or "" for message in known.values())
    asked = set()
    for event in drawing.root.iter(f"{{{MODEL}}}messageEventDefinition"):
        ref = event.get("messageRef") or ""
        asked.add(ref)
        if ref not in known:
            yield fault("rujukan_hilang", shape_of(event),
                        f"Peristiwa pesan ini menunjuk pesan “{shown(ref)}” yang tidak ada. " + meant(ref, known),
                        "Nyatakan pesannya (bpmn:message) dengan nama, lalu pilih pesan itu.")
    for ref, message in known.items():
        name = message.get("name") or ""
        if not PLAIN_NAME.fullmatch(name):
            yield fault("nama_pesan_salah", ref or None, f"Nama pesan “{shown(name)}” kosong atau memuat tanda lain.",
                        "Tulis huruf kecil dan garis bawah, misalnya cabut.")
        elif names[name] > 1:
            yield fault("pesan_kembar", ref or None, f"Nama pesan “{shown(name)}” dipakai lebih dari sekali.",
                        "Sisakan satu pesan dengan nama itu dan arahkan semua peristiwa kepadanya.")
        elif ref not in asked:
            yield caution("pesan_tidak_dipakai", ref or None,
                          f"Pesan “{shown(name)}” tidak ditunggu peristiwa mana pun.", "Hapus pesan itu.")


def timers(drawing: Drawing) -> Iterator[Finding]:
    """A timer is one quoted duration; anything else fails later, in an officer's transition."""
    for event in drawing.root.iter(f"{{{MODEL}}}timerEventDefinition"):
        found = [one for one in elements(event) if kind(one).startswith("time")]
        if len(found) != 1:
            yield fault("waktu_salah", shape_of(event), f"Peristiwa waktu ini memuat {len(found)} keterangan waktu.",
                        "Isi satu timeDuration. " + WRITE_DURATION)
        for one in found:
            yield from _timer(one)


def _timer(one: Tree) -> Iterator[Finding]:
    text, where = (one.text or "").strip(), shape_of(one)
    if kind(one) == "timeCycle":
        yield fault("waktu_berulang", where, f"Waktu berulang {shown(text)} tidak didukung.",
                    "Gambar satu peristiwa tepi yang tidak menyela untuk setiap pengingat, misalnya 'P14D' dan 'P25D'.")
    elif kind(one) == "timeDate":
        yield fault("waktu_tetap", where, f"Tanggal tetap {shown(text)} sama untuk semua berkas dan tidak didukung.",
                    "Ganti dengan timeDuration. " + WRITE_DURATION)
    elif not DURATION.fullmatch(text) or not re.search("[1-9]", text):
        yield fault("waktu_salah", where, f"Waktu “{shown(text)}” bukan lama waktu yang dikenal{_why(text)}.",
                    WRITE_DURATION)


def _why(text: str) -> str:
    if re.fullmatch(r"P[0-9WDTHMSY]+", text):
        return " karena tanpa tanda petik"
    if re.fullmatch(r"'P[0-9]*[YM].*'", text):
        return " karena bulan dan tahun tidak tetap panjangnya"
    return ""


def ends(drawing: Drawing) -> Iterator[Finding]:
    """Where a listener runs beside the main path, every end on that path must stop everything."""
    for scope in drawing.scopes:
        listeners = [node for node in scope.of(CATCH) if child(node, "messageEventDefinition") is not None
                     and _is_beside(scope, node)]
        if not listeners:
            continue
        main = scope.reached([identity(node) for node in scope.of(START)], side=False)
        for node in scope.of(END):
            if identity(node) in main and not is_terminate(node):
                yield fault("akhir_tidak_menghentikan", identity(node),
                            f"Akhir {title(node)} tidak menghentikan pendengar "
                            f"{title(listeners[0])}; berkas tidak pernah selesai.",
                            "Ganti jenis akhir itu menjadi hentikan (terminate).")


def _is_beside(scope: Scope, node: Tree) -> bool:
    """Is this event on a branch of its own, straight from a split that takes several ways at once?"""
    here, seen = identity(node), set()
    while here not in seen:
        seen.add(here)
        before = scope.into.get(here, [])
        if len(before) != 1:
            return False
        source = scope.nodes[before[0].source]
        if kind(source) in (AND, OR) and len(scope.out.get(identity(source), ())) > 1:
            return True
        here = identity(source)
    return False
