"""From form-js JSON to fields. Reads definitions that the lint has found sound; anything else is refused before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from engine.rules.form.feel import read_condition
from engine.rules.form.model import IGNORED, Field, Limits, Objection, Option, RowSource

Schema = Mapping[str, Any]
OBJECTION = re.compile(r"tolak_bila(_\d+)?")
KEPT_BY = re.compile(r"([a-z0-9_]+)\.([a-z0-9_]+)\.([a-z0-9_]+) = ([a-z0-9_]+)")
MOST_ROWS = 50
YES = "ya"


def components_of(schema: Schema, shared: Mapping[str, Schema]) -> list[Schema]:
    """The components of a form, with the shared groups it names put in place."""
    return [_with_shared(one, shared) for one in schema.get("components", ())]


def _with_shared(component: Schema, shared: Mapping[str, Schema]) -> Schema:
    name = properties_of(component).get("bagian")
    inner = shared[name].get("components", ()) if name else component.get("components")
    if inner is None:
        return component
    return {**component, "components": [_with_shared(one, {} if name else shared) for one in inner]}


def properties_of(component: Schema) -> Mapping[str, str]:
    """The own settings of a component, as the analyst wrote them."""
    found = component.get("properties")
    return found if isinstance(found, Mapping) else {}


def read_fields(components: Sequence[Schema]) -> tuple[Field, ...]:
    """The fields behind these components, in their order."""
    return tuple(read_field(one) for one in components if one["type"] not in IGNORED)


def read_field(one: Schema) -> Field:
    """One component as a field."""
    own = properties_of(one)
    return Field(
        kind=one["type"], key=key_of(one), label=label_of(one), hint=str(one.get("description", "")).strip(),
        subtype=str(one.get("subtype", "")), text=str(one.get("text", "")), limits=_limits(one, own),
        options=tuple(Option(choice["value"], choice["label"]) for choice in one.get("values", ())),
        hide=read_condition(hide) if (hide := hide_of(one)) else None, objections=_objections(own),
        children=read_fields(one.get("components", ())), source=_source(own), prefill=paths_of(own.get("isi_awal", "")),
        default=one.get("defaultValue"), locked=bool(one.get("readonly") or one.get("disabled")),
        personal=own.get("pribadi") == YES, secret=own.get("rahasia") == YES, properties=dict(own))


def key_of(one: Schema) -> str:
    """The key of an input, the path of a list; groups and texts have none."""
    return str(one.get("path" if one["type"] == "dynamiclist" else "key") or "")


def label_of(one: Schema) -> str:
    """The words above a field; form-js names them by kind for dates and times."""
    return str(one.get("label") or one.get("dateLabel") or one.get("timeLabel") or "").strip()


def hide_of(one: Schema) -> str | None:
    """The condition that hides a component."""
    found = one.get("conditional")
    return found.get("hide") if isinstance(found, Mapping) else None


def paths_of(text: str) -> tuple[str, ...]:
    """Alternatives of a prefill, first to last: "a.x | b.x"."""
    return tuple(part.strip() for part in text.split("|") if part.strip())


def validation_of(one: Schema) -> Mapping[str, Any]:
    """The `validate` table of a component."""
    found = one.get("validate")
    return found if isinstance(found, Mapping) else {}


def _limits(one: Schema, own: Mapping[str, str]) -> Limits:
    check = validation_of(one)
    return Limits(
        required=bool(check.get("required")), shortest=int(check.get("minLength") or 0),
        longest=int(check.get("maxLength") or 0), pattern=check.get("pattern") or None,
        pattern_message=own.get("pesan_pola"),
        least=_bound(check.get("min")), greatest=_bound(check.get("max")), decimals=int(one.get("decimalDigits") or 0),
        address=check.get("validationType") if check.get("validationType") in ("email", "phone") else None,
        accept=tuple(part.strip() for part in str(one.get("accept", "")).split(",") if part.strip()),
        multiple=bool(one.get("multiple")), fewest=int(own.get("paling_sedikit", 0)),
        most=int(own.get("paling_banyak", MOST_ROWS)), from_today=bool(one.get("disallowPassedDates")))


def _bound(value: object) -> str | None:
    return None if value in (None, "") else str(value)


def _objections(own: Mapping[str, str]) -> tuple[Objection, ...]:
    return tuple(Objection(read_condition(own[name]), own[name.replace("bila", "pesan", 1)])
                 for name in sorted(own) if OBJECTION.fullmatch(name))


def _source(own: Mapping[str, str]) -> RowSource | None:
    if "sumber" not in own:
        return None
    match = KEPT_BY.fullmatch(own.get("saring", ""))
    copied = tuple(part.strip() for part in own.get("ikut", "nama").split(",") if part.strip())
    kept = (match[1], match[2], match[3], match[4]) if match else None
    return RowSource(own["sumber"], own.get("kunci", "kode"), copied, kept)
