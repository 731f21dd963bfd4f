"""What every test gets: no setting left over from the shell, a host clock far from the office, no network."""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from engine import identity
from tests.builders import SECOND, Office, open_office
from tests.commands_called import Caller

pytest_plugins = ["tests.tools.postgres"]

for name in [name for name in os.environ if name.startswith("IZIN_") and name != "IZIN_CHROMIUM"]:
    del os.environ[name]

# Nothing may depend on where the server stands: tests run half an hour off any zone of the country.
os.environ["TZ"] = "America/St_Johns"
time.tzset()


class NetworkForbidden(AssertionError):
    """A test tried to reach another machine."""


def _is_here(address: Any) -> bool:
    host = address[0] if isinstance(address, tuple) else ""
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address):
            raise NetworkForbidden(f"a test reached for {address}")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> Iterator[None]:
    """Hashing a password takes a tenth of a second in an office; nothing that is tested needs that."""
    patch = pytest.MonkeyPatch()
    patch.setattr(identity, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    """What a command does to the log ends with its test."""
    root = logging.getLogger()
    known, level = list(root.handlers), root.level
    yield
    root.handlers[:] = known
    root.setLevel(level)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The office of this house: migrated, its process in force, a person in every post."""
    opened = open_office(tmp_path)
    yield opened
    opened.engine.close()


@pytest.fixture
def second_office(tmp_path: Path) -> Iterator[Office]:
    """The small second house."""
    opened = open_office(tmp_path, SECOND)
    yield opened
    opened.engine.close()


@pytest.fixture
def izin(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Caller:
    """Calls a command on the folder of this test, which is also that of its office."""
    return Caller(capsys, tmp_path)
