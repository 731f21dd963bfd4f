"""An event that could not happen as drawn is told: starts, boundary events, timers, messages, errors, ends."""

import pytest

from engine.authoring.lint import check_diagram
from tests.engine.authoring.sketches import (
    SOUND,
    attribute,
    broken,
    draw,
    link,
    put,
    remove,
    retag,
    strip,
    text,
    timer,
    told,
)

BAD_DURATIONS = ["P14D", "PT1H", "'1 jam'", "14 hari", "", "''", "'P'", "'PT'", "'P1M'", "'P1Y'", "'P14'", "P14D'",
                 "'P-14D'", "'P0D'",
                 "hari_kerja(7)", "__import__('os')", "'P14D' + 'P1D'", "'R/P14D'", "'P1.5D'", "'p14d'", "'P14D '",
                 "'P99999D'",
                 "'2026-06-09'", "lengkap", "'P٣D'"]


@pytest.mark.parametrize("event", ["ingatkan", "tutup"])
@pytest.mark.parametrize("length", BAD_DURATIONS)
def test_a_timer_that_is_not_one_quoted_duration_is_told(event, length):
    assert "'P14D'" in told(broken(text(event, "timeDuration", length)), "waktu_salah", event)[0].remedy


@pytest.mark.parametrize("length", ["'P14D'", "'PT1H'", "'P2W'", "'P1DT12H'", "'PT30M'", "'PT90S'", " 'P30D' "])
def test_a_quoted_duration_is_no_fault(length):
    assert check_diagram(broken(text("ingatkan", "timeDuration", length))) == []


@pytest.mark.parametrize("written", ["'R3/P7D'", "'R/P1D'", "R3/P7D", "'P7D'", ""])
@pytest.mark.parametrize("event", ["ingatkan", "tutup", "tunggu"])
def test_a_repeating_timer_is_told(event, written):
    told(broken(draw(f'<bpmn:intermediateCatchEvent id="tunggu">{timer("x")}</bpmn:intermediateCatchEvent>'),
                strip(event, "timerEventDefinition"), put(event, timer(written, "timeCycle"))), "waktu_berulang", event)


@pytest.mark.parametrize("written", ["'2026-06-09T00:00:00Z'", "'2026-06-09'", "tanggal_rapat", "2026-06-09", ""])
def test_a_fixed_date_is_told(written):
    told(broken(strip("tutup", "timerEventDefinition"), put("tutup", timer(written, "timeDate"))), "waktu_tetap",
         "tutup")


@pytest.mark.parametrize("event", ["ingatkan", "tutup"])
def test_a_timer_without_or_with_two_times_is_told(event):
    twice = ("<bpmn:timerEventDefinition><bpmn:timeDuration>'P1D'</bpmn:timeDuration>"
             "<bpmn:timeDuration>'P2D'</bpmn:timeDuration></bpmn:timerEventDefinition>")
    told(broken(strip(event, "timeDuration")), "waktu_salah", event)
    told(broken(strip(event, "timerEventDefinition"), put(event, twice)), "waktu_salah", event)


def test_a_comment_that_cuts_a_timer_in_two_is_told():
    source = broken(strip("tutup", "timerEventDefinition"),
                    put("tutup", "<bpmn:timerEventDefinition><bpmn:timeDuration>'P1<!-- x -->4D'</bpmn:timeDuration>"
                                 "</bpmn:timerEventDefinition>"))
    told(source, "isi_bukan_teks", "tutup")


@pytest.mark.parametrize("extra", [
    '<bpmn:startEvent id="awal2"/>', '<bpmn:startEvent id="awal2" name="Polos"/>',
    '<bpmn:startEvent id="awal2"><bpmn:documentation>x</bpmn:documentation></bpmn:startEvent>'])
@pytest.mark.parametrize("target", ["ajukan", "periksa"])
def test_a_plain_start_beside_another_is_told(extra, target):
    told(broken(draw(extra), link("awal2", target)), "awal_polos", "awal2")


def test_two_plain_starts_are_both_told():
    source = broken(strip("mulai", "messageEventDefinition"), draw('<bpmn:startEvent id="awal2"/>'), link("awal2",
                                                                                                          "ajukan"))
    for name in ("mulai", "awal2"):
        told(source, "awal_polos", name)


def test_two_message_starts_are_sound():
    second = ('<bpmn:startEvent id="awal2"><bpmn:messageEventDefinition messageRef="m_lain"/></bpmn:startEvent>'
              '<bpmn:exclusiveGateway id="masuk"/>')
    source = broken(put("", '<bpmn:message id="m_lain" name="lain"/>', first=True), draw(second),
                    remove("f_mulai_pantau"),
                    strip("mulai", "outgoing"), strip("pantau", "incoming"), link("mulai", "masuk", "f1"),
                    link("awal2", "masuk", "f2"),
                    link("masuk", "pantau", "f3"))
    assert [one for one in check_diagram(source) if one.severity == "galat"] == []


def test_two_starts_of_one_message_are_told():
    second = '<bpmn:startEvent id="awal2"><bpmn:messageEventDefinition messageRef="m_ajukan"/></bpmn:startEvent>'
    told(broken(draw(second), link("awal2", "periksa")), "awal_kembar", "awal2")


@pytest.mark.parametrize("breaks", [[remove("mulai")], [retag("mulai", "userTask")], [remove("mulai"),
                                                                                      remove("f_mulai_pantau")],
                                    [retag("mulai", "task")], [retag("mulai", "intermediateCatchEvent")]])
def test_a_process_without_start_is_told(breaks):
    told(broken(*breaks), "tanpa_awal", "contoh")


@pytest.mark.parametrize("event", ["ingatkan", "tutup", "salah", "cabut"])
def test_an_event_that_waits_for_nothing_is_told(event):
    told(broken(strip(event, "timerEventDefinition", "errorEventDefinition", "messageEventDefinition")),
         "peristiwa_tanpa_jenis", event)


@pytest.mark.parametrize("event", ["ingatkan", "tutup", "salah", "cabut", "mulai"])
def test_an_event_of_two_kinds_is_told(event):
    told(broken(put(event, "<bpmn:timerEventDefinition/><bpmn:messageEventDefinition/>")), "peristiwa_ganda", event)


@pytest.mark.parametrize("event", ["ingatkan", "tutup", "salah"])
@pytest.mark.parametrize(("host", "code"), [("hilang", "induk_tidak_ada"), (None, "induk_tidak_ada"), ("cukup",
                                                                                                       "induk_salah"),
                                            ("cabut", "induk_salah"), ("terbit", "induk_salah")])
def test_a_boundary_event_on_nothing_is_told(event, host, code):
    told(broken(attribute(event, attachedToRef=host)), code, event)


@pytest.mark.parametrize("host", ["putuskan", "periksa", "tinjau", "rapat", "ajukan"])
def test_an_error_on_a_persons_task_is_told(host):
    told(broken(attribute("salah", attachedToRef=host)), "galat_pada_tugas_orang", "salah")


def test_an_error_that_does_not_interrupt_is_told():
    told(broken(attribute("salah", cancelActivity="false")), "galat_tidak_menyela", "salah")


@pytest.mark.parametrize("code", ["SANDI SALAH", "", "Sandi-Salah", "1salah", "sandi.salah"])
def test_an_error_code_that_no_handler_can_raise_is_told(code):
    told(broken(attribute("g_sandi", errorCode=code)), "kode_galat_salah", "g_sandi")


@pytest.mark.parametrize("ref", ["hilang", "sandi_salah", "G_SANDI", "m_cabut", "salah"])
def test_an_error_that_is_not_declared_is_told(ref):
    def change(root):
        for one in root.iter("{*}errorEventDefinition"):
            one.set("errorRef", ref)
    told(broken(change), "rujukan_hilang", "salah")


def test_an_error_boundary_without_reference_catches_all_and_is_sound():
    def change(root):
        for one in root.iter("{*}errorEventDefinition"):
            del one.attrib["errorRef"]
    assert check_diagram(broken(change)) == []


@pytest.mark.parametrize("second", ["g_sandi", None])
def test_the_same_error_caught_twice_is_told(second):
    ref = f' errorRef="{second}"' if second else ""
    extra = (f'<bpmn:boundaryEvent id="lagi" attachedToRef="tandatangani"><bpmn:errorEventDefinition{ref}/>'
             "</bpmn:boundaryEvent>")
    breaks = [draw(extra), link("lagi", "putuskan")]
    if second is None:
        breaks.append(lambda root: [one.attrib.pop("errorRef", None) for one in root.iter("{*}errorEventDefinition")])
    told(broken(*breaks), "galat_kembar", "lagi")


@pytest.mark.parametrize("ref", ["hilang", None, "cabut", "g_sandi", "m_Cabut"])
@pytest.mark.parametrize("event", ["mulai", "cabut"])
def test_a_message_that_is_not_declared_is_told(event, ref):
    def change(root):
        one = root.xpath(f"//*[@id='{event}']/*[local-name()='messageEventDefinition']")[0]
        one.attrib.pop("messageRef")
        if ref is not None:
            one.set("messageRef", ref)
    told(broken(change), "rujukan_hilang", event)


@pytest.mark.parametrize("name", ["", None, "Cabut Permohonan", "cabut!", "a" * 41])
def test_a_message_without_a_plain_name_is_told(name):
    told(broken(attribute("m_cabut", name=name)), "nama_pesan_salah", "m_cabut")


def test_two_messages_of_one_name_are_told():
    told(broken(attribute("m_cabut", name="ajukan")), "pesan_kembar", "m_cabut")


@pytest.mark.parametrize("end", ["terbit", "ditolak", "ditutup", "dicabut"])
def test_an_end_that_leaves_the_listener_alive_is_told(end):
    assert "hentikan" in told(broken(strip(end, "terminateEventDefinition")), "akhir_tidak_menghentikan", end)[0].remedy


def test_the_end_of_a_reminder_stops_nothing_and_is_sound():
    assert [one for one in check_diagram(SOUND) if one.element == "diingatkan"] == []


def test_plain_ends_are_sound_where_nobody_listens():
    def without_listener(root):
        for name in ("cabut", "dicabut", "f_pantau_cabut", "f_cabut_dicabut", "m_cabut"):
            remove(name)(root)
        for one in list(root.iter("{*}flowNodeRef", "{*}outgoing", "{*}BPMNShape", "{*}BPMNEdge")):
            if {one.text, one.get("bpmnElement")} & {"cabut", "dicabut", "f_pantau_cabut", "f_cabut_dicabut"}:
                one.getparent().remove(one)
    source = broken(without_listener, *[strip(end, "terminateEventDefinition") for end in ("terbit", "ditolak",
                                                                                           "ditutup")])
    assert [one.code for one in check_diagram(source)] == ["gateway_mubazir"]
