"""`admin create`: the first administrator of a real office. Every later account is made on the administrator's page."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser, Namespace

from engine.administration import ADMINISTRATOR, NewAccount, NewAppointment
from engine.assembly import Engine, assemble
from engine.clock import local
from engine.commands.parts.answers import answer
from engine.commands.parts.office import made_ready, settings_of
from engine.errors import CannotRun
from engine.rules.people import ROLES, SYSTEM
from engine.store.directory import AccountRow

NAME = "admin"
HELP = "`admin create` membuat administrator pertama sebuah kantor; menanyakan nama dan kata sandi."


def arguments(parser: ArgumentParser) -> None:
    """What is not given is asked for on the terminal."""
    parser.add_argument("tindakan", choices=["create"], help="create: buat administrator")
    parser.add_argument("--username", help="nama pengguna, misalnya budi.santosa")
    parser.add_argument("--name", help="nama lengkap")
    parser.add_argument("--email", default="", help="alamat email")
    parser.add_argument("--password-stdin", action="store_true", help="baca kata sandi dari masukan standar")
    parser.add_argument("--another", action="store_true", help="buat juga bila kantor sudah mempunyai administrator")


def run(args: Namespace) -> int:
    """Account and appointment, journaled as the system's deed."""
    settings = settings_of(args)
    engine = assemble(settings, database=made_ready(settings))
    try:
        _must_be_first(engine, args.another)
        made = create(engine, _asked(args))
    finally:
        engine.close()
    answer(args, {"akun": made.id, "nama_pengguna": made.username},
           [f"Administrator “{made.name}” dibuat; masuk dengan nama pengguna {made.username}."])
    return 0


def create(engine: Engine, wanted: NewAccount) -> AccountRow:
    """An account that administers from today on."""
    made = engine.administration.create_account(wanted, SYSTEM)
    today = local(engine.clock.now()).date()
    letter = "Penyiapan kantor"
    engine.administration.appoint(NewAppointment(made.id, ADMINISTRATOR, "definitif", today, None, letter), SYSTEM, ROLES)
    return made


def _must_be_first(engine: Engine, another: bool) -> None:
    today = local(engine.clock.now()).date()
    if not another and any(one.post == ADMINISTRATOR and one.holds_on(today) for one in engine.administration.appointments()):
        raise CannotRun("there is one", advice="Kantor ini sudah mempunyai administrator. Buat akun lain di halaman "
                                               "Administrasi, atau ulangi dengan --another.")


def _asked(args: Namespace) -> NewAccount:
    username = args.username or _ask("Nama pengguna: ")
    name = args.name or _ask("Nama lengkap: ")
    return NewAccount(username, name, args.email, password=_password(args.password_stdin))


def _ask(question: str) -> str:
    _must_be_terminal("--username dan --name")
    return input(question).strip()


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    _must_be_terminal("--password-stdin")
    first = getpass.getpass("Kata sandi (minimal 10 karakter): ")
    if getpass.getpass("Ketik sekali lagi: ") != first:
        raise CannotRun("two passwords", advice="Kedua kata sandi tidak sama; ulangi perintah ini.")
    return first


def _must_be_terminal(options: str) -> None:
    if not sys.stdin.isatty():
        raise CannotRun("no terminal", advice=f"Tidak ada terminal untuk bertanya; berikan {options}.")
