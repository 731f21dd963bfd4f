"""What came in: may this file be kept, and in which safe form? Its content is judged; name and declared type are not.

Pictures are decoded and written anew: whatever hid behind or inside them is gone, and so are position and camera, which
are handed back beside the picture. A PDF is stripped of what acts by itself and looked through once more; one that
bears a signature is kept untouched or refused, never altered.
"""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

import pillow_heif
from PIL import Image, ImageOps

from engine.digest import sha256
from engine.documents.camera import Taken, taken_from
from engine.documents.papers import PaperRefused, clean_paper
from engine.errors import Refusal

MEGABYTE = 1024 * 1024
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")
pillow_heif.register_heif_opener()
# The size is judged here, before a single pixel is decoded; Pillow's own guard only warns up to twice its limit.
Image.MAX_IMAGE_PIXELS = None


class UploadRefused(Refusal):
    """The file is not taken in."""

    code = "unggahan_ditolak"
    advice = "Berkas ini tidak dapat diterima. Kirim dalam bentuk PDF, JPG, PNG, atau HEIC."


class Empty(UploadRefused):
    """There is nothing in it."""

    code = "unggahan_kosong"
    advice = "Berkas ini kosong (0 bita). Pilih berkas yang benar, lalu unggah lagi."


class TooLarge(UploadRefused):
    """More bytes than allowed."""

    code = "unggahan_terlalu_besar"

    advice = "Berkas ini terlalu besar. Pindai dengan 150 dpi atau bagi menjadi beberapa berkas, lalu unggah lagi."


class WrongKind(UploadRefused):
    """Neither a PDF nor a picture."""

    code = "unggahan_jenis_salah"
    advice = ("Isi berkas ini bukan PDF, JPG, PNG, atau HEIC (nama berkas tidak menentukan). "
              "Simpan ulang sebagai PDF atau JPG.")


class NotReadable(UploadRefused):
    """It looks like a picture and cannot be opened."""

    code = "unggahan_rusak"
    advice = "Gambar ini rusak atau tidak lengkap. Buka dan simpan ulang, atau foto kembali, lalu unggah lagi."


class TooManyPixels(UploadRefused):
    """A picture that would fill the memory when opened."""

    code = "unggahan_gambar_terlalu_luas"
    advice = "Gambar ini terlalu luas (lebih dari 40 juta piksel). Perkecil ukurannya, lalu unggah lagi."


class TooHard(UploadRefused):
    """Opening it took more time or memory than any honest file needs."""

    code = "unggahan_terlalu_berat"
    advice = "Berkas ini tidak dapat diperiksa dalam batas waktu dan memori. Simpan ulang sebagai PDF atau JPG biasa."


@dataclass(frozen=True)
class Limits:
    """What is allowed in. Defaults: 4 MB for a document, 15 MB for a photo, which is made smaller anyway."""

    document: int = 4 * MEGABYTE
    photo: int = 15 * MEGABYTE
    pages: int = 100
    pixels: int = 40_000_000
    side: int = 1600
    quality: int = 82


@dataclass(frozen=True)
class Accepted:
    """The file as it may be kept. `taken` = when and where a photo was taken, if its camera said so."""

    bytes: bytes
    type: str
    sha256: str
    original_sha256: str
    name: str
    taken: Taken | None = None


def accept(name: str, content: bytes, limits: Limits = Limits()) -> Accepted:
    """The safe form of an upload; an UploadRefused says what to do instead."""
    if not content:
        raise Empty("no bytes")
    if len(content) > max(limits.document, limits.photo):
        raise _too_large(len(content), max(limits.document, limits.photo))
    if content.startswith(b"%PDF-"):
        return _paper(name, content, limits)
    if _looks_like_a_picture(content):
        return _picture(name, content, limits)
    raise WrongKind("content is neither a PDF nor a picture")


def _looks_like_a_picture(content: bytes) -> bool:
    """Only the first bytes: they choose the reader, the reader decides."""
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return True
    return content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS


def _paper(name: str, content: bytes, limits: Limits) -> Accepted:
    if len(content) > limits.document:
        raise _too_large(len(content), limits.document)
    try:
        kept = clean_paper(content, limits.pages)
    except PaperRefused as refusal:
        raise UploadRefused(str(refusal), advice=refusal.advice) from refusal
    return Accepted(kept, PDF, sha256(kept), sha256(content), safe_name(name, "pdf"))


def _picture(name: str, content: bytes, limits: Limits) -> Accepted:
    if len(content) > limits.photo:
        raise _too_large(len(content), limits.photo)
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "HEIF")) as picture:
            return _written_anew(name, content, picture, limits)
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError, MemoryError) as fault:
        raise NotReadable(type(fault).__name__) from fault


def _written_anew(name: str, content: bytes, picture: Image.Image, limits: Limits) -> Accepted:
    if picture.width * picture.height > limits.pixels:
        raise TooManyPixels(f"{picture.width} x {picture.height}")
    taken = taken_from(picture)
    see_through = picture.mode in ("RGBA", "LA", "P") and picture.format == "PNG"
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((limits.side, limits.side))
    kept, kind = (_png(upright), PNG) if see_through else (_jpeg(upright, limits.quality), JPEG)
    return Accepted(kept, kind, sha256(kept), sha256(content), safe_name(name, "png" if kind == PNG else "jpg"), taken)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    _bare(picture.convert("RGB")).save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    _bare(picture.convert("RGBA")).save(out, "PNG", optimize=True)
    return out.getvalue()


def _bare(picture: Image.Image) -> Image.Image:
    """The pixels alone: text chunks, profiles and comments ride in `info` and some formats write them back."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    return bare


def safe_name(name: str, kind: str) -> str:
    """A name for people: no folders, no controls, no direction tricks, the ending of what the content is."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char)[0] != "C")
    stem = re.sub(r"\s+", " ", plain.rpartition(".")[0] or plain).strip(" .")
    return f"{stem[:80] or 'berkas'}.{kind}"


def _too_large(size: int, limit: int) -> TooLarge:
    return TooLarge(f"{size} bytes, {limit} allowed",
                    advice=f"Berkas ini {_megabytes(size)} MB; batasnya {_megabytes(limit)} MB. Perkecil berkas "
                           "(pindai dengan 150 dpi atau bagi menjadi beberapa berkas), lalu unggah lagi.")


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}".replace(".", ",")
