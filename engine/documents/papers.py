"""PDF files from outside, and bundles of our own: what may stay inside a PDF, and how several become one print-out."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf

from engine.errors import Refusal

ACTING = ("/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/AF", "/XFA", "/RichMedia",
          "/OpenAction", "/AA", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound",
          "/Collection")
"""Keys and names by which a PDF acts by itself or carries other files."""
ROOT_KEYS = ("/OpenAction", "/AA", "/AF", "/Collection")
NAME_TREES = ("/JavaScript", "/EmbeddedFiles", "/Renditions")
LINKS = ("http://", "https://", "mailto:")
OBJECTS_READ = 200_000


class PaperRefused(Refusal):
    """The PDF is not taken in."""

    code = "pdf_ditolak"
    advice = "PDF ini tidak dapat diterima. Cetak ulang menjadi PDF baru, lalu unggah lagi."


def clean_paper(content: bytes, pages: int) -> bytes:
    """The PDF without anything that acts by itself; a signed one untouched. PaperRefused says what to do instead."""
    try:
        with pikepdf.open(io.BytesIO(content)) as paper:
            return _cleaned(content, paper, pages)
    except pikepdf.PasswordError as fault:
        raise PaperRefused("encrypted", advice=LOCKED) from fault
    except (pikepdf.PdfError, RuntimeError, ValueError, KeyError, TypeError, MemoryError, RecursionError) as fault:
        raise PaperRefused(type(fault).__name__, advice=DAMAGED) from fault


LOCKED = "PDF ini terkunci kata sandi. Buka, simpan ulang tanpa kata sandi, lalu unggah lagi."
DAMAGED = "PDF ini rusak atau bukan PDF. Cetak ulang menjadi PDF baru atau pindai kembali, lalu unggah lagi."
ALIVE = "PDF ini berisi skrip, lampiran, atau tindakan otomatis. Cetak ulang menjadi PDF biasa, lalu unggah lagi."
SIGNED_ALIVE = ("PDF bertanda tangan ini berisi skrip, lampiran, atau tindakan otomatis sehingga tidak dapat diterima, "
                "dan membersihkannya akan merusak tanda tangan. Mintalah berkas tanpa isi tersebut.")
NO_PAGES = "PDF ini tidak berisi halaman. Cetak ulang menjadi PDF baru, lalu unggah lagi."


def _cleaned(content: bytes, paper: pikepdf.Pdf, pages: int) -> bytes:
    if paper.is_encrypted:
        raise PaperRefused("encrypted", advice=LOCKED)
    count = len(paper.pages)
    if not 0 < count <= pages:
        raise PaperRefused(f"{count} pages", advice=NO_PAGES if count == 0 else
                           f"PDF ini {count} halaman; batasnya {pages} halaman. Unggah hanya halaman yang diminta.")
    if _is_signed(paper):
        if acting_in(paper) or not content.rstrip().endswith(b"%%EOF"):
            raise PaperRefused("signed and acting, or with something behind its end", advice=SIGNED_ALIVE)
        return content
    _strip(paper)
    return _saved_and_searched(paper)


def _is_signed(paper: pikepdf.Pdf) -> bool:
    return any(isinstance(one, pikepdf.Dictionary) and "/ByteRange" in one for one in _objects(paper))


def _strip(paper: pikepdf.Pdf) -> None:
    for key in ROOT_KEYS:
        _drop(paper.Root, key)
    for key in NAME_TREES:
        _drop(paper.Root.get("/Names"), key)
    _drop(paper.Root.get("/AcroForm"), "/XFA")
    for page in paper.pages:
        for key in ("/AA", "/AF"):
            _drop(page.obj, key)
        _strip_annotations(page)


def _strip_annotations(page: pikepdf.Page) -> None:
    """Notes stay as they look; what they would do goes, unless they lead to a page of this file or to the web."""
    for note in page.obj.get("/Annots", []):
        for key in ("/AA", "/AF", "/FS"):
            _drop(note, key)
        action = note.get("/A") if isinstance(note, pikepdf.Dictionary) else None
        if action is not None and not _leads_to_a_page(action):
            _drop(note, "/A")


def _leads_to_a_page(action: Any) -> bool:
    if action.get("/S") == pikepdf.Name.GoTo:
        return True
    return action.get("/S") == pikepdf.Name.URI and str(action.get("/URI", "")).lower().startswith(LINKS)


def _drop(holder: Any, key: str) -> None:
    if isinstance(holder, pikepdf.Dictionary) and key in holder:
        del holder[key]


def _saved_and_searched(paper: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    paper.remove_unreferenced_resources()
    paper.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
    kept = out.getvalue()
    # Read again what was written: what is still reachable and acts was hidden where the cleaning did not look.
    with pikepdf.open(io.BytesIO(kept)) as again:
        left = acting_in(again)
    if left:
        raise PaperRefused(f"still acting: {left}", advice=ALIVE)
    return kept


def acting_in(paper: pikepdf.Pdf) -> list[str]:
    """The acting keys and names that any object of the file holds."""
    return sorted({name for one in _objects(paper) for name in _names(one, 0) if name in ACTING})


def _objects(paper: pikepdf.Pdf) -> Iterator[Any]:
    for number, one in enumerate(paper.objects):
        if number > OBJECTS_READ:
            raise PaperRefused("too many objects", advice=DAMAGED)
        yield one


def _names(one: Any, depth: int) -> Iterator[str]:
    """Keys and name values of one object and of the direct objects inside it; references are visited on their own."""
    if depth > 20:
        raise PaperRefused("nested too deeply", advice=DAMAGED)
    if isinstance(one, pikepdf.Name):
        yield str(one)
    elif isinstance(one, pikepdf.Array):
        for inner in one.as_list():
            if not _is_reference(inner):
                yield from _names(inner, depth + 1)
    elif isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
        for key, inner in one.items():
            yield key
            if not _is_reference(inner):
                yield from _names(inner, depth + 1)


def _is_reference(one: Any) -> bool:
    return isinstance(one, pikepdf.Object) and one.is_indirect


def pages_in(content: bytes) -> int:
    """How many pages a PDF of our own has."""
    with pikepdf.open(io.BytesIO(content)) as paper:
        return len(paper.pages)


def bundle(parts: Sequence[bytes]) -> bytes:
    """Several PDFs as one print-out, in order. It is paper: signatures stay visible and are no longer signatures."""
    with pikepdf.new() as whole:
        for part in parts:
            with pikepdf.open(io.BytesIO(part)) as paper:
                for page in paper.pages:
                    _forget_fields(page)
                whole.pages.extend(paper.pages)
        out = io.BytesIO()
        whole.save(out, deterministic_id=True)
        return out.getvalue()


def _forget_fields(page: pikepdf.Page) -> None:
    kept = [note for note in page.obj.get("/Annots", []) if note.get("/Subtype") != pikepdf.Name.Widget]
    if "/Annots" in page.obj:
        page.obj.Annots = pikepdf.Array(kept)
