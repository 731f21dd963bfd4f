"""One answer judged, kind by kind: what is kept, what is refused and in which words."""

from __future__ import annotations

import pytest

from tests.form_builders import choice, context, faults, form, number, saved, text, upload, values, yes_no

PDF = saved("ktp.pdf")


def given(component, value, **more):
    """The clean value, or the sentence of refusal."""
    key = component["key"]
    checked = form(component).validate({key: value}, context(**more))
    return checked.faults[0].message if checked.faults else checked.values[key]


@pytest.mark.parametrize(("typed", "kept"), [
    ("  Rina  ", "Rina"), ("Cafe\u0301", "Café"), ("", None), ("   ", None), (None, None),
    ("Jl. Melati 5/2", "Jl. Melati 5/2"),
    ("\U0001f453", "\U0001f453")])
def test_texts_are_trimmed_and_composed(typed, kept):
    assert given(text("nama"), typed) == kept


@pytest.mark.parametrize("typed", [
    "a\nb", "a\x00b", "a\x1bb", "\ud800", "a\u202eb", "a\u2066b", "a\u200fb", "\ufeffa", "a\u2028b", "a\ue000b",
    "a\u0378b"])
def test_a_line_of_text_takes_nothing_that_cannot_be_printed(typed):
    assert "tidak dapat dicetak" in given(text("nama"), typed + "x")


def test_a_long_text_keeps_its_lines_and_one_kind_of_line_end():
    area = {"type": "textarea", "key": "isi", "label": "Isi"}
    assert given(area, "satu\r\ndua\rtiga\n") == "satu\ndua\ntiga"
    assert "tidak dapat dicetak" in given(area, "satu\x07")


@pytest.mark.parametrize("typed", [5, True, 2.5, ["a"], {"a": 1}])
def test_a_text_is_a_text(typed):
    assert given(text("nama"), typed) == "Isi dengan teks."


def test_lengths_are_counted_in_characters_and_told():
    limited = text("nama", validate={"minLength": 3, "maxLength": 5})
    assert given(limited, "ab") == "Paling sedikit 3 huruf; sekarang 2."
    assert given(limited, "abcdef") == "Paling banyak 5 huruf; sekarang 6."
    assert given(text("nama"), "a" * 201) == "Paling banyak 200 huruf; sekarang 201."
    assert given(text("nama", validate={"maxLength": 99_999}), "a" * 20_001).startswith("Paling banyak 20000")


def test_a_pattern_speaks_in_the_analysts_words():
    nik = text("nik", validate={"pattern": "^[0-9]{16}$"}, properties={"pesan_pola": "NIK terdiri dari 16 angka."})
    assert given(nik, "321401") == "NIK terdiri dari 16 angka."
    assert given(nik, "3214010101900001") == "3214010101900001"
    assert given(text("kode", validate={"pattern": "^[A-Z]$"}), "a") == "Bentuk isian tidak sesuai contoh."


@pytest.mark.parametrize(("address", "good"), [
    ("sari.wulan@contoh.id", True), ("a+b@x.go.id", True), ("sari@contoh", False), ("sari contoh.id", False),
    ("sari@@contoh.id", False), ("sari@-", False), ("sári@contoh.id", False)])
def test_an_email_address_is_whole(address, good):
    surel = text("surel", validate={"validationType": "email"})
    assert (given(surel, address) == address) is good


@pytest.mark.parametrize(("typed", "good"), [
    ("0812 3456 7890", True), ("+62 812-3456-7890", True), ("12345678", False), ("0812", False), ("08x2345678", False)])
def test_a_telephone_number_is_indonesian(typed, good):
    assert (given(text("telepon", validate={"validationType": "phone"}), typed) == typed) is good


@pytest.mark.parametrize(("decimals", "typed", "kept"), [
    (0, 3, 3), (0, "3", 3), (0, "-7", -7), (0, "007", 7), (1, "2,5", "2.5"), (1, "2.5", "2.5"), (2, "2,50", "2.5"),
    (2, 3, "3"), (2, "3,00", "3"), (2, "-0,00", "0"), (2, "100", "100"), (0, "3,0", 3)])
def test_numbers_become_whole_numbers_or_decimal_strings(decimals, typed, kept):
    assert given(number("luas", decimals), typed) == kept


@pytest.mark.parametrize(("decimals", "typed", "said"), [
    (0, 2.5, "Isi dengan angka"), (2, 2.5, "Isi dengan angka"), (0, True, "Isi dengan angka"),
    (0, "tiga", "Isi dengan angka"),
    (0, "1e3", "Isi dengan angka"), (0, "NaN", "Isi dengan angka"), (0, "٣", "Isi dengan angka"),
    (0, [1], "Isi dengan angka"),
    (0, "2,5", "Isi dengan bilangan bulat"), (1, "2,55", "Paling banyak 1 angka di belakang koma"),
    (0, "9007199254740992", "terlalu besar"), (0, 10 ** 30, "Isi dengan angka")])
def test_floats_and_what_is_no_number_are_refused(decimals, typed, said):
    assert said in given(number("luas", decimals), typed)


def test_bounds_are_told_as_an_indonesian_reads_them():
    luas = number("luas", 1, validate={"min": "1.5", "max": "12000"})
    assert given(luas, "1") == "Paling kecil 1,5."
    assert given(luas, "12001") == "Paling besar 12.000."
    assert given(luas, "1,5") == "1.5"


@pytest.mark.parametrize(("typed", "kept"), [("2026-06-09", "2026-06-09"), ("2024-02-29", "2024-02-29")])
def test_days_are_kept_as_iso(typed, kept):
    assert given({"type": "datetime", "key": "hari", "dateLabel": "Hari", "subtype": "date"}, typed) == kept


@pytest.mark.parametrize("typed", ["2026-02-30", "2025-02-29", "20260609", "2026-6-9", "1899-12-31", "2200-01-01",
                                   "besok",
                                   "2026-W24-2", "2026-06-09T00:00"])
def test_days_that_do_not_exist_are_refused(typed):
    said = given({"type": "datetime", "key": "hari", "dateLabel": "Hari", "subtype": "date"}, typed)
    assert said.startswith("Tanggal ini tidak ada")


def test_a_day_that_must_come_may_be_today():
    hari = {"type": "datetime", "key": "hari", "dateLabel": "Hari", "subtype": "date", "disallowPassedDates": True}
    assert given(hari, "2026-06-09") == "2026-06-09"
    assert given(hari, "2026-06-08") == "Tanggal ini sudah lewat."


@pytest.mark.parametrize(("typed", "kept"), [
    ("08:15", "08:15"), ("08.15", "08:15"), ("23:59", "23:59"), ("24:00", None), ("8:15", None), ("08:60", None)])
def test_times_have_two_and_two_digits(typed, kept):
    jam = {"type": "datetime", "key": "jam", "timeLabel": "Jam", "subtype": "time"}
    assert given(jam, typed) == (kept or "Tulis jam seperti 09.30.")


def test_choices_keep_the_kind_of_their_value():
    assert given(yes_no("lengkap"), False) is False
    assert all("Pilih" in given(yes_no("lengkap"), wrong) for wrong in ("false", 0, "ya", ["x"]))
    assert given(choice("jalur", "rapat", "lapangan"), "rapat") == "rapat"
    assert "Pilih" in given(choice("jalur", "rapat", "lapangan"), "keduanya")


def test_several_choices_come_in_the_order_of_the_form_and_once():
    layanan = {**choice("layanan", "a", "b", "c"), "type": "checklist"}
    assert given(layanan, ["c", "a", "c"]) == ["a", "c"]
    assert given(layanan, []) == []
    assert all("Pilih" in given(layanan, wrong) for wrong in (["x"], "a", [1]))


def test_a_tick_is_true_or_false():
    tick = {"type": "checkbox", "key": "setuju", "label": "Setuju"}
    assert given(tick, None) is False
    assert given(tick, True) is True
    assert "centang" in given(tick, "ya")
    assert "centang" in given({**tick, "validate": {"required": True}}, False)


@pytest.mark.parametrize("component", [
    text("x"), {"type": "textarea", "key": "x", "label": "X"}, number("x"), choice("x", "a"), upload("x"),
    {**choice("x", "a"), "type": "select"}, {**choice("x", "a"), "type": "checklist"},
    {**choice("x", "a"), "type": "taglist"}, {"type": "checkbox", "key": "x", "label": "X"},
    {"type": "datetime", "key": "x", "dateLabel": "X", "subtype": "date"},
    {"type": "datetime", "key": "x", "timeLabel": "X", "subtype": "time"}])
def test_what_must_be_answered_is_missed_in_plain_words(component):
    required = {**component, "validate": {"required": True}}
    assert all(faults(form(required), empty) for empty in ({}, {"x": None}, {"x": ""}, {"x": []}))
    assert form(component).validate({}, context()).faults == ()


def test_an_upload_is_a_list_of_saved_files():
    berkas = upload("berkas", accept=".pdf,.jpg")
    assert given(berkas, [PDF]) == [PDF]
    assert given(berkas, [PDF], files={PDF["sha256"]: PDF}) == [PDF]


@pytest.mark.parametrize("wrong", [
    "ktp.pdf", [PDF["sha256"]], [{**PDF, "sha256": "xyz"}], [{**PDF, "bytes": 1.5}], [{**PDF, "bytes": True}],
    [{**PDF, "bytes": 0}], [{key: PDF[key] for key in ("name", "sha256")}], [{**PDF, "extra": 1}],
    [{**PDF, "name": "a\nb"}],
    [{**PDF, "name": "a" * 256}], [None]])
def test_what_is_no_saved_file_is_refused(wrong):
    assert given(upload("berkas"), wrong) == "Berkas tidak dapat dibaca. Unggah lagi."


@pytest.mark.parametrize("known", [{}, {PDF["sha256"]: {**PDF, "bytes": 7}}, {PDF["sha256"]: {**PDF,
                                                                                              "type": "image/png"}}])
def test_a_file_that_this_person_did_not_upload_is_refused(known):
    assert given(upload("berkas"), [PDF], files=known) == "Berkas ini tidak ditemukan lagi. Unggah lagi."


def test_files_are_counted_and_judged_by_their_kind():
    assert "Cukup satu" in given(upload("berkas"), [PDF, saved("b.pdf")])
    assert len(given(upload("berkas", multiple=True), [PDF, saved("b.pdf")])) == 2
    assert "Paling banyak 20" in given(upload("berkas", multiple=True), [saved(f"{n}.pdf") for n in range(21)])
    assert "Jenis berkas" in given(upload("foto", accept=".jpg,.png"), [PDF])
    assert "Jenis berkas" in given(upload("foto", accept=".pdf"), [saved("palsu.pdf", "image/png")])
    assert given(upload("foto", accept="image/*"), [saved("a.heic", "image/jpeg")])
    assert given(upload("foto", accept=".jpg"), [saved("a.heic", "image/jpeg")])
    assert given(upload("lain", accept=".dxf"), [saved("a.DXF", "application/octet-stream")])


def test_values_of_a_whole_form_are_plain():
    whole = form(text("nama"), number("luas", 2), yes_no("ya"), upload("berkas"))
    assert values(whole, {"nama": "A", "luas": "2,5", "ya": True}) == {
        "nama": "A", "luas": "2.5", "ya": True, "berkas": []}
