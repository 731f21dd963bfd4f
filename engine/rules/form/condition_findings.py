"""Do the conditions of a form ask for what is there? Names in rows, decimals, conditions that wait for each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.rules.form.feel import Condition, ConditionFault, read_condition
from engine.rules.form.model import TODAY
from engine.rules.form.reading import OBJECTION, hide_of, key_of, label_of, properties_of

Schema = Mapping[str, Any]
Told = tuple[str, str, str]
Path = tuple[str, ...]


@dataclass(frozen=True)
class _Place:
    """Where a condition stands: the components its names may mean."""

    top: Mapping[str, Schema]
    own: Mapping[str, Schema]
    outer: Mapping[str, Schema]
    fixed: Collection[str]
    prefix: str = ""
    waits: dict[str, set[str]] = field(default_factory=dict)


def condition_findings(components: list[Schema]) -> list[Told]:
    """(where, code, advice) for every condition that cannot mean what its writer meant."""
    top = _by_key(components)
    waits: dict[str, set[str]] = {}
    found = list(_walk(components, _Place(top, top, top, (), "", waits), ()))
    return found or list(_circles(waits))


def _by_key(components: list[Schema]) -> dict[str, Schema]:
    found: dict[str, Schema] = {}
    for one in components:
        if one["type"] == "group":
            found.update(_by_key(list(one.get("components", ()))))
        elif key_of(one):
            found[key_of(one)] = one
    return found


def _walk(components: list[Schema], place: _Place, around: tuple[str, ...]) -> Iterator[Told]:
    for one in components:
        where = f"{place.prefix}{key_of(one) or label_of(one) or one['type']}"
        hides = (*around, *_named(one))
        yield from _findings_of(one, place, where)
        if key_of(one) and not place.prefix:
            place.waits.setdefault(key_of(one), set()).update(hides)
        inner = list(one.get("components", ()))
        if one["type"] == "group":
            yield from _walk(inner, place, hides)
        elif one["type"] == "dynamiclist":
            yield from _walk(inner, _row_place(one, inner, place), ())


def _row_place(one: Schema, inner: list[Schema], place: _Place) -> _Place:
    own = properties_of(one)
    copied = [part.strip() for part in own.get("ikut", "nama").split(",")]
    fixed = [own.get("kunci", "kode"), *copied] if "sumber" in own else []
    return _Place(place.top, _by_key(inner), place.own, fixed, f"{place.prefix}{key_of(one)}.", place.waits)


def _named(one: Schema) -> tuple[str, ...]:
    """The top-level names that the hiding of a component waits for."""
    hide = hide_of(one)
    try:
        return tuple(path[0] for path in read_condition(hide).names) if hide else ()
    except ConditionFault:
        return ()


def _findings_of(one: Schema, place: _Place, where: str) -> Iterator[Told]:
    own = properties_of(one)
    hide = hide_of(one)
    texts = [*([hide] if hide else []), *(own[name] for name in own if OBJECTION.fullmatch(name))]
    for text in texts:
        try:
            condition = read_condition(text)
        except ConditionFault as fault:
            yield where, "syarat", f"syarat “{text[:80]}” tidak dapat dipakai: {fault.args[0]}"
            continue
        yield from _name_findings(condition, place, where)


def _name_findings(condition: Condition, place: _Place, where: str) -> Iterator[Told]:
    for path in sorted(condition.names):
        meant, known = _meant(path, place)
        if not known:
            yield where, "syarat_nama", _unknown(path, place)
        elif meant is not None and meant["type"] == "number" and meant.get("decimalDigits"):
            yield where, "syarat_desimal", f"“{'.'.join(path)}” berangka pecahan, jadi tidak boleh dipakai dalam syarat"


def _meant(path: Path, place: _Place) -> tuple[Schema | None, bool]:
    """The component a name means, and whether the name may be used here at all."""
    if path[0] in ("this", "parent"):
        names = place.own if path[0] == "this" else place.outer
        known = len(path) == 2 and (path[1] in names or path[0] == "this" and path[1] in place.fixed)
        return (names.get(path[1]) if known else None), known
    if path[0] in place.top:
        return place.top[path[0]], len(path) == 1
    # At the top level a name that is no field means a variable of the case; in a row that is nearly always a slip.
    return None, len(path) == 1 and (not place.prefix or path[0] == TODAY)


def _unknown(path: Path, place: _Place) -> str:
    name = ".".join(path)
    if path[0] in place.own and place.prefix:
        return f"“{name}” di dalam baris harus ditulis “this.{name}”"
    return f"“{name}” tidak ada di tempat ini; dalam baris pakai this.kunci, parent.kunci, atau kunci tingkat atas"


def _circles(waits: Mapping[str, set[str]]) -> Iterator[Told]:
    for key in waits:
        if key in _reached(waits, key):
            yield key, "syarat_melingkar", f"tampil tidaknya “{key}” bergantung pada dirinya sendiri lewat syarat lain"


def _reached(waits: Mapping[str, set[str]], key: str) -> set[str]:
    seen: set[str] = set()
    ahead = list(waits.get(key, ()))
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead.extend(waits.get(name, ()))
    return seen
