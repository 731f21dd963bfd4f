"""What a national signing service may answer instead of a signature, and what the signer is told then."""

from __future__ import annotations

from engine.documents.signing import SignerUnavailable, SigningFailed


class ServiceSilent(SignerUnavailable):
    """The service is down, slow or gave half an answer. `reference` = its name for a try it may have carried out."""

    code = "tte_menunggu"
    advice = ("Menunggu layanan TTE: layanan tanda tangan elektronik belum menjawab. Nomor dan naskah tetap aman; "
              "coba lagi beberapa saat lagi dengan mengetik ulang frasa sandi Anda.")

    def __init__(self, detail: str = "", *, advice: str | None = None, reference: str | None = None) -> None:
        super().__init__(detail, advice=advice)
        self.reference = reference


class NotRegistered(SignerUnavailable):
    """The service does not know the person, or the person has no certificate there (2011)."""

    code = "tte_belum_terdaftar"
    advice = ("NIK Anda belum terdaftar atau belum mempunyai sertifikat aktif pada layanan TTE. Hubungi verifikator TTE "
              "instansi Anda; nomor dan naskah tetap aman.")


class IdentityMissing(SignerUnavailable):
    """The account of the signer carries no identity number."""

    code = "nik_belum_diisi"
    advice = "NIK penanda tangan belum diisi pada akun Anda. Minta administrator mengisinya; nomor dan naskah tetap aman."


class ApplicationUnknown(SignerUnavailable):
    """The service refuses the credentials of the office's application."""

    code = "tte_aplikasi_ditolak"
    advice = ("Layanan TTE menolak akun aplikasi kantor. Minta administrator memeriksa IZIN_BSRE_USER dan sandinya; "
              "nomor dan naskah tetap aman.")


class ServiceRefused(SigningFailed):
    """The service says no for a reason of its own."""

    code = "tte_ditolak"
    advice = ("Layanan TTE menolak permintaan tanda tangan. Nomor dan naskah tetap aman; coba lagi, dan bila terulang minta "
              "administrator memeriksa catatan layanan.")
