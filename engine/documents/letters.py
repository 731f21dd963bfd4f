"""A letter from template and values: which bytes does this template make of these values? Always the same ones.

The files of the edition are laid out in a fresh private folder, which is the fixed root of the typesetter; beside them
`masukan/` holds what the letter is about: `data.json`, `qr.svg` (when the letter can be checked) and the pictures.
"""

from __future__ import annotations

import io
import json
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import segno

from engine.digest import canonical, sha256
from engine.documents.papers import pages_in
from engine.documents.press import Press, PressFailed
from engine.errors import Refusal

INPUT = "masukan"
LAID_OUT = (".typ", ".svg", ".png", ".jpg", ".jpeg")
"""Only what a letter can use is laid out: no diagram, no scenario, no settings."""
PICTURES = {b"\xff\xd8\xff": "jpg", b"\x89PNG": "png"}
METADATA = ("kasus", "edisi", "templat", "digest_isi", "kepala_rantai")
UNPRINTABLE = "\u25a1"


class LetterFailed(Refusal):
    """The template makes no letter of these values."""

    code = "surat_gagal"
    advice = ("Surat tidak dapat dibuat dari templatnya. Laporkan kepada administrator; "
              "berkas dan nomor tetap aman dan langkah ini dapat diulang.")


@dataclass(frozen=True)
class Letter:
    """What is to be set. `files` = path in the edition -> bytes; `pictures` = SHA-256 -> JPEG or PNG bytes."""

    template: str
    files: Mapping[str, bytes]
    data: Mapping[str, Any]
    at: datetime
    metadata: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """A box on a page, in points; y counts from the top."""

    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Rendered:
    """The letter as bytes, and what the register keeps about it."""

    pdf: bytes
    sha256: str
    data_sha256: str
    pages: int
    signature: Place | None


PRESS = Press()


def render(letter: Letter, press: Press = PRESS) -> Rendered:
    """Set the letter; LetterFailed when the template is broken, hangs or asks for what it may not have."""
    digest = data_digest(letter.data)
    with tempfile.TemporaryDirectory(prefix="surat-") as folder:
        output = Path(folder, "surat.pdf")
        root = Path(folder, "akar")
        _lay_out(letter, root, digest)
        answer = _set(letter, root, output, press)
        pdf = output.read_bytes()
    return Rendered(pdf, sha256(pdf), digest, pages_in(pdf), _place(answer))


def data_digest(values: Mapping[str, Any]) -> str:
    """The digest of the values a letter is made of, as it stands in the metadata of the file."""
    return sha256(canonical(values))


def pictures_wanted(values: object) -> set[str]:
    """The digests of every picture named anywhere in the values; the caller brings their bytes."""
    if isinstance(values, Mapping):
        own = {values["sha256"]} if _is_picture(values) else set()
        return own.union(*(pictures_wanted(inner) for inner in values.values()))
    if isinstance(values, (list, tuple)):
        return set().union(*(pictures_wanted(inner) for inner in values))
    return set()


def qr_svg(text: str) -> bytes:
    """The QR symbol of a link: level M, the quiet zone inside."""
    out = io.BytesIO()
    segno.make(text, error="m", boost_error=False, micro=False).save(out, kind="svg", border=4, xmldecl=False)
    return out.getvalue()


def printable(value: object) -> Any:
    """The values with every character replaced that no font of the letters can show, so that no name stops a letter."""
    if isinstance(value, str):
        return "".join(_printable(char) for char in unicodedata.normalize("NFC", value.replace("\r\n", "\n")))
    if isinstance(value, Mapping):
        return {key: printable(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable(inner) for inner in value]
    return value


SHOWN = ((0x20, 0x7e), (0xa1, 0xac), (0xae, 0x24f), (0x386, 0x3ce), (0x400, 0x45f), (0x1e00, 0x1eff),
         (0x2013, 0x2015), (0x2018, 0x201e), (0x2020, 0x2022), (0x2026, 0x2026), (0x2030, 0x2030), (0x2032, 0x2033),
         (0x2039, 0x203a), (0x20ab, 0x20ac), (0x2190, 0x2193), (0x2212, 0x2212), (0x2248, 0x2248), (0x2260, 0x2260),
         (0x2264, 0x2265), (0x25a1, 0x25a1), (0x2713, 0x2713))
SPACES = dict.fromkeys("\t\u00a0\u2007\u2009\u202f", " ") | dict.fromkeys("\u2010\u2011\u2012", "-")


def _printable(char: str) -> str:
    if char in SPACES:
        return SPACES[char]
    kind = unicodedata.category(char)
    if char == "\n" or kind != "Cn" and any(low <= ord(char) <= high for low, high in SHOWN):
        return char
    # Invisible characters (joiners, direction marks, controls) vanish; a visible one leaves its mark.
    return "" if kind in ("Cc", "Cf", "Mn") else UNPRINTABLE


def _is_picture(value: Mapping[str, Any]) -> bool:
    return str(value.get("type", "")).startswith("image/") and isinstance(value.get("sha256"), str)


def _lay_out(letter: Letter, root: Path, digest: str) -> None:
    for name, content in letter.files.items():
        if name.endswith(LAID_OUT):
            _write(root, name, content)
    pictures = {key: f"gambar/{key}.{_kind(content)}" for key, content in sorted(letter.pictures.items())}
    for key, name in pictures.items():
        _write(root, f"{INPUT}/{name}", letter.pictures[key])
    link = (letter.data.get("dokumen") or {}).get("tautan_periksa") or _tracking(letter.data)
    if link:
        _write(root, f"{INPUT}/qr.svg", qr_svg(str(link)))
    values = printable(letter.data) | {"_masukan": _input(letter, pictures, digest, bool(link))}
    _write(root, f"{INPUT}/data.json", json.dumps(values, ensure_ascii=False, sort_keys=True).encode())


def _tracking(values: Mapping[str, Any]) -> object:
    return (values.get("permohonan") or {}).get("tautan_lacak")


def _input(letter: Letter, pictures: Mapping[str, str], digest: str, has_qr: bool) -> dict[str, Any]:
    known = {"templat": letter.template} | dict(letter.metadata) | {"digest_isi": digest}
    first = [name for name in METADATA if name in known]
    return {"gambar": {key: f"/{INPUT}/{name}" for key, name in pictures.items()}, "qr": has_qr,
            "metadata": [f"{name}={known[name]}" for name in first + sorted(set(known) - set(first))]}


def _kind(content: bytes) -> str:
    for head, kind in PICTURES.items():
        if content.startswith(head):
            return kind
    raise LetterFailed("a picture is neither JPEG nor PNG")


def _write(root: Path, name: str, content: bytes) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        raise LetterFailed(f"{name} leaves its folder")
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _set(letter: Letter, root: Path, output: Path, press: Press) -> Mapping[str, Any]:
    if letter.template not in letter.files:
        raise LetterFailed(f"{letter.template} is missing",
                           advice=f"Templat {letter.template} belum ada di folder proses.")
    job = {"root": str(root), "main": letter.template, "output": str(output), "timestamp": int(letter.at.timestamp())}
    try:
        return press.run(job)
    except PressFailed as fault:
        raise LetterFailed(f"{letter.template}: {fault}") from fault


def _place(answer: Mapping[str, Any]) -> Place | None:
    boxes: Sequence[Mapping[str, float]] = answer["boxes"]
    if not boxes:
        return None
    box = boxes[0]
    return Place(int(box["hal"]), box["x"], box["y"], box["lebar"], box["tinggi"])
