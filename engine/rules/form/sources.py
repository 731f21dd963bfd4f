"""What a form starts with: values from earlier forms, and fixed rows from the lists of the process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.rules.expressions import compile_expression
from engine.rules.form.model import TODAY, Field, FormContext, RowSource

LABELS = ("nama", "uraian", "label")
CODE = "kode"


@dataclass(frozen=True)
class Entry:
    """One fixed row: its code, the words shown, what is kept in the values, and all that is known of it."""

    key: str
    code: str
    label: str
    hint: str
    fixed: Mapping[str, Any]
    known: Mapping[str, Any]


def entries(source: RowSource, context: FormContext, variables: Mapping[str, Any] | None) -> list[Entry]:
    """The rows asked for: condition met (None: whatever it says), and marked in the earlier form if so asked."""
    marked = _marked(source, context)
    found = []
    for row in context.sources.get(source.name, ()):
        code = code_of(source, row)
        if (variables is None or _asked_for(row, variables)) and (marked is None or code in marked):
            found.append(_entry(source, code, row, (marked or {}).get(code, {})))
    return found


def code_of(source: RowSource, row: Mapping[str, Any]) -> str:
    """What marks a row of a list: the key that the form asks for, else `kode`."""
    return str(row.get(source.key) or row.get(CODE) or "")


def _entry(source: RowSource, code: str, row: Mapping[str, Any], marked: Mapping[str, Any]) -> Entry:
    label = next((str(row[name]) for name in LABELS if row.get(name)), code)
    fixed = {source.key: code, **{name: row.get(name) for name in source.copied}}
    hint = str(row.get("keterangan") or row.get("kriteria") or "")
    return Entry(source.key, code, label, hint, fixed, {**row, **marked})


def _asked_for(row: Mapping[str, Any], variables: Mapping[str, Any]) -> bool:
    condition = row.get("bila")
    return condition is None or bool(compile_expression(str(condition)).evaluate(variables))


def _marked(source: RowSource, context: FormContext) -> dict[str, Mapping[str, Any]] | None:
    if source.kept_by is None:
        return None
    activity, listed, key, value = source.kept_by
    rows = context.earlier.get(activity, {}).get(listed) or []
    return {str(row.get(source.key)): row for row in rows if str(row.get(key)) == value}


def foreign_rows(source: RowSource, given: object, context: FormContext) -> str | None:
    """A sentence when rows were sent that the list does not have, or one of them twice.

    A row that the list has but this case does not ask for is no fault: it is dropped, as a hidden field is.
    """
    if given is None:
        return None
    if not isinstance(given, list) or not all(isinstance(row, Mapping) for row in given):
        return "Baris tidak dapat dibaca. Muat ulang halaman ini."
    codes = [str(row.get(source.key)) for row in given]
    if len(codes) != len(set(codes)):
        return "Ada baris yang terkirim dua kali. Muat ulang halaman ini."
    strange = sorted(set(codes) - {code_of(source, row) for row in context.sources.get(source.name, ())})
    return f"Baris “{strange[0]}” tidak diminta pada formulir ini." if strange else None


def rows_by_key(source: RowSource, given: object) -> dict[str, Mapping[str, Any]]:
    """What was sent for each fixed row."""
    rows = given if isinstance(given, list) else []
    return {str(row.get(source.key)): row for row in rows if isinstance(row, Mapping)}


def starting_value(field: Field, context: FormContext, entry: Entry | None) -> object:
    """What stands in a field before anybody types: the first earlier value its prefill finds, else its default."""
    for path in field.prefill:
        found = _earlier(tuple(path.split(".")), context, entry)
        if found not in (None, "", []):
            return found
    return field.default


def _earlier(path: tuple[str, ...], context: FormContext, entry: Entry | None) -> object:
    if path == (TODAY,):
        return context.today.isoformat()
    if path[0] == "variabel":
        return context.variables.get(path[1])
    if path[0] == "baris":
        return entry.known.get(path[1]) if entry else None
    found = context.earlier.get(path[0], {}).get(path[1])
    return found if len(path) == 2 else _same_row(found, entry, path[2])


def _same_row(rows: object, entry: Entry | None, name: str) -> object:
    """In a fixed row, an earlier list is asked for the row with the same code."""
    if entry is None or not isinstance(rows, list):
        return None
    return next((row.get(name) for row in rows if isinstance(row, Mapping) and row.get(entry.key) == entry.code), None)


def starting_values(fields: tuple[Field, ...], context: FormContext, entry: Entry | None = None) -> dict[str, Any]:
    """The values of a form that nobody has touched yet; rows that are asked for at the least stand there empty."""
    found: dict[str, Any] = {}
    for one in fields:
        if one.kind == "group":
            found.update(starting_values(one.children, context, entry))
        elif one.source is not None:
            found[one.key] = [_starting_row(one, context, fixed) for fixed in entries(one.source, context, None)]
        elif one.kind == "dynamiclist":
            found[one.key] = _starting_rows(one, context, entry)
        elif one.key and not one.secret:
            found[one.key] = starting_value(one, context, entry)
    return {key: value for key, value in found.items() if value is not None}


def _starting_row(one: Field, context: FormContext, entry: Entry) -> dict[str, Any]:
    return {entry.key: entry.code, **starting_values(one.children, context, entry)}


def _starting_rows(one: Field, context: FormContext, entry: Entry | None) -> list[dict[str, Any]]:
    rows = starting_value(one, context, entry)
    if isinstance(rows, list) and rows:
        keys = {child.key for child in opened(one.children)}
        return [{key: row[key] for key in row if key in keys} for row in rows if isinstance(row, Mapping)]
    return [starting_values(one.children, context, entry) for _ in range(one.limits.fewest)]


def opened(fields: tuple[Field, ...]) -> list[Field]:
    """The fields of one level, groups opened."""
    return [inner for one in fields for inner in (opened(one.children) if one.kind == "group" else [one])]
