"""How a long list is asked for and handed over: numbers out of an address, pages, and the list as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

EVERYTHING = 100_000
"""Lines of a list that is handed over whole."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the beginning of a cell."""


def number_of(name: str, default: int = 1) -> int:
    """A positive number of the address; anything else is the default."""
    sent = request.args.get(name, "")
    return int(sent) if sent.isdecimal() and 0 < len(sent) < 7 and int(sent) > 0 else default


def kept(*names: str) -> dict[str, Any]:
    """What the address says under these names, without the empty ones: so that a link keeps the filters."""
    return {name: request.args[name] for name in names if request.args.get(name)}


@dataclass(frozen=True)
class Pages:
    """Which page of how many, and the address of any other; `first` and `last` count lines from 1."""

    page: int
    pages: int
    first: int
    last: int
    total: int
    address: Callable[[int], str]


def pages(total: int, size: int, endpoint: str, filters: Mapping[str, Any]) -> Pages:
    """The pages of a list of `total` lines; the page itself stands in the address as `h`."""
    page, many = number_of("h"), max(1, -(-total // size))
    first = (page - 1) * size + 1
    return Pages(page, many, min(first, total), min(page * size, total), total,
                 lambda wanted: url_for(endpoint, **filters, h=wanted))


def csv_answer(name: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A table for a spreadsheet: UTF-8 with its mark, so that every program reads the letters right."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(headings)
    writer.writerows([cell(one) for one in row] for row in rows)
    answer = Response("\ufeff" + written.getvalue(), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
    return answer


def cell(value: object) -> str:
    """A value as text that no spreadsheet runs as a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
