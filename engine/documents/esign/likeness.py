"""Is the letter that came back the letter that was sent? Page by page, whatever was written around it.

A service may append to the bytes or write the file anew; in both cases a page could show something else than what the
office approved. So every page is compared as a reader would draw it; beside the pages only a signature may be new.
"""

from __future__ import annotations

import io
from typing import Any

import pikepdf

from engine.documents.papers import acting_in

AROUND = frozenset({"/AcroForm", "/DSS", "/Perms", "/Extensions", "/Metadata", "/Version"})
"""What a signature brings into the catalog of a file; everything else there must be as it was."""

COMPARED_APART = frozenset({"/Parent", "/Annots", "/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate",
                            "/StructParents", "/Tabs", "/LastModified"})
PACKING = frozenset({"/Length", "/Filter", "/DecodeParms", "/DL"})
BACKWARDS = frozenset({"/Parent", "/P", "/Dest", "/Page"})
"""Keys that lead back to pages, which are compared in their order."""

SAID = ("/Keywords", "/Title")
"""What the letter says about itself: its case, edition, template and place in the journal."""

FAULTS = (pikepdf.PdfError, RuntimeError, ValueError, KeyError, TypeError, AttributeError, MemoryError)


def same_letter(ours: bytes, theirs: bytes) -> bool:
    """True when both show the same pages and the other adds nothing but one unseen signature."""
    try:
        with pikepdf.open(io.BytesIO(ours)) as sent, pikepdf.open(io.BytesIO(theirs)) as returned:
            return _same(sent, returned)
    except FAULTS:   # RecursionError among them: a file made to break a reader is not our letter
        return False


def _same(sent: pikepdf.Pdf, returned: pikepdf.Pdf) -> bool:
    catalogs = set(sent.Root.keys()) - AROUND == set(returned.Root.keys()) - AROUND
    said = all(str(sent.docinfo.get(key, "")) == str(returned.docinfo.get(key, "")) for key in SAID)
    if not (catalogs and said) or acting_in(returned) or len(sent.pages) != len(returned.pages):
        return False
    seen: set[tuple[Any, Any]] = set()
    return all(_same_page(one, other, seen) for one, other in zip(sent.pages, returned.pages, strict=True))


def _same_page(one: pikepdf.Page, other: pikepdf.Page, seen: set[tuple[Any, Any]]) -> bool:
    boxes = [[list(map(float, page.mediabox)), list(map(float, page.cropbox)), int(page.obj.get("/Rotate", 0))]
             for page in (one, other)]
    drawn = [_drawn(page) for page in (one, other)]
    if boxes[0] != boxes[1] or drawn[0] != drawn[1]:
        return False
    left = [{key: page.obj[key] for key in page.obj.keys() if key not in COMPARED_APART} for page in (one, other)]
    return (left[0].keys() == left[1].keys() and all(_alike(left[0][key], left[1][key], seen) for key in left[0])
            and _alike(one.resources, other.resources, seen) and _same_notes(one, other, seen))


def _drawn(page: pikepdf.Page) -> bytes:
    content = page.obj.get("/Contents", pikepdf.Array())
    parts = list(content) if isinstance(content, pikepdf.Array) else [content]
    return b"\n".join(part.read_bytes() for part in parts)


def _same_notes(one: pikepdf.Page, other: pikepdf.Page, seen: set[tuple[Any, Any]]) -> bool:
    """The same links; at most one signature more, which shows nothing."""
    known, found = list(one.obj.get("/Annots", [])), list(other.obj.get("/Annots", []))
    fresh = [note for note in found if _is_signature(note)]
    rest = [note for note in found if note not in fresh]
    unseen = all(_is_unseen(note) for note in fresh)
    return (len(fresh) <= 1 and unseen and len(known) == len(rest)
            and all(_alike(a, b, seen) for a, b in zip(known, rest, strict=True)))


def _is_signature(note: Any) -> bool:
    holder = note if "/FT" in note else note.get("/Parent", note)   # a field may be written apart from its place on a page
    return bool(holder.get("/FT", "") == "/Sig")


def _is_unseen(note: Any) -> bool:
    left, bottom, right, top = (float(edge) for edge in note.get("/Rect", [0, 0, 0, 0]))
    return left == right or bottom == top


def _alike(one: Any, other: Any, seen: set[tuple[Any, Any]]) -> bool:
    if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        return _was_seen(one, other, seen) or (_alike_entries(one, other, seen) and _alike_bytes(one, other))
    if isinstance(one, pikepdf.Array):
        return len(one) == len(other) and all(_alike(a, b, seen) for a, b in zip(one, other, strict=True))
    return bool(one == other)


def _was_seen(one: Any, other: Any, seen: set[tuple[Any, Any]]) -> bool:
    """Objects may lead back to themselves; a pair that is being compared is not compared again."""
    if not (one.is_indirect and other.is_indirect):
        return False
    pair = (one.objgen, other.objgen)
    known = pair in seen
    seen.add(pair)
    return known


def _alike_entries(one: Any, other: Any, seen: set[tuple[Any, Any]]) -> bool:
    left = BACKWARDS | PACKING if isinstance(one, pikepdf.Stream) else BACKWARDS
    keys = set(one.keys()) - left
    return keys == set(other.keys()) - left and all(_alike(one[key], other[key], seen) for key in keys)


def _alike_bytes(one: Any, other: Any) -> bool:
    if not isinstance(one, pikepdf.Stream):
        return True
    packed = _packing(one) == _packing(other) and one.read_raw_bytes() == other.read_raw_bytes()
    return packed or bool(one.read_bytes() == other.read_bytes())


def _packing(stream: Any) -> list[bytes]:
    return [stream.get(key, pikepdf.Array()).unparse() for key in ("/Filter", "/DecodeParms")]
