"""What a page says at its top after an action: a name in the address, a sentence here; nothing personal in a link."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """One sentence and its sentiment (positive, warning, negative)."""

    text: str
    mood: str = "positive"


MESSAGES = {
    "masuk": Message("Anda sudah masuk."),
    "keluar": Message("Anda sudah keluar. Terima kasih."),
    "aktif": Message("Akun Anda sudah aktif. Silakan masuk dengan nama pengguna dan kata sandi baru."),
    "kapasitas": Message("Anda sekarang bertindak dalam jabatan yang dipilih."),
    "draf": Message("Draf tersimpan. Anda dapat melanjutkannya kapan saja, juga dari perangkat lain."),
    "terkirim": Message("Terkirim. Kami sudah menerima isian Anda."),
    "selesai": Message("Tugas selesai dan tercatat."),
    "diambil": Message("Tugas ini sekarang Anda kerjakan."),
    "dilepas": Message("Tugas dilepas; petugas lain dapat mengambilnya."),
    "dicabut": Message("Permohonan sudah dicabut. Kami mengirim pemberitahuan kepada Anda.", "warning"),
    "tersimpan": Message("Perubahan tersimpan."),
    "kalender": Message("Hari tersimpan. Batas waktu yang sedang berjalan segera mengikuti."),
    "tabel_kalender": Message("Tabel kalender diambil alih. Batas waktu yang sedang berjalan segera mengikuti."),
    "dikirim_ulang": Message("Pesan masuk antrean lagi. Hasilnya tampil di sini dalam satu menit."),
    "diulang": Message("Langkah otomatis dijalankan lagi."),
    "berakhir": Message("Waktu masuk Anda berakhir. Masuk lagi untuk melanjutkan; draf Anda aman.", "warning"),
}
"""Every message that an address may name with `?pesan=`."""


def message(name: str | None) -> Message | None:
    """The message of that name, if it is one of ours."""
    return MESSAGES.get(name or "")
