"""A letter: the same bytes from the same values, nothing from outside its folder, no name that stops it."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from engine.digest import canonical, sha256
from engine.documents.letters import (
    SHOWN,
    Letter,
    LetterFailed,
    Rendered,
    pictures_wanted,
    printable,
    qr_svg,
    render,
)
from engine.documents.press import Press

AT = datetime(2026, 6, 30, 3, tzinfo=UTC)
HEAD = ('#let d = json("/masukan/data.json")\n'
        '#set document(title: "Surat", keywords: d._masukan.metadata)\n'
        '#set text(font: "Libertinus Serif", lang: "id")\n')


def letter(body: str, values: Mapping[str, Any] | None = None, **more: Any) -> Letter:
    files = {"processes/uji/documents/surat.typ": (HEAD + body).encode()} | more.pop("files", {})
    return Letter("processes/uji/documents/surat.typ", files, values or {}, AT, **more)


def about(rendered: Rendered) -> str:
    with pikepdf.open(io.BytesIO(rendered.pdf)) as paper:
        return str(paper.docinfo["/Keywords"])


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (10, 120, 90)).save(out, "JPEG")
    return out.getvalue()


def test_the_same_values_give_the_same_bytes_in_another_process() -> None:
    one, two = Press(), Press()
    again = [render(letter("Kepada #d.nama", {"nama": "Ibu Sari"}), press) for press in (one, one, two)]
    one.close()
    two.close()
    assert len({one.sha256 for one in again}) == 1


def test_other_values_or_another_time_give_other_bytes() -> None:
    first = render(letter("#d.nama", {"nama": "Sari"}))
    assert render(letter("#d.nama", {"nama": "Dewi"})).sha256 != first.sha256
    later = Letter("processes/uji/documents/surat.typ", letter("#d.nama").files, {"nama": "Sari"}, AT.replace(hour=4))
    assert render(later).sha256 != first.sha256


def test_the_file_names_case_edition_template_digest_and_head() -> None:
    values = {"nama": "Sari", "jumlah": 3}
    known = {"kasus": "k1", "edisi": "e1", "templat": "surat.typ v2", "kepala_rantai": "h1"}
    rendered = render(letter("isi", values, metadata=known))
    assert rendered.data_sha256 == sha256(canonical(values))
    assert about(rendered) == f"kasus=k1, edisi=e1, templat=surat.typ v2, digest_isi={sha256(canonical(values))}, " \
                              "kepala_rantai=h1"


def test_the_file_is_an_archive_file_with_its_recorded_time() -> None:
    with pikepdf.open(io.BytesIO(render(letter("isi")).pdf)) as paper:
        meta = paper.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")
        assert str(paper.docinfo["/CreationDate"]).startswith("D:20260630030000")


def test_pages_are_counted_and_the_box_for_the_signature_is_found() -> None:
    body = ('satu #pagebreak() #v(20mm) #context { let p = here().position(); '
            '[#metadata((hal: p.page, x: p.x.pt(), y: p.y.pt(), lebar: 100, tinggi: 50)) <kotak_ttd>] }')
    rendered = render(letter(body))
    assert rendered.pages == 2
    assert rendered.signature is not None
    assert (rendered.signature.page, rendered.signature.width, rendered.signature.height) == (2, 100, 50)
    assert rendered.signature.y > 100
    assert render(letter("tanpa kotak")).signature is None


def test_values_are_text_and_never_markup() -> None:
    rendered = render(letter("#d.nama", {"nama": "#read(\"/masukan/data.json\") *tebal* $x$ \\ #pagebreak()"}))
    assert rendered.pages == 1


@pytest.mark.parametrize("name", ["Ibu 😀 Sari", "漢字", "\ue000", "a\u202eb", "bel\x07", "e\u0301\u0301", "\uffff"])
def test_no_name_stops_a_letter(name: str) -> None:
    assert render(letter("#d.nama", {"nama": name})).pages == 1


def test_every_character_that_is_let_through_can_be_shown() -> None:
    shown = "".join(chr(number) for low, high in SHOWN for number in range(low, high + 1))
    assert printable(shown) == printable(printable(shown))
    assert render(letter("#d.nama", {"nama": shown})).pages >= 1


def test_what_cannot_be_shown_leaves_a_mark_and_what_is_invisible_goes() -> None:
    assert printable({"a": ["Ibu 😀", "a\u200bb\u202ec", "x\u00a0y"], "n": 3, "b": None}) == {
        "a": ["Ibu □", "abc", "x y"], "n": 3, "b": None}


def test_a_picture_is_laid_beside_the_letter_by_its_digest() -> None:
    picture = photo()
    body = '#image(d._masukan.gambar.at(d.foto.sha256), width: 20mm, alt: "foto")'
    values = {"foto": {"sha256": sha256(picture), "type": "image/jpeg", "name": "a.jpg", "bytes": len(picture)}}
    rendered = render(letter(body, values, pictures={sha256(picture): picture}))
    with pikepdf.open(io.BytesIO(rendered.pdf)) as paper:
        assert len(paper.pages[0].get_images()) == 1


def test_pictures_are_found_wherever_they_are_named() -> None:
    one, two = {"sha256": "a" * 64, "type": "image/jpeg"}, {"sha256": "b" * 64, "type": "image/png"}
    paper = {"sha256": "c" * 64, "type": "application/pdf"}
    assert pictures_wanted({"isian": {"x": [{"foto": [one]}, {"foto": [two, paper]}]}, "n": 1}) == {"a" * 64, "b" * 64}


def test_a_picture_of_another_kind_is_refused() -> None:
    with pytest.raises(LetterFailed):
        render(letter("isi", pictures={"d" * 64: b"GIF89a"}))


def test_a_document_with_a_link_gets_its_code_and_one_without_gets_none() -> None:
    body = '#if d._masukan.qr { image("/masukan/qr.svg", width: 24mm, alt: "kode") }'
    links = [f"https://izin.example/v/{code}" for code in ("ABCD", "ABCE")]
    one, other = (render(letter(body, {"dokumen": {"tautan_periksa": link}})) for link in links)
    assert one.sha256 != other.sha256
    assert render(letter(body, {})).pages == 1


def test_the_code_keeps_the_level_it_was_given() -> None:
    short = qr_svg("https://izin.example/v/ABCDEFGH23456789")
    assert b"<svg" in short and short == qr_svg("https://izin.example/v/ABCDEFGH23456789")
    assert b'width="37" height="37"' in short   # version 3, level M, border 4: raised levels would need more modules


@pytest.mark.parametrize(("body", "said"), [
    ('#read("/../../../etc/passwd")', "escape"), ('#import "@preview/cetz:0.1.0": *', "package"),
    ("#while true {}", "condition"), ("#let f(x) = f(x)\n#f(1)", "depth"), ("#d.tidak.ada", "key"), ("#(", "unclosed"),
])
def test_a_broken_template_is_a_refusal_that_says_what(body: str, said: str) -> None:
    with pytest.raises(LetterFailed, match=said):
        render(letter(body))


def test_a_missing_template_is_a_refusal() -> None:
    with pytest.raises(LetterFailed) as refused:
        render(Letter("processes/uji/documents/lain.typ", {}, {}, AT))
    assert "lain.typ" in refused.value.advice


@pytest.mark.parametrize("name", ["../luar.typ", "/etc/luar.typ", "processes/../../luar.typ", "a\\..\\luar.typ"])
def test_no_file_of_an_edition_leaves_its_folder(name: str) -> None:
    with pytest.raises(LetterFailed, match="leaves"):
        render(letter("isi", files={name: b"x"}))


def test_only_what_a_letter_can_use_is_laid_out() -> None:
    files = {"processes/uji/uji.bpmn": b"<x/>", "processes/_shared/kop.typ": b"#let kop = [KOP]"}
    assert render(letter('#import "/processes/_shared/kop.typ": kop\n#kop', files=files)).pages == 1
    with pytest.raises(LetterFailed, match="not found"):
        render(letter('#read("/processes/uji/uji.bpmn")', files=files))


def test_values_that_have_no_canonical_form_are_refused_before_anything_is_set(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="canonical"):
        render(letter("isi", {"luas": 2.5}))
    assert json.loads(canonical({"luas": "2.5"})) == {"luas": "2.5"}
