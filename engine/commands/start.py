"""Start an office: folder, database, processes, then the web and the worker, watched over until Ctrl-C."""

from __future__ import annotations

import errno
import os
import socket
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser, Namespace
from contextlib import closing

from engine.assembly import Settings, assemble
from engine.commands.parts import samples
from engine.commands.parts.answers import tell
from engine.commands.parts.editions import deploy_new
from engine.commands.parts.office import made_ready, settings_of
from engine.commands.parts.supervisor import Supervisor, child_of
from engine.errors import CannotRun
from engine.settings import VARIABLES

NAME = "start"
HELP = "Jalankan kantor: siapkan folder dan basis data, berlakukan proses baru, lalu buka layanan."

READY_SECONDS = 60.0
ASK_SECONDS = 2.0


def arguments(parser: ArgumentParser) -> None:
    """Where to listen, and whether to fill an empty folder with examples."""
    parser.add_argument("--host", help="alamat yang didengarkan; bawaan 127.0.0.1")
    parser.add_argument("--port", type=int, help="port yang didengarkan; bawaan 8000")
    parser.add_argument("--demo", dest="demo", action="store_true", default=None, help="isi folder kosong dengan contoh")
    parser.add_argument("--no-demo", dest="demo", action="store_false", help="jangan isi dengan contoh")


def run(args: Namespace) -> int:
    """0 after Ctrl-C, 2 when it cannot run."""
    began = time.monotonic()
    settings = settings_of(args)
    must_be_free(settings.host, settings.port)
    prepare(settings, args.demo)
    environment = os.environ | {name: str(getattr(settings, one.name)) for name, one in VARIABLES.items()}
    logs = settings.data / "log"
    children = [child_of("web", ("forms.web",), logs), child_of("pekerja", ("engine", "work"), logs)]
    supervisor = Supervisor(children, environment)
    return supervisor.run(lambda: _open(settings, supervisor, began))


def prepare(settings: Settings, demo: bool | None) -> None:
    """Everything that is done once before the doors open."""
    tell(f"Menyiapkan folder {settings.data} …")
    engine = assemble(settings, database=made_ready(settings))
    try:
        engine.identity.must_stay_here()
        if engine.promises.office.seed():
            tell("Kalender kantor diisi dari tabel bawaan; selanjutnya hanya berubah oleh keputusan kantor.")
        if samples.wanted(engine, demo):
            samples.fill(engine)
        deploy_new(engine)
    finally:
        engine.close()


def must_be_free(host: str, port: int) -> None:
    """CannotRun when somebody listens there already, or the address is not ours."""
    if not 0 < port < 65536:
        raise CannotRun(f"port {port}", advice=f"Port {port} untuk {host} di luar 1 sampai 65535; pilih yang lain.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind, protocol)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as fault:
        why = "sudah dipakai program lain" if fault.errno == errno.EADDRINUSE else "tidak dapat dipakai"
        raise CannotRun(f"{host}:{port}: {fault}", advice=f"Alamat {host} port {port} {why}; pilih yang lain dengan --host "
                                                          "atau --port.") from fault


def _open(settings: Settings, supervisor: Supervisor, began: float) -> None:
    """Wait until the web answers, then say where."""
    last = time.monotonic() + READY_SECONDS
    while not _answers(settings):
        supervisor.must_run()
        if supervisor.asked:
            return
        if time.monotonic() > last:
            raise CannotRun("web silent", advice=f"Layanan tidak menjawab dalam {READY_SECONDS:.0f} detik; lihat "
                                                 f"{settings.data / 'log'}.")
        time.sleep(0.1)
    print(f"Izin siap di {settings.address} ({time.monotonic() - began:.1f} detik). Ctrl-C untuk berhenti.", flush=True)
    if not settings.is_local:
        tell("Layanan ini terbuka bagi mesin lain; pasang di belakang HTTPS.")


def _answers(settings: Settings) -> bool:
    """The front page is there; any answer below 500 counts."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
    try:
        with urllib.request.urlopen(f"http://{host}:{settings.port}/", timeout=ASK_SECONDS):
            return True
    except urllib.error.HTTPError as answer:
        return answer.code < 500
    except OSError:
        return False
