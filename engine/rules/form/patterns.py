"""Which regular expressions may a form use? Those that cannot keep the server busy: checked when a form is read."""

from __future__ import annotations

import re

LONGEST = 200
MOST_OPEN = 3
PIECE = re.compile(r"(?P<escape>\\[dDwWsS.\-/\\+*?()\[\]{}|^$])|(?P<set>\[\^?\]?(?:\\.|[^\]\\])+\])"
                   r"|(?P<open>\(\?:|\((?!\?))|(?P<close>\))|(?P<or>\|)|(?P<many>\*|\+|\{\d+(?:,\d*)?\}|\?)"
                   r"|(?P<plain>[^\\()\[\]{}*+?|^$])", re.ASCII)
OPEN_END = re.compile(r"\*|\+|\{\d+,\}")


def pattern_fault(source: str) -> str | None:
    """Why this pattern may not be used, in Indonesian; None when it may."""
    if not (source.startswith("^") and source.endswith("$")):
        return "pola harus diawali ^ dan diakhiri $, agar seluruh isian diperiksa"
    if len(source) > LONGEST:
        return f"pola lebih panjang dari {LONGEST} huruf"
    pieces = _pieces(source[1:-1])
    if pieces is None:
        return "pola memakai tanda yang tidak didukung (lihat kembali, acuan balik, atau sejenisnya)"
    return _nesting_fault(pieces) or _compile_fault(source)


def _pieces(body: str) -> list[tuple[str, str]] | None:
    found, at = [], 0
    while at < len(body):
        match = PIECE.match(body, at)
        if match is None:
            return None
        found.append((str(match.lastgroup), match.group()))
        at = match.end()
    return found


def _nesting_fault(pieces: list[tuple[str, str]]) -> str | None:
    """A group that varies inside may only be optional, never repeated: that is where time explodes."""
    varies: list[bool] = [False]
    closed = False
    open_ended = 0
    before = ""
    for kind, text in pieces:
        if kind == "many" and before == "many":
            return "pola memakai dua tanda pengulangan berturut-turut"
        if kind == "many" and closed and text != "?":
            return "pola mengulang kelompok yang isinya sudah berulang atau bercabang"
        before = kind
        open_ended += bool(kind == "many" and OPEN_END.fullmatch(text))
        closed = _follow(kind, text, varies)
    return f"pola memakai lebih dari {MOST_OPEN} pengulangan tanpa batas" if open_ended > MOST_OPEN else None


def _follow(kind: str, text: str, varies: list[bool]) -> bool:
    """Keep book of open groups; tells whether a group that varies was just closed."""
    if kind == "open":
        varies.append(False)
    if kind in ("many", "or") and (kind == "or" or not re.fullmatch(r"\{\d+\}", text)):
        varies[-1] = True
    if kind != "close" or len(varies) == 1:
        return False
    inner = varies.pop()
    varies[-1] = varies[-1] or inner
    return inner


def _compile_fault(source: str) -> str | None:
    try:
        re.compile(source, re.ASCII)
    except (re.error, OverflowError, RecursionError) as fault:
        return f"pola tidak dapat dibaca ({fault})"
    return None


def fits(pattern: str, text: str) -> bool:
    """Does the whole text follow the pattern?"""
    return re.fullmatch(pattern, text, re.ASCII) is not None
