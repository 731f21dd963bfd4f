"""Can the diagram be drawn? The engine runs it without a picture, but people and screens need one."""

from __future__ import annotations

from collections.abc import Iterator

from engine.authoring.lint.drawing import DI, Drawing, identity, title
from engine.authoring.lint.findings import Finding, caution, shown

SAVE = "Buka dan simpan ulang dengan editor diagram, yang menggambar setiap unsur."


def picture(drawing: Drawing) -> Iterator[Finding]:
    """Every node and flow has a shape, and every shape an element."""
    drawn = {one.get("bpmnElement") or "" for tag in ("BPMNShape",
                                                      "BPMNEdge") for one in drawing.root.iter(f"{{{DI}}}{tag}")}
    if not drawn:
        yield caution("tanpa_gambar", None,
                      "Berkas ini tidak memuat gambar (diagram interchange); layar tidak dapat menampilkannya.", SAVE)
        return
    known = {identity(one) for one in drawing.root.iter("{*}*")}
    for name in sorted(drawn - known):
        yield caution("gambar_tanpa_unsur", shown(name), f"Gambar “{shown(name)}” tidak mempunyai unsur.", SAVE)
    for scope in drawing.scopes:
        for name, node in scope.nodes.items():
            if name not in drawn:
                yield caution("unsur_tanpa_gambar", name,
                              f"{title(node)} tidak digambar, jadi tidak terlihat di layar.", SAVE)
        for flow in scope.flows:
            if flow.id not in drawn:
                yield caution("unsur_tanpa_gambar", flow.id,
                              f"Alur “{shown(flow.id)}” tidak digambar, jadi tidak terlihat di layar.", SAVE)
