"""A form as a whole: what is hidden is dropped, what is locked is not the sender's, rows come from their list."""

from __future__ import annotations

import pytest

from tests.form_builders import choice, context, faults, form, number, rows, saved, text, upload, values, yes_no

HIDDEN_UNLESS_NO = {"hide": "=lengkap = null or lengkap = true"}
REASON = text("alasan", validate={"required": True}, conditional=HIDDEN_UNLESS_NO)
LIST = [{"kode": "ktp", "nama": "KTP"}, {"kode": "npwp", "nama": "NPWP", "bila": "jenis == 'baru'"}]


# ---- visibility ----

def test_a_hidden_field_is_neither_asked_for_nor_kept():
    checked = form(yes_no("lengkap"), REASON)
    assert values(checked, {"lengkap": True, "alasan": "sisa dari tadi"}) == {"lengkap": True}
    assert faults(checked, {"lengkap": False}) == {"alasan": "Isi bagian ini."}
    assert values(checked, {"lengkap": False, "alasan": "buram"}) == {"lengkap": False, "alasan": "buram"}


def test_a_comparison_with_nothing_hides_nothing():
    assert "alasan" in values(form(yes_no("lengkap"), text("alasan", conditional={"hide": "=lengkap != false"})), {})


def test_a_fault_in_a_hidden_field_does_not_stop_anybody():
    assert faults(form(yes_no("lengkap"), REASON), {"lengkap": True, "alasan": 5}) == {}


def test_a_hidden_group_takes_its_fields_and_rows_along():
    group = {"type": "group", "label": "Rapat", "conditional": {"hide": '=jalur = null or jalur != "rapat"'},
             "components": [text("tempat", validate={"required": True}), rows("peserta", text("nama"))]}
    whole = form(choice("jalur", "rapat", "lapangan"), group)
    assert values(whole, {"jalur": "lapangan", "tempat": "Aula", "peserta": [{"nama": "A"}]}) == {"jalur": "lapangan"}
    assert faults(whole, {"jalur": "rapat"}) == {"tempat": "Isi bagian ini."}


def test_what_is_hidden_counts_as_unanswered_for_others_in_any_order():
    chain = form(text("c", conditional={"hide": '=b != null and b = "x"'}),
                 text("b", conditional={"hide": '=a = "x"'}), text("a"))
    assert values(chain, {"a": "x", "b": "x", "c": "tampak"}) == {"a": "x", "c": "tampak"}
    assert values(chain, {"a": "y", "b": "x", "c": "hilang"}) == {"a": "y", "b": "x"}


def test_conditions_may_ask_for_variables_of_the_case_and_for_today():
    asked = form(text("alasan", conditional={"hide": '=rekomendasi = null or rekomendasi = "disetujui"'}))
    assert values(asked, {"alasan": "x"}, variables={"rekomendasi": "ditolak"}) == {"alasan": "x"}
    assert values(asked, {"alasan": "x"}, variables={"rekomendasi": "disetujui"}) == {}
    assert values(asked, {"alasan": "x"}) == {}


def test_a_field_of_the_form_stands_before_a_variable_of_the_same_name():
    asked = form(yes_no("lengkap"), text("x", conditional={"hide": "=lengkap = true"}))
    assert "x" in values(asked, {"lengkap": False}, variables={"lengkap": True})


# ---- rows ----

TOOLS = rows("alat", text("nama", validate={"required": True}), number("jumlah", validate={"min": 1}),
             choice("kondisi", "baik", "rusak"),
             text("catatan", validate={"required": True},
                  conditional={"hide": '=this.kondisi = null or this.kondisi = "baik"'}))


def test_a_condition_in_a_row_looks_at_its_own_row():
    found = values(form(TOOLS), {"alat": [{"nama": "A", "kondisi": "baik", "catatan": "x"},
                                          {"nama": "B", "kondisi": "rusak", "catatan": "retak"}]})
    assert found["alat"] == [{"nama": "A", "jumlah": None, "kondisi": "baik"},
                             {"nama": "B", "jumlah": None, "kondisi": "rusak", "catatan": "retak"}]


def test_parent_is_one_level_up_and_a_bare_name_the_top():
    inner = rows("isi", text("a", conditional={"hide": "=parent.tutup = true"}),
                 text("b", conditional={"hide": "=tutup_semua = true"}))
    nested = form(yes_no("tutup_semua"), rows("luar", yes_no("tutup"), inner))
    given = {"tutup_semua": False, "luar": [{"tutup": True, "isi": [{"a": "1", "b": "2"}]},
                                            {"tutup": False, "isi": [{"a": "1", "b": "2"}]}]}
    assert [row["isi"][0] for row in values(nested, given)["luar"]] == [{"b": "2"}, {"a": "1", "b": "2"}]
    assert values(nested, given | {"tutup_semua": True})["luar"][1]["isi"] == [{"a": "1"}]


def test_a_fault_in_a_row_names_list_row_and_field():
    checked = form(TOOLS).validate({"alat": [{"nama": "A"}, {"nama": "B", "jumlah": "0"}]}, context())
    assert [(one.path, one.label) for one in checked.faults] == [("alat.1.jumlah", "Alat, baris 2: Jumlah")]


def test_rows_in_which_nothing_stands_are_left_out_and_keep_the_numbers_of_the_others():
    given = {"alat": [{}, {"nama": "", "jumlah": None}, {"jumlah": "2"}]}
    assert faults(form(TOOLS), given) == {"alat.2.nama": "Isi bagian ini."}
    assert values(form(TOOLS), {"alat": [{}, {"nama": "A"}]})["alat"][0]["nama"] == "A"


def test_rows_are_counted():
    bounded = form(rows("tim", text("nama"), properties={"paling_sedikit": "1", "paling_banyak": "2"}))
    assert faults(bounded, {"tim": [{}]}) == {"tim": "Isi paling sedikit 1 baris."}
    assert faults(bounded, {"tim": [{"nama": "A"}] * 3}) == {"tim": "Paling banyak 2 baris."}
    assert faults(form(rows("tim", text("nama"))),
                  {"tim": [{"nama": "A"}] * 101}) == {"tim": "Paling banyak 100 baris."}


@pytest.mark.parametrize("wrong", ["x", 5, {"0": {}}, ["x"], [{"nama": "A"}, None]])
def test_rows_are_a_list_of_rows(wrong):
    assert faults(form(TOOLS), {"alat": wrong})["alat"] == "Baris tidak dapat dibaca. Isi lagi."


# ---- fixed rows ----

CHECK = rows("catatan", choice("status", "ada", "tidak_sesuai"), properties={"sumber": "syarat", "kunci": "dokumen"})


def test_fixed_rows_stand_in_the_order_of_their_list_whatever_was_sent():
    found = values(form(CHECK), {"catatan": [{"dokumen": "npwp", "status": "ada"}]},
                   sources={"syarat": LIST}, variables={"jenis": "baru"})
    assert found["catatan"] == [{"dokumen": "ktp", "nama": "KTP", "status": None},
                                {"dokumen": "npwp", "nama": "NPWP", "status": "ada"}]


def test_the_words_of_a_fixed_row_are_never_the_senders():
    sent = {"catatan": [{"dokumen": "ktp", "nama": "Palsu", "status": "ada"}]}
    assert values(form(CHECK), sent, sources={"syarat": LIST})["catatan"][0]["nama"] == "KTP"


def test_rows_are_asked_for_by_the_answers_of_the_same_form():
    whole = form(choice("jenis", "baru", "ubah"), CHECK)
    assert len(values(whole, {"jenis": "baru"}, sources={"syarat": LIST})["catatan"]) == 2
    assert len(values(whole, {"jenis": "ubah"}, sources={"syarat": LIST}, variables={"jenis": "baru"})["catatan"]) == 1


def test_a_row_that_is_no_longer_asked_for_is_dropped_and_a_strange_one_refused():
    whole = form(choice("jenis", "baru", "ubah"), CHECK)
    gone = {"jenis": "ubah", "catatan": [{"dokumen": "npwp", "status": "ada"}]}
    assert [row["dokumen"] for row in values(whole, gone, sources={"syarat": LIST})["catatan"]] == ["ktp"]
    strange = {"catatan": [{"dokumen": "sim", "status": "ada"}]}
    assert "sim" in faults(form(CHECK), strange, sources={"syarat": LIST})["catatan"]
    twice = {"catatan": [{"dokumen": "ktp"}, {"dokumen": "ktp"}]}
    assert "dua kali" in faults(form(CHECK), twice, sources={"syarat": LIST})["catatan"]
    assert "dibaca" in faults(form(CHECK), {"catatan": "x"}, sources={"syarat": LIST})["catatan"]


def test_a_list_may_name_its_rows_by_the_forms_own_key():
    named = [{"dokumen": "ktp", "nama": "KTP"}]
    assert values(form(CHECK), {}, sources={"syarat": named})["catatan"][0]["dokumen"] == "ktp"


def test_only_the_rows_that_an_earlier_form_marked_are_opened_again():
    again = form(rows("syarat", text("catatan_petugas", readonly=True, properties={"isi_awal": "baris.keterangan"}),
                      upload("berkas", validate={"required": True}),
                      properties={"sumber": "syarat", "kunci": "dokumen",
                                  "saring": "periksa.catatan.status = tidak_sesuai"}))
    earlier = {"periksa": {"catatan": [{"dokumen": "ktp", "status": "ada"},
                                       {"dokumen": "npwp", "status": "tidak_sesuai", "keterangan": "buram"}]}}
    surroundings = {"sources": {"syarat": LIST}, "earlier": earlier, "variables": {"jenis": "baru"}}
    assert faults(again, {}, **surroundings) == {"syarat.0.berkas": "Unggah berkas ini."}
    sent = {"syarat": [{"dokumen": "npwp", "berkas": [saved("npwp.pdf")], "catatan_petugas": "diubah pemohon"}]}
    kept = values(again, sent, **surroundings)["syarat"]
    assert kept == [{"dokumen": "npwp", "nama": "NPWP", "catatan_petugas": "buram", "berkas": [saved("npwp.pdf")]}]


# ---- what is not the sender's ----

def test_locked_fields_take_their_value_from_the_house():
    locked = form(text("nama", readonly=True, properties={"isi_awal": "daftar.nama"}),
                  text("x", disabled=True, defaultValue="tetap"))
    assert values(locked, {"nama": "Palsu", "x": "Palsu"}, earlier={"daftar": {"nama": "Sari"}}) == {"nama": "Sari",
                                                                                                     "x": "tetap"}


def test_a_locked_file_of_an_earlier_step_is_not_held_against_the_senders_uploads():
    locked = form(upload("berkas", readonly=True, properties={"isi_awal": "daftar.berkas"}))
    kept = values(locked, {}, earlier={"daftar": {"berkas": [saved("ktp.pdf")]}}, files={})
    assert kept == {"berkas": [saved("ktp.pdf")]}


def test_the_file_shown_beside_a_row_is_the_newest_of_several_steps():
    beside = form(rows("catatan", upload("berkas", readonly=True, properties={
        "isi_awal": "perbaiki.syarat.berkas | ajukan.syarat.berkas"}),
        properties={"sumber": "syarat", "kunci": "dokumen"}))
    old, new = saved("lama.pdf"), saved("baru.pdf")
    earlier = {"ajukan": {"syarat": [{"dokumen": "ktp", "berkas": [old]}, {"dokumen": "npwp", "berkas": [old]}]},
               "perbaiki": {"syarat": [{"dokumen": "npwp", "berkas": [new]}]}}
    kept = values(beside, {}, sources={"syarat": LIST}, earlier=earlier, variables={"jenis": "baru"})["catatan"]
    assert [row["berkas"] for row in kept] == [[old], [new]]


def test_secrets_are_never_among_the_values_and_are_missed_when_they_are_asked_for():
    signing = form(yes_no("setuju"), text("sandi", validate={"required": True}, properties={"rahasia": "ya"},
                                          conditional={"hide": "=setuju = null or setuju = false"}))
    assert values(signing, {"setuju": True, "sandi": "rahasia sekali"}) == {"setuju": True}
    assert signing.secrets == {"sandi"}
    assert [one.path for one in signing.secret_faults({"setuju": True}, {}, context())] == ["sandi"]
    assert signing.secret_faults({"setuju": True}, {"sandi": "x"}, context()) == ()
    assert signing.secret_faults({"setuju": False}, {}, context()) == ()


def test_a_key_that_the_form_does_not_have_is_refused_by_name():
    assert faults(form(text("nama")), {"nama": "A", "nma": "B"}) == {"nma": "Isian ini tidak ada pada formulir."}


# ---- rules over several fields ----

def test_an_objection_stands_on_its_field_with_its_own_sentence():
    decided = form(CHECK, yes_no("lengkap", properties={
        "tolak_bila": '=lengkap = true and some r in catatan satisfies r.status = "tidak_sesuai"',
        "tolak_pesan": "Masih ada.",
        "tolak_bila_2": "=lengkap = false and count(catatan) = 0", "tolak_pesan_2": "Tidak ada baris."}))
    bad = {"lengkap": True, "catatan": [{"dokumen": "ktp", "status": "tidak_sesuai"}]}
    assert faults(decided, bad, sources={"syarat": LIST}) == {"lengkap": "Masih ada."}
    assert faults(decided, bad | {"lengkap": False}, sources={"syarat": LIST}) == {}
    assert faults(decided, {"lengkap": False}) == {"lengkap": "Tidak ada baris."}


def test_an_objection_in_a_row_sees_the_row_and_the_form():
    judged = form(yes_no("lengkap"), rows("catatan", choice("status", "ada", "tidak", properties={
        "tolak_bila": "=this.status = null and lengkap = true", "tolak_pesan": "Pilih."}),
        properties={"sumber": "syarat", "kunci": "dokumen"}))
    checked = judged.validate({"lengkap": True}, context(sources={"syarat": LIST[:1]}))
    assert [(one.path, one.label, one.message) for one in checked.faults] == [("catatan.0.status", "KTP: Status",
                                                                               "Pilih.")]
    assert faults(judged, {"lengkap": False}, sources={"syarat": LIST[:1]}) == {}


def test_a_rule_can_compare_days():
    born = form({"type": "datetime", "key": "lahir", "dateLabel": "Lahir", "subtype": "date",
                 "properties": {"tolak_bila": "=lahir >= hari_ini", "tolak_pesan": "Belum lahir."}})
    assert faults(born, {"lahir": "2026-06-09"}) == {"lahir": "Belum lahir."}
    assert faults(born, {"lahir": "2026-06-08"}) == {}


# ---- beginnings, personal keys, shared groups ----

def test_a_form_begins_with_earlier_answers_defaults_and_the_rows_it_needs():
    begun = form(text("nama", properties={"isi_awal": "daftar.nama | akun.nama"}),
                 choice("jenis", "a", "b", defaultValue="a"),
                 text("hari", properties={"isi_awal": "hari_ini"}), text("kosong"),
                 text("sandi", properties={"rahasia": "ya"}),
                 rows("tim", text("nama"), properties={"isi_awal": "agenda.tim"}),
                 rows("saksi", text("nama", defaultValue="-"), properties={"paling_sedikit": "2"}), CHECK)
    started = begun.initial(context(earlier={"akun": {"nama": "Sari"}, "agenda": {"tim": [{"nama": "A", "nip": "1"}]}},
                                    sources={"syarat": LIST}))
    assert started == {"nama": "Sari", "jenis": "a", "hari": "2026-06-09", "tim": [{"nama": "A"}],
                       "saksi": [{"nama": "-"}, {"nama": "-"}], "catatan": [{"dokumen": "ktp"}, {"dokumen": "npwp"}]}


def test_personal_keys_are_dotted_and_a_personal_list_is_personal_as_a_whole():
    mine = {"properties": {"pribadi": "ya"}}
    told = form(text("nik", **mine), text("kota"), rows("tim", text("nama", **mine), text("peran")),
                {"type": "group", "label": "G", "components": [text("surel", **mine)]},
                rows("anak", text("nama"), **mine))
    assert told.personal == {"nik", "tim.nama", "surel", "anak", "anak.nama"}


def test_a_shared_group_is_put_in_place_and_its_fields_stay_on_the_same_level():
    shared = {"orang": {"components": [text("nama"), text("nik")]}}
    whole = form({"type": "group", "label": "Pemohon", "properties": {"bagian": "orang"}, "components": []},
                 shared=shared)
    assert [one.key for one in whole.inputs] == ["nama", "nik"]
    assert whole.field("nik").label == "Nik"
    assert whole.field("lain") is None
