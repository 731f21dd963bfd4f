"""Uploads: judged by content, written anew, refused with advice; what a camera said comes out beside the picture."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from engine.documents.uploads import (
    Accepted,
    Empty,
    Limits,
    NotReadable,
    TooLarge,
    TooManyPixels,
    UploadRefused,
    WrongKind,
    accept,
    safe_name,
)


def picture(kind: str = "JPEG", size: tuple[int, int] = (320, 200), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(out, kind, **more)
    return out.getvalue()


def camera_notes() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6                                   # lies on its side
    exif.get_ifd(0x8769)[0x9003] = "2026:06:17 10:12:33"
    exif.get_ifd(0x8825).update({1: "S", 2: (6.0, 33.0, 24.0), 3: "E", 4: (107.0, 26.0, 35.0)})
    return exif.tobytes()


def paper(pages: int = 1, **more: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        made.save(out, **more)
    return out.getvalue()


def opened(accepted: Accepted) -> Image.Image:
    return Image.open(io.BytesIO(accepted.bytes))


@pytest.mark.parametrize(("kind", "becomes"), [("JPEG", "image/jpeg"), ("PNG", "image/jpeg"), ("HEIF", "image/jpeg")])
def test_a_picture_is_written_anew(kind: str, becomes: str) -> None:
    sent = picture(kind)
    kept = accept("foto.bin", sent)
    assert (kept.type, kept.name, opened(kept).size) == (becomes, "foto.jpg", (320, 200))
    assert kept.sha256 != kept.original_sha256 and kept.bytes != sent


def test_a_drawn_signature_keeps_its_transparent_ground() -> None:
    kept = accept("ttd.png", picture("PNG", mode="RGBA"))
    assert (kept.type, opened(kept).mode) == ("image/png", "RGBA")


def test_a_large_photo_is_made_smaller() -> None:
    kept = accept("foto.jpg", picture(size=(3000, 2000), quality=95))
    assert max(opened(kept).size) == 1600 and len(kept.bytes) < 1_500_000


def test_time_and_place_are_handed_back_and_gone_from_the_file() -> None:
    kept = accept("foto.jpg", picture(exif=camera_notes()))
    assert kept.taken is not None
    assert kept.taken.record() == {"diambil": "2026-06-17T10:12:33", "posisi": "-6.55667, 107.44306"}
    assert dict(opened(kept).getexif()) == {} and b"Exif" not in kept.bytes
    assert opened(kept).size == (200, 320)             # stands upright without the note that said so
    assert accept("foto.jpg", picture()).taken is None


def test_what_hides_behind_or_inside_a_picture_is_gone() -> None:
    tail = io.BytesIO()
    with zipfile.ZipFile(tail, "w") as packed:
        packed.writestr("jahat.txt", "isi")
    kept = accept("foto.jpg", picture(comment=b"<script>alert(1)</script>") + tail.getvalue())
    assert b"PK\x03\x04" not in kept.bytes and b"script" not in kept.bytes


def test_the_same_picture_is_kept_as_the_same_bytes() -> None:
    sent = picture()
    assert accept("a.jpg", sent) == accept("a.jpg", sent)


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    out = io.BytesIO()
    Image.new("L", (12_000, 12_000)).save(out, "PNG")
    assert len(out.getvalue()) < 200_000
    with pytest.raises(TooManyPixels) as refused:
        accept("bom.png", out.getvalue())
    assert "40 juta" in refused.value.advice


@pytest.mark.parametrize("content", [picture()[:900], b"\xff\xd8\xff" + b"x" * 500, b"\x89PNG\r\n\x1a\n" + b"x" * 99,
                                     b"\x00\x00\x00\x18ftypheic" + b"\x00" * 90])
def test_a_broken_picture_is_refused(content: bytes) -> None:
    with pytest.raises(NotReadable):
        accept("foto.jpg", content)


@pytest.mark.parametrize("content", [
    b"<html><script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ\x90\x00", b"GIF89a",
    b"PK\x03\x04", b"x" * 512 + paper(), b" ", b"II*\x00" + b"\x00" * 50,
])
def test_the_content_counts_and_the_name_does_not(content: bytes) -> None:
    with pytest.raises(WrongKind):
        accept("ktp.pdf", content)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Empty):
        accept("ktp.pdf", b"")


def test_limits_are_told_in_megabytes() -> None:
    with pytest.raises(TooLarge) as refused:
        accept("akta.pdf", b"%PDF-1.7" + b"x" * (5 * 1024 * 1024))
    assert "5,0 MB" in refused.value.advice and "4,0 MB" in refused.value.advice
    with pytest.raises(TooLarge):
        accept("foto.jpg", b"\xff\xd8\xff" + b"x" * (15 * 1024 * 1024))
    with pytest.raises(TooLarge):
        accept("foto.jpg", picture(), Limits(photo=1000, document=1000))


def test_a_paper_is_kept_and_one_that_cannot_be_is_refused_with_its_reason() -> None:
    kept = accept("C:\\Berkas\\akta notaris.PDF", paper(3))
    assert (kept.type, kept.name) == ("application/pdf", "akta notaris.pdf")
    with pytest.raises(UploadRefused, match="pages") as refused:
        accept("akta.pdf", paper(101))
    assert "101 halaman" in refused.value.advice


@pytest.mark.parametrize(("given", "kept"), [
    ("../../etc/passwd", "passwd.pdf"), ("", "berkas.pdf"), ("...", "berkas.pdf"),
    ("a" * 300 + ".pdf", "a" * 80 + ".pdf"),
    ("ktp\u202efdp.exe", "ktpfdp.pdf"), ("surat\n\x00 kuasa.docx", "surat kuasa.pdf"), ("e\u0301.pdf", "é.pdf"),
])
def test_a_name_is_for_people_only(given: str, kept: str) -> None:
    assert safe_name(given, "pdf") == kept


def test_a_letter_of_our_own_is_taken_in(tmp_path: Path) -> None:
    assert accept("unduhan.pdf", paper(2, deterministic_id=True)).type == "application/pdf"
