"""Do what is due: timers, automatic steps, mail. The second process of an office; `start` keeps it running."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser, Namespace

from engine.commands.parts.office import opened
from engine.logs import keep_log
from engine.runtime.timers import Bell

NAME = "work"
HELP = "Jalankan pekerja di balik layar (dipanggil oleh `start`); --once menjalankan satu putaran saja."

EVERY_SECONDS = 1.0


def arguments(parser: ArgumentParser) -> None:
    """Once, or until stopped."""
    parser.add_argument("--once", action="store_true", help="kerjakan yang menunggu, lalu selesai")


def run(args: Namespace) -> int:
    """Ring until a stop signal comes; the round that runs then is finished."""
    with opened(args) as engine:
        keep_log(engine.settings)
        if args.once:
            print(engine.work_once())
            return 0
        asked = threading.Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda *_: asked.set())
        bell = Bell(engine.work_once, EVERY_SECONDS)
        bell.start()
        asked.wait()
        bell.stop()
    return 0
