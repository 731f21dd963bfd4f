"""The whole case as one PDF, for the paper archive beside the electronic one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from engine.commands.parts.answers import answer
from engine.commands.parts.cases import case_id
from engine.commands.parts.office import opened
from engine.errors import CannotRun
from engine.runtime.services.archive import PRINT_OUT

NAME = "print-out"
HELP = "Simpan cetakan lengkap sebuah berkas yang sudah selesai sebagai satu PDF."


def arguments(parser: ArgumentParser) -> None:
    """Which case, and where to."""
    parser.add_argument("berkas", metavar="BERKAS", help="nomor pendaftaran atau id")
    parser.add_argument("tujuan", type=Path, metavar="FILE", help="berkas PDF yang ditulis")


def run(args: Namespace) -> int:
    """Write the newest print-out of the case."""
    with opened(args) as engine:
        made = [one for one in engine.papers.of_case(case_id(engine, args.berkas)) if one.kind == PRINT_OUT]
        if not made:
            raise CannotRun("no print-out", advice="Cetakan berkas dibuat saat berkas selesai; berkas ini belum selesai, atau "
                                                   "prosesnya tidak mencetak arsip.")
        content = engine.papers.read(made[-1])
    try:
        args.tujuan.write_bytes(content)
    except OSError as fault:
        raise CannotRun(str(fault), advice=f"{args.tujuan} tidak dapat ditulis ({fault.strerror}).") from fault
    answer(args, {"file": str(args.tujuan), "bytes": len(content)}, [f"Cetakan berkas disimpan: {args.tujuan}"])
    return 0
