"""The words that belong to a process and to nobody else: its ids, its names, its sentences, its diagram.

What counts, exactly:
- an *id* is the name of anything process.toml or the diagram declares: process, lane, post, activity, end, variable,
  register, document, notice, message, error code, and every task, event, gateway and flow. An id made of parts
  (`baris_satu`, `izin-apa`) may stand nowhere as a word of its own. An id that is one plain word of the language may
  stand in prose, but not as a whole quoted word, which is how a program names things.
- a *phrase* is any text of two words or more in process.toml or on the diagram; case, spacing and a final full stop do
  not matter. Where a value comes from (`sumber`, `catatan`) and what the office has still to answer (`pertanyaan`) is
  said to analysts only and does not count, nor do durations ("1 hari kerja"), numbers and addresses of files.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

TABLES = ("akhir", "variabel", "register", "dokumen", "pesan", "kelompok_waktu", "waktu")
ROWS = ("lajur", "jabatan", "kegiatan")
NOT_SHOWN = {"sumber", "catatan", "pertanyaan", "pola", "bila", "templat", "berkas", "batas", "waktu"}
FRAME = {"definitions", "collaboration", "laneSet"}
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DURATION = re.compile(r"\d+ (jam|menit|hari|hari kerja|hari kalender|bulan|tahun)( kerja)?")
WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Words:
    """Everything of one process that a program may not know."""

    ids: frozenset[str]
    phrases: frozenset[str]


def words_of(folder: Path) -> Words:
    said = tomllib.loads((folder / "process.toml").read_text(encoding="utf-8"))
    diagrams = [etree.parse(path).getroot() for path in folder.glob("*.bpmn")]
    names = [*_declared(said), *(name for root in diagrams for name in _drawn_ids(root))]
    texts = [*_texts(said), *(text for root in diagrams for text in _drawn_names(root))]
    return Words(frozenset(names), frozenset(phrase for text in texts if (phrase := _phrase(text))))


def _declared(said: dict[str, Any]) -> Iterator[str]:
    process = str(said["proses"]["id"])
    yield from (process, process.replace("-", "_"))
    for table in TABLES:
        yield from said.get(table, {})
    for rows in ROWS:
        for row in said.get(rows, []):
            yield from (row[key] for key in ("id", "jabatan") if key in row)


def _drawn_ids(root: etree._Element) -> Iterator[str]:
    for element in root.iter(f"{BPMN}*"):
        tag = etree.QName(element).localname
        name = element.get({"message": "name", "error": "errorCode"}.get(tag, "id"))
        if name and tag not in FRAME:
            yield name


def _drawn_names(root: etree._Element) -> Iterator[str]:
    for element in root.iter(f"{BPMN}*"):
        if etree.QName(element).localname not in ("message", "error"):
            yield element.get("name") or ""


def _texts(value: Any, key: str = "") -> Iterator[str]:
    if key in NOT_SHOWN:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner, one in value.items():
            yield from _texts(one, inner)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, key)


def _phrase(text: str) -> str | None:
    plain = normal(text).rstrip(".:")
    return plain if len(WORD.findall(plain)) >= 2 and not DURATION.fullmatch(plain) else None


def normal(text: str) -> str:
    return " ".join(text.lower().split())


def found_in(path: Path, words: Words) -> Iterator[str]:
    """Each word of the process that stands in this file, with what it is."""
    text = path.read_text(encoding="utf-8")
    tokens = set(re.findall(r"[\w-]+", text))
    quoted = set(_quoted(path, text))
    for name in words.ids:
        parts = re.search(r"[_-]", name)
        if name in (tokens if parts else quoted):
            yield name
    flat = normal(text)
    yield from (phrase for phrase in words.phrases if phrase in flat and _whole(phrase, flat))


def _whole(phrase: str, flat: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", flat) is not None


def _quoted(path: Path, text: str) -> Iterator[str]:
    if path.suffix == ".py" or not path.suffix:
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
    else:
        yield from re.findall(r"'([\w-]+)'", text) + re.findall(r'"([\w-]+)"', text)
