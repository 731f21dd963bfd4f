"""The letters of the processes: each says what it must, in full, in part and with nothing filled in."""

from __future__ import annotations

import copy
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.clock import parse_stamp
from engine.documents.letters import Letter, render
from engine.documents.templates import check_template, try_template

HOME = Path(__file__).parents[2]
ROOMS = sorted((HOME / "processes").glob("*/*.typ")) + sorted((HOME / "processes").glob("*/documents/*.typ"))
FILES = {str(path.relative_to(HOME)): path.read_bytes() for path in (HOME / "processes").rglob("*") if path.is_file()}
LETTERS = [name for name in FILES if "/documents/" in name and not Path(name).name.startswith("_")]
SAMPLE = json.loads(Path(__file__).with_name("surat_izin_optikal.json").read_text(encoding="utf-8"))
FOLDER = f"processes/{SAMPLE['proses']}/documents"


def merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(copy.deepcopy(base))
    for key, value in change.items():
        both[key] = merged(both[key], value) if isinstance(value, dict) and isinstance(both.get(key), dict) else value
    return both


def said(kind: str, values: Mapping[str, Any], folder: Path) -> str:
    rendered = render(Letter(f"{FOLDER}/{kind}.typ", FILES, values, parse_stamp(SAMPLE["waktu"])))
    (folder / "surat.pdf").write_bytes(rendered.pdf)
    command = ["pdftotext", "-raw", str(folder / "surat.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return " ".join(text.split())


def values_for(kind: str) -> dict[str, Any]:
    signed = kind in SAMPLE["ditandatangani"]
    return merged(SAMPLE["isi"], {"dokumen": {"ditandatangani": signed, "uji_coba": signed}})


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: path.name)
def test_no_template_does_what_it_may_not(path: Path) -> None:
    assert check_template(path.read_bytes()) == ()


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_comes_out_with_nothing_filled_in(name: str) -> None:
    assert try_template(name, FILES) == ()


def test_every_letter_has_its_expectations() -> None:
    ours = {name for name in LETTERS if name.startswith(FOLDER)}
    assert {f"{FOLDER}/{kind}.typ" for kind in SAMPLE["harapan"]} == ours


@pytest.mark.parametrize("kind", SAMPLE["harapan"])
def test_a_letter_says_what_it_must(kind: str, tmp_path: Path) -> None:
    text = said(kind, values_for(kind), tmp_path)
    assert [words for words in SAMPLE["harapan"][kind] if words not in text] == []
    assert "none" not in text.split() and "BSrE" not in text


@pytest.mark.parametrize("name", SAMPLE["ubahan"])
def test_a_letter_follows_its_case(name: str, tmp_path: Path) -> None:
    change = SAMPLE["ubahan"][name]
    text = said(change["surat"], merged(SAMPLE["isi"], change["isi"]), tmp_path)
    assert [words for words in change["harapan"] if words not in text] == []
    assert [words for words in change.get("tanpa", []) if words in text] == []


@pytest.mark.parametrize("kind", SAMPLE["ditandatangani"])
def test_a_signed_letter_has_its_box_on_the_last_page(kind: str) -> None:
    rendered = render(Letter(f"{FOLDER}/{kind}.typ", FILES, values_for(kind), parse_stamp(SAMPLE["waktu"])))
    assert rendered.signature is not None and rendered.signature.page == rendered.pages
