"""The values that letters and notices are made of: one JSON object, the same shape for every process.

    kantor        the office's letterhead and contacts          proses      name, SOP, legal basis, service standard
    permohonan    number, title, dates, promise, tracking link  variabel    case variables
    isian         activity -> its last answer                   pelaku      activity -> who completed it last
    riwayat       every completion in order                     persyaratan documents needed
    nomor         register -> live number                       dokumen_lain kind -> newest document
    dokumen       the document itself (letters only)            pesan       the recipient (notices only)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from engine.clock import local, parse_stamp, stamp
from engine.digest import parse_trusted
from engine.rules.events import form_values
from engine.rules.people import PREFIXES, Actor
from engine.rules.process import Process
from engine.runtime import dossier
from engine.runtime.dossier import Done
from engine.runtime.services.order import Order
from engine.store import cases, directory, files, journal, papers, register
from engine.store.database import Connection

LINK = "[[tautan-aktivasi]]"
"""Stands in a stored message where its one-time link goes; the link is made when the message leaves."""

VOLATILE = ("waktu", "riwayat", "pelaku", "dokumen", "dokumen_lain", "nomor", "permohonan")
"""What may change between two renderings without making another letter."""


def collect(connection: Connection, order: Order) -> dict[str, Any]:
    """Everything but the document or the message itself."""
    history = _history(connection, order)
    return {
        "kantor": plain(order.edition.office), "proses": process_values(order.edition.process),
        "permohonan": _application(connection, order), "variabel": dict(order.variables),
        "isian": {activity: _with_taken(values, _taken(connection, order)) for activity, values in order.answers.items()},
        "riwayat": history, "pelaku": {one["kegiatan"]: one for one in history},
        "persyaratan": [row | {"kode": row["dokumen"]}
                        for row in dossier.requirement_rows(order.edition.process, order.variables)],
        "nomor": {one.register: one.text for one in register.of_case(connection, order.row.id) if one.voided_at is None},
        "dokumen_lain": _others(connection, order), "tanggal": order.today.isoformat(), "waktu": stamp(order.at)}


def _taken(connection: Connection, order: Order) -> dict[str, Any]:
    """digest -> when and where a camera made the picture, for the pictures that say so."""
    return {row.sha256: parse_trusted(row.taken.encode()) for row in files.of_holder(connection, order.row.id) if row.taken}


def _with_taken(value: Any, taken: Mapping[str, Any]) -> Any:
    """An answer with the camera's word beside each picture."""
    if isinstance(value, Mapping):
        return {key: _with_taken(inner, taken) for key, inner in value.items()} | taken.get(value.get("sha256", ""), {})
    if isinstance(value, (list, tuple)):
        return [_with_taken(inner, taken) for inner in value]
    return value


def process_values(process: Process) -> dict[str, Any]:
    """What a letter may say about the process."""
    sop = plain(process.section("sop"))
    return {"id": process.id, "nama": process.name, "sop": sop, "dasar_hukum": sop.get("dasar_hukum", []),
            "layanan": plain(process.section("layanan")), "biaya": plain(process.section("biaya")),
            "masa_berlaku": plain(process.section("masa_berlaku")),
            "jabatan": {key: post.name for key, post in process.posts.items()}}


def plain(value: Any) -> Any:
    """A TOML value as JSON: dates as ISO text, decimals as text."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value if value is None or isinstance(value, (str, int)) else str(value)


def account_form(order: Order) -> dict[str, str]:
    """The account form's answers by the paths of [akun]."""
    found = {}
    for name, path in order.edition.process.account.items():
        activity, _, key = path.partition(".")
        found[name] = str(order.answers.get(activity, {}).get(key) or "")
    return found


def link_for(connection: Connection, order: Order, account: str | None) -> str:
    """Where a message leads: to the activation of a new account, else to the case as the reader may see it."""
    row = directory.account(connection, account or "")
    if row is not None and row.password is None:
        return LINK
    room = "permohonan" if account == order.row.applicant else "berkas"
    return f"{order.house.settings.address}/{room}/{order.row.id}"


def _application(connection: Connection, order: Order) -> dict[str, Any]:
    row = cases.find(connection, order.row.id) or order.row
    received = row.received_at or stamp(order.at)
    promised = order.house.promises.promised_from(order.edition.process, parse_stamp(received))
    return {"id": row.id, "nomor": row.number or "", "judul": row.title, "tempat": row.place, "jenis": row.kind,
            "dimulai": row.started_at, "diajukan": row.submitted_at or "", "diterima": received,
            "target_selesai": local(promised).date().isoformat() if promised else "",
            "alasan_pencabutan": _withdrawal(connection, order), "tautan_lacak": f"{order.house.settings.address}/lacak"}


def _withdrawal(connection: Connection, order: Order) -> str:
    """Why the applicant withdrew, if so."""
    said = [form_values(one.body).get("alasan") for one in journal.read_kinds(connection, order.row.id, ("message",))]
    return str(said[-1] or "") if said else ""


def _others(connection: Connection, order: Order) -> dict[str, Any]:
    return {one.kind: {"nomor": one.number or "", "tanggal": local(parse_stamp(one.made_at)).date().isoformat(),
                       "versi": one.version} for one in papers.of_case(connection, order.row.id)}


def _history(connection: Connection, order: Order) -> list[dict[str, Any]]:
    return [_line(connection, order, one) for one in order.done]


def _line(connection: Connection, order: Order, done: Done) -> dict[str, Any]:
    process, activity = order.edition.process, order.edition.diagram.activities.get(done.activity)
    row = process.rows.get(done.activity)
    return {"seq": done.seq, "kegiatan": done.activity, "nama_kegiatan": activity.name if activity else done.activity,
            "baris_sop": row.number if row else "", "pada": done.at} | person(connection, process, done.actor)


def person(connection: Connection, process: Process, actor: Actor) -> dict[str, str]:
    """An actor as letters print one."""
    row = directory.account(connection, actor.account or "")
    post = process.posts.get(actor.post or "")
    return {"pelaku": actor.account or "", "nama": row.name if row else "", "nip": row.employee_number if row else "",
            "pangkat": row.rank if row else "", "jabatan": actor.post or "", "nama_jabatan": post.name if post else "",
            "kapasitas": actor.capacity, "awalan": PREFIXES.get(actor.capacity, "")}


def holder(connection: Connection, process: Process, posts: Iterable[str], on: date) -> dict[str, str] | None:
    """Who holds the first of these posts on a day, as letters print one; None when it is vacant."""
    for post in posts:
        held = [one for one in directory.appointments(connection, post=post) if one.holds_on(on)]
        if held:
            return person(connection, process, held[-1].actor())
    return None
