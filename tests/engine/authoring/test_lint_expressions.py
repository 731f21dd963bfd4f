"""Expressions outside of the small language are told wherever they stand; two true conditions are shown by an example."""

import pytest

from engine.authoring.lint import FormKeys, Known, check_diagram
from tests.engine.authoring.sketches import (
    FORMS,
    HANDLERS,
    KNOWN,
    PROCESS,
    SOUND,
    attribute,
    broken,
    condition,
    link,
    parameter,
    put,
    strip,
    text,
    told,
)

OUTSIDE = ["lengkap ==", "lengkap = True", "(lengkap", "__import__('os')", "open('x')", "lengkap.__class__",
           "[x for x in tim]",
           "lambda: 1", "f'{lengkap}'", "2 ** 9", "'a' * 999", "1.5 > nilai", "exec('x')", "tim[nilai]", "lengkap if",
           "{'a': 1}",
           "nilai := 3", "(" * 300, "lengkap or " * 60 + "lengkap", "'" + "x" * 300 + "'", "tim[0:2]", "True; lengkap",
           "\\x41", "​lengkap"]


@pytest.mark.parametrize("words", OUTSIDE)
@pytest.mark.parametrize(("change", "element"), [
    (lambda words: condition("f_cukup_pilih", words), "f_cukup_pilih"),
    (lambda words: condition("f_pilih_tinjau", words), "f_pilih_tinjau"),
    (lambda words: text("tinjau", "loopCardinality", words), "tinjau"),
    (lambda words: parameter("kirim_ingat", "pesan", words), "kirim_ingat"),
    (lambda words: parameter("tandatangani", "dokumen", words), "tandatangani")], ids=["xor", "or", "many", "branch",
                                                                                       "secret"])
def test_what_is_outside_the_language_is_told_where_it_stands(words, change, element):
    assert "and/or/not" in told(broken(change(words)), "ungkapan_ditolak", element)[0].remedy


@pytest.mark.parametrize("words", ["=lengkap", "${lengkap}", "#{lengkap == true}", "= jenis = \"x\"", "${execution.x}"])
@pytest.mark.parametrize("flow", ["f_cukup_pilih", "f_pilih_rapat"])
def test_another_language_is_named(words, flow):
    told(broken(condition(flow, words)), "bahasa_asing", flow)


@pytest.mark.parametrize("language", ["feel", "javascript", "groovy", "https://www.omg.org/spec/DMN/20191111/FEEL/",
                                      "python"])
def test_a_declared_other_language_is_told(language):
    def change(root):
        root.xpath("//*[@id='f_cukup_pilih']/*")[0].set("language", language)
    told(broken(change), "bahasa_asing", "f_cukup_pilih")


@pytest.mark.parametrize(("change", "element"), [
    (condition("f_cukup_pilih", "lenkap == True"), "f_cukup_pilih"), (condition("f_pilih_tinjau", "jalur == 'a'"),
                                                                      "f_pilih_tinjau"),
    (text("tinjau", "loopCardinality", "len(tima)"), "tinjau"), (parameter("kirim_ingat", "pesan", "surat"),
                                                                 "kirim_ingat"),
    (parameter("nomori", "register", "'izin' if nilaai > 5 else 'khusus'"), "nomori"),
    (condition("f_disetujui_nomori", "x"), "f_disetujui_nomori")])
def test_a_variable_nobody_declared_is_told(change, element):
    told(broken(change), "variabel_tidak_dikenal", element)


def test_the_likely_name_is_offered():
    assert "lengkap" in told(broken(condition("f_cukup_pilih", "lenkap == True")), "variabel_tidak_dikenal",
                             "f_cukup_pilih")[0].message


OVERLAPS = [
    ("nilai > 5", "nilai > 8", "nilai = 9"), ("nilai >= 5", "nilai <= 5", "nilai = 5"),
    ("lengkap == True", "jenis == 'rapat'", "jenis = “rapat”"),
    ("jenis in ('rapat', 'lapangan')", "jenis == 'lapangan'", "jenis = “lapangan”"),
    ("jenis != 'rapat'", "jenis != 'lapangan'", "keduanya"),
    ("ada(tim)", "len(tim) > 2", "tim = "), ("lengkap", "lengkap == True", "lengkap = True"), ("True", "lengkap",
                                                                                               "lengkap = True"),
    ("nilai < 3 or nilai > 9", "nilai > 5", "nilai = 10"), ("not lengkap", "lengkap != True", "lengkap = False"),
    ("jenis == None", "lengkap == None", "kosong"), ("'a' in tim", "len(tim) == 1", "tim = ['a']"),
]


@pytest.mark.parametrize(("first", "second", "example"), OVERLAPS)
def test_two_conditions_that_can_both_hold_are_told_with_an_example(first, second, example):
    source = broken(condition("f_cukup_pilih", first), link("cukup", "rapat", "f_lain", when=second))
    found = told(source, "syarat_bertumpuk", "f_lain")
    assert example in found[0].message and "Persempit" in found[0].remedy


@pytest.mark.parametrize(("first", "second"), [
    ("nilai > 5", "nilai <= 5"), ("lengkap == True", "lengkap == False"), ("lengkap == True", "lengkap != True"),
    ("jenis == 'rapat'", "jenis in ('lapangan', 'keduanya')"), ("lengkap and jenis == 'rapat'",
                                                                "lengkap and jenis == 'lapangan'"),
    ("len(tim) > 2", "len(tim) <= 2"), ("nilai > 3 and nilai < 6", "nilai >= 6 or nilai <= 3"), ("ada(tim)",
                                                                                                 "not ada(tim)"),
    ("jenis == None", "jenis == 'rapat'"), ("lengkap", "not lengkap")])
def test_conditions_that_exclude_each_other_are_not_accused(first, second):
    source = broken(condition("f_cukup_pilih", first), link("cukup", "rapat", "f_lain", when=second))
    assert [one for one in check_diagram(source, KNOWN) if one.code.startswith("syarat")] == []


def test_an_inclusive_gateway_may_take_both_ways():
    assert [one for one in check_diagram(SOUND, KNOWN) if one.code == "syarat_bertumpuk"] == []


def test_many_ways_out_are_judged_without_delay():
    ways = [link("cukup", "rapat", f"f_{number}",
                 when=" and ".join(f"v{at} == {number}" for at in range(8))) for number in range(40)]
    assert check_diagram(broken(*ways))


@pytest.mark.parametrize("words", ["lengkap == 'ya'", "lengkap == 1", "jenis == 'rapta'", "jenis == True",
                                   "nilai == 'tiga'", "tim == 'rapat'"])
def test_a_condition_that_can_never_hold_is_told(words):
    told(broken(condition("f_cukup_pilih", words)), "syarat_mustahil", "f_cukup_pilih")


@pytest.mark.parametrize("words", ["'rap' in jenis", "nilai + 1 == 7", "len(tim) == 3",
                                   "jenis in ('rapat', 'keduanya')", "tim[0] == 'x'",
                                   "min(tim) == 4", "nilai > 100 and lengkap"])
def test_a_condition_that_may_hold_is_not_called_impossible(words):
    assert [one for one in check_diagram(broken(condition("f_cukup_pilih", words)),
                                         KNOWN) if one.code == "syarat_mustahil"] == []


def test_an_inclusive_split_that_leaves_an_answer_without_way_is_told():
    source = broken(attribute("pilih", default=None), condition("f_pilih_gabung", "jenis == 'rapat'"),
                    condition("f_pilih_tinjau", "jenis == 'rapat'"))
    assert "lapangan" in told(source, "tanpa_default", "pilih")[0].message


def test_an_inclusive_split_that_has_a_way_for_every_answer_needs_no_default():
    source = broken(attribute("pilih", default=None), condition("f_pilih_gabung", "jenis == 'keduanya'"))
    assert [one for one in check_diagram(source, KNOWN) if one.severity == "galat"] == []


def test_what_is_not_known_is_warned_of_softly():
    source = broken(attribute("pilih", default=None), condition("f_pilih_gabung", "jenis == 'keduanya'"))
    assert told(source, "tanpa_default", "pilih", Known())[0].severity == "peringatan"


@pytest.mark.parametrize("words", ["0", "-1", "101", "True", "'3'", "None", "3 - 3"])
def test_a_number_of_instances_that_cannot_be_is_told(words):
    told(broken(text("tinjau", "loopCardinality", words)), "jumlah_salah", "tinjau")


@pytest.mark.parametrize("words", ["tim", "jenis", "lengkap", "setuju"])
def test_a_variable_that_is_no_number_cannot_count(words):
    told(broken(text("tinjau", "loopCardinality", words)), "jumlah_salah", "tinjau")


@pytest.mark.parametrize("words", ["3", "len(tim)", "nilai", "max(1, len(tim))", "100"])
def test_a_sound_number_of_instances_is_not_accused(words):
    assert check_diagram(broken(text("tinjau", "loopCardinality", words)), KNOWN) == []


@pytest.mark.parametrize("task", ["tinjau", "rapat", "periksa", "kirim_ingat", "nomori"])
def test_many_without_a_number_or_in_sequence_is_told(task):
    empty = [strip(task, "multiInstanceLoopCharacteristics"),
             put(task, '<bpmn:multiInstanceLoopCharacteristics isSequential="true"/>')]
    told(broken(*empty), "jamak_tanpa_jumlah", task)
    told(broken(*empty), "jamak_berurutan", task)


def test_choices_that_a_machine_may_overrule_are_not_relied_on():
    forms = {**FORMS, "rapat": FormKeys({"jenis": "textfield"})}
    known = Known(PROCESS, forms, HANDLERS)
    source = broken(condition("f_cukup_pilih", "jenis == 'lain'"))
    assert [one for one in check_diagram(source, known) if one.code == "syarat_mustahil"] == []
