"""The command line: every command is listed, every wrong word ends in one sentence, and no stack trace is ever seen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from engine import cli
from engine.commands import doctor
from engine.errors import NotFound, StoreUnavailable
from tests.builders import HOME
from tests.tools.launcher import launcher

COMMANDS = cli.names()


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = cli.main(words)
    told = capsys.readouterr()
    return status, told.out, told.err


def is_one_sentence(told: str) -> bool:
    return told.startswith("izin: ") and told.count("\n") == 1 and told.rstrip().endswith(".") and "Traceback" not in told


@pytest.mark.parametrize("words", [(), ("help",), ("--help",), ("-h",)])
def test_help_lists_every_command_with_one_line(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    status, out, err = call(capsys, *words)
    listed = {line.split()[0] for line in out.splitlines() if line.startswith("  ")}
    assert (status, err) == (0, "")
    assert listed == {*COMMANDS, *launcher().OWN}


def test_help_as_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = call(capsys, "help", "--json")
    told = json.loads(out)
    assert status == 0 and set(COMMANDS) <= told.keys() and all(line.endswith(".") for line in told.values())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_named_as_its_file_and_explains_itself(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert cli.find(name).NAME == name
    with pytest.raises(SystemExit) as end:
        cli.main([name, "--help"])
    page = capsys.readouterr().out
    assert end.value.code == 0
    assert page.startswith(f"pemakaian: ./izin {name}") and "--data DIR" in page and "--json" in page


@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_option_ends_in_a_sentence(capsys: pytest.CaptureFixture[str], name: str) -> None:
    status, out, err = call(capsys, name, "--pilihan-asing")
    assert (status, out) == (2, "") and is_one_sentence(err)


@pytest.mark.parametrize(("words", "said"), [
    (("masak",), "“masak” tidak dikenal"), (("parts",), "tidak dikenal"), (("../cli",), "tidak dikenal"),
    (("due", "--data"), "--data memerlukan nilai"), (("start", "--port", "delapan"), "tidak dapat dipakai"),
    (("admin", "hapus"), "pilih 'create'"), (("seed-calendar",), "Yang belum disebut: pertama"),
    (("doctor", "--help-me"), "Pilihan --help-me tidak dikenal")])
def test_a_wrong_word_is_named(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str) -> None:
    status, out, err = call(capsys, *words)
    assert (status, out) == (2, "") and is_one_sentence(err) and said in err


def test_an_unknown_setting_is_named(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IZIN_WARNA", "merah")
    status, _, err = call(capsys, "verify")
    assert status == 2 and is_one_sentence(err) and "IZIN_WARNA" in err


@pytest.mark.parametrize("words", [("verify",), ("replay", "--all"), ("deploy", "x"), ("keys",), ("work", "--once"),
                                   ("print-out", "x", "y.pdf")])
def test_without_an_office_a_command_says_so_and_makes_none(capsys: pytest.CaptureFixture[str], tmp_path: Path,
                                                            words: tuple[str, ...]) -> None:
    status, out, err = call(capsys, *words, "--data", str(tmp_path / "kosong"))
    assert (status, out) == (2, "") and is_one_sentence(err) and "./izin start" in err
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_as_a_document(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, out, err = call(capsys, "verify", "--json", "--data", str(tmp_path))
    assert status == 2 and json.loads(out)["kode"] == "tidak_dapat_jalan" and is_one_sentence(err)


def broken(fault: BaseException) -> object:
    def run(args: Namespace) -> int:
        raise fault
    return run


def test_an_unexpected_fault_is_a_sentence_with_a_number(capsys: pytest.CaptureFixture[str],
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "run", broken(ZeroDivisionError("Ratna Rekaan")))
    status, out, err = call(capsys, "doctor")
    sentence, *logged = sorted(err.splitlines(), key=lambda line: not line.startswith("izin: "))
    number = sentence.split("nomor ")[1][:8]
    assert (status, out) == (2, "") and is_one_sentence(sentence + "\n")
    assert [json.loads(line)["incident"] for line in logged] == [number]
    assert "Ratna" not in err and "ZeroDivisionError" in err and "Traceback" not in err


def test_a_refusal_of_the_engine_is_told_as_it_is(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "run", broken(NotFound("x", advice="Tidak ada di sini.")))
    assert call(capsys, "doctor") == (2, "", "izin: Tidak ada di sini.\n")


def test_a_command_speaks_of_the_store_and_of_no_page(capsys: pytest.CaptureFixture[str],
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "run", broken(StoreUnavailable("ENOSPC")))
    status, _, err = call(capsys, "doctor")
    assert status == 2 and is_one_sentence(err) and "tidak tersimpan" in err and "halaman" not in err


def test_a_person_who_stops_a_command_sees_no_trace(capsys: pytest.CaptureFixture[str],
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "run", broken(KeyboardInterrupt()))
    assert call(capsys, "doctor") == (130, "", "izin: dihentikan.\n")


def test_a_reader_who_leaves_early_is_no_fault() -> None:
    process = subprocess.Popen([sys.executable, "-u", "-m", "engine", "seed-calendar", "2020", "2030"], cwd=HOME,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(HOME)})
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert (process.stderr.read(), process.wait(timeout=60)) == (b"", 0)
    process.stderr.close()
