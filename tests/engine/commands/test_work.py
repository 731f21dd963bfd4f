"""`work`: one round on demand; a stop signal lets the round that runs finish."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.builders import HOME, SECOND, Office, apply_for_sign
from tests.commands_called import Caller


@pytest.fixture(autouse=True)
def second_house(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IZIN_PROCESSES", str(SECOND / "processes"))
    monkeypatch.setenv("IZIN_FORMS", str(SECOND / "forms"))


def approved(office: Office) -> str:
    """A case with automatic steps to do."""
    case = apply_for_sign(office)
    task = office.tasks(case)[0]
    office.engine.tasks.complete(case, task.task, {"baik": True}, office.actor(task.post))
    return case


def test_one_round_does_what_waits(second_office: Office, izin: Caller) -> None:
    case = approved(second_office)
    told = izin("work", "--once")
    assert told.status == 0 and int(told.out) >= 5
    assert second_office.row(case).end == "reklame_terbit"


def test_the_worker_works_until_it_is_asked_to_stop(second_office: Office) -> None:
    case = approved(second_office)
    words = [sys.executable, "-m", "engine", "work", "--data", str(second_office.engine.settings.data)]
    environment = {**os.environ, "PYTHONPATH": str(HOME)}
    process = subprocess.Popen(words, cwd=HOME, env=environment, stderr=subprocess.PIPE)
    last = time.monotonic() + 60
    while second_office.row(case).ended_at is None and time.monotonic() < last:
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0 and b"Traceback" not in err
    assert second_office.row(case).end == "reklame_terbit"
    assert {one.status for one in second_office.effects(case)} == {"done"}
