"""Every mistake in a definition is named, at its component, with what to do; nothing ends in a stack trace."""

from __future__ import annotations

import pytest

from engine.errors import FormDefinitionRefused
from engine.rules.form import definition_findings, load_form
from tests.form_builders import choice, number, rows, schema, text, upload, yes_no


def told(*components, **more):
    return [(one.where, one.code) for one in definition_findings(schema(*components), **more)]


@pytest.mark.parametrize(("component", "code"), [
    ({"type": "html", "content": "<b>x</b>"}, "jenis"), ({"type": "iframe", "label": "x", "url": "x"}, "jenis"),
    ({"type": "table", "label": "x"}, "jenis"), ({"type": "expression", "key": "x"}, "jenis"),
    ({"type": "documentPreview", "label": "x"}, "jenis"), ({"type": "image", "source": "x"}, "jenis"),
    ({"key": "x"}, "bentuk"), ("x", "bentuk"), ({"type": 5}, "bentuk"), ({**text("x"), "label": 5}, "bentuk"),
    ({**text("x"), "properties": {"pribadi": True}}, "bentuk"), ({**text("x"), "properties": "ya"}, "bentuk"),
    ({**text("x"), "validate": "ya"}, "bentuk"), ({**rows("x"), "components": {}}, "bentuk"),
    (text("Nama"), "kunci_bentuk"), (text("a.b"), "kunci_bentuk"), (text(""), "kunci_bentuk"),
    (text("this"), "kunci_bentuk"),
    (text("hari_ini"), "kunci_bentuk"), (text("_x"), "kunci_bentuk"), (text("a" * 61), "kunci_bentuk"),
    ({"type": "group", "label": "G", "path": "g", "components": []}, "kunci_bentuk"),
    ({"type": "textfield", "key": "x"}, "tanpa_label"), ({"type": "group", "components": []}, "tanpa_label"),
    ({"type": "text", "text": " "}, "tanpa_label"), (text("x", properties={"pribad": "ya"}), "properti"),
    (text("x", properties={"tolak_bila": "=x = null"}), "properti"), (rows("x", properties={"paling_sedikit": "=1"}),
                                                                      "properti"),
    (text("x", properties={"isi_awal": "nama"}), "isi_awal"), (text("x", properties={"isi_awal": "a.b.c.d"}),
                                                               "isi_awal"),
    (number("x", properties={"rahasia": "ya"}), "rahasia"), (text("x", properties={"sumber": "syarat"}), "sumber"),
    (rows("x", properties={"sumber": "syarat", "saring": "a.b = c"}), "sumber"),
    (rows("x", properties={"saring": "a.b.c = d"}), "sumber"),
    (text("x", validate={"minLength": "=n"}), "batas_ungkapan"),
    (number("x", validate={"max": "=n"}), "batas_ungkapan"),
    (number("x", validate={"max": 2.5}), "batas_ungkapan"),
    (text("x", validate={"required": "=true"}), "batas_ungkapan"),
    (text("x", validate={"pattern": "^(a+)+$"}), "pola"), (text("x", validate={"pattern": "[0-9]{16}"}), "pola"),
    (text("x", validate={"pattern": 5}), "pola"), ({**choice("x"), "values": []}, "pilihan"),
    ({**choice("x"), "values": [{"label": "A"}]}, "pilihan"), ({**choice("x"), "values": [{"label": "", "value": "a"}]},
                                                               "pilihan"),
    (choice("x", "a", "a"), "pilihan"), ({**choice("x", "a"), "valuesExpression": "=f()"}, "pilihan"),
    ({**choice("x", "a"), "valuesKey": "k"}, "pilihan"), ({**yes_no("x"), "values": [{"label": "A", "value": 1.5}]},
                                                          "pilihan"),
    ({"type": "number", "key": "x", "label": "X"}, "desimal"), ({**number("x"), "decimalDigits": 9}, "desimal"),
    ({"type": "datetime", "key": "x", "dateLabel": "X", "subtype": "datetime"}, "subtype"),
    (text("x", conditional={"hide": True}), "syarat"), (text("x", conditional={"hide": "lengkap"}), "syarat"),
    (text("x", conditional={"hide": "=f(x)"}), "syarat"), (text("x", defaultValue=5), "bawaan"),
    ({"type": "checkbox", "key": "x", "label": "X", "defaultValue": "ya"}, "bawaan"),
    ({"type": "group", "label": "G", "properties": {"bagian": "tidak_ada"}}, "bagian"),
    (text("x", properties={"bagian": "orang"}), "bagian"),
])
def test_a_mistake_is_found(component, code):
    found = definition_findings(schema(component), {"orang": schema(text("nama"))})
    assert code in {one.code for one in found}
    assert all(one.where and one.advice and str(one).startswith(one.where) for one in found)


@pytest.mark.parametrize("whole", [None, [], "x", 5, {"components": "x"}, {"components": [[]]}, {"components": [None]}])
def test_what_is_no_form_at_all_is_told_as_such(whole):
    assert [one.code for one in definition_findings(whole)] == ["bentuk"]


def test_a_form_may_be_neither_too_deep_nor_too_long():
    deep = text("x")
    for _ in range(50):
        deep = {"type": "group", "label": "G", "components": [deep]}
    assert told(deep)[0][1] == "bentuk"
    assert told(*[text(f"x{number}") for number in range(401)]) == [("formulir", "terlalu_besar")]


def test_a_key_is_used_once_on_its_level_groups_included():
    group = {"type": "group", "label": "G", "components": [text("nama")]}
    assert told(text("nama"), group) == [("nama", "kunci_ganda")]
    assert told(text("nama"), rows("tim", text("nama"))) == []
    assert told(rows("tim", text("nama"), text("nama"))) == [("tim.nama", "kunci_ganda")]


def test_a_source_must_be_a_list_of_the_process_where_those_are_known():
    fixed = rows("x", text("a"), properties={"sumber": "syarat"})
    assert told(fixed) == []
    assert told(fixed, sources={"syarat"}) == []
    assert told(fixed, sources={"lain"}) == [("x", "sumber")]


STATUS = choice("status", "ada", "salah")


@pytest.mark.parametrize(("hide", "code"), [
    ('=this.status = "ada"', None), ("=parent.lengkap = true", None), ("=lengkap = true", None),
    ("=hari_ini = null", None),
    ("=some r in catatan satisfies r.status = null", None), ("=this.dokumen = null", None),
    ("=this.wajib = true", None),
    ('=status = "ada"', "syarat_nama"), ("=jenis = null", "syarat_nama"), ("=this.lain = null", "syarat_nama"),
    ("=parent.status = null", "syarat_nama"), ("=this.status.x = null", "syarat_nama"),
    ("=lengkap.x = null", "syarat_nama")])
def test_names_in_rows_must_say_whose_they_are(hide, code):
    whole = (yes_no("lengkap"), rows("catatan", STATUS, text("ket", conditional={"hide": hide}),
                                     properties={"sumber": "syarat", "kunci": "dokumen", "ikut": "nama, wajib"}))
    assert told(*whole) == ([("catatan.ket", code)] if code else [])


def test_at_the_top_a_name_may_be_a_variable_but_not_a_path():
    assert told(text("x", conditional={"hide": "=rekomendasi = null"})) == []
    assert told(text("x", conditional={"hide": "=this.y = null"})) == [("x", "syarat_nama")]


def test_decimals_do_not_stand_in_conditions():
    assert told(number("luas", 2), text("x", conditional={"hide": "=luas > 3"})) == [("x", "syarat_desimal")]
    assert told(number("luas"), text("x", conditional={"hide": "=luas > 3"})) == []


def test_conditions_may_not_wait_for_each_other():
    ring = (text("a", conditional={"hide": "=c = null"}), text("b", conditional={"hide": "=a = null"}),
            {"type": "group", "label": "G", "conditional": {"hide": "=b = null"}, "components": [text("c")]}, text("d"))
    assert told(*ring) == [("a", "syarat_melingkar"), ("b", "syarat_melingkar"), ("c", "syarat_melingkar")]


def test_an_objection_is_judged_like_a_condition():
    assert told(text("x", properties={"tolak_bila": "=f()", "tolak_pesan": "Salah."})) == [("x", "syarat")]


def test_a_form_with_findings_does_not_load_and_says_all_of_them():
    with pytest.raises(FormDefinitionRefused) as refused:
        load_form(schema(text("Nama"), number("x", validate={"max": "=n"})))
    assert [one.code for one in refused.value.findings] == ["kunci_bentuk", "batas_ungkapan"]
    assert "Nama" in refused.value.advice


def test_a_sound_form_is_not_accused():
    assert told(text("nama", validate={"required": True, "minLength": 2, "maxLength": "80"}),
                number("n", validate={"min": "-1.5"}),
                {"type": "separator"}, {"type": "spacer"}, {"type": "button", "label": "Kirim"},
                {"type": "text", "text": "Halo"},
                upload("x", accept=".pdf"), choice("j", "a"),
                {**choice("k", "a", "b"), "type": "taglist", "defaultValue": ["a"]},
                {"type": "checkbox", "key": "c", "label": "C", "defaultValue": False}) == []
