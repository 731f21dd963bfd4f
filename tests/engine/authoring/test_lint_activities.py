"""What an activity asks of the process around it must be there: rows, forms, variables, limits, handlers, names."""

from dataclasses import replace

import pytest

from engine.authoring.lint import Known, check_diagram
from engine.rules.process import Variable
from tests.engine.authoring.sketches import (
    HANDLERS,
    KNOWN,
    SOUND,
    SPIFF,
    attribute,
    broken,
    link,
    parameter,
    remove,
    setting,
    strip,
    told,
)

TASKS = ["ajukan", "periksa", "tinjau", "rapat", "putuskan"]


@pytest.mark.parametrize("task", TASKS)
def test_a_task_without_sop_row_is_told(task):
    told(broken(setting(task, "baris_sop", None)), "tanpa_baris_sop", task)
    told(broken(setting(task, "baris_sop", "  ")), "tanpa_baris_sop", task)


@pytest.mark.parametrize("task", TASKS)
def test_a_row_that_differs_from_the_table_is_told(task):
    told(broken(setting(task, "baris_sop", "7")), "baris_berbeda", task)


@pytest.mark.parametrize("task", TASKS)
def test_a_task_that_the_sop_table_does_not_know_is_told(task):
    told(broken(attribute(task, id="baru")), "tanpa_kegiatan", "baru")


@pytest.mark.parametrize("task", TASKS)
def test_a_form_that_is_not_there_is_told_with_the_likely_one(task):
    assert "putuskan" in told(broken(setting(task, "formulir", "putuskn")), "formulir_tidak_ada", task)[0].message


@pytest.mark.parametrize("name", ["baris", "Formulir", "form", "assignee", "pisahh", ""])
@pytest.mark.parametrize("task", ["periksa", "tinjau"])
def test_a_property_nobody_reads_is_told(task, name):
    told(broken(setting(task, name, "x")), "properti_tidak_dikenal", task)


@pytest.mark.parametrize("task", TASKS)
def test_a_property_written_twice_is_told(task):
    def change(root):
        box = next(root.xpath(f"//*[@id='{task}']")[0].iter(f"{{{SPIFF}}}properties"))
        box.append(box.makeelement(f"{{{SPIFF}}}property", name="baris_sop", value="1"))
    told(broken(change), "properti_ganda", task)


@pytest.mark.parametrize(("task", "names", "code"), [
    ("periksa", "lengkapp", "variabel_tidak_dikenal"), ("ajukan", "tim, jeniss", "variabel_tidak_dikenal"),
    ("tinjau", "lengkap", "variabel_tanpa_isian"), ("rapat", "nilai", "variabel_tanpa_isian"), ("putuskan", "tim",
                                                                                                "variabel_tanpa_isian"),
    ("kirim_ingat", "hasil", "variabel_tidak_dikenal")])
def test_a_variable_that_no_field_fills_is_told(task, names, code):
    def change(root):
        if task == "kirim_ingat":
            box = root.xpath(f"//*[@id='{task}']/*")[0]
            made = box.makeelement(f"{{{SPIFF}}}properties")
            made.append(made.makeelement(f"{{{SPIFF}}}property", name="variabel", value=names))
            box.append(made)
        else:
            setting(task, "variabel", names)(root)
    told(broken(change), code, task)


@pytest.mark.parametrize("names", ["nama", "tim, nama", "nama,jenis", " nama ", "jenis, tim, nama"])
def test_a_personal_field_as_variable_is_told(names):
    known = _with_variable("nama", "teks")
    assert "pribadi" in told(broken(setting("ajukan", "variabel", names)), "variabel_pribadi", "ajukan",
                             known)[0].message


def _with_variable(name, kind):
    process = KNOWN.process
    assert process is not None
    return replace(KNOWN, process=replace(process, variables={**process.variables, name: Variable(name, kind, None)}))


@pytest.mark.parametrize(("name", "kind", "task"), [
    ("lengkap", "teks", "periksa"), ("jenis", "ya_tidak", "ajukan"), ("tim", "teks", "ajukan"), ("nilai", "ya_tidak",
                                                                                                 "tinjau"),
    ("setuju", "bilangan", "putuskan"), ("jenis", "daftar", "ajukan"), ("lengkap", "tanggal", "periksa")])
def test_a_field_of_another_kind_than_its_variable_is_told(name, kind, task):
    told(SOUND, "jenis_tidak_cocok", task, _with_variable(name, kind))


@pytest.mark.parametrize("limit", ["1 hari", "satu jam", "0 jam", "1 minggu", "P1D", "'1 jam'", "1  jam", "99999 jam"])
@pytest.mark.parametrize("task", ["periksa", "tinjau"])
def test_a_limit_that_nobody_can_count_is_told(task, limit):
    assert "hari kerja" in told(broken(setting(task, "batas", limit)), "batas_salah", task)[0].remedy


@pytest.mark.parametrize("task", TASKS)
def test_a_group_of_limits_that_is_not_there_is_told(task):
    told(broken(setting(task, "kelompok_batas", "naskah")), "kelompok_tidak_ada", task)


@pytest.mark.parametrize("names", ["periksaa", "putuskan", "cukup", "kirim_ingat", "periksa, hilang"])
def test_four_eyes_over_nobody_is_told(names):
    told(broken(setting("putuskan", "pisah", names)), "pisah_salah", "putuskan")


@pytest.mark.parametrize("end", ["terbit", "ditolak", "ditutup", "dicabut"])
def test_an_end_without_public_words_is_told(end):
    process = KNOWN.process
    assert process is not None
    known = replace(KNOWN, process=replace(process, ends={name: one for name,
                                                          one in process.ends.items() if name != end}))
    told(SOUND, "akhir_tanpa_status", end, known)


SERVICES = ["kirim_ingat", "nomori", "tandatangani"]


def operator(task, **values):
    def change(root):
        for one in root.xpath(f"//*[@id='{task}']")[0].iter(f"{{{SPIFF}}}serviceTaskOperator"):
            one.attrib.update(values)
    return change


@pytest.mark.parametrize("task", SERVICES)
@pytest.mark.parametrize("name", ["kirimm", "", "os.system", "Kirim", "http"])
def test_an_unknown_operation_is_told(task, name):
    told(broken(operator(task, id=name)), "operasi_tidak_dikenal", task)


@pytest.mark.parametrize("task", SERVICES)
def test_a_service_task_without_or_with_two_operations_is_told(task):
    told(broken(strip(task, "serviceTaskOperator")), "tanpa_operasi", task)
    told(broken(strip(task, "extensionElements")), "tanpa_operasi", task)

    def twice(root):
        one = next(root.xpath(f"//*[@id='{task}']")[0].iter(f"{{{SPIFF}}}serviceTaskOperator"))
        one.getparent().append(one.makeelement(one.tag, id="kirim"))
    told(broken(twice), "tanpa_operasi", task)


@pytest.mark.parametrize("task", SERVICES)
def test_retries_and_result_names_that_nothing_obeys_are_told(task):
    def retry(root):
        one = next(root.xpath(f"//*[@id='{task}']")[0].iter(f"{{{SPIFF}}}serviceTaskOperator"))
        one.append(one.makeelement(f"{{{SPIFF}}}retry", retries="3"))
    told(broken(retry), "ulang_diabaikan", task)
    told(broken(operator(task, resultVariable="hasil")), "hasil_diabaikan", task)


@pytest.mark.parametrize("task", SERVICES)
def test_a_parameter_left_out_misnamed_or_doubled_is_told(task):
    told(broken(strip(task, "parameter")), "parameter_kurang", task)

    def misnamed(root):
        next(root.xpath(f"//*[@id='{task}']")[0].iter(f"{{{SPIFF}}}parameter")).set("id", "salah_nama")

    def doubled(root):
        one = next(root.xpath(f"//*[@id='{task}']")[0].iter(f"{{{SPIFF}}}parameter"))
        one.getparent().append(one.makeelement(one.tag, id=one.get("id"), value="'x'"))
    told(broken(misnamed), "parameter_tidak_dikenal", task)
    told(broken(doubled), "parameter_ganda", task)


@pytest.mark.parametrize(("task", "name", "words"), [
    ("kirim_ingat", "pesan", "'ingatt'"), ("kirim_ingat", "pesan", "'ingat' if lengkap else 'lain'"),
    ("nomori", "register", "'izinn'"),
    ("nomori", "register", "'izin' if nilai > 5 else 'tolak'"), ("tandatangani", "dokumen", "'lampiran'"),
    ("tandatangani", "dokumen", "jenis")])
def test_a_document_notice_or_register_that_is_not_declared_is_told(task, name, words):
    told(broken(parameter(task, name, words)), "rujukan_tidak_ada", task)


def test_words_that_are_only_compared_are_not_taken_for_names():
    source = broken(parameter("nomori", "register", "'izin' if jenis == 'rapat' else 'khusus'"))
    assert check_diagram(source, KNOWN) == []


def test_a_secret_without_an_error_boundary_is_told():
    gone = [remove("salah"), remove("f_salah_putuskan"), strip("lajur_3", "x")]
    told(broken(*gone), "rahasia_tanpa_galat", "tandatangani")


@pytest.mark.parametrize("source", ["cabut", "tutup", "ingatkan"])
def test_a_secret_that_nobody_typed_is_told(source):
    flow = {"cabut": "f_cabut_dicabut", "tutup": "f_tutup_ditutup", "ingatkan": "f_ingatkan_kirim_ingat"}[source]
    told(broken(remove(flow), link(source, "nomori")), "rahasia_tanpa_orang", "tandatangani")


def test_a_bare_diagram_is_judged_as_far_as_it_goes():
    assert check_diagram(SOUND) == []
    assert check_diagram(SOUND, Known(handlers=HANDLERS)) == []
    told(broken(operator("nomori", id="lain")), "operasi_tidak_dikenal", "nomori", Known(handlers=HANDLERS))


def test_a_lane_that_is_declared_but_not_drawn_is_told_softly():
    found = told(broken(attribute("lajur_2", name="Loket Dua")), "lajur_tidak_digambar", None)
    assert found[0].severity == "peringatan"
