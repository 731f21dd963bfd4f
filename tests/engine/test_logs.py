"""The log: one JSON object a line, no person in it, one file for several processes that loses no line when it is full."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import CannotRun
from engine.logs import LineFormatter, SharedFile, keep_log
from engine.settings import Settings
from tests.builders import HOME

WRITER = """
import logging, sys
from pathlib import Path
from engine.logs import LineFormatter, SharedFile
log_handler = SharedFile(sys.argv[1], maxBytes=20_000, backupCount=50, encoding="utf-8")
log_handler.setFormatter(LineFormatter())
logging.getLogger().handlers[:] = [log_handler]
for number in range(int(sys.argv[3])):
    logging.getLogger("izin").warning("baris", extra={"key": f"{sys.argv[2]}-{number}"})
"""


def lines(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for path in folder.glob("izin.log*") if path.suffix != ".lock"
            for line in path.read_text("utf-8").splitlines()]


def test_several_processes_share_a_file_and_lose_no_line(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path / "izin.log")]
    running = [subprocess.Popen([*command, str(which), "1000"], cwd=HOME) for which in range(4)]
    assert [one.wait() for one in running] == [0] * 4
    assert sorted(one["key"] for one in lines(tmp_path)) == sorted(f"{a}-{b}" for a in range(4) for b in range(1000))
    turned = [path for path in tmp_path.glob("izin.log.*") if path.suffix != ".lock"]
    assert len(turned) >= 10 and all(path.stat().st_size < 25_000 for path in turned), "turned over once each time"


def test_only_so_many_are_kept(tmp_path: Path) -> None:
    log_handler = SharedFile(tmp_path / "izin.log", maxBytes=500, backupCount=2)
    log_handler.setFormatter(LineFormatter())
    for _ in range(60):
        log_handler.emit(logging.LogRecord("izin", logging.WARNING, __file__, 1, "baris", None, None))
    log_handler.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["izin.log", "izin.log.1", "izin.log.2", "izin.log.lock"]


def test_a_file_that_was_taken_away_is_made_again(tmp_path: Path) -> None:
    keep_log(Settings(log_file=str(tmp_path / "catatan" / "izin.log"), log_level="INFO"))
    log = logging.getLogger("izin.uji")
    log.info("satu", extra={"action": "uji", "nama": "Ratna"})
    (tmp_path / "catatan" / "izin.log").rename(tmp_path / "catatan" / "izin.log.diputar")
    log.info("dua", extra={"action": "uji"})
    logging.getLogger().handlers[0].close()
    found = {path.name: json.loads(path.read_text()) for path in (tmp_path / "catatan").iterdir()}
    assert found["izin.log.diputar"]["message"] == "satu" and found["izin.log"]["message"] == "dua"
    assert "Ratna" not in json.dumps(found)


def test_a_fault_is_told_by_kind_and_place_only(capsys: pytest.CaptureFixture[str]) -> None:
    keep_log(Settings())
    try:
        raise ValueError("NIK 3171010101010001")
    except ValueError:
        logging.getLogger("izin.uji").exception("gagal", extra={"action": "uji", "case": "abc"})
    told = json.loads(capsys.readouterr().err)
    assert told["fault"].startswith("ValueError at ") and told["case"] == "abc" and "3171" not in json.dumps(told)


def test_a_place_that_cannot_be_written_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("")
    with pytest.raises(CannotRun) as refusal:
        keep_log(Settings(log_file=str(tmp_path / "berkas" / "izin.log")))
    assert "IZIN_LOG_FILE" in refusal.value.advice
