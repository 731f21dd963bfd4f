"""Every option of an installation, read once from the environment; unknown IZIN_ names are refused by name."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from engine import marks
from engine.errors import CannotRun

ROOT = Path(__file__).resolve().parent.parent
"""Where the rooms of the house stand."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Options of one installation. The variable of an option is IZIN_ and its name in capitals."""

    data: Path = field(default=Path("var"), metadata={"help": "Folder of the office: database, files, keys, outgoing mail."})
    database_url: str = field(default="", repr=False, metadata={"help": "SQLAlchemy URL; empty = SQLite in the data folder."})
    processes: Path = field(default=ROOT / "processes", metadata={"help": "Folder of process definitions."})
    forms: Path = field(default=ROOT / "forms", metadata={"help": "Folder of form definitions."})
    handlers: Path = field(default=ROOT / "handlers", metadata={"help": "Folder of service-task handlers."})
    host: str = field(default="127.0.0.1", metadata={"help": "Address the web process listens on."})
    port: int = field(default=8000, metadata={"help": "Port the web process listens on."})
    public_url: str = field(default="", metadata={"help": "Address people use, for links and QR; empty = host and port."})
    smtp_url: str = field(default="", repr=False, metadata={"help": "smtp://user:pass@host:port or smtps://…; empty = mail "
                                                                    "stays in the data folder."})
    mail_from: str = field(default="perizinan@localhost", metadata={"help": "Sender of messages."})
    whatsapp_url: str = field(default="", metadata={"help": "Gateway for WhatsApp messages (https://…), used when mail to a "
                                                            "person is refused; empty = off."})
    whatsapp_token: str = field(default="", repr=False, metadata={"help": "Bearer token of that gateway."})
    signer: str = field(default="local-test", metadata={"help": "Who signs: local-test, pkcs12, bsre-v1 or bsre-v2."})
    signer_issuer: str = field(default="", metadata={"help": "Issuer of the certificates as a letter names it; empty = the "
                                                             "national one for bsre-v1 and bsre-v2, nobody for pkcs12."})
    bsre_url: str = field(default="", metadata={"help": "Address of the national signing service (https://…)."})
    bsre_user: str = field(default="", metadata={"help": "The office's application at that service."})
    bsre_password: str = field(default="", repr=False, metadata={"help": "Its password; empty = read from "
                                                                         "keys/layanan-tte.sandi (mode 0600)."})
    bsre_seconds: int = field(default=30, metadata={"help": "How long that service may take; shorter than a lease."})
    sqlite_synchronous: str = field(default="FULL", metadata={"help": "FULL or NORMAL (SQLite only)."})
    lease_seconds: int = field(default=60, metadata={"help": "How long a worker may hold an effect before another takes it."})
    session_hours: int = field(default=10, metadata={"help": "How long a sign-in lasts."})
    upload_megabytes: int = field(default=16, metadata={"help": "Largest upload the web accepts, in MB."})
    proxy: int = field(default=0, metadata={"help": "How many reverse proxies stand before the web process; their "
                                                    "X-Forwarded headers are believed. 0 = none."})
    metrics_token: str = field(default="", repr=False, metadata={"help": "Bearer token for /metrics; empty = only this very "
                                                                         "machine may ask."})
    log_level: str = field(default="INFO", metadata={"help": "DEBUG, INFO, WARNING or ERROR."})
    log_file: str = field(default="", metadata={"help": "File for the log, turned over by itself; empty = standard error, for "
                                                        "systemd to keep."})
    log_megabytes: int = field(default=10, metadata={"help": "Size at which the log file is turned over, in MB."})
    log_keep: int = field(default=5, metadata={"help": "How many older log files are kept."})
    crash_point: str = field(default="", metadata={"help": "For crash proofs only: where the process ends."})

    @property
    def database(self) -> str:
        """The URL of the database in use."""
        return self.database_url or f"sqlite:///{self.data / 'izin.db'}"

    @property
    def address(self) -> str:
        """The address people use, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def is_local(self) -> bool:
        """True while no other machine reaches the web process; a proxy is there to let others in."""
        if self.proxy:
            return False
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False

    @property
    def files(self) -> Path:
        """Attachments and documents."""
        return self.data / "files"

    @property
    def keys(self) -> Path:
        """Signing keys and the test authority; mode 0700, files 0600."""
        return self.data / "keys"

    @property
    def tallies(self) -> Path:
        """Counts of what leaves no row."""
        return self.data / "tally"

    @property
    def outbox(self) -> Path:
        """Where mail goes when no SMTP server is configured."""
        return self.data / "mail"


VARIABLES = {f"IZIN_{one.name.upper()}": one for one in fields(Settings)}
"""Environment variable -> field."""

FOREIGN = {"IZIN_CHROMIUM"}
"""Variables of the tests, not of an installation."""

RANGES = {"lease_seconds": (1, 3600), "bsre_seconds": (1, 3599), "session_hours": (1, None), "upload_megabytes": (1, None),
          "proxy": (0, None), "log_megabytes": (1, None), "log_keep": (0, None)}
"""Least and greatest value of a number; None = no greatest."""
SYNCHRONOUS = ("FULL", "NORMAL")
"""What an installation may choose; less would lose what people were told is kept."""
ADDRESSES = {"public_url": ("http", "https"), "smtp_url": ("smtp", "smtps"), "whatsapp_url": ("http", "https"),
             "bsre_url": ("http", "https")}
"""How an address may begin."""


def read_settings(environment: Mapping[str, str], **given: object) -> Settings:
    """Settings from the environment; `given` (from the command line, None = not given) wins. CannotRun names what is wrong."""
    known = VARIABLES.keys() | FOREIGN
    unknown = sorted(name for name in environment if name.startswith("IZIN_") and name not in known)
    if unknown:
        names = ", ".join(unknown)
        raise CannotRun(f"unknown {names}", advice=f"Pengaturan {names} tidak dikenal; hapus atau perbaiki namanya.")
    values: dict[str, object] = {one.name: environment[name] for name, one in VARIABLES.items() if environment.get(name)}
    values |= {name: value for name, value in given.items() if value is not None}
    settings = replace(Settings(), **{name: _typed(name, str(value)) for name, value in values.items()})
    _must_hold(settings)
    return settings


def _typed(name: str, text: str) -> Any:
    default = getattr(Settings, name)
    kind = Path if isinstance(default, Path) else type(default)
    try:
        return kind(text)
    except ValueError as fault:
        raise CannotRun(f"{name}={text!r}", advice=f"Nilai “{text}” untuk {name} tidak dapat dipakai.") from fault


def _must_hold(settings: Settings) -> None:
    """CannotRun names the setting that would do harm later, when nobody looks."""
    for name, (least, greatest) in RANGES.items():
        value = getattr(settings, name)
        if value < least or (greatest is not None and value > greatest):
            raise _wrong(name, f"paling sedikit {least}" if greatest is None else f"antara {least} dan {greatest}")
    for name, schemes in ADDRESSES.items():
        if getattr(settings, name) and not _is_address(getattr(settings, name), schemes):
            raise _wrong(name, "alamat seperti " + " atau ".join(f"{one}://nama.server" for one in schemes))
    if settings.sqlite_synchronous not in SYNCHRONOUS:
        raise _wrong("sqlite_synchronous", " atau ".join(SYNCHRONOUS))
    chosen = settings.signer.startswith("bsre") or settings.bsre_seconds != Settings.bsre_seconds
    if chosen and settings.bsre_seconds >= settings.lease_seconds:
        raise _wrong("bsre_seconds", f"lebih kecil dari IZIN_LEASE_SECONDS ({settings.lease_seconds})")
    try:
        marks.read(settings.crash_point)
    except ValueError as fault:
        raise _wrong("crash_point", "peluang:berkas[:titik,…]") from fault


def _wrong(name: str, wanted: str) -> CannotRun:
    """The value itself is not told: an address may hold a password."""
    return CannotRun(name, advice=f"Nilai IZIN_{name.upper()} tidak dapat dipakai; seharusnya {wanted}.")


def _is_address(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0 and not set(text) & set(" \t\r\n")
    except ValueError:   # a port or a bracketed host that cannot be read
        return False
