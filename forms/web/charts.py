"""Charts drawn by the server: bars of shares over months, bars of work by post. Their numbers stand in a table beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, FLOOR, TOP = 520, 190, 30
"""Units of a drawing: its width, the line that columns stand on, the highest point of a column."""

LEFT, RIGHT, LINE = 170, 470, 40
"""Of lying bars: where they begin, where the longest ends, how far one lies below the other."""

LETTERS = 20
"""Letters of a name that fit beside a lying bar."""


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
    """A lying bar in two parts: in good time, and late."""

    y: int
    good: float
    late: float
    label: str
    text: str

    @property
    def end(self) -> float:
        """Where its number stands."""
        return round(LEFT + self.good + self.late + 8, 1)

    @property
    def late_from(self) -> float:
        """Where the late part begins."""
        return round(LEFT + self.good, 1)


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
    longest = max((many for _, many, _ in points), default=0) or 1
    scale = (RIGHT - LEFT - 90) / longest
    return [Bar(8 + place * LINE, round((many - late) * scale, 1), round(late * scale, 1), fitted(label),
                f"{many}, {late} terlambat" if late else str(many)) for place, (label, many, late) in enumerate(points)]


def fitted(text: str) -> str:
    """A name that fits beside its bar."""
    return text if len(text) <= LETTERS else f"{text[:LETTERS - 1].rstrip()}…"


def level(value: float, most: float) -> int:
    """Heat 0 to 3 of a value: nothing, and the thirds of the largest."""
    return 0 if value <= 0 or most <= 0 else min(3, 1 + int(3 * value / most - 1e-9))
