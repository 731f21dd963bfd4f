"""The forms of the optical licence do what the office needs: the right documents asked for, contradictions refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.rules.form import load_form
from engine.rules.process import load_process
from tests.form_builders import context, saved

ROOT = Path(__file__).parents[2]
FORMS = ROOT / "forms"
SHARED = {path.stem: json.loads(path.read_text("utf-8")) for path in (FORMS / "_shared").glob("*.json")}
PROCESS = load_process({path.name: path.read_bytes() for path in (ROOT / "processes" / "izin-optikal").glob("*.toml")})
SOURCES = {**PROCESS.lists, "persyaratan": [{"kode": one.code, "nama": one.name, "keterangan": one.hint,
                                             "bila": one.condition}
                                            for one in PROCESS.requirements]}
NEW = {"jenis_permohonan": "baru", "bentuk_pemohon": "perorangan", "dikuasakan": False, "laboratorium_sendiri": True}
PERSON = {
    "tipe_identitas": "ktp", "nik": "3214010101900001", "nama": "Sari Wulandari", "tempat_lahir": "Purwakarta",
    "tanggal_lahir": "1990-01-01", "jenis_kelamin": "perempuan", "pekerjaan": "Wiraswasta", "alamat": "Jalan Melati 5",
    "telepon": "0812 3456 7890", "surel": "sari@contoh.id"}
APPLICATION = PERSON | NEW | {
    "bertindak_sebagai": "pemilik", "nama_optikal": "Optik Terang", "nama_pemilik": "Sari Wulandari",
    "alamat_optikal": "Jalan Kenanga 7", "desa_optikal": "Nagri Kidul", "kecamatan_optikal": "Purwakarta",
    "telepon_optikal": "0264 1234567", "jenis_kegiatan_usaha": "Penjualan kacamata",
    "lokasi_kegiatan_usaha": "pertokoan",
    "luas_tanah_bangunan": "36,5", "status_bangunan": "sewa", "jenis_layanan": ["refraksi"], "jam_buka": "09.00-17.00",
    "ro_nama": "Neneng, A.Md.RO", "ro_nik": "3214014101920002", "ro_pendidikan": "d3", "ro_jenis_str": "strro",
    "ro_str": "STR-1",
    "ro_str_masa": "seumur_hidup", "ro_jenis_izin_praktik": "sip_ro", "ro_sip_masa": "dalam_proses",
    "ro_penuh_waktu": True,
    "peralatan": [{"nama": "Lensmeter", "jumlah": 1, "kondisi": "baik"}], "bersedia_ditinjau": True,
    "pernyataan_benar": True,
    "setuju_data_pribadi": True}


def form(task):
    return load_form(json.loads((FORMS / "izin-optikal" / f"{task}.json").read_text("utf-8")), SHARED)


def judged(task, values, **more):
    return form(task).validate(values, context(sources=SOURCES, **more))


def paths(task, values, **more):
    return [fault.path for fault in judged(task, values, **more).faults]


def documents(values):
    """The codes of the documents that an application asks for."""
    return {row["dokumen"] for row in judged("ajukan_permohonan", values).values["persyaratan"]}


def with_files(values):
    return values | {"persyaratan": [{"dokumen": code, "berkas": [saved(f"{code}.pdf")]} for code in documents(values)]}


def test_a_whole_application_is_in_order_and_keeps_only_plain_values():
    checked = judged("ajukan_permohonan", with_files(APPLICATION))
    assert checked.faults == ()
    assert checked.values["luas_tanah_bangunan"] == "36.5"
    assert checked.values["tanggal_pernyataan"] == "2026-06-09"
    assert "nama_badan_usaha" not in checked.values and "nomor_izin_lama" not in checked.values


@pytest.mark.parametrize(("changed", "asked", "not_asked"), [
    ({}, {"ktp", "str_ro", "daftar_sarana"}, {"akta_pendirian", "perjanjian_laboratorium", "surat_kuasa", "izin_lama"}),
    ({"laboratorium_sendiri": False}, {"perjanjian_laboratorium"}, set()),
    ({"bentuk_pemohon": "badan_usaha"}, {"akta_pendirian"}, set()),
    ({"dikuasakan": True}, {"surat_kuasa"}, set()),
    ({"jenis_permohonan": "perpanjangan"}, {"izin_lama", "ktp"},
     {"str_ro", "daftar_sarana", "perjanjian_laboratorium"}),
    ({"jenis_permohonan": "perubahan"}, {"izin_lama", "keterangan_perubahan"}, {"ktp", "str_ro"}),
])
def test_the_documents_follow_the_answers(changed, asked, not_asked):
    found = documents(APPLICATION | changed)
    assert asked <= found
    assert not_asked.isdisjoint(found)


def test_every_document_that_is_asked_for_must_come_with_a_file():
    count = len(documents(APPLICATION))
    assert paths("ajukan_permohonan", APPLICATION) == [f"persyaratan.{number}.berkas" for number in range(count)]


@pytest.mark.parametrize(("changed", "missing"), [
    ({"jenis_permohonan": "perpanjangan"}, {"nomor_izin_lama", "tanggal_izin_lama"}),
    ({"jenis_permohonan": "perubahan"}, {"nomor_izin_lama", "tanggal_izin_lama", "jenis_perubahan"}),
    ({"bentuk_pemohon": "badan_usaha"}, {"nama_badan_usaha", "jenis_badan_usaha", "npwp_badan_usaha", "akta_nomor",
                                         "akta_tanggal", "akta_notaris", "alamat_badan_usaha"}),
    ({"dikuasakan": True}, {"kuasa_nama", "kuasa_nik", "kuasa_telepon"}),
    ({"laboratorium_sendiri": False}, {"nama_laboratorium"}),
    ({"tipe_identitas": "paspor"}, {"nomor_paspor"}),
    ({"ro_str_masa": "sampai_tanggal"}, {"ro_str_berlaku_sd"}),
    ({"ro_sip_masa": "berlaku"}, {"ro_sip", "ro_sip_berlaku_sd"}),
    ({"bertindak_sebagai": "direktur"}, {"bertindak_sebagai"}),
    ({"tanggal_lahir": "2026-06-09"}, {"tanggal_lahir"}), ({"nik": "321401"}, {"nik"}), ({"surel": "sari"}, {"surel"}),
])
def test_an_answer_calls_for_the_particulars_that_belong_to_it(changed, missing):
    assert set(paths("ajukan_permohonan", with_files(APPLICATION | changed))) == missing


CHECKED = [{"dokumen": code, "status": "ada"} for code in sorted(documents(APPLICATION))]
SENT = {"ajukan_permohonan": judged("ajukan_permohonan", with_files(APPLICATION)).values}


def test_a_returned_file_needs_only_the_faulty_rows():
    one = {"lengkap": False, "catatan": [{"dokumen": "ktp", "status": "tidak_sesuai", "keterangan": "buram"}]}
    assert paths("periksa_berkas", one, variables=NEW, earlier=SENT) == []


def test_a_whole_file_needs_every_row_judged_and_none_faulty():
    whole = {"lengkap": True, "catatan": CHECKED}
    assert paths("periksa_berkas", whole, variables=NEW, earlier=SENT) == []
    assert len(paths("periksa_berkas", {"lengkap": True}, variables=NEW, earlier=SENT)) == len(CHECKED)
    faulty = [{**CHECKED[0], "status": "tidak_sesuai", "keterangan": "buram"}, *CHECKED[1:]]
    assert paths("periksa_berkas", {"lengkap": True, "catatan": faulty}, variables=NEW, earlier=SENT) == ["lengkap"]


def test_a_return_without_a_faulty_row_or_a_faulty_row_without_a_reason_is_refused():
    assert paths("periksa_berkas", {"lengkap": False, "catatan": CHECKED}, variables=NEW, earlier=SENT) == ["lengkap"]
    silent = {"lengkap": False, "catatan": [{"dokumen": "ktp", "status": "tidak_sesuai"}]}
    assert [path.rpartition(".")[2] for path in paths("periksa_berkas", silent, variables=NEW,
                                                      earlier=SENT)] == ["keterangan"]


def test_a_document_without_a_file_cannot_be_there():
    assert [path.rpartition(".")[2] for path in paths("periksa_berkas", {"lengkap": True, "catatan": CHECKED},
                                                      variables=NEW)] == [
        "status"] * len(CHECKED)


def test_a_repair_opens_the_faulty_rows_with_the_officers_note_and_the_check_then_shows_the_new_file():
    note = {"lengkap": False, "catatan": [{"dokumen": "ktp", "status": "tidak_sesuai", "keterangan": "buram"}]}
    first = judged("periksa_berkas", note, variables=NEW, earlier=SENT).values
    earlier = SENT | {"periksa_berkas": first}
    again = {"pernyataan_benar": True, "persyaratan": [{"dokumen": "ktp", "berkas": [saved("ktp-baru.pdf")]}]}
    mended = judged("perbaiki_permohonan", again, variables=NEW, earlier=earlier)
    assert mended.faults == ()
    assert [(row["dokumen"], row["catatan_petugas"]) for row in mended.values["persyaratan"]] == [("ktp", "buram")]
    second = judged("periksa_berkas", {"lengkap": True, "catatan": CHECKED}, variables=NEW,
                    earlier=earlier | {"perbaiki_permohonan": mended.values})
    files = {row["dokumen"]: row["berkas"][0]["name"] for row in second.values["catatan"]}
    assert second.faults == ()
    assert (files["ktp"], files["str_ro"]) == ("ktp-baru.pdf", "str_ro.pdf")


def test_agenda_fields_follow_the_way_of_the_study():
    base = {"str_dipakai_lain": False, "jenis_layanan": ["refraksi"],
            "tim": [{"nama": "Asep", "peran": "ketua", "instansi": "Dinas Kesehatan"}]}
    meeting, visit = {"rapat_tanggal", "rapat_jam", "rapat_tempat"}, {"tinjauan_tanggal", "tinjauan_jam"}
    assert set(paths("entri_data_teknis", base | {"jalur": "rapat"})) == meeting
    assert set(paths("entri_data_teknis", base | {"jalur": "lapangan"})) == visit
    assert set(paths("entri_data_teknis", base | {"jalur": "keduanya"})) == meeting | visit
    leaderless = base | {"tim": [{"nama": "Asep", "peran": "anggota", "instansi": "Dinas"}]}
    assert "tim" in paths("entri_data_teknis", leaderless | {"jalur": "lapangan"})


VISIT = {
    "tanggal": "2026-06-08", "jam": "09:00", "kesimpulan": "memenuhi", "rekomendasi": "disetujui",
    "alasan_rekomendasi": "Semua syarat dipenuhi.", "pemilik_menolak": False, "nama_penandatangan": "Sari",
    "tanda_tangan_pemilik": [saved("ttd.png", "image/png")],
    "tim": [{"nama": "Asep", "peran": "ketua", "instansi": "Dinkes"}],
    "daftar_periksa": [{"kode": row["kode"], "hasil": "sesuai"} for row in PROCESS.lists["daftar_periksa"]]}


def rows_with(**changed):
    return {"daftar_periksa": [{**row, **changed.get(row["kode"], {})} for row in VISIT["daftar_periksa"]]}


def kind(mandatory):
    return next(row["kode"] for row in PROCESS.lists["daftar_periksa"] if row["wajib"] is mandatory)


BAD = {"hasil": "tidak_sesuai", "catatan": "Belum ada."}


def test_a_visit_in_order_needs_no_override():
    assert paths("hasil_peninjauan", VISIT) == []
    assert paths("hasil_peninjauan", VISIT | rows_with(**{kind(False): BAD})) == []


def test_a_mandatory_row_that_fails_needs_a_written_reason_or_another_conclusion():
    failed = VISIT | rows_with(**{kind(True): BAD})
    assert paths("hasil_peninjauan", failed) == ["alasan_menyimpang"]
    assert paths("hasil_peninjauan", failed | {"alasan_menyimpang": "Alat dipesan dan tiba sebelum buka."}) == []
    assert paths("hasil_peninjauan", failed | {"kesimpulan": "tidak_memenuhi", "rekomendasi": "ditolak"}) == []


def test_a_failed_visit_cannot_be_recommended_there_or_in_the_meeting():
    assert paths("hasil_peninjauan", VISIT | {"kesimpulan": "tidak_memenuhi"}) == ["rekomendasi"]
    assert "rekomendasi" in paths("rapat_kajian", {"rekomendasi": "disetujui"},
                                  variables={"kesimpulan": "tidak_memenuhi"})


def test_an_owner_who_refuses_to_sign_leaves_a_reason_and_two_witnesses():
    refusing = VISIT | {"pemilik_menolak": True, "alasan_menolak": "Tidak setuju"}
    assert paths("hasil_peninjauan", refusing) == ["saksi"]
    witness = {"nama": "Ujang", "jabatan": "Ketua RT"}
    assert paths("hasil_peninjauan", refusing | {"saksi": [witness, witness]}) == []


REASON = {"alasan": "Tidak ada izin praktik.", "dasar": "Permenkes 1/2016 Pasal 2", "butir": "izin_praktik"}
LONG = "Kekurangan sudah dipenuhi setelah peninjauan."


@pytest.mark.parametrize(("values", "missing"), [
    ({"keputusan": "izin"}, []), ({"keputusan": "izin", "rekomendasi": "ditolak"}, []),
    ({"keputusan": "penolakan"}, ["alasan_berbeda", "alasan_penolakan"]),
    ({"keputusan": "penolakan", "alasan_penolakan": [REASON], "alasan_berbeda": LONG}, []),
    ({"keputusan": "penolakan", "alasan_penolakan": [{"alasan": REASON["alasan"]}], "alasan_berbeda": LONG},
     ["alasan_penolakan.0.dasar", "alasan_penolakan.0.butir"])])
def test_a_refusal_names_reasons_and_a_draft_against_the_recommendation_says_why(values, missing):
    """The recommendation is the case's, whatever a sender claims."""
    assert paths("susun_naskah", values, variables={"rekomendasi": "disetujui"}) == missing


SEEN = ["identitas", "rekomendasi", "dasar_hukum", "tata_naskah"]
NOTE = [{"bagian": "penutup", "keterangan": "Perbaiki tembusan."}]


@pytest.mark.parametrize(("task", "key"), [("verifikasi_kasi", "kasi_setuju"), ("verifikasi_kabid", "kabid_setuju")])
def test_a_verifier_says_what_was_checked_or_what_is_to_be_mended(task, key):
    assert paths(task, {key: True, "diverifikasi": SEEN}) == []
    assert paths(task, {key: True, "diverifikasi": SEEN[:3]}) == ["diverifikasi"]
    assert paths(task, {key: False}) == [key]
    assert paths(task, {key: False, "catatan": NOTE}) == []


def test_only_the_last_verifier_may_override_and_only_in_writing():
    against = {"variables": {"keputusan": "izin", "rekomendasi": "ditolak"}}
    agreed = {"kabid_setuju": True, "diverifikasi": SEEN}
    assert paths("verifikasi_kabid", agreed, **against) == ["alasan_menyimpang"]
    assert paths("verifikasi_kabid", agreed | {"alasan_menyimpang": LONG}, **against) == []
    assert paths("verifikasi_kabid", {"kabid_setuju": False, "catatan": NOTE}, **against) == []


def test_the_passphrase_is_asked_for_only_when_signing_and_kept_nowhere():
    signing = form("penetapan")
    submission = signing.parse({"kepala_setuju": ["true"], "frasa_sandi": ["rahasia"]}, context())
    assert submission.secrets == {"frasa_sandi": "rahasia"}
    assert judged("penetapan", submission.values).values == {"kepala_setuju": True}
    assert [one.path for one in signing.secret_faults({"kepala_setuju": True}, {}, context())] == ["frasa_sandi"]
    assert paths("penetapan", {"kepala_setuju": False, "catatan": NOTE}) == []


def test_an_account_is_refused_only_with_a_reason():
    assert paths("periksa_akun", {"disetujui": False}) == ["alasan"]
    assert paths("periksa_akun", {"disetujui": True}) == ["diperiksa"]
    checked = ["identitas_terbaca", "identitas_cocok", "surel_wajar"]
    assert paths("periksa_akun", {"disetujui": True, "diperiksa": checked}) == []


def test_a_registration_in_order_is_taken_and_says_which_answers_are_personal():
    account = PERSON | {"nama_pengguna": "sari.w", "provinsi": "Jawa Barat", "kabupaten": "Purwakarta",
                        "kecamatan": "Purwakarta",
                        "desa": "Nagri Kidul", "kartu_identitas": [saved("ktp.jpg", "image/jpeg")],
                        "pernyataan_benar": True,
                        "setuju_data_pribadi": True}
    assert paths("registrasi", account) == []
    assert {"nik", "nama", "surel", "telepon", "kartu_identitas", "tanggal_lahir"} <= form("registrasi").personal
