"""What differs between a deployed edition and the working folder is told by file and, in the diagram, by element."""

import pytest

from engine.authoring.difference import Change, differences
from tests.engine.authoring.sketches import SOUND, attribute, broken, condition, link, remove, setting, text

PATH = "processes/contoh/contoh.bpmn"


def elements(new, old=SOUND):
    return [(one.what, one.element) for one in differences({PATH: old}, {PATH: new}) if one.element]


def test_nothing_changed_is_nothing_told():
    assert differences({"a": b"1", PATH: SOUND}, {PATH: SOUND, "a": b"1"}) == []


def test_files_are_told_in_order():
    assert [str(one) for one in differences({"b": b"1", "c": b"1", "a": b"1"}, {"b": b"2", "d": b"1", "a": b"1"})] == [
        "berubah: b", "hilang: c", "baru: d"]


@pytest.mark.parametrize(("change", "told"), [
    (remove("f_tinjau_gabung"), [("hilang", "f_tinjau_gabung")]), (link("rapat", "putuskan"), [("baru", "f_baru")]),
    (condition("f_cukup_pilih", "lengkap"), [("berubah", "f_cukup_pilih")]), (attribute("rapat", name="Rapat"),
                                                                              [("berubah", "rapat")]),
    (setting("periksa", "batas", "2 jam"), [("berubah", "periksa")]), (text("tutup", "timeDuration", "'P31D'"),
                                                                       [("berubah", "tutup")]),
    (text("tinjau", "loopCardinality", "3"), [("berubah", "tinjau")]), (attribute("lajur_2", name="Tim Lapangan"),
                                                                        [("berubah", "lajur_2")]),
    (attribute("rapat", id="musyawarah"), [("hilang", "rapat"), ("baru", "musyawarah")]),
])
def test_elements_of_the_diagram_are_told_by_id(change, told):
    assert elements(broken(change)) == told


def test_a_task_given_to_another_lane_is_told():
    def move(root):
        ref = next(one for one in root.iter("{*}flowNodeRef") if one.text == "rapat")
        list(root.iter("{*}lane"))[0].append(ref)
    assert elements(broken(move)) == [("berubah", "rapat")]


def test_a_moved_shape_changes_the_file_and_no_element():
    moved = SOUND.replace(b'y="80"', b'y="90"')
    assert differences({PATH: SOUND}, {PATH: moved}) == [Change("berubah", PATH)]


def test_the_name_of_an_element_is_shown():
    assert str(differences({PATH: SOUND}, {PATH: broken(setting("periksa", "batas",
                                                                "2 jam"))})[1]) == f"berubah: {PATH} periksa “periksa”"


def test_a_diagram_that_cannot_be_read_is_told_as_a_file():
    assert differences({PATH: SOUND}, {PATH: b"<"}) == [Change("berubah", PATH)]
