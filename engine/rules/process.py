"""What process.toml and its neighbours say about one process: lanes, posts, variables, limits, registers, documents.

Files of `processes/<id>/` (TOML keys are Indonesian, as the analyst writes them; every table may carry `sumber`,
`yakin` and `catatan`, which are kept for display):

    process.toml
      [proses]              id, nama, awalan (prefix of registration numbers), register (whose numbers cases are called by)
      [sop]                 nomor, tanggal_pembuatan, tanggal_efektif, disahkan_oleh, dasar_hukum, peringatan, …
      [layanan]             texts of the service standard for the front page
      [[lajur]]             id, nama (= lane name in the diagram), jabatan (post id), pemohon = true for the applicant
      [[jabatan]]           id, nama, penandatangan = true when the post signs
      [[kegiatan]]          id (activity), baris (SOP row), uraian, kelengkapan, waktu, keluaran, status (public words)
      [akhir.<end id>]      status (public words), hasil = "terbit" | "ditolak" | "dibatalkan" | "ditutup"
      [pilihan.<name>]      dipakai = true | false: what this office has chosen, a case variable of that name; a
                            [[kegiatan]] with pilihan = "<name>" is done only where it is true
      [variabel.<name>]     jenis = teks | bilangan | ya_tidak | tanggal | daftar, bawaan (default; missing = null)
      [register.<id>]       nama, pola (none for the register cases are called by), isi = { jenis = "…", unit = "…", … }
      [dokumen.<id>]        nama, templat, register, ditandatangani, terbuka (applicant sees it), wajib = ["kegiatan.kunci"],
                            gagal (what the person at the desk is told when `wajib` is empty), hasil of a decision,
                            menggantikan = path of the number of the older licence it replaces,
                            cetakan = true for the print-out of the whole case (the first so marked)
      [pesan.<id>]          nama, berkas, lampiran = [documents], kepada = pemohon (default) or a post
      [waktu.<activity>]    batas; [kelompok_waktu.<id>] langkah, batas, sub = { activity = batas }
      [janji]               batas, mulai = the document that starts the promise to the applicant,
                            pesan_bergeser = the notice when a changed calendar moves it
      [[ambang]]            untuk = tugas | kelompok | janji | hukum, jenis = pengingat | eskalasi,
                            kapan = sebelum | saat | sesudah, jarak, kepada = posts (petugas = who has the task), pesan,
                            kecuali = activities to which a threshold of tasks does not apply
      [hukum]               batas = the legal limit after which the application counts as granted
      [ringkasan]           judul, pemohon, tempat, jenis: paths "activity.key" read first to last
      [akun]                nama, surel, telepon, nik: paths of the account form
      [masa_berlaku]        tahun, kurang_hari
      [daftar]              name = [ {…} ]  fixed rows offered to forms as `sumber`
      [pencabutan]          selama = activities during which the applicant may withdraw (none named = always)
      [surel_gagal]         beri_tahu = the post that is told when mail to the applicant is refused, pesan = the notice for it
      [pisah], [retensi], [pertanyaan] and others are kept as they stand
    persyaratan.toml
      [[persyaratan]]       kode, nama, bila (expression, default always), keterangan, aktif (default true)
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from engine.errors import DefinitionRefused

KINDS = ("teks", "bilangan", "ya_tidak", "tanggal", "daftar")
ANSWERS = ("terbit", "ditolak")
OUTCOMES = (*ANSWERS, "dibatalkan", "ditutup")
REQUIREMENTS = "persyaratan"
"""The name under which forms ask for the rows of persyaratan.toml."""
Rows = tuple[Mapping[str, Any], ...]
EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Lane:
    """A lane of the diagram and the post behind it."""

    id: str
    name: str
    post: str
    applicant: bool


@dataclass(frozen=True)
class Post:
    """A post (jabatan) of the office, as this process names it."""

    id: str
    name: str
    signs: bool


@dataclass(frozen=True)
class Row:
    """One activity of the SOP in its own words."""

    activity: str
    number: str
    text: str
    needs: str
    time: str
    output: str
    status: str
    choice: str | None = None
    """The choice of the office without which nobody does it."""


@dataclass(frozen=True)
class End:
    """How a case can end: the public words and the outcome."""

    id: str
    status: str
    outcome: str

    @property
    def answers(self) -> bool:
        """True when the applicant got the office's decision: that is what was promised."""
        return self.outcome in ANSWERS


@dataclass(frozen=True)
class Variable:
    """A declared case variable; only these enter the state."""

    name: str
    kind: str
    default: object


@dataclass(frozen=True)
class Register:
    """A number register: its pattern and the fixed words in it."""

    id: str
    name: str
    pattern: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class DocumentKind:
    """A letter the process makes."""

    id: str
    name: str
    template: str
    register: str | None
    signed: bool
    public: bool
    required: tuple[str, ...]
    advice: str
    outcome: str | None
    replaces: str | None
    prints_case: bool


@dataclass(frozen=True)
class Notice:
    """A message the process sends."""

    id: str
    name: str
    file: str
    attachments: tuple[str, ...]
    to: str


@dataclass(frozen=True)
class Requirement:
    """A document the applicant must attach, and the condition under which it is needed."""

    code: str
    name: str
    condition: str
    hint: str


@dataclass(frozen=True)
class LimitGroup:
    """Activities that share one time limit, with sub-targets inside."""

    id: str
    activities: tuple[str, ...]
    limit: str
    targets: Mapping[str, str]


SCOPES = ("tugas", "kelompok", "janji", "hukum")
SIDES = {"sebelum": -1, "saat": 0, "sesudah": 1}
STAFF = "petugas"
"""Among the posts of a threshold: the post that has the task itself."""


@dataclass(frozen=True)
class Alarm:
    """A threshold of a clock: so long before, at, or after its due date these posts are told, by this notice.

    `spares` = activities that have other thresholds, such as those of posts above the one that would be told.
    """

    scope: str
    escalates: bool
    side: int
    distance: str | None
    posts: tuple[str, ...]
    notice: str | None
    spares: tuple[str, ...]


@dataclass(frozen=True)
class Promise:
    """The end-to-end time promised to the applicant, from the making of one document."""

    limit: str
    starts: str
    moved: str | None
    """The notice to an applicant whose promise a changed calendar moved; None = nobody is told."""


@dataclass(frozen=True, eq=False)
class Process:
    """Everything process.toml says."""

    id: str
    name: str
    prefix: str
    register: str | None
    lanes: tuple[Lane, ...]
    posts: Mapping[str, Post]
    rows: Mapping[str, Row]
    ends: Mapping[str, End]
    variables: Mapping[str, Variable]
    registers: Mapping[str, Register]
    documents: Mapping[str, DocumentKind]
    notices: Mapping[str, Notice]
    requirements: tuple[Requirement, ...]
    limits: Mapping[str, str]
    groups: tuple[LimitGroup, ...]
    promise: Promise | None
    legal_limit: str | None
    alarms: tuple[Alarm, ...]
    summary: Mapping[str, tuple[str, ...]]
    account: Mapping[str, str]
    lists: Mapping[str, Rows]
    withdrawable: tuple[str, ...] | None
    """Activities during which the applicant may withdraw; None = always."""
    raw: Mapping[str, Any] = field(repr=False, default_factory=lambda: EMPTY)

    def lane_named(self, name: str | None) -> Lane | None:
        """The lane of a diagram's lane name."""
        return next((lane for lane in self.lanes if lane.name == name), None)

    @property
    def applicant_lane(self) -> Lane | None:
        """The lane of the applicant."""
        return next((lane for lane in self.lanes if lane.applicant), None)

    def does(self, activity: str) -> bool:
        """False for an activity that belongs to a choice this office has not made."""
        row = self.rows.get(activity)
        return row is None or row.choice is None or self.variables[row.choice].default is True

    def defaults(self) -> dict[str, object]:
        """Every declared variable with its default."""
        return {name: variable.default for name, variable in self.variables.items()}

    @property
    def print_out(self) -> str | None:
        """The document that prints the whole case; None when the process archives none."""
        return next((one.id for one in self.documents.values() if one.prints_case), None)

    def may_withdraw(self, waiting: Iterable[str]) -> bool:
        """True while one of the activities of [pencabutan].selama waits; a process that names none always allows it."""
        return self.withdrawable is None or any(one in self.withdrawable for one in waiting)

    @property
    def mail_keeper(self) -> str:
        """The post that is told when mail to an applicant is refused; empty = nobody."""
        return str(self.section("surel_gagal").get("beri_tahu", ""))

    def section(self, name: str) -> Mapping[str, Any]:
        """A table of process.toml as it stands (sop, layanan, masa_berlaku, …)."""
        found = self.raw.get(name, {})
        return found if isinstance(found, Mapping) else {}


def load_process(files: Mapping[str, bytes]) -> Process:
    """The process of an edition's files, named relative to its folder; DefinitionRefused says where and what."""
    raw = _toml(files, "process.toml")
    rows = _toml(files, "persyaratan.toml") if "persyaratan.toml" in files else {}
    try:
        return _process(raw, rows)
    except (KeyError, TypeError, AttributeError, ValueError) as fault:
        raise DefinitionRefused(f"process.toml: {fault!r}", advice=_where(fault)) from fault


def _where(fault: Exception) -> str:
    if isinstance(fault, KeyError):
        return f"process.toml: kunci “{fault.args[0]}” belum diisi. Tambahkan kunci itu, lalu periksa lagi."
    return f"process.toml: bentuk isian tidak sesuai ({fault}). Bandingkan dengan processes/README.md."


def _toml(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    if name not in files:
        raise DefinitionRefused(f"{name} is missing", advice=f"Berkas {name} belum ada di folder proses.")
    try:
        return tomllib.loads(files[name].decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as fault:
        raise DefinitionRefused(f"{name}: {fault}", advice=f"{name} tidak dapat dibaca: {fault}.") from fault


def _process(raw: dict[str, Any], rows: dict[str, Any]) -> Process:
    head = raw["proses"]
    return Process(
        id=_text(head, "id"), name=_text(head, "nama"), prefix=_text(head, "awalan", "P"),
        register=_text(head, "register", None),
        lanes=tuple(_lane(one) for one in raw["lajur"]),
        posts={one["id"]: _post(one) for one in raw.get("jabatan", ())},
        rows={one["id"]: _row(one) for one in raw.get("kegiatan", ())},
        ends={key: _end(key, one) for key, one in raw.get("akhir", {}).items()},
        variables={key: _choice(key, one) for key, one in raw.get("pilihan", {}).items()} | {
            key: _variable(key, one) for key, one in raw.get("variabel", {}).items()},
        registers={key: _register(key, one) for key, one in raw.get("register", {}).items()},
        documents={key: _document(key, one) for key, one in raw.get("dokumen", {}).items()},
        notices={key: _notice(key, one) for key, one in raw.get("pesan", {}).items()},
        requirements=tuple(_requirement(one) for one in rows.get("persyaratan", ()) if one.get("aktif", True)),
        limits={key: one["batas"] for key, one in raw.get("waktu", {}).items()},
        groups=tuple(_group(key, one) for key, one in raw.get("kelompok_waktu", {}).items()),
        promise=_promise(raw["janji"]) if "janji" in raw else None,
        legal_limit=raw.get("hukum", {}).get("batas"),
        alarms=tuple(_alarm(one) for one in raw.get("ambang", ())),
        summary={key: _paths(raw["ringkasan"], key) for key in raw.get("ringkasan", {}) if key in SUMMARY},
        account={key: _text(raw["akun"], key) for key in raw.get("akun", {}) if key in ACCOUNT},
        lists={key: tuple(one) for key, one in raw.get("daftar", {}).items()},
        withdrawable=_texts(raw["pencabutan"], "selama") if "selama" in raw.get("pencabutan", {}) else None,
        raw=raw)


SUMMARY = ("judul", "pemohon", "tempat", "jenis")
ACCOUNT = ("nama", "surel", "telepon", "nik", "nama_pengguna")


def _paths(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return (table[key],) if isinstance(table[key], str) else _texts(table, key)


def _lane(one: Mapping[str, Any]) -> Lane:
    return Lane(_text(one, "id"), _text(one, "nama"), _text(one, "jabatan"), bool(one.get("pemohon")))


def _post(one: Mapping[str, Any]) -> Post:
    return Post(_text(one, "id"), _text(one, "nama"), bool(one.get("penandatangan")))


def _end(key: str, one: Mapping[str, Any]) -> End:
    return End(key, _text(one, "status"), _one_of(one["hasil"], OUTCOMES))


def _row(one: Mapping[str, Any]) -> Row:
    return Row(_text(one, "id"), str(one.get("baris", "")), _text(one, "uraian"), _text(one, "kelengkapan", ""),
               _text(one, "waktu", ""), _text(one, "keluaran", ""), _text(one, "status", ""), _text(one, "pilihan", None))


def _choice(name: str, one: Mapping[str, Any]) -> Variable:
    if not isinstance(one["dipakai"], bool):
        raise ValueError(f"pilihan {name}: dipakai = true atau false")
    return Variable(name, "ya_tidak", one["dipakai"])


def _variable(name: str, one: Mapping[str, Any]) -> Variable:
    return Variable(name, _one_of(one["jenis"], KINDS), one.get("bawaan"))


def _register(key: str, one: Mapping[str, Any]) -> Register:
    return Register(key, _text(one, "nama"), _text(one, "pola", ""),
                    {name: str(word) for name, word in one.get("isi", {}).items()})


def _document(key: str, one: Mapping[str, Any]) -> DocumentKind:
    return DocumentKind(key, _text(one, "nama"), _text(one, "templat"), _text(one, "register", None),
                        bool(one.get("ditandatangani")), bool(one.get("terbuka")), _texts(one, "wajib"),
                        _text(one, "gagal", ""), _text(one, "hasil", None), _text(one, "menggantikan", None),
                        bool(one.get("cetakan")))


def _notice(key: str, one: Mapping[str, Any]) -> Notice:
    return Notice(key, _text(one, "nama", key), _text(one, "berkas", f"{key}.txt"), _texts(one, "lampiran"),
                  _text(one, "kepada", "pemohon"))


def _requirement(one: Mapping[str, Any]) -> Requirement:
    return Requirement(one["kode"], _text(one, "nama"), one.get("bila", "True"), _text(one, "keterangan", ""))


def _promise(one: Mapping[str, Any]) -> Promise:
    return Promise(one["batas"], _text(one, "mulai"), _text(one, "pesan_bergeser", None))


def _alarm(one: Mapping[str, Any]) -> Alarm:
    return Alarm(_one_of(one["untuk"], SCOPES), _one_of(one["jenis"], ("pengingat", "eskalasi")) == "eskalasi",
                 SIDES[_one_of(one["kapan"], tuple(SIDES))], one.get("jarak"), _texts(one, "kepada", (STAFF,)),
                 _text(one, "pesan", None), _texts(one, "kecuali"))


def _group(key: str, one: Mapping[str, Any]) -> LimitGroup:
    return LimitGroup(key, _texts(one, "langkah"), one["batas"], dict(one.get("sub", {})))


REQUIRED = object()


def _text(one: Mapping[str, Any], key: str, default: object = REQUIRED) -> Any:
    """A text, or the default where there is none; ValueError for anything else, KeyError for a required one left out."""
    value = one[key] if default is REQUIRED else one.get(key, default)
    if not isinstance(value, str) and value is not default:
        raise ValueError(f"{key} = {value!r}, seharusnya teks dalam tanda petik")
    return value


def _texts(one: Mapping[str, Any], key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    value = one.get(key, default)
    if not isinstance(value, (list, tuple)) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"{key} = {value!r}, seharusnya daftar teks seperti [\"satu\", \"dua\"]")
    return tuple(value)


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(f"{value!r} bukan salah satu dari {', '.join(allowed)}")
    return value
