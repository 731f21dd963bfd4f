"""Where the keys of an office lie, whether they are safe there, and the root by which strangers judge its letters."""

from __future__ import annotations

import stat
from argparse import ArgumentParser, Namespace
from pathlib import Path

from engine.commands.parts.answers import answer
from engine.commands.parts.office import opened

NAME = "keys"
HELP = "Tunjukkan letak kunci kantor dan izin berkasnya; `keys root` mencetak sertifikat akar untuk pihak lain."

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def arguments(parser: ArgumentParser) -> None:
    """Places, or the root."""
    parser.add_argument("tindakan", nargs="?", choices=["list", "root"], default="list",
                        help="list: letak kunci; root: cetak sertifikat akar (PEM)")


def run(args: Namespace) -> int:
    """1 when a key may be read by others."""
    with opened(args) as engine:
        folder, roots = engine.settings.keys, [one.decode() for one in engine.signatories.roots]
    if args.tindakan == "root":
        answer(args, {"akar": roots}, [one.strip() for one in roots])
        return 0
    found = places(folder)
    open_ones = [path for path, safe in found.items() if not safe]
    answer(args, {"folder": str(folder), "kunci": {str(path): safe for path, safe in found.items()}},
           [f"Folder kunci: {folder} (jangan ikut disalin bersama cadangan basis data)",
            *(f"  {path.relative_to(folder)}: {'aman' if safe else 'DAPAT DIBACA ORANG LAIN; jalankan chmod 600'}"
              for path, safe in found.items())])
    return int(bool(open_ones))


def places(folder: Path) -> dict[Path, bool]:
    """Every key file, and whether only its owner may read it. Certificates are public."""
    return {path: not path.stat().st_mode & OTHERS for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix not in (".crt",) and "akar" not in path.relative_to(folder).parts}
