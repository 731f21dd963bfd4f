"""The launcher before anything is installed: what it asks for, when it works again, how it refuses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.tools.launcher import HOME, launcher


@pytest.fixture
def izin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The launcher with a house of its own."""
    module = launcher()
    for name, place in {"HOME": tmp_path, "VENV": tmp_path / ".venv", "LOGS": tmp_path / ".venv" / "log"}.items():
        monkeypatch.setattr(module, name, place)
    return module


def program(folder: Path, name: str, text: str = "#!/bin/sh\n") -> str:
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def test_everything_asked_for_has_one_exact_version() -> None:
    lines = (HOME / "constraints.txt").read_text().splitlines()[1:]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line) for line in lines)
    pinned = {re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in lines}
    asked = {re.sub(r"[-_.]+", "-", re.split(r"[\[=]", name)[0]).lower() for name in launcher().requirements("test")}
    assert asked - pinned == set()


def test_the_lists_of_versions_name_no_registry() -> None:
    lock = (HOME / "forms/web/assets/package-lock.json").read_text()
    assert '"resolved"' not in lock and '"integrity"' in lock
    assert "://" not in (HOME / "constraints.txt").read_text()


def test_a_stamp_holds_until_a_source_changes(izin: ModuleType, tmp_path: Path) -> None:
    source, stamp = tmp_path / "setup.cfg", tmp_path / "stamp"
    source.write_text("a")
    stamp.write_text(izin.fingerprint([source]))
    assert izin.fresh(stamp, izin.fingerprint([source]))
    source.write_text("b")
    assert not izin.fresh(stamp, izin.fingerprint([source]))


def test_bytes_cannot_move_from_one_file_to_the_next_unseen(izin: ModuleType, tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    prints = set()
    for one, other in (("xy", "z"), ("x", "yz")):
        first.write_text(one)
        second.write_text(other)
        prints.add(izin.fingerprint([first, second]))
    assert len(prints) == 2


def test_a_failed_step_is_one_sentence_with_its_reason(izin: ModuleType, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('langkah awal'); print('tidak ada ruang'); raise SystemExit(3)"]
    with pytest.raises(izin.Stop, match="Menyalin gagal: tidak ada ruang"):
        izin.run("Menyalin", command, name="salin")
    assert "langkah awal" in (izin.LOGS / "salin.log").read_text()


def test_the_browser_named_by_the_caller_wins(
    izin: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path = program(tmp_path, "chromium")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert izin.find_browser() == on_path
    monkeypatch.setenv("CHROMIUM", program(tmp_path, "mine"))
    assert izin.find_browser() == str(tmp_path / "mine")


def test_a_browser_that_is_not_there_is_named(izin: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(izin.Stop, match="/nowhere/chromium"):
        izin.find_browser()


def test_missing_poppler_is_named_where_nothing_can_be_installed(
    izin: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(izin.Stop, match=r"pdfsig, pdftotext, pdftoppm .*poppler-utils"):
        izin.ensure_poppler()


def test_the_house_is_found_from_anywhere_and_never_a_folder_of_the_same_name(
    izin: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "__init__.py").write_text("raise RuntimeError('not ours')\n")
    launcher_home = {**izin.child_environment(), "PYTHONPATH": str(HOME)}
    script = "import engine; print(engine.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=launcher_home, capture_output=True, text=True, check=True
    )
    assert found.stdout.startswith(str(HOME))


@pytest.mark.parametrize("arguments", [["pin", "--apa"], ["test", "--apa"]])
def test_an_unknown_option_is_refused_in_a_sentence_with_status_2(arguments: list[str]) -> None:
    if arguments[0] == "test":
        command = [sys.executable, "-m", "tests.gate", *arguments[1:]]
    else:
        command = [sys.executable, str(HOME / "izin"), *arguments]
    refused = subprocess.run(command, cwd=HOME, env=dict(os.environ), capture_output=True, text=True)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("izin: ") and refused.stderr.count("\n") == 1


def test_two_launchers_prepare_one_after_the_other(izin: ModuleType) -> None:
    waiting = (
        "import fcntl, os, sys\n"
        "folder = os.open(sys.argv[1], os.O_RDONLY)\n"
        "fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
    )
    command = [sys.executable, "-c", waiting, str(izin.HOME)]
    with izin.alone():
        assert subprocess.run(command, capture_output=True).returncode != 0
    assert subprocess.run(command, capture_output=True).returncode == 0
