"""Put the working files of a process into force as its next edition, after they were checked."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from engine.assembly import Engine
from engine.authoring.lint import Finding
from engine.commands.parts.answers import answer
from engine.commands.parts.editions import difference, faults, in_force, put_into_force, working_files
from engine.commands.parts.office import opened

NAME = "deploy"
HELP = "Berlakukan edisi baru sebuah proses setelah diperiksa; permohonan berjalan tetap pada edisinya."


def arguments(parser: ArgumentParser) -> None:
    """One process."""
    parser.add_argument("proses", metavar="PROSES", help="nama folder di processes/")
    parser.add_argument("--dry-run", action="store_true", help="tunjukkan perbedaannya saja")


def run(args: Namespace) -> int:
    """0 in force (or already so), 1 when the check finds a fault."""
    with opened(args) as engine:
        found = faults(engine, args.proses)
        if found:
            return _refused(args, found)
        return _deployed(args, engine)


def _refused(args: Namespace, found: list[Finding]) -> int:
    told = [f"{one.place} {one.element or ''}: {one.message}" for one in found]
    answer(args, {"berlaku": False, "galat": told},
           [*told, f"Belum layak diberlakukan: {len(found)} galat. Rinciannya: ./izin check {args.proses}"])
    return 1


def _deployed(args: Namespace, engine: Engine) -> int:
    before, files = in_force(engine, args.proses), working_files(engine, args.proses)
    changes = difference(before, files)
    if args.dry_run or not changes:
        answer(args, {"berlaku": False, "perbedaan": changes},
               [*changes, f"{len(changes)} hal berbeda dari edisi yang berlaku; tidak ada yang diubah."])
        return 0
    made = put_into_force(engine, args.proses)
    answer(args, {"berlaku": True, "edisi": made.hash, "nomor": made.row.number, "perbedaan": changes},
           [*changes, f"Edisi {made.row.number} ({made.hash[:12]}) berlaku untuk permohonan baru."])
    return 0
