"""`due`: one question explained, many answered line by line; no office's folder is needed or touched."""

import io
import json
import subprocess
import sys
from argparse import ArgumentParser

import pytest

from engine.commands import due
from engine.errors import CannotRun
from engine.settings import ROOT


def ask(*words):
    """Run the command with these words."""
    parser = ArgumentParser()
    due.arguments(parser)
    return due.run(parser.parse_args(words))


def test_one_question_is_explained_day_by_day(capsys):
    assert ask("2026-03-13T10:00+07:00", "7 hari kerja") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Diterima: Jumat, 13 Maret 2026, 10.00 WIB"
    assert lines[-1] == "Jatuh tempo: Selasa, 31 Maret 2026, 16.00 WIB"
    assert len(lines) == 3 + 19


def test_one_question_as_a_document(capsys):
    assert ask("2026-06-11T15:45+07:00", "1 jam", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["jatuh_tempo"], [day["menambah"] for day in found["hari"]]) == (
        "2026-06-12T08:15:00+07:00", ["15 menit terpakai", "45 menit terpakai"])


@pytest.mark.parametrize("words", [(), ("2026-03-13T10:00+07:00",), ("2026-03-13", "1 jam"),
                                   ("2026-03-13T10:00+07:00", "7")])
def test_a_question_that_cannot_be_answered_ends_in_one_sentence(words):
    with pytest.raises(CannotRun) as refusal:
        ask(*words)
    assert refusal.value.advice.endswith(".")


def test_a_batch_is_answered_in_order_and_a_bad_line_sets_the_status():
    asked = [b'{"id": 2, "received": "2026-03-13T10:00+07:00", "duration": "7 hari kerja"}\n', b"\n", b"oops\n",
             b'{"id": 1, "from": "2026-06-12T15:00+07:00", "to": "2026-06-15T08:00+07:00"}']
    out = io.StringIO()
    assert due.answer_lines(due.default_calendar(), asked, out) == 1
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert answers[0] == {"id": 2, "due": "2026-03-31T16:00:00+07:00"}
    assert set(answers[1]) == {"id", "error"}
    assert answers[2] == {"id": 1, "minutes": 120, "pemohon_minutes": 0}


def test_a_batch_of_good_lines_has_status_0(capsys, monkeypatch):
    line = b'{"id": 2, "received": "2026-03-13T10:00+07:00", "duration": "1 jam"}\n'
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(line * 3)))
    assert ask("--batch") == 0
    assert capsys.readouterr().out.count('"due": "2026-03-13T11:00:00+07:00"') == 3


LINE = b'{"id": 2, "received": "2026-03-13T10:00+07:00", "duration": "1 jam"}\n'


@pytest.mark.parametrize("lines", [1, 500])
def test_a_full_device_is_told_in_one_sentence(lines):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([sys.executable, "-m", "engine", "due", "--batch"], input=LINE * lines, stdout=full,
                              stderr=subprocess.PIPE, cwd=ROOT, check=False)
    told = done.stderr.decode()
    assert done.returncode == 2 and told.startswith("izin: ") and "penuh" in told and told.count("\n") == 1


@pytest.mark.parametrize("lines", [1, 500])
def test_a_reader_who_had_enough_is_no_fault(lines):
    with subprocess.Popen([sys.executable, "-m", "engine", "due", "--batch"], stdin=subprocess.PIPE, cwd=ROOT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as asked:
        asked.stdout.close()
        asked.stdin.write(LINE * lines)
        asked.stdin.close()
        assert (asked.wait(30), asked.stderr.read()) == (0, b"")
