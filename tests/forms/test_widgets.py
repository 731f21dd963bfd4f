"""Fields as HTML: what a person sees and hears, without any script. Read back from the markup, not from the code."""

from __future__ import annotations

import pytest
from lxml import html

from engine.rules.form import KINDS
from forms.web.widgets import FILL, Page, contents, element_id, prose, render_form
from tests.form_builders import choice, context, form, number, rows, saved, text, upload, yes_no

DAY = {"type": "datetime", "key": "hari", "dateLabel": "Hari", "subtype": "date"}
NO = {"hide": "=lengkap = null or lengkap = true"}


def page(found, values=None, link=None, focus=None, **more):
    """The drawn form as a tree, with the faults of its values when they are judged."""
    surroundings = context(**{key: value for key, value in more.items() if key != "judged"})
    faults = found.validate(values or {}, surroundings).faults if more.get("judged") else ()
    drawn = render_form(found, Page(values or {}, surroundings, faults, link, focus))
    return html.fromstring(f"<div>{drawn}</div>")


def words(tree):
    return " ".join(tree.text_content().split())


def test_every_kind_of_field_has_a_widget():
    assert set(FILL) == set(KINDS)


SAMPLES = {
    "textfield": text("x"), "textarea": {"type": "textarea", "key": "x", "label": "X"}, "number": number("x"),
    "datetime": DAY,
    "select": {**choice("x", "a"), "type": "select"}, "radio": choice("x", "a"), "filepicker": upload("x"),
    "checkbox": {"type": "checkbox", "key": "x", "label": "X"}, "checklist": {**choice("x", "a"), "type": "checklist"},
    "taglist": {**choice("x", "a"), "type": "taglist"}, "dynamiclist": rows("x", text("a")),
    "group": {"type": "group", "label": "G", "components": [text("x")]}, "text": {"type": "text", "text": "Halo"},
    "separator": {"type": "separator"}, "spacer": {"type": "spacer"}}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn(kind):
    bare = len(page(form(text("lain"))))
    assert len(page(form(text("lain"), SAMPLES[kind]))) > bare


def test_enter_presses_a_button_that_neither_sends_nor_removes():
    tree = page(form(rows("alat", text("nama"))), {"alat": [{"nama": "A"}]})
    first = tree.xpath("//button")[0]
    assert (first.get("name"), first.get("aria-hidden"), first.get("tabindex")) == ("_perbarui", "true", "-1")
    assert all(button.get("formnovalidate") is not None for button in tree.xpath("//button"))


def test_every_field_has_its_own_label_and_optional_ones_say_so():
    tree = page(form(text("nama", validate={"required": True}), text("gelar"), choice("jalur", "a"), upload("foto")))
    for field in tree.xpath("//input[not(@type='hidden')]"):
        assert tree.xpath(f"//label[@for='{field.get('id')}'] | //input[@id='{field.get('id')}']/parent::label")
    assert [words(label) for label in tree.xpath("//label[@for]")] == ["Nama", "Gelar (opsional)", "Foto (opsional)"]
    assert words(tree.xpath("//legend")[0]) == "Jalur (opsional)"
    assert tree.xpath("//input[@id='f-nama']")[0].get("aria-required") == "true"


def test_a_hint_stands_before_the_fault_and_both_explain_the_field():
    found = form(text("nik", description="16 angka.", validate={"required": True}))
    tree = page(found, {}, judged=True)
    field = tree.xpath("//input[@id='f-nik']")[0]
    assert field.get("aria-describedby") == "f-nik-h f-nik-w"
    assert field.get("aria-invalid") == "true"
    assert words(tree).index("16 angka.") < words(tree).index("Isi bagian ini.")


@pytest.mark.parametrize(("component", "path"), [
    (text("x", validate={"required": True}), "x"), (choice("x", "a", validate={"required": True}), "x"),
    ({"type": "checkbox", "key": "x", "label": "X", "validate": {"required": True}}, "x"),
    (upload("x", validate={"required": True}), "x"), (rows("x", text("a"), properties={"paling_sedikit": "1"}), "x"),
    (rows("x", number("a", validate={"required": True}), text("b")), "x.0.a")])
def test_the_summary_of_faults_finds_the_field_it_links_to(component, path):
    values = {"x": [{"b": "isi"}]} if path != "x" else {}
    found = form(component)
    assert [fault.path for fault in found.validate(values, context()).faults] == [path]
    target = page(found, values, judged=True).xpath(f"//*[@id='{element_id(path)}']")
    assert len(target) == 1
    assert target[0].tag in ("input", "textarea", "select") or target[0].get("tabindex") == "-1"


def test_what_was_typed_stays_and_is_never_markup():
    nasty = '"><script>alert(1)</script>'
    tree = page(form(text("nama"), {"type": "textarea", "key": "isi", "label": "Isi"}),
                {"nama": nasty, "isi": "\n" + nasty})
    assert tree.xpath("//input[@id='f-nama']")[0].get("value") == nasty
    assert nasty in tree.xpath("//textarea")[0].text
    assert not tree.xpath("//script")


def test_numbers_and_days_are_said_as_the_office_writes_them():
    tree = page(form(number("luas", 2), DAY), {"luas": "1234.5", "hari": "2026-06-09"})
    luas = tree.xpath("//input[@id='f-luas']")[0]
    assert (luas.get("value"), luas.get("inputmode"), luas.get("type")) == ("1.234,5", "decimal", "text")
    hari = tree.xpath("//input[@id='f-hari']")[0]
    assert (hari.get("value"), hari.get("type"), hari.get("aria-describedby")) == ("2026-06-09", "date", "f-hari-s")
    assert "Selasa, 9 Juni 2026" in words(tree)


def test_a_number_that_cannot_be_read_stays_as_it_was_typed():
    assert page(form(number("luas")), {"luas": "tiga"}).xpath("//input[@id='f-luas']")[0].get("value") == "tiga"


def test_what_the_page_writes_is_read_back_unchanged():
    found = form(number("luas", 2), DAY, yes_no("ya"), {**choice("m", "a", "b"), "type": "checklist"},
                 {"type": "checkbox", "key": "c", "label": "C"}, rows("alat", text("nama"), number("n")))
    values = {"luas": "1234.5", "hari": "2026-06-09", "ya": False, "m": ["b"], "c": True,
              "alat": [{"nama": "A", "n": 1200}]}
    raw: dict[str, list[str]] = {}
    for field in page(found, values).xpath("//input[@name]"):
        if field.get("type") not in ("radio", "checkbox") or field.get("checked") is not None:
            raw.setdefault(field.get("name"), []).append(field.get("value") or "")
    assert found.validate(found.parse(raw, context()).values, context()).values == values


def test_a_choice_shows_what_was_chosen_and_true_is_not_one():
    tree = page(form(yes_no("lengkap"), {**choice("j", "a", "b"), "type": "select"}), {"lengkap": False, "j": "b"})
    assert [box.get("value") for box in tree.xpath("//input[@checked]")] == ["false"]
    assert [one.get("value") for one in tree.xpath("//option[@selected]")] == ["b"]
    assert not page(form(yes_no("lengkap")), {"lengkap": 1}).xpath("//input[@checked]")


def test_conditional_fields_come_with_the_answer_that_calls_for_them():
    found = form(yes_no("lengkap"), text("alasan", conditional=NO))
    assert not page(found, {}).xpath("//input[@name='alasan']")
    tree = page(found, {"lengkap": False})
    assert tree.xpath("//input[@name='alasan']")
    assert [one.get("data-toggles") for one in tree.xpath("//*[@data-toggles]")] == ["lengkap"]
    assert tree.xpath("//*[@class='refresh']/button[@name='_perbarui']")


def test_the_answers_that_choose_the_fixed_rows_call_for_a_new_page_too():
    fixed = rows("berkas", upload("isi"), properties={"sumber": "syarat", "kunci": "dokumen"})
    tree = page(form(choice("jenis", "baru", "ubah"), fixed), sources={"syarat": [{"kode": "a", "nama": "A",
                                                                                   "bila": "jenis == 'baru'"}]})
    assert [one.get("data-toggles") for one in tree.xpath("//*[@data-toggles]")] == ["jenis"]
    assert "Daftar ini terisi menurut jawaban di atas." in words(tree)


def test_rows_are_added_and_removed_by_plain_buttons_that_say_what_they_do():
    tree = page(form(rows("alat", text("nama"), properties={"paling_banyak": "3"})),
                {"alat": [{"nama": "A"}, {"nama": "B"}]})
    assert [(one.get("name"), one.get("value")) for one in tree.xpath("//button")[1:]] == [
        ("_hapus", "alat.0"), ("_hapus", "alat.1"), ("_tambah", "alat")]
    assert words(tree.xpath("//button[@value='alat.1']")[0]) == "Hapus baris 2: Alat"
    assert words(tree.xpath("//fieldset[@id='f-alat-1']/legend")[0]) == "2 Alat, baris 2"
    assert tree.xpath("//input[@name='alat.1._baris']")


def test_a_full_list_offers_no_more_rows():
    tree = page(form(rows("alat", text("nama"), properties={"paling_banyak": "1"})), {"alat": [{"nama": "A"}]})
    assert not tree.xpath("//button[@name='_tambah']")


def test_a_fixed_row_shows_its_words_its_section_and_what_is_mandatory():
    fixed = rows("periksa", choice("hasil", "sesuai", "tidak_sesuai"), properties={"sumber": "daftar", "kunci": "kode",
                                                                                   "tampilan": "periksa"})
    daftar = [{"kode": "a", "nama": "Ruang tunggu", "bagian": "Sarana", "wajib": True, "kriteria": "Ada"},
              {"kode": "b", "nama": "Toilet", "bagian": "Sarana"}, {"kode": "c", "nama": "APAR", "bagian": "Prasarana"}]
    tree = page(form(fixed), {"periksa": [{"kode": "b", "hasil": "tidak_sesuai"}]}, sources={"daftar": daftar})
    assert [words(one) for one in tree.xpath("//h3")] == ["Sarana", "Prasarana"]
    assert words(tree.xpath("//fieldset[@id='f-periksa-0']/legend")[0]) == "1 Ruang tunggu (wajib)"
    assert tree.xpath("//input[@name='periksa.1.kode']")[0].get("value") == "b"
    assert "row-marked" in tree.xpath("//fieldset[@id='f-periksa-1']")[0].get("class")
    assert not tree.xpath("//button[@name='_tambah' or @name='_hapus']")


def test_a_faulty_row_is_marked():
    found = form(rows("alat", text("nama", validate={"required": True}), text("b")))
    assert "row-wrong" in page(found, {"alat": [{"b": "x"}]},
                               judged=True).xpath("//fieldset[@id='f-alat-0']")[0].get("class")


def test_the_page_goes_on_where_a_row_was_added():
    tree = page(form(rows("alat", text("nama"))), {"alat": [{}]}, focus="alat.0")
    assert [one.get("id") for one in tree.xpath("//*[@data-focus]")] == ["f-alat-0"]


def test_kept_files_are_listed_sent_back_and_removable():
    pdf = saved("ktp.pdf", size=219_136)
    found = form(upload("ktp", accept=".pdf,.jpg", multiple=True, properties={"kamera": "belakang"}))
    tree = page(found, {"ktp": [pdf]}, link=lambda one: f"/berkas/{one['sha256'][:6]}")
    assert tree.xpath("//input[@type='hidden'][@name='ktp']")[0].get("value") == pdf["sha256"]
    assert tree.xpath("//a")[0].get("href") == f"/berkas/{pdf['sha256'][:6]}"
    assert "PDF, 214 kB" in words(tree)
    assert tree.xpath("//button[@name='_hapus_berkas']")[0].get("value") == f"ktp:{pdf['sha256']}"
    main, camera = tree.xpath("//input[@type='file']")
    assert (main.get("accept"), main.get("multiple"), main.get("capture")) == (".pdf,.jpg", "multiple", None)
    assert (camera.get("accept"), camera.get("capture"), camera.get("name")) == ("image/*", "environment", "ktp")
    assert not page(found, {"ktp": [pdf]}).xpath("//a")


def test_a_drawn_signature_is_an_upload_that_a_script_may_improve():
    field = page(form(upload("ttd", properties={"gambar": "tanda_tangan"}))).xpath("//input[@type='file']")[0]
    assert field.get("data-gambar") == "tanda_tangan"


def test_locked_fields_are_read_and_not_sent_and_empty_ones_are_left_out():
    found = form(text("nama", readonly=True, properties={"isi_awal": "daftar.nama"}), text("kosong", readonly=True),
                 upload("ktp", readonly=True, properties={"isi_awal": "daftar.ktp"}))
    tree = page(found, {}, earlier={"daftar": {"nama": "Sari", "ktp": [saved("ktp.pdf")]}})
    assert not tree.xpath("//input")
    assert "Sari" in words(tree) and "ktp.pdf" in words(tree) and "Kosong" not in words(tree)


def test_a_secret_is_a_password_that_is_never_written_back():
    field = page(form(text("sandi", properties={"rahasia": "ya"})),
                 {"sandi": "bocor"}).xpath("//input[@id='f-sandi']")[0]
    assert (field.get("type"), field.get("value"), field.get("autocomplete")) == ("password", None, "off")


def test_fields_tell_the_browser_what_to_fill_in_and_which_keys_to_show():
    tree = page(form(text("nik", validate={"pattern": "^[0-9]{16}$"}),
                     text("surel", validate={"validationType": "email"}),
                     text("hp", properties={"isi_otomatis": "tel"}), text("nama", properties={"isi_otomatis": "name"})))
    told = {one.get("id"): (one.get("type"), one.get("inputmode"),
                            one.get("autocomplete")) for one in tree.xpath("//input")}
    assert told == {"f-nik": ("text", "numeric", None), "f-surel": ("email", None, None), "f-hp": ("tel", None, "tel"),
                    "f-nama": ("text", None, "name")}


def test_no_style_or_script_stands_in_the_markup():
    found = form(text("nama"), rows("y", text("a")), upload("ktp"), yes_no("ya"))
    drawn = str(render_form(found, Page({"y": [{"a": "x"}]}, context())))
    assert not [word for word in ("style=", "onclick", "<script", "javascript:") if word in drawn]


def test_static_text_knows_paragraphs_lists_and_bold_and_nothing_else():
    assert str(prose("**Penting** sekali\nterus\n\n- satu\n- <b>dua</b>")) == (
        "<p><b>Penting</b> sekali terus</p><ul><li>satu</li><li>&lt;b&gt;dua&lt;/b&gt;</li></ul>")


def test_the_contents_count_what_is_asked_answered_and_to_be_mended():
    group = {"type": "group", "label": "Orang", "components": [
        text("nama", validate={"required": True}), text("nik", validate={"required": True}), text("gelar")]}
    found = form(group, rows("alat", text("nama", validate={"required": True})))
    values = {"nama": "Sari", "alat": [{"nama": "A"}]}
    parts = contents(found, Page(values, context(), found.validate(values, context()).faults))
    assert [(one.title, one.asked, one.filled, one.faults) for one in parts] == [("Orang", 2, 1, 1), ("Alat", 1, 1, 0)]


def test_a_long_check_list_folds_away_what_nobody_has_to_answer():
    row = (choice("hasil", "sesuai", "tidak_sesuai", validate={"required": True}), text("nilai"), text("catatan"))
    fixed = rows("periksa", *row, properties={"sumber": "daftar", "kunci": "kode", "tampilan": "periksa"})
    daftar = [{"kode": "a", "nama": "A"}, {"kode": "b", "nama": "B"}]
    tree = page(form(fixed), {"periksa": [{"kode": "b", "hasil": "tidak_sesuai", "nilai": "3 m"}]}, sources={"daftar": daftar})
    first, second = tree.xpath("//details")
    assert [one.get("name") for one in first.xpath(".//input")] == ["periksa.0.nilai", "periksa.0.catatan"]
    assert (words(first.xpath("./summary")[0]), first.get("open")) == ("Nilai, catatan: A", None)
    assert [one.get("name") for one in second.xpath(".//input")] == ["periksa.1.catatan"]
    assert second.get("open") is not None
