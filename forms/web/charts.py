"""Charts drawn by the server: bars of shares over months, bars of work by post. Their numbers stand in a table beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.rules.language import grouped

WIDTH, FLOOR, TOP = 520, 190, 30
"""Units of a drawing: its width, the line that columns stand on, the highest point of a column."""

LONGEST, FIRST, LINE, BELOW = 230, 24, 58, 8
"""Of lying bars: the longest, where the first name stands, how far one lies below the other, and below its name."""

LETTERS = 42
"""Letters of a name above a bar."""

FEW = 3
"""Up to so many, each one more is a heat more: a single task is no blaze."""


@dataclass(frozen=True)
class Column:
    """A standing bar with its number above and its name below; `height` 0 = nothing to show."""

    x: float
    y: float
    width: float
    height: float
    label: str
    text: str
    newest: bool

    @property
    def middle(self) -> float:
        """Where its texts stand."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Bar:
    """A lying bar below its name, in two parts: in good time, and late."""

    y: int
    good: float
    late: float
    label: str
    text: str

    @property
    def end(self) -> float:
        """Where its number stands."""
        return round(self.good + self.late + 8, 1)

    @property
    def top(self) -> int:
        """Where it lies below its name."""
        return self.y + BELOW


def columns(points: Sequence[tuple[str, float | None, str]]) -> list[Column]:
    """(label, part of the whole 0..1 or nothing, text) from left to right."""
    room = (WIDTH - 20) / max(len(points), 1)
    found = []
    for place, (label, value, text) in enumerate(points):
        height = round((value or 0) * (FLOOR - TOP), 1)
        found.append(Column(round(14 + place * room, 1), round(FLOOR - height, 1), round(room - 8, 1), height, label, text,
                            place == len(points) - 1))
    return found


def bars(points: Sequence[tuple[str, int, int]]) -> list[Bar]:
    """(label, all, of these late), one below the other."""
    scale = LONGEST / (max((many for _, many, _ in points), default=0) or 1)
    return [Bar(FIRST + place * LINE, round((many - late) * scale, 1), round(late * scale, 1), fitted(label),
                f"{grouped(many)}, {grouped(late)} terlambat" if late else grouped(many))
            for place, (label, many, late) in enumerate(points)]


def fitted(text: str) -> str:
    """A name that fits above its bar."""
    return text if len(text) <= LETTERS else f"{text[:LETTERS - 1].rstrip()}…"


def level(value: float, most: float) -> int:
    """Heat 0 to 3 of a value: nothing, and the thirds of the largest."""
    return 0 if value <= 0 else min(3, 1 + int(3 * value / max(most, FEW) - 1e-9))
