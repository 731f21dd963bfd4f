"""What a browser sends becomes plain values; row buttons edit, secrets go apart, unknown names are nobody's."""

from __future__ import annotations

import pytest

from tests.form_builders import choice, context, form, number, rows, saved, text, upload, yes_no

PDF, JPG = saved("ktp.pdf"), saved("foto.jpg", "image/jpeg")
KNOWN = {PDF["sha256"]: PDF, JPG["sha256"]: JPG}
TOOLS = rows("alat", text("nama"), number("jumlah"), yes_no("baik"))


def parsed(*components, files=None, **raw):
    sent = {name.replace("__", "."): value if isinstance(value, list) else [value] for name, value in raw.items()}
    return form(*components).parse(sent, context(files=files or {}))


def test_each_kind_becomes_a_plain_value():
    found = parsed(text("nama"), number("luas", 2), yes_no("ya"), {**choice("layanan", "a", "b"), "type": "checklist"},
                   {"type": "checkbox", "key": "setuju", "label": "Setuju"},
                   {"type": "datetime", "key": "hari", "dateLabel": "Hari", "subtype": "date"},
                   nama="Sari", luas="2,5", ya="false", layanan=["b", "a"], setuju="ya", hari="2026-06-09")
    assert found.values == {"nama": "Sari", "luas": "2.5", "ya": False, "layanan": ["b", "a"], "setuju": True,
                            "hari": "2026-06-09"}
    assert not found.stays


@pytest.mark.parametrize(("typed", "read"), [
    ("1.234,5", "1234.5"), ("1.234", "1234"), ("1 234", "1234"), ("12,5", "12.5"), ("12.5", "12.5"),
    ("-1.000.000", "-1000000"),
    ("tiga", "tiga"), ("1.23.4", "1.23.4")])
def test_numbers_are_read_as_the_page_writes_them(typed, read):
    assert parsed(number("luas", 2), luas=typed).values == {"luas": read}


@pytest.mark.parametrize(("typed", "read"), [
    ("9/6/2026", "2026-06-09"), ("09-06-2026", "2026-06-09"), ("9.6.2026", "2026-06-09"), ("besok", "besok")])
def test_a_day_typed_by_hand_is_read_day_first(typed, read):
    day = {"type": "datetime", "key": "hari", "dateLabel": "Hari", "subtype": "date"}
    assert parsed(day, hari=typed).values == {"hari": read}


def test_what_was_left_empty_is_not_there_and_an_unknown_choice_stays_to_be_refused():
    found = parsed(text("nama"), choice("jalur", "rapat"), yes_no("ya"), nama="  ", jalur="kapal")
    assert found.values == {"jalur": "kapal"}


def test_rows_come_by_their_numbers_without_gaps():
    found = parsed(TOOLS, alat__7__nama="B", alat__2__nama="A", alat__2__jumlah="3", alat__11___baris="1")
    assert found.values == {"alat": [{"nama": "A", "jumlah": "3"}, {"nama": "B"}, {}]}


@pytest.mark.parametrize("name", ["alat.x.nama", "alat.-1.nama", "alat.٣.nama", "alat.99999.nama", "alat",
                                  "alat.0.lain",
                                  "csrf", "__class__", "nama.0"])
def test_names_that_the_form_does_not_have_say_nothing(name):
    found = form(TOOLS, text("judul")).parse({name: ["x"]}, context()).values
    assert found in ({"alat": []}, {"alat": [{}]})


def test_no_more_than_two_hundred_rows_are_read():
    raw = {f"alat.{number}.nama": ["x"] for number in range(500)}
    assert len(form(TOOLS).parse(raw, context()).values["alat"]) == 200


def test_the_buttons_add_and_remove_a_row_and_say_where_to_go_on():
    more = parsed(TOOLS, alat__0__nama="A", _tambah="alat")
    assert (more.values["alat"], more.stays, more.focus) == ([{"nama": "A"}, {}], True, "alat.1")
    less = parsed(TOOLS, alat__0__nama="A", alat__1__nama="B", _hapus="alat.0")
    assert (less.values["alat"], less.stays, less.focus) == ([{"nama": "B"}], True, "alat")
    assert parsed(TOOLS, _perbarui="1").stays


def test_a_new_row_begins_with_its_defaults():
    assert parsed(rows("alat", choice("kondisi", "baik", defaultValue="baik")), _tambah="alat").values == {
        "alat": [{"kondisi": "baik"}]}


def test_rows_within_rows_are_added_where_the_button_stands():
    nested = rows("tim", text("nama"), rows("tugas", text("isi")))
    found = parsed(nested, tim__0__nama="A", tim__1__nama="B", _tambah="tim.1.tugas")
    assert found.values == {"tim": [{"nama": "A", "tugas": []}, {"nama": "B", "tugas": [{}]}]}
    assert found.focus == "tim.1.tugas"


def test_fixed_rows_carry_their_key_and_can_be_neither_added_nor_removed():
    fixed = rows("catatan", text("isi"), properties={"sumber": "syarat", "kunci": "dokumen"})
    found = parsed(fixed, catatan__0__dokumen="ktp", catatan__0__isi="x", _hapus="catatan.0", _tambah="catatan")
    assert found.values == {"catatan": [{"isi": "x", "dokumen": "ktp"}]}


def test_locked_fields_are_not_read():
    assert parsed(text("nama", readonly=True), rows("tim", text("nama"), readonly=True), nama="Palsu",
                  tim__0__nama="Palsu").values == {}


def test_secrets_go_apart_and_are_not_shown_in_a_log():
    found = parsed(text("sandi", properties={"rahasia": "ya"}), sandi=" frasa 123 ")
    assert found.values == {}
    assert found.secrets == {"sandi": " frasa 123 "}
    assert "frasa" not in repr(found)


def test_files_are_named_by_their_digest_and_only_known_ones_are_taken():
    many = upload("foto", multiple=True)
    sent = [PDF["sha256"], JPG["sha256"], PDF["sha256"], "0" * 64]
    assert parsed(many, files=KNOWN, foto=sent).values == {"foto": [PDF, JPG]}
    assert parsed(many, foto=sent).values == {"foto": []}


def test_a_new_file_takes_the_place_of_the_one_before():
    assert parsed(upload("ktp"), files=KNOWN, ktp=[PDF["sha256"], JPG["sha256"]]).values == {"ktp": [JPG]}


def test_a_file_is_removed_by_its_button():
    found = parsed(upload("foto", multiple=True), files=KNOWN, foto=list(KNOWN), _hapus_berkas=f"foto:{PDF['sha256']}")
    assert (found.values, found.stays, found.focus) == ({"foto": [JPG]}, True, "foto")
