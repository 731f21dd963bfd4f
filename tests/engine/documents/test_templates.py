"""Templates of an analyst: what is refused before a deploy, with its line and its remedy."""

from __future__ import annotations

import pytest

from engine.documents.templates import check_template, try_template

SOUND = (b'#let d = json("/masukan/data.json")\n#set text(font: "Libertinus Serif")\n'
         b'Kepada #d.at("nama", default: "-")\n')


@pytest.mark.parametrize(("line", "problem"), [
    ('#import "@preview/cetz:0.1.0": *', "paket"), ("#import '@local/kop:1.0.0': kop", "paket"),
    ('#let p = "@" + "preview/x:1.0.0"', "paket"), ('#let p = "\\u{40}preview/x:1.0.0"', "paket"),
    ("#let p = str.from-unicode(64)", "paket"), ('#let p = plugin("x.wasm")', "plugin"),
    ("#datetime.today().display()", "jam mesin"), ('#read("../../rahasia")', "foldernya"),
    ("#set document(date: none)", "tanggal"),
])
def test_what_a_letter_may_not_do_is_found_with_its_line(line: str, problem: str) -> None:
    findings = check_template(SOUND + line.encode())
    assert [(one.line, problem in one.problem, bool(one.remedy)) for one in findings] == [(4, True, True)]


def test_a_sound_template_is_not_accused() -> None:
    mail = SOUND + 'Surel: kantor@contoh.example // "@preview"\n// #import "@preview/x:1.0.0"\n'.encode()
    assert check_template(SOUND) == ()
    assert [one.line for one in check_template(mail)] == [4]   # behind a line it still counts


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * 300_000])
def test_a_file_that_is_no_template_is_one_finding(content: bytes) -> None:
    assert [one.line for one in check_template(content)] == [0]


def test_a_template_is_tried_with_nothing_filled_in() -> None:
    path = "processes/uji/documents/surat.typ"
    assert try_template(path, {path: SOUND}) == ()
    [finding] = try_template(path, {path: SOUND + b"#d.isian.x.nama\n"})
    assert finding.line == 4 and "key" in finding.problem
    [missing] = try_template(path, {})
    assert "belum ada" in missing.problem
