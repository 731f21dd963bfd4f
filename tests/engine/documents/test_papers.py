"""PDF from outside: nothing that acts by itself comes in; a signed one is never altered; bundles are paper."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from engine.documents.authority import TestAuthority
from engine.documents.letters import Letter, render
from engine.documents.papers import PaperRefused, acting_in, bundle, clean_paper, pages_in
from engine.documents.signing import SignJob

AT = datetime(2026, 6, 30, 3, tzinfo=UTC)
SCRIPT = {"/S": Name.JavaScript, "/JS": String("app.alert(1)")}


def paper(change: Callable[[Pdf], None] = lambda made: None, pages: int = 1, **more: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        change(made)
        made.save(out, **more)
    return out.getvalue()


def note(made: Pdf, **keys: object) -> None:
    made.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), **keys)])


def opens_with_a_script(made: Pdf) -> None:
    made.Root.OpenAction = Dictionary(SCRIPT)


def names_a_script(made: Pdf) -> None:
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), Dictionary(SCRIPT)])))


def attaches_a_file(made: Pdf) -> None:
    made.attachments["x.exe"] = b"MZprogram"
    made.Root.AF = Array([made.attachments["x.exe"].obj])


def acts_when_a_page_opens(made: Pdf) -> None:
    made.pages[0].obj.AA = Dictionary(O=Dictionary(SCRIPT))


def launches_from_a_note(made: Pdf) -> None:
    note(made, A=Dictionary(S=Name.Launch, F=String("cmd.exe")))


def leads_to_a_script(made: Pdf) -> None:
    note(made, A=Dictionary(S=Name.URI, URI=String("javascript:alert(1)")))


def holds_a_dynamic_form(made: Pdf) -> None:
    made.Root.AcroForm = Dictionary(Fields=Array([]), XFA=String("<xdp/>"))


CLEANED = [opens_with_a_script, names_a_script, attaches_a_file, acts_when_a_page_opens, launches_from_a_note,
           leads_to_a_script, holds_a_dynamic_form]


@pytest.mark.parametrize("change", CLEANED, ids=lambda change: change.__name__)
def test_what_acts_is_taken_out_and_the_pages_stay(change: Callable[[Pdf], None]) -> None:
    kept = clean_paper(paper(change), 10)
    with pikepdf.open(io.BytesIO(kept)) as again:
        assert acting_in(again) == [] and len(again.pages) == 1
    assert b"MZprogram" not in kept and b"javascript:" not in kept


def hides_in_a_page(made: Pdf) -> None:
    made.pages[0].obj.PieceInfo = Dictionary(X=Dictionary(A=Dictionary(S=Name.Launch, F=String("cmd.exe"))))


def hides_in_a_tree(made: Pdf) -> None:
    made.Root.Outlines = made.make_indirect(Dictionary(First=made.make_indirect(Dictionary(A=Dictionary(SCRIPT)))))


def hides_media(made: Pdf) -> None:
    note(made, Extra=Array([Dictionary(Subtype=Name.RichMedia)]))


@pytest.mark.parametrize("change", [hides_in_a_page, hides_in_a_tree, hides_media], ids=lambda change: change.__name__)
def test_what_hides_where_the_cleaning_does_not_look_is_refused(change: Callable[[Pdf], None]) -> None:
    with pytest.raises(PaperRefused, match="still acting") as refused:
        clean_paper(paper(change), 10)
    assert "Cetak ulang" in refused.value.advice


def test_links_to_the_web_stay() -> None:
    def linked(made: Pdf) -> None:
        note(made, A=Dictionary(S=Name.URI, URI=String("https://contoh.example/")))
    with pikepdf.open(io.BytesIO(clean_paper(paper(linked), 10))) as again:
        assert str(again.pages[0].obj.Annots[0].A.URI) == "https://contoh.example/"


@pytest.mark.parametrize("password", ["rahasia", ""])
def test_a_locked_paper_is_refused(password: str) -> None:
    locked = paper(encryption=pikepdf.Encryption(owner="pemilik", user=password))
    with pytest.raises(PaperRefused, match="encrypted") as refused:
        clean_paper(locked, 10)
    assert "kata sandi" in refused.value.advice


@pytest.mark.parametrize("content", [b"%PDF-1.7\n<script>alert(1)</script>", b"%PDF-1.7", b"%PDF-1.4\n%%EOF\n"])
def test_what_only_begins_like_a_paper_is_refused(content: bytes) -> None:
    with pytest.raises(PaperRefused):
        clean_paper(content, 10)


def test_pages_are_limited() -> None:
    assert clean_paper(paper(pages=10), 10)
    with pytest.raises(PaperRefused) as refused:
        clean_paper(paper(pages=11), 10)
    assert "11 halaman" in refused.value.advice


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    authority = TestAuthority(Path(tmp_path_factory.mktemp("kunci")))
    authority.ensure()
    authority.issue("notaris", "Notaris Uji", "sandi-notaris-1", AT)
    made = render(Letter("surat.typ", {"surat.typ": b'#set text(font: "Libertinus Serif")\nAkta.'}, {}, AT)).pdf
    return authority.signer.sign(SignJob(made, "notaris", AT), "sandi-notaris-1").pdf


def test_a_signed_paper_is_kept_byte_for_byte(signed: bytes) -> None:
    assert clean_paper(signed, 10) == signed


def test_a_signed_paper_that_acts_or_carries_a_tail_is_refused(signed: bytes) -> None:
    with pytest.raises(PaperRefused) as refused:
        clean_paper(signed + b"PK\x03\x04", 10)
    assert "merusak tanda tangan" in refused.value.advice

    def both(made: Pdf) -> None:
        opens_with_a_script(made)
        made.Root.Sig = made.make_indirect(Dictionary(ByteRange=Array([0, 1, 2, 3])))
    with pytest.raises(PaperRefused, match="signed and acting"):
        clean_paper(paper(both), 10)


def test_a_bundle_has_all_pages_in_order_and_is_no_longer_signed(signed: bytes) -> None:
    whole = bundle([paper(pages=2), signed, paper(pages=3)])
    assert pages_in(whole) == 6
    assert whole == bundle([paper(pages=2), signed, paper(pages=3)])
    with pikepdf.open(io.BytesIO(whole)) as again:
        assert "/AcroForm" not in again.Root
        assert all("/ByteRange" not in one for one in again.objects if isinstance(one, Dictionary))
