"""The whole case as one PDF, for the paper archive beside the electronic one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from engine.assembly import Engine
from engine.commands.parts.answers import answer
from engine.commands.parts.cases import case_id
from engine.commands.parts.office import opened
from engine.errors import CannotRun

NAME = "print-out"
HELP = "Simpan cetakan lengkap sebuah berkas yang sudah selesai sebagai satu PDF."


def arguments(parser: ArgumentParser) -> None:
    """Which case, and where to."""
    parser.add_argument("berkas", metavar="BERKAS", help="nomor pendaftaran atau id")
    parser.add_argument("tujuan", type=Path, metavar="FILE", help="berkas PDF yang ditulis")


def run(args: Namespace) -> int:
    """Write the newest print-out of the case."""
    with opened(args) as engine:
        content = _newest(engine, case_id(engine, args.berkas))
    try:
        args.tujuan.write_bytes(content)
    except OSError as fault:
        raise CannotRun(str(fault), advice=f"{args.tujuan} tidak dapat ditulis ({fault.strerror}).") from fault
    answer(args, {"file": str(args.tujuan), "bytes": len(content)}, [f"Cetakan disimpan: {args.tujuan}"])
    return 0


def _newest(engine: Engine, case: str) -> bytes:
    """The newest print-out of a case."""
    kind = engine.catalog.edition(engine.cases.find(case).edition).process.print_out
    made = [one for one in engine.papers.of_case(case) if one.kind == kind]
    if not made:
        raise CannotRun("no print-out", advice="Cetakan dibuat saat berkas selesai; berkas ini belum selesai, atau "
                                               "prosesnya tidak mencetak arsip.")
    return engine.papers.read(made[-1])
