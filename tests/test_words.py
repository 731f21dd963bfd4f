"""A process is data: none of its words stands in a program, a page or a script. The search itself is tried first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import house_code as house
from tests.process_words import Words, found_in, words_of

# Words that processes share with the platform, which offers them to every process.
PLATFORM = {
    "pemohon": "a capacity in which people act",
    "ya_tidak": "a kind of variable",
    "daftar": "a kind of variable, and the message by which someone without an account begins",
    "ajukan": "the message by which an applicant begins",
    "cabut": "the message by which an applicant withdraws",
    "dibatalkan": "an outcome of a case",
    "ditutup": "an outcome of a case",
    "izin": "the name of this house, beside which a register happens to be named",
}

# Said in any office about anything.
SPEECH = {"bila ada", "tidak lengkap", "nomor pendaftaran", "tanda tangan elektronik"}

PROCESSES = sorted(path.parent for path in (house.HOME / "processes").glob("*/process.toml"))
PROGRAM = [house.HOME / "izin", *house.files(".py", ".html", ".js")]


@pytest.mark.parametrize("folder", PROCESSES, ids=lambda folder: folder.name)
def test_no_program_knows_the_words_of_a_process(folder: Path) -> None:
    words = words_of(folder)
    known = [
        f"{path.relative_to(house.HOME)}: {word}"
        for path in PROGRAM
        for word in found_in(path, words)
        if word not in PLATFORM.keys() | SPEECH
    ]
    assert known == []


def test_a_process_has_words_enough_to_look_for() -> None:
    for folder in PROCESSES:
        words = words_of(folder)
        assert len(words.ids) > 50 and len(words.phrases) > 50


WORDS = Words(ids=frozenset({"masak_nasi", "saji"}), phrases=frozenset({"nasi sudah masak"}))


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.py", "# after masak_nasi\n", ["masak_nasi"]),
        ("a.py", "x = 'saji'\n", ["saji"]),
        ("a.py", "# saji is a word\n", []),
        ("a.py", "masak_nasi_goreng = 1\n", []),
        ("a.html", "<p>Nasi  sudah\nmasak.</p>", ["nasi sudah masak"]),
        ("a.html", "{% if task == 'saji' %}", ["saji"]),
        ("a.js", 'const x = "saji";', ["saji"]),
        ("a.js", "// nasi sudah masakan", []),
    ],
)
def test_the_search_finds_a_word_where_it_counts(tmp_path: Path, name: str, text: str, found: list[str]) -> None:
    (tmp_path / name).write_text(text)
    assert list(found_in(tmp_path / name, WORDS)) == found
