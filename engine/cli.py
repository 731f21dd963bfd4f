"""Which command is meant, and how does it end? Status 0 good, 1 findings, 2 cannot run; one sentence, never a stack trace.

A command is a module of `engine/commands` with NAME, HELP, arguments(parser) and run(args) -> status. Its file is named
as the command (`verify-document` in verify_document.py), so only the command that was asked for is imported.
"""

from __future__ import annotations

import argparse
import errno
import json
import logging
import os
import pkgutil
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from engine import commands
from engine.clock import Clock
from engine.errors import CannotRun, Refusal, StoreUnavailable
from engine.logs import set_up

log = logging.getLogger(__name__)

CANNOT_RUN = 2
STOPPED = 130
HELP_WORDS = ("help", "--help", "-h")
LAUNCHER = {
    "test": "Pasang yang diperlukan uji, lalu jalankan semuanya; --fast tanpa peramban dan bukti panjang.",
    "prove": "Jalankan bukti panjang NAMA dari tests/proofs, misalnya replay atau crash.",
    "bench": "Ukur kecepatan dan ukuran, lalu cetak angkanya.",
    "pin": "Tulis ulang constraints.txt dengan versi pustaka terbaru yang cocok.",
}
"""Commands that the launcher answers itself."""

SAID = (
    (r"unrecognized arguments: (.*)", "Pilihan {0} tidak dikenal"),
    (r"the following arguments are required: (.*)", "Yang belum disebut: {0}"),
    (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", "{1} tidak dikenal untuk {0}; pilih {2}"),
    (r"argument (.*): invalid .* value: (.*)", "Nilai {1} untuk {0} tidak dapat dipakai"),
    (r"argument (.*): expected .* arguments?", "Pilihan {0} memerlukan nilai"),
    (r"argument (.*): not allowed with argument (.*)", "{0} tidak dapat dipakai bersama {1}"),
)
"""What the reader of options says, and how we say it."""

STORE_GONE = ("Penyimpanan tidak dapat dipakai (penuh, terkunci, atau tidak terhubung), jadi yang sedang ditulis tidak "
              "tersimpan. Lihat sebabnya dengan `./izin doctor`, lalu jalankan perintah ini lagi.")
"""What a command says when the store refuses: unlike a page, it holds nothing that a person typed."""
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
OUTPUT_FULL = "Keluaran perintah ini tidak dapat ditulis karena tempatnya penuh; kosongkan sebagian, lalu jalankan lagi."

HEADINGS = {"usage:": "pemakaian:", "positional arguments:": "sebutkan:", "options:": "pilihan:"}


class Parser(argparse.ArgumentParser):
    """Reads options; a wrong one ends in a sentence."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"add_help": False, "allow_abbrev": False, "conflict_handler": "resolve"}))
        self.add_argument("-h", "--help", action="help", help="tampilkan bantuan ini")
        self.add_argument("--data", type=Path, metavar="DIR", help="folder kantor (atau IZIN_DATA)")
        self.add_argument("--json", action="store_true", help="cetak satu dokumen JSON")

    def error(self, message: str) -> NoReturn:
        """CannotRun in place of an exit."""
        raise CannotRun(message, advice=f"{_said(message)}. Lihat `{self.prog} --help`.")

    def format_help(self) -> str:
        """The help page, in Indonesian."""
        page = super().format_help()
        for word, ours in HEADINGS.items():
            page = page.replace(word, ours)
        return page


def _said(message: str) -> str:
    for pattern, ours in SAID:
        match = re.fullmatch(pattern, message, re.DOTALL)
        if match:
            return ours.format(*match.groups())
    return f"Perintah tidak dapat dibaca ({message})"


def main(words: Sequence[str]) -> int:
    """Run one command."""
    try:
        status = _run(words)
        sys.stdout.flush()   # here, where a full device or a closed pipe can still be told
        return status
    except Refusal as refusal:
        return _refused(refusal, "--json" in words)
    except KeyboardInterrupt:
        print("izin: dihentikan.", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        _drop_output()   # whoever read it had enough
        return 0
    except OSError as fault:
        if fault.errno not in FULL:
            return _unexpected(fault)
        _drop_output()
        print(f"izin: {OUTPUT_FULL}", file=sys.stderr)
        return CANNOT_RUN
    except Exception as fault:   # the last resort: a person gets a sentence and a number, the log gets kind and place
        return _unexpected(fault)


def _drop_output() -> None:
    """What is still buffered has nowhere to go."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(words: Sequence[str]) -> int:
    if not words or words[0] in HELP_WORDS:
        return show_help("--json" in words)
    module = find(words[0])
    parser = Parser(prog=f"./izin {module.NAME}", description=module.HELP)
    module.arguments(parser)
    args = parser.parse_args(words[1:])
    set_up(os.environ.get("IZIN_LOG_LEVEL") or "WARNING")
    return int(module.run(args))


def find(name: str) -> ModuleType:
    """The module of a command."""
    if name not in names():
        raise CannotRun(name, advice=f"Perintah “{name}” tidak dikenal. Lihat daftarnya dengan `./izin help`.")
    return import_module(f"{commands.__name__}.{name.replace('-', '_')}")


def names() -> list[str]:
    """Every command, by its file."""
    return sorted(one.name.replace("_", "-") for one in pkgutil.iter_modules(commands.__path__) if not one.ispkg)


def show_help(as_json: bool) -> int:
    """Every command with one line."""
    told = {name: find(name).HELP for name in names()} | LAUNCHER
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return 0
    width = max(map(len, told))
    print("Izin: perintah-perintahnya. Setiap perintah menjelaskan diri dengan --help.\n")
    print("\n".join(f"  {name:<{width}}  {line}" for name, line in sorted(told.items())))
    return 0


def _refused(refusal: Refusal, as_json: bool) -> int:
    status = CANNOT_RUN if isinstance(refusal, CannotRun) else getattr(refusal, "status", CANNOT_RUN)
    advice = STORE_GONE if refusal.advice == StoreUnavailable.advice else refusal.advice
    if as_json:
        print(json.dumps({"kode": refusal.code, "pesan": advice}, ensure_ascii=False))
    print(f"izin: {advice}", file=sys.stderr)
    return status


def _unexpected(fault: Exception) -> int:
    incident = Clock().new_id()[:8].upper()
    log.error("command failed", exc_info=fault, extra={"action": "command", "incident": incident})
    print(f"izin: Terjadi gangguan di luar dugaan, nomor {incident}; jalankan `./izin doctor`, lalu sampaikan nomor ini.",
          file=sys.stderr)
    return CANNOT_RUN
