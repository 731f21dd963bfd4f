"""Every refusal of the engine: what went wrong (for the log) and what to do next (for the person, in Indonesian)."""

from __future__ import annotations

from collections.abc import Sequence


class Refusal(Exception):
    """The engine says no. Nothing was changed."""

    code = "ditolak"
    advice = "Permintaan tidak dapat dijalankan. Periksa isian Anda, lalu coba lagi."

    def __init__(self, detail: str = "", *, advice: str | None = None) -> None:
        super().__init__(detail or self.__class__.__doc__)
        if advice is not None:
            self.advice = advice


class CannotRun(Refusal):
    """A command cannot run at all; exit status 2, one sentence."""

    code = "tidak_dapat_jalan"


class NotFound(Refusal):
    """No such case, task, document or account, or not for this person's eyes."""

    code = "tidak_ditemukan"
    advice = "Halaman atau berkas ini tidak ditemukan. Periksa alamatnya atau cari lewat nomor pendaftaran."


class NotAllowed(Refusal):
    """The actor does not hold the post or role that this action needs."""

    code = "tidak_berwenang"
    advice = "Akun Anda tidak berwenang melakukan ini. Masuk dengan akun yang memegang jabatan tersebut."


class SamePersonTwice(NotAllowed):
    """Four eyes: the person already did another activity of this case that excludes this one."""

    code = "orang_sama"

    def __init__(self, activity: str, other: str) -> None:
        super().__init__(f"{activity} must not be done by who did {other}",
                         advice=f"Anda sudah mengerjakan “{other}” pada berkas ini; tugas ini harus dikerjakan orang lain.")


class Conflict(Refusal):
    """Somebody else was first; what was typed is kept."""

    code = "didahului"

    def __init__(self, detail: str, *, who: str = "orang lain", at: str = "") -> None:
        since = f" pada {at}" if at else ""
        super().__init__(detail, advice=f"Tugas ini sudah diselesaikan oleh {who}{since}. "
                                        "Isian Anda tetap tersimpan sebagai draf; muat ulang untuk melihat keadaan terbaru.")
        self.who, self.at = who, at


class LostRace(Refusal):
    """Somebody else wrote the same row at the same moment; nothing of this change was written, and it may be tried again."""

    code = "bersamaan"
    advice = ("Perubahan lain tersimpan pada saat yang sama, jadi yang ini belum. "
              "Muat ulang halamannya, lalu coba lagi; isian yang tersimpan tetap ada.")


class NotStorable(Refusal):
    """A text holds a sign that no database keeps (NUL), or is longer than its column."""

    code = "teks_tidak_dapat_disimpan"
    advice = "Ada teks yang terlalu panjang atau memuat tanda tersembunyi, jadi tidak dapat disimpan. Ketik ulang teks itu."


class StaleDraft(Refusal):
    """The draft was changed on another device after this page was opened."""

    code = "draf_berbeda"
    advice = ("Draf ini sudah diubah di perangkat lain. Isian di halaman ini belum disimpan; "
              "pilih isian mana yang dipakai, lalu simpan lagi.")


class FormRefused(Refusal):
    """The form is not whole. `faults` are (path, label, message) in the order of the form."""

    code = "isian_salah"
    advice = "Ada isian yang perlu diperbaiki. Buka tiap tautan di ringkasan, perbaiki, lalu kirim lagi."

    def __init__(self, faults: Sequence[object]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults)


class ExpressionRefused(Refusal):
    """An expression is outside the small safe language."""

    code = "ungkapan_ditolak"
    advice = "Ungkapan tidak dapat dipakai. Gunakan nama variabel, perbandingan, and/or/not, len, min, max, ada."


class DiagramRefused(Refusal):
    """A diagram cannot be read or executed."""

    code = "diagram_ditolak"
    advice = "Diagram tidak dapat dibaca. Jalankan `./izin check` untuk melihat temuannya satu per satu."


class StepRefused(Refusal):
    """The diagram gives this step no way on; the case stays as it was."""

    code = "langkah_ditolak"
    advice = "Langkah ini tidak dapat dijalankan menurut diagramnya. Isian belum disimpan; sampaikan kepada analis proses."


class DefinitionRefused(Refusal):
    """process.toml, persyaratan.toml or another definition file is wrong."""

    code = "definisi_ditolak"
    advice = "Definisi proses belum dapat dipakai. Jalankan `./izin check` untuk melihat temuannya satu per satu."


class FormDefinitionRefused(DefinitionRefused):
    """A form's definition is wrong. `findings` say where and how to mend it, in the order of the form."""

    code = "formulir_ditolak"

    def __init__(self, findings: Sequence[object]) -> None:
        told = "; ".join(str(finding) for finding in findings)
        super().__init__(told, advice=f"Definisi formulir belum dapat dipakai: {told}")
        self.findings = tuple(findings)


class TimeRefused(Refusal):
    """A moment, a limit, a pause or a changed day cannot be read or lies outside the calendar."""

    code = "waktu_ditolak"
    advice = "Waktu tidak dapat dibaca. Tulis seperti 2026-03-13T10:00+07:00, dan batas seperti “7 hari kerja” atau “1 jam”."


class NotCanonical(Refusal):
    """Stored bytes are not canonical JSON, or a value cannot be written so."""

    code = "tidak_kanonik"
    advice = "Isian mengandung nilai yang tidak dapat disimpan (pecahan biner, tanda khusus, atau bilangan terlalu besar)."


class HandlerFailed(Refusal):
    """A handler says that its work failed for good; the `code` it gives picks the error boundary of the diagram."""

    code = "langkah_otomatis_gagal"

    def __init__(self, code: str, advice: str) -> None:
        super().__init__(code, advice=advice)
        self.code = code


class AccountRefused(Refusal):
    """Sign-in, activation or registration refused."""

    code = "masuk_ditolak"
    advice = "Nama pengguna atau kata sandi tidak cocok. Periksa lagi, atau minta tautan baru di kantor."


class TooManyTries(Refusal):
    """A limit counted in the database is reached."""

    code = "terlalu_sering"
    advice = "Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi."


class EngineFault(Exception):
    """Not a refusal but a fault of the software or the installation; becomes an incident with a number."""
