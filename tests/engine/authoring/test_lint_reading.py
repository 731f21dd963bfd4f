"""No bytes, however broken or large, end in anything but findings; and sound diagrams are not accused."""

import itertools
import random
import subprocess
import sys
import textwrap

import pytest

from engine.authoring.lint import FAULT, check_diagram
from tests.engine.authoring.sketches import (
    KNOWN,
    SOUND,
    attribute,
    broken,
    condition,
    remove,
    retag,
    setting,
    sketch,
    strip,
    told,
)
from tests.generated_diagrams import diagrams

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {one} "{("&" + before + ";") * 10}">' for before, one in zip("abcdefgh", "bcdefghi")) + "]>"
HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'
ENTITIES = [
    BOMB.encode() + b"<x>&i;</x>", b'<!DOCTYPE x SYSTEM "file:///etc/hostname"><x/>',
    b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/hostname">]><x>&y;</x>', b"<!DOCTYPE x><x/>",
    HEAD + BOMB.encode() + SOUND,
    ('<?xml version="1.0" encoding="UTF-16"?>' + BOMB + "<x>&i;</x>").encode("utf-16"),
    b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://contoh.invalid/x">%p;]><x/>',
    b'<!DOCTYPE x [<!ATTLIST x a CDATA "&b;">]><x/>',
]
NOT_XML = [b"%PDF-1.7", b"{}", b"<bpmn:definitions", SOUND[:-20], SOUND[:300], b"<a></b>", b"<a/><b/>",
           b"\x00\x01\x02abc", b"<x:y/>",
           SOUND.replace(b"</bpmn:userTask>", b"", 1), b"<a b=1/>", b"<a>&b;</a>", b"<a>\x00</a>",
           SOUND.replace(b"xmlns:bpmn=", b"xmlns:lain="),
           b'<?xml version="1.0" encoding="UTF-8"?><a>\xff\xfe</a>', b'<?xml version="1.0" encoding="utf-7"?><a/>',
           b'<?xml version="1.0" encoding="entah"?><a/>', b"\xef\xbb\xbf<", b"PK\x03\x04" + b"\x00" * 50]
OTHERS = [b"<definitions/>", b"<html/>", b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
          b"<svg/>",
          b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/DI"/>',
          b'<process xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>']


def codes(source):
    return {one.code for one in check_diagram(source, KNOWN)}


@pytest.mark.parametrize("source", ENTITIES)
def test_entities_are_refused_before_they_are_read(source):
    assert "DOCTYPE" in told(source, "dtd_ditolak", None)[0].remedy


@pytest.mark.parametrize("source", NOT_XML)
def test_what_is_no_xml_is_told(source):
    assert codes(source) <= {"xml_rusak", "pengodean_tidak_dikenal", "bukan_bpmn"} and codes(source)


@pytest.mark.parametrize("source", [b"", b" \n", b"\x00" * 9, b"\t", b"\r\n\r\n"])
def test_an_empty_file_is_told(source):
    told(source, "berkas_kosong", None)


@pytest.mark.parametrize("source", OTHERS)
def test_another_kind_of_file_is_told(source):
    told(source, "bukan_bpmn", None)


def test_a_definitions_without_process_is_told():
    told(b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "tanpa_proses", None)


@pytest.mark.parametrize(("change", "code", "element"), [
    (retag("periksa", "manualTask"), "unsur_tidak_didukung", "periksa"), (condition("f_cukup_pilih", "x ="),
                                                                          "ungkapan_ditolak", "f_cukup_pilih"),
    (attribute("tinjau", id="rapat"), "id_ganda", "rapat"), (remove("f_salah_putuskan"), "jalan_buntu", "salah"),
    (strip("tinjau", "loopCardinality"), "jamak_tanpa_jumlah", "tinjau")])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_fault_is_found_in_any_encoding(change, code, element, encoding):
    text = broken(change).decode().partition("?>")[2]
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    told(mark + text.encode(encoding), code, element)


def test_nesting_without_end_is_refused():
    told(b"<a>" * 100_000, "terlalu_dalam", None)
    told(SOUND.replace(b"</bpmn:process>", b"<bpmn:subProcess>" * 60 + b"</bpmn:subProcess>" * 60
                       + b"</bpmn:process>"), "terlalu_dalam", None)


def test_elements_without_end_are_refused():
    told(b"<a>" + b"<b/>" * 30_000 + b"</a>", "terlalu_banyak_unsur", None)


@pytest.mark.parametrize("length", [100, 300, 600])
def test_a_long_chain_is_run_or_told_but_never_a_trace(length):
    made = sketch(listener=False, timers=False, many=False, inclusive=False, secret=False)
    made.flows = [one for one in made.flows if one[1] != "nomori"]
    made.flow("nomori", *[made.user(f"t{at}") for at in range(length)], "terbit")
    assert [one.code for one in check_diagram(made.bytes())] in ([], ["terlalu_panjang"], ["ditolak_mesin"])


def test_bytes_changed_at_random_never_end_in_a_trace():
    dice = random.Random(7)
    for _ in range(150):
        source = bytearray(SOUND)
        for _ in range(dice.randint(1, 6)):
            at = dice.randrange(len(source))
            source[at:at + dice.randint(0, 3)] = dice.randbytes(dice.randint(0, 3))
        assert isinstance(check_diagram(bytes(source), KNOWN), list)


def test_pieces_taken_out_at_random_never_end_in_a_trace():
    dice = random.Random(11)

    def cut(root):
        for _ in range(dice.randint(1, 4)):
            one = dice.choice([one for one in root.iter("{*}*") if one.getparent() is not None])
            one.getparent().remove(one)
    for _ in range(100):
        assert isinstance(check_diagram(broken(cut), KNOWN), list)


def test_findings_are_told_up_to_a_readable_number():
    made = sketch()
    for at in range(700):
        made.user(f"t{at}")
    found = check_diagram(made.bytes())
    assert len(found) == 301 and found[-1].code == "terlalu_banyak_temuan"


def test_a_flood_of_warnings_hides_no_fault():
    idle = "".join(f'<bpmn:exclusiveGateway id="g{n}"/>' for n in range(7000)).encode()
    source = broken(condition("f_cukup_pilih", "x =")).replace(b"</bpmn:process>", idle + b"</bpmn:process>")
    assert all(one.severity == FAULT for one in check_diagram(source))


HUGE = """
    import resource, sys, time
    resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))
    from engine.authoring.lint import check_diagram
    from tests.engine.authoring.sketches import SOUND
    many = b"".join(b'<bpmn:exclusiveGateway id="g%d"/><bpmn:sequenceFlow id="f%d" sourceRef="g%d" targetRef="g%d"/>'
                    % (n, n, n, n * 7 % 4000) for n in range(4000))
    wide = b"".join(b'<bpmn:sequenceFlow id="f%d" sourceRef="cukup" targetRef="rapat"><bpmn:conditionExpression>'
                    b'v%d == %d</bpmn:conditionExpression></bpmn:sequenceFlow>' % (n, n, n) for n in range(3500))
    for name, source in {
        "nothing": b"\\x00" * (50 << 20), "blanks": b" " * (50 << 20), "open": b"<a>" * (17 << 20),
        "long": b"<a>" + b"x" * (50 << 20),
        "tags": b"<a>" + b"<b/>" * (12 << 20), "attribute": b'<a b="' + b"x" * (50 << 20),
        "utf-16": ("<a>" * (8 << 20)).encode("utf-16"),
        "two megabytes of text": b"<a>" + b"x" * 2_000_000 + b"</a>",
        "two megabytes of attributes": b"<a %s/>" % b" ".join(
            b'a%d=""' % n for n in range(150_000)),
        "many nodes": SOUND.replace(b"</bpmn:process>", many + b"</bpmn:process>"),
        "many conditions": SOUND.replace(b"</bpmn:process>", wide + b"</bpmn:process>")}.items():
        began = time.monotonic()
        assert check_diagram(source), name
        print(f"{name}: {time.monotonic() - began:.2f}", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
              flush=True)
"""


def test_fifty_megabytes_of_nothing_take_neither_time_nor_memory():
    answer = subprocess.run([sys.executable, "-c", textwrap.dedent(HUGE)], capture_output=True, text=True, timeout=60,
                            check=False)
    assert answer.returncode == 0, answer.stderr
    lines = [line.rpartition(": ")[2].split() for line in answer.stdout.splitlines()]
    assert len(lines) == 11
    assert max(float(seconds) for seconds, _ in lines) <= 5, answer.stdout
    assert max(int(megabytes) for _, megabytes in lines) <= 512, answer.stdout


PARTS = ("listener", "timers", "many", "inclusive", "secret")


@pytest.mark.parametrize("chosen", list(itertools.product((True, False), repeat=5)))
def test_sound_diagrams_are_not_accused(chosen):
    """Thirty-two of them: with and without listener, timers, several at once, an inclusive split, a signature."""
    assert check_diagram(sketch(**dict(zip(PARTS, chosen))).bytes()) == []


def test_generated_diagrams_are_accused_of_what_is_true_of_them_only():
    """They repeat timers, leave out SOP rows and let conditions overlap on purpose; nothing else is found."""
    true_of_them = {"waktu_berulang", "tanpa_baris_sop", "syarat_bertumpuk", "terlalu_banyak_temuan"}
    for source in diagrams(5, 20):
        assert {one.code for one in check_diagram(source) if one.severity == FAULT} <= true_of_them


def test_a_setting_may_name_another_form():
    assert check_diagram(broken(setting("periksa", "formulir", "periksa")), KNOWN) == []
