"""How long a worker may hold a row, and when others may take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, or_

from engine.clock import stamp


@dataclass(frozen=True)
class Span:
    """Stamps of a lease that is taken now: now, its end, and beyond which no honest lease can end."""

    now: str
    until: str
    beyond: str


def span(now: datetime, seconds: int) -> Span:
    """A lease of so many seconds."""
    return Span(stamp(now), stamp(now + timedelta(seconds=seconds)), stamp(now + timedelta(seconds=2 * seconds)))


def over(column: Column[str], now: Any, beyond: Any) -> ColumnElement[bool]:
    """Nobody holds it: no lease, one that ended, or one taken by a clock that ran ahead and was set right.

    `now` and `beyond` as in a span, or parameters that are bound later.
    """
    return or_(column.is_(None), column <= now, column > beyond)
