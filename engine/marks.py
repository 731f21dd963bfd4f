"""Marked points for crash proofs: where a process may be made to end at once, as by SIGKILL, and says where it was.

Off unless armed from the setting `crash_point` = "<probability>:<file>[:<point>,…]", several with ";" between them; every
death appends one line to the file.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from random import SystemRandom


@dataclass(frozen=True)
class Arming:
    """How likely a marked point kills, where deaths are noted, and which points count (empty = all)."""

    probability: float
    record: str
    points: frozenset[str]


_chance = SystemRandom()
_armed: list[Arming] = []


def arm(specification: str) -> None:
    """Arm the marks for this process."""
    if specification:
        _armed[:] = read(specification)


def read(specification: str) -> list[Arming]:
    """What a specification arms; ValueError for one that cannot be read."""
    return [_arming(*one.split(":")) for one in specification.split(";")] if specification else []


def _arming(probability: str, record: str = "", points: str = "", *more: str) -> Arming:
    if not record or more or not 0 <= float(probability) <= 1:
        raise ValueError(f"{probability}:{record}")
    return Arming(float(probability), record, frozenset(points.split(",")) if points else frozenset())


def mark(point: str) -> None:
    """A point between two things that must not be torn apart."""
    for arming in _armed:
        if (not arming.points or point in arming.points) and _chance.random() < arming.probability:
            _die(arming, point)


def _die(arming: Arming, point: str) -> None:
    note = os.open(arming.record, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(note, f"{os.getpid()} {point}\n".encode())
    os.fsync(note)
    os.kill(os.getpid(), signal.SIGKILL)
