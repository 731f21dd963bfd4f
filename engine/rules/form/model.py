"""Words of a form: what a field is, what may stand in it, what went wrong. Used by every file of this folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from engine.rules.form.feel import Condition

TEXTS = ("textfield", "textarea")
CHOICES = ("select", "radio")
LISTS = ("checklist", "taglist")
INPUTS = (*TEXTS, "number", "datetime", *CHOICES, "checkbox", *LISTS, "filepicker")
CONTAINERS = ("group", "dynamiclist")
STATIC = ("text", "separator", "spacer")
IGNORED = ("button",)
KINDS = (*INPUTS, *CONTAINERS, *STATIC)

TODAY = "hari_ini"
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Limits:
    """What a value must keep to. Lengths count characters, numbers are decimal strings, rows are counted."""

    required: bool = False
    shortest: int = 0
    longest: int = 0
    pattern: str | None = None
    pattern_message: str | None = None
    least: str | None = None
    greatest: str | None = None
    decimals: int = 0
    address: str | None = None
    accept: tuple[str, ...] = ()
    multiple: bool = False
    fewest: int = 0
    most: int = 1
    from_today: bool = False


@dataclass(frozen=True)
class Option:
    """One choice: the value that is kept, the words that are shown, the token a browser sends."""

    value: object
    label: str

    @property
    def token(self) -> str:
        """The value as a browser sends it back."""
        return str(self.value).lower() if isinstance(self.value, bool) else str(self.value)


@dataclass(frozen=True)
class Objection:
    """A rule over several fields: when it holds, the field it stands on is refused with its sentence."""

    when: Condition
    message: str


@dataclass(frozen=True)
class RowSource:
    """Where fixed rows come from: a named list, the key that marks a row, what is copied, which rows are kept."""

    name: str
    key: str
    copied: tuple[str, ...]
    kept_by: tuple[str, str, str, str] | None = None


@dataclass(frozen=True)
class Field:
    """One component of a form."""

    kind: str
    key: str = ""
    label: str = ""
    hint: str = ""
    subtype: str = ""
    text: str = ""
    limits: Limits = Limits()
    options: tuple[Option, ...] = ()
    hide: Condition | None = None
    objections: tuple[Objection, ...] = ()
    children: tuple[Field, ...] = ()
    source: RowSource | None = None
    prefill: tuple[str, ...] = ()
    default: object = None
    locked: bool = False
    personal: bool = False
    secret: bool = False
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def optional(self) -> bool:
        """May it be left empty, whatever else is answered?"""
        return not (self.limits.required or self.objections or self.limits.fewest)


@dataclass(frozen=True)
class Fault:
    """One thing to mend: where ("alat.0.jumlah"), in the words of the page, and how."""

    path: str
    label: str
    message: str


@dataclass(frozen=True)
class Checked:
    """The outcome of a validation: clean values, and what is to be mended."""

    values: dict[str, Any]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Submission:
    """What a browser sent: plain values, secrets apart, and whether the sender only edited rows (`stays`)."""

    values: dict[str, Any]
    secrets: dict[str, str] = field(repr=False, default_factory=dict)
    stays: bool = False
    focus: str | None = None


@dataclass(frozen=True)
class FormContext:
    """What a form may know besides its own values.

    `files`: saved uploads that this person may name, by digest; None where the caller has checked them already.
    """

    variables: Mapping[str, Any] = field(default_factory=dict)
    earlier: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sources: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    today: date = date.min
    files: Mapping[str, Mapping[str, Any]] | None = None
