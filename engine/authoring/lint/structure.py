"""Does the drawing hang together? Ids, pools, lanes, flows, reachability, and loops that never wait."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from engine.authoring.lint.drawing import (
    ACTIVITIES,
    AND,
    AUTOMATIC,
    BOUNDARY,
    CATCH,
    END,
    GATEWAYS,
    OR,
    PEOPLE,
    PICTURE,
    START,
    XOR,
    Drawing,
    Flow,
    Scope,
    children,
    identity,
    kind,
    shape_of,
    title,
)
from engine.authoring.lint.findings import Finding, caution, fault, meant, shown
from engine.authoring.lint.reading import MODEL, Tree

PLAIN_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}", re.ASCII)
RESERVED = re.compile(r"Start|End|Root|StartEventSplit|StartEventJoin"
                      r"|.*\.(BoundaryEventSplit|BoundaryEventJoin|EndJoin)|.* \[child\]")
NEVER_WAITS = GATEWAYS | {AUTOMATIC}
NEED_ID = ACTIVITIES | GATEWAYS | {START, END, BOUNDARY, CATCH, "sequenceFlow"}


def ids(drawing: Drawing) -> Iterator[Finding]:
    """Ids: there, once, plain, and none that the engine uses for its own."""
    own = [one for one in drawing.root.iter(f"{{{MODEL}}}*") if identity(one)]
    pictured = [one for one in drawing.root.iter("{*}*") if identity(one)
                and str(one.tag)[1:].partition("}")[0] in PICTURE]
    for name, count in Counter(map(identity, own + pictured)).items():
        if count > 1:
            yield fault("id_ganda", name,
                        f"Id “{shown(name)}” dipakai {count} kali; mesin hanya melihat salah satunya.",
                        "Beri setiap unsur id yang berbeda.")
    for scope in drawing.scopes:
        for node in scope.nodes.values():
            yield from _named(node)
        yield from _without_id(scope)


def _named(node: Tree) -> Iterator[Finding]:
    name = identity(node)
    if RESERVED.fullmatch(name):
        yield fault("id_dipesan", name, f"Id “{shown(name)}” dipakai mesin untuk keperluannya sendiri.",
                    "Ganti idnya dengan nama kegiatan, misalnya nilai_aduan.")
    elif not PLAIN_ID.fullmatch(name):
        yield fault("id_tidak_polos", name, f"Id “{shown(name)}” memuat tanda selain huruf, angka, dan garis bawah.",
                    "Ganti idnya dengan huruf kecil, angka, dan garis bawah, misalnya nilai_aduan.")


def _without_id(scope: Scope) -> Iterator[Finding]:
    for one in scope.element:
        if kind(one) in NEED_ID and not identity(one):
            yield fault("tanpa_id", shape_of(one), f"Ada {kind(one)} tanpa id di dalam “{shown(scope.id)}”.",
                        "Gambar ulang unsur itu dengan editor diagram, yang memberi id sendiri.")


def pools(drawing: Drawing) -> Iterator[Finding]:
    """One executable process in at most one pool."""
    if drawing.main is None:
        yield fault("tanpa_proses", None, "Berkas ini tidak memuat proses.",
                    "Gambar satu proses di dalam satu kolam, lalu ekspor ulang.")
    for pool in drawing.participants[1:]:
        yield fault("kolam_lebih", identity(pool),
                    f"Kolam {title(pool)} adalah kolam kedua; mesin menjalankan satu kolam.",
                    "Hapus kolam ini; pihak lain digambar sebagai lajur.")
    for pool in drawing.participants[:1]:
        if pool.get("processRef") not in {identity(one) for one in drawing.processes}:
            yield fault("rujukan_hilang", identity(pool), f"Kolam {title(pool)} tidak menunjuk proses yang ada.",
                        "Isi processRef dengan id proses di berkas ini.")
    for process in drawing.processes:
        yield from _process(drawing, process)


def _process(drawing: Drawing, process: Tree) -> Iterator[Finding]:
    name = identity(process)
    if not PLAIN_ID.fullmatch(name):
        yield fault("id_tidak_polos", name or None,
                    "Id proses kosong atau memuat tanda selain huruf, angka, dan garis bawah.",
                    "Beri proses id seperti izin_usaha.")
    if process.get("isExecutable") != "true":
        yield fault("tidak_dijalankan", name or None, f"Proses “{shown(name)}” tidak ditandai dapat dijalankan.",
                    "Beri tanda Executable (isExecutable=\"true\") pada proses.")
    if process is not drawing.main:
        yield fault("proses_lebih", name or None,
                    f"Proses “{shown(name)}” adalah proses kedua; satu berkas memuat satu proses.",
                    "Hapus proses itu, atau jadikan berkas dan folder tersendiri.")


def lanes(drawing: Drawing) -> Iterator[Finding]:
    """Every task of a person in exactly one lane that has a name of its own."""
    found = list(drawing.root.iter(f"{{{MODEL}}}lane"))
    names = Counter(" ".join((lane.get("name") or "").split()) for lane in found)
    for lane in found:
        name = " ".join((lane.get("name") or "").split())
        if not name:
            yield fault("lajur_tanpa_nama", identity(lane) or None,
                        "Lajur ini tidak bernama; tugas di dalamnya tidak sampai ke siapa pun.",
                        "Beri nama lajur seperti di process.toml.")
        elif names[name] > 1:
            yield fault("lajur_kembar", identity(lane) or None,
                        f"Nama lajur “{shown(name)}” dipakai lebih dari sekali.",
                        "Gabungkan kedua lajur atau beri nama yang berbeda.")
    for process in drawing.processes:
        for extra in children(process, "laneSet")[1:]:
            yield fault("lajur_lebih", identity(extra) or identity(process),
                        "Proses ini memuat dua susunan lajur (laneSet).",
                        "Gabungkan menjadi satu laneSet.")
    yield from _memberships(drawing)


def _memberships(drawing: Drawing) -> Iterator[Finding]:
    held: dict[str, list[str]] = defaultdict(list)
    for ref in drawing.root.iter(f"{{{MODEL}}}flowNodeRef"):
        lane, name = ref.getparent(), (ref.text or "").strip()
        held[name].append(title(lane) if lane is not None else "")
        if name not in drawing.nodes:
            yield fault("rujukan_hilang", shape_of(ref), f"Lajur menunjuk “{shown(name)}” yang tidak ada.",
                        "Hapus flowNodeRef itu atau gambar ulang unsurnya di dalam lajur.")
    for name, node in drawing.nodes.items():
        if len(held[name]) > 1:
            yield fault("dua_lajur", name,
                        f"{title(node)} berada di {len(held[name])} lajur: {shown(', '.join(held[name]))}.",
                        "Letakkan di satu lajur saja.")
    for scope in drawing.scopes:
        for node in scope.of(PEOPLE):
            yield from _owner(scope, node, len(held[identity(node)]))


def _owner(scope: Scope, node: Tree, count: int) -> Iterator[Finding]:
    if not count and not scope.nested:
        yield fault("tanpa_lajur", identity(node), f"Tugas {title(node)} tidak berada di lajur mana pun.",
                    "Letakkan tugas itu di dalam lajur pelaksananya.")


def flows(drawing: Drawing) -> Iterator[Finding]:
    """Every flow joins two nodes of one scope; every node but an end leads on."""
    for scope in drawing.scopes:
        for flow in scope.flows:
            yield from _ends(drawing, scope, flow)
        yield from _twins(scope)
        yield from _unwritten(scope)
        for node in scope.nodes.values():
            yield from _ways(scope, node)
            yield from _ties(scope, node)


def _ends(drawing: Drawing, scope: Scope, flow: Flow) -> Iterator[Finding]:
    for word, name in (("asal", flow.source), ("tujuan", flow.target)):
        if name in scope.nodes:
            continue
        if name in drawing.nodes:
            yield fault("alur_lintas_batas", flow.id or scope.id,
                        f"Alur “{shown(flow.id)}” menembus batas subproses ke “{shown(name)}”.",
                        "Sambungkan lewat awal dan akhir subproses, atau ratakan subprosesnya.")
        else:
            yield fault("ujung_tidak_ada", flow.id or scope.id,
                        f"Alur “{shown(flow.id)}”: {word} “{shown(name)}” tidak ada.",
                        "Hapus alur itu atau sambungkan ulang di editor diagram.")


def _unwritten(scope: Scope) -> Iterator[Finding]:
    """The engine reads flows only; the editor also wants them named in the nodes."""
    left_out = [name for name in scope.nodes for word, joined in (("incoming", scope.into), ("outgoing", scope.out))
                if len(children(scope.nodes[name], word)) < len(joined.get(name, ()))]
    if left_out:
        yield caution("sambungan_tidak_ditulis", left_out[0],
                      f"{len(set(left_out))} unsur tidak menyebut incoming atau outgoing-nya; "
                      "editor diagram menganggapnya terputus.", "Buka dan simpan ulang diagram dengan editor diagram.")


def _twins(scope: Scope) -> Iterator[Finding]:
    seen: dict[tuple[str, str], str] = {}
    for flow in scope.flows:
        first = seen.setdefault((flow.source, flow.target), flow.id)
        if first != flow.id:
            yield fault("alur_kembar", flow.id,
                        f"Alur “{shown(flow.id)}” dan “{shown(first)}” menghubungkan dua unsur yang sama.",
                        "Hapus salah satunya; bila bersyarat, gabungkan syaratnya dengan or.")


def _ways(scope: Scope, node: Tree) -> Iterator[Finding]:
    name, sort, out = identity(node), kind(node), scope.out.get(identity(node), [])
    if sort == END and out:
        yield fault("alur_dari_akhir", name, f"Akhir {title(node)} masih mempunyai alur keluar.",
                    "Hapus alur keluarnya.")
    if sort != END and not out:
        yield fault("jalan_buntu", name,
                    f"{title(node)} tidak mempunyai alur keluar; berkas berhenti di sini tanpa akhir.",
                    "Sambungkan ke langkah berikutnya atau ke sebuah akhir (endEvent).")
    if sort in (START, BOUNDARY) and scope.into.get(name):
        yield fault("alur_ke_awal", name, f"{title(node)} tidak boleh mempunyai alur masuk.",
                    "Arahkan alur itu ke langkah sesudahnya.")
    if sort not in GATEWAYS and len(out) > 1:
        yield fault("banyak_alur_keluar", name, f"{title(node)} mempunyai {len(out)} alur keluar.",
                    "Sisipkan gateway: eksklusif untuk memilih satu, paralel untuk semua, inklusif untuk beberapa.")
    if sort in GATEWAYS and len(out) < 2 and len(scope.into.get(name, ())) < 2:
        yield caution("gateway_mubazir", name, f"Gateway {title(node)} tidak membagi dan tidak menggabung.",
                      "Hapus gateway itu.")


def _ties(scope: Scope, node: Tree) -> Iterator[Finding]:
    for word, joined in (("incoming", scope.into), ("outgoing", scope.out)):
        written = {(one.text or "").strip() for one in children(node, word)}
        drawn = {flow.id for flow in joined.get(identity(node), ())}
        for name in sorted(written - drawn):
            yield fault("rujukan_hilang", identity(node),
                        f"{title(node)} menyebut {word} “{shown(name)}” yang tidak tersambung ke situ.",
                        "Simpan ulang diagram dengan editor diagram supaya sambungannya ditulis sama.")


def reach(drawing: Drawing) -> Iterator[Finding]:
    """Everything is reached from a start and leads to an end; every loop waits for somebody."""
    for scope in drawing.scopes:
        starts = [identity(node) for node in scope.of(START)]
        seen = scope.reached(starts)
        for name, node in scope.nodes.items():
            if starts and name not in seen:
                yield fault("tidak_terjangkau", name, f"{title(node)} tidak dapat dicapai dari awal.",
                            "Sambungkan ke alur dari awal, atau hapus.")
        yield from _endless(scope)
        yield from _restless(scope)


def _endless(scope: Scope) -> Iterator[Finding]:
    ends = [identity(node) for node in scope.of(END)]
    finishing = scope.reached(ends, side=False, back=True)
    if not ends:
        yield fault("tanpa_akhir", scope.id, f"“{shown(scope.id)}” tidak mempunyai akhir.",
                    "Tambahkan akhir (endEvent) yang menghentikan.")
        return
    for name, node in scope.nodes.items():
        if name not in finishing and scope.next(name):
            yield fault("tidak_berakhir", name, f"Dari {title(node)} tidak ada jalan menuju akhir.",
                        "Tambahkan alur keluar dari putaran itu menuju sebuah akhir.")


def _restless(scope: Scope) -> Iterator[Finding]:
    """Strongly connected groups of nodes that never wait for a person, a message or the time."""
    idle = {name for name, node in scope.nodes.items() if kind(node) in NEVER_WAITS or _is_error(node)}
    for group in _rings(scope, idle):
        listed = ", ".join(f"“{name}”" for name in group[:6])
        yield fault("putaran_tanpa_tunggu", group[0],
                    f"Putaran {listed} tidak pernah menunggu orang, pesan, atau waktu; mesin berputar terus.",
                    "Sisipkan tugas pengguna atau peristiwa tunggu di dalam putaran, atau putuskan putarannya.")


def _is_error(node: Tree) -> bool:
    return kind(node) == BOUNDARY and bool(children(node, "errorEventDefinition"))


def _rings(scope: Scope, among: set[str]) -> list[list[str]]:
    """Nodes on or between cycles that stay within `among`, one sorted list per connected group."""
    ahead = {name: {one for one in scope.next(name) if one in among} for name in among}
    behind: dict[str, set[str]] = {name: set() for name in among}
    for name, after in ahead.items():
        for one in after:
            behind[one].add(name)
    for leaving, other in ((ahead, behind), (behind, ahead)):
        _peel(leaving, other)
    return _groups(ahead)


def _peel(leaving: dict[str, set[str]], other: dict[str, set[str]]) -> None:
    """Take away, again and again, what leads nowhere."""
    todo = [name for name, steps in leaving.items() if not steps]
    while todo:
        name = todo.pop()
        for one in other.pop(name, ()):
            leaving[one].discard(name)
            if not leaving[one]:
                todo.append(one)
        for one in leaving.pop(name, ()):
            other.get(one, set()).discard(name)


def _groups(ahead: dict[str, set[str]]) -> list[list[str]]:
    beside: dict[str, set[str]] = {name: set(steps) for name, steps in ahead.items()}
    for name, steps in ahead.items():
        for one in steps:
            beside[one].add(name)
    found = []
    while beside:
        group, todo = set(), [next(iter(beside))]
        while todo:
            name = todo.pop()
            if name not in group:
                group.add(name)
                todo += beside.pop(name)
        found.append(sorted(group))
    return sorted(found)


def gateways(drawing: Drawing) -> Iterator[Finding]:
    """Defaults of gateways, and conditions only where they are asked."""
    for scope in drawing.scopes:
        for node in scope.nodes.values():
            yield from _default(scope, node)
            for flow in scope.out.get(identity(node), ()):
                yield from _condition_place(scope, node, flow)


def _default(scope: Scope, node: Tree) -> Iterator[Finding]:
    out, name = scope.out.get(identity(node), []), node.get("default")
    if kind(node) not in (XOR, OR):
        return
    if name and name not in {flow.id for flow in out}:
        yield fault("default_salah", identity(node),
                    f"Alur default “{shown(name)}” tidak keluar dari gateway {title(node)}. "
                    + meant(name, [flow.id for flow in out]),
                    "Pilih salah satu alur keluar gateway ini sebagai default.")
    if not name and len(out) > 1 and kind(node) == XOR:
        yield fault("tanpa_default", identity(node),
                    f"Gateway {title(node)} tidak mempunyai alur default; bila tidak ada syarat "
                    "yang benar, berkas macet.", "Tandai satu alur keluar sebagai alur default, tanpa syarat.")


def _condition_place(scope: Scope, node: Tree, flow: Flow) -> Iterator[Finding]:
    out, asked = scope.out[identity(node)], kind(node) in (XOR, OR)
    is_default = flow.id == node.get("default")
    if flow.condition is None:
        if asked and len(out) > 1 and not is_default:
            yield fault("tanpa_syarat", flow.id, f"Alur “{shown(flow.id)}” dari gateway {title(node)} tidak bersyarat.",
                        "Isi syaratnya, atau jadikan alur ini alur default.")
        return
    if not asked:
        what = "gateway paralel" if kind(node) == AND else f"{title(node)}, yang bukan gateway bersyarat,"
        yield fault("syarat_diabaikan", flow.id, f"Syarat pada alur “{shown(flow.id)}” dari {what} akan diabaikan.",
                    "Pindahkan syarat ke gateway eksklusif atau inklusif sesudahnya, atau hapus.")
    elif is_default:
        yield fault("syarat_pada_default", flow.id,
                    f"Alur default “{shown(flow.id)}” diberi syarat; syaratnya diabaikan.",
                    "Hapus syaratnya; alur default ditempuh bila tidak ada syarat lain yang benar.")
    elif len(out) == 1:
        yield fault("syarat_tunggal", flow.id,
                    f"Satu-satunya alur keluar gateway {title(node)} bersyarat; bila salah, berkas macet.",
                    "Hapus syaratnya, atau tambahkan alur keluar lain dengan alur default.")
