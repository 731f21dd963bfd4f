"""What does a message say? A notice is an analyst's text: the subject on its first line, then the body.

The language is a small part of Jinja: {{ values }}, filters of this file, {% if %}, {% for x in list %}. Nothing may be
called, computed, defined or included, so a text ends, stays small and reaches nothing but the values it is given.
What is missing or empty prints as "-"; it never stops a message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import ChainableUndefined, Template, TemplateError, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.clock import WIB
from engine.errors import DefinitionRefused
from engine.rules import language

SUBJECT = "Perihal:"
LARGEST = 20_000
LONGEST_SUBJECT = 200
LONGEST_BODY = 50_000
DEEPEST_LOOP = 2
MISSING = "-"
ROOTS = frozenset({"kantor", "proses", "permohonan", "variabel", "isian", "riwayat", "pelaku", "persyaratan", "nomor",
                   "dokumen",
                   "dokumen_lain", "tanggal", "waktu", "pesan"})
"""The names a notice is given."""
TESTS = frozenset({"defined", "undefined", "none", "in"})
ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const,
           nodes.If,
           nodes.For, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
           nodes.CondExpr,
           nodes.Tuple, nodes.List, nodes.Concat)


class NoticeRefused(DefinitionRefused):
    """A notice's text is outside the small language; `advice` says which line and what to write."""

    code = "pesan_ditolak"

    def __init__(self, reason: str, line: int | None = None) -> None:
        place = f" di baris {line}" if line else ""
        super().__init__(f"{reason}{place}", advice=f"Teks pesan tidak dapat dipakai{place}: {reason}.")


class Missing(ChainableUndefined):
    """What is not there: false in a condition, a dash in print."""

    def __str__(self) -> str:
        return MISSING


def render_notice(source: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and body; NoticeRefused when the text is outside the language."""
    head, body = _parts(source)
    try:
        subject, text = compile_notice(head).render(values), compile_notice(body).render(values)
    except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError) as fault:
        raise NoticeRefused(f"isinya tidak cocok dengan data ({type(fault).__name__})") from fault
    return " ".join(subject.split())[:LONGEST_SUBJECT], _tidy(text)


def check_notice(source: str) -> None:
    """NoticeRefused when this text could not be used, whatever the values."""
    for part in _parts(source):
        compile_notice(part)
    render_notice(source, {})


def _parts(source: str) -> tuple[str, str]:
    if len(source) > LARGEST:
        raise NoticeRefused(f"lebih panjang dari {LARGEST} huruf")
    head, _, body = source.lstrip("\ufeff").replace("\r\n", "\n").partition("\n")
    if not head.startswith(SUBJECT) or not head[len(SUBJECT):].strip():
        raise NoticeRefused(f"baris pertama harus “{SUBJECT} …”", 1)
    if not body.strip():
        raise NoticeRefused("isi pesan kosong", 2)
    return head[len(SUBJECT):].strip(), "\n" + body  # the empty line keeps line numbers true


def _tidy(text: str) -> str:
    """No more than one empty line in a row: an untaken {% if %} leaves none behind."""
    return re.sub(r"\n[ \t]*\n(\s*\n)+", "\n\n", text[:LONGEST_BODY]).strip() + "\n"


@lru_cache(maxsize=512)
def compile_notice(part: str) -> Template:
    """A judged text; NoticeRefused when it is outside the language."""
    try:
        tree = ENVIRONMENT.parse(part)
        for node, depth in _walk(tree, 0):
            _judge(node, depth)
        return ENVIRONMENT.from_string(part)
    except TemplateError as fault:
        raise NoticeRefused(f"tulisannya salah ({fault})", getattr(fault, "lineno", None)) from fault
    except RecursionError as fault:
        raise NoticeRefused("terlalu bertingkat") from fault


def _walk(node: nodes.Node, depth: int) -> Iterator[tuple[nodes.Node, int]]:
    yield node, depth
    for child in node.iter_child_nodes():
        yield from _walk(child, depth + isinstance(node, nodes.For))


def _judge(node: nodes.Node, depth: int) -> None:
    if not isinstance(node, ALLOWED):
        raise NoticeRefused(f"{type(node).__name__} tidak boleh dipakai; hanya {{{{ nilai }}}}, if, dan for",
                            node.lineno)
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        raise NoticeRefused(f"saringan “{node.name}” tidak ada; yang ada: {', '.join(sorted(FILTERS))}", node.lineno)
    if isinstance(node, nodes.Filter) and (node.args or node.kwargs or node.dyn_args or node.dyn_kwargs):
        raise NoticeRefused(f"saringan “{node.name}” tidak menerima nilai tambahan", node.lineno)
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        raise NoticeRefused(f"uji “{node.name}” tidak ada; yang ada: {', '.join(sorted(TESTS))}", node.lineno)
    if isinstance(node, nodes.For) and (node.recursive or depth >= DEEPEST_LOOP):
        raise NoticeRefused(f"for bersarang lebih dari {DEEPEST_LOOP} tingkat", node.lineno)
    if isinstance(node, nodes.Name) and node.name.startswith("_"):
        raise NoticeRefused(f"nama {node.name} tidak boleh dipakai", node.lineno)


def names_in(source: str) -> frozenset[str]:
    """The dotted paths a notice asks for ("permohonan.nomor"), as far as they are written out."""
    found = set()
    for part in _parts(source):
        found |= {path for node, _ in _walk(ENVIRONMENT.parse(part), 0) if (path := _path(node))}
    return frozenset(found)


def _path(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        inner = _path(node.node)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


# --- filters: the same words as in letters ---------------------------------------------------------------------------

def _dated(write: Callable[[date], str]) -> Callable[[Context, object], str]:
    @pass_context
    def shown(context: Context, value: object) -> str:
        at = _moment(value, _zone(context))
        return value_or_dash(value) if at is None else write(at.date())
    return shown


def _timed(write: Callable[[datetime, tzinfo], str]) -> Callable[[Context, object], str]:
    @pass_context
    def shown(context: Context, value: object) -> str:
        at = _moment(value, zone := _zone(context))
        return value_or_dash(value) if at is None else write(at, zone)
    return shown


def _zone(context: Context) -> tzinfo:
    office = context.get("kantor")
    name = office.get("zona") if isinstance(office, Mapping) else None
    return ZoneInfo(name) if isinstance(name, str) and name else WIB


_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2}))?", re.ASCII)


def _moment(value: object, zone: tzinfo) -> datetime | None:
    """A stored date or time at the office's clock; None when it is neither."""
    if not isinstance(value, str) or not _WRITTEN.fullmatch(value):
        return None
    at = datetime.fromisoformat(value)
    return at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)


def value_or_dash(value: object) -> str:
    """A value as a reader expects it: ya/tidak for truth, a dash for nothing, lists with commas."""
    if value is None or value == "" or isinstance(value, Missing):
        return MISSING
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, (list, tuple)):
        return ", ".join(value_or_dash(one) for one in value) or MISSING
    return str(value)


def _counted(write: Callable[[int], str]) -> Callable[[object], str]:
    return lambda value: write(value) if isinstance(value, int) and not isinstance(value,
                                                                                   bool) else value_or_dash(value)


def _in_words(number: int) -> str:
    return language.in_words(number) if 0 <= number <= language.LARGEST_IN_WORDS else str(number)


FILTERS: Mapping[str, Callable[..., str]] = {
    "tanggal_panjang": _dated(language.long_date), "hari": _dated(language.day_name),
    "hari_tanggal": _dated(language.day_and_date),
    "tanggal_terbilang": _dated(language.date_in_words), "jam": _timed(language.time_of_day),
    "tanggal_jam": _timed(language.moment),
    "terbilang": _counted(_in_words), "ribuan": _counted(language.grouped),
    "rupiah": _counted(lambda amount: f"Rp{language.grouped(amount)}"),
    "besar": lambda value: value_or_dash(value).upper(), "daftar": value_or_dash,
}


def _environment() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(undefined=Missing, autoescape=False, finalize=value_or_dash,
                                         keep_trailing_newline=True,
                                         trim_blocks=True, lstrip_blocks=True)
    made.filters = dict(FILTERS)
    made.globals = {}
    return made


ENVIRONMENT = _environment()
