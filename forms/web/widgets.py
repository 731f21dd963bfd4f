"""A form as HTML: every field at its place, with what was typed and what is to be mended. Works without JavaScript.

`form_widgets` turns a form as answered into widgets (words and attributes, nothing of HTML); the macros of
templates/widgets/form.html draw them. `render_form` does both. The page around it brings the form element itself
(post, multipart, novalidate), the token, the summary of faults and the buttons that send or save.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from engine.rules import language
from engine.rules.expressions import compile_expression
from engine.rules.form import Answer, Fault, Field, Form, FormContext, Row, Sheet
from forms.web import answers, words

PREFIX = "f-"
CHECK_LIST = "periksa"
BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True)
class Page:
    """What a form is drawn with. `link` gives the address of a saved file, where it may be opened from this page."""

    values: Mapping[str, Any]
    context: FormContext
    faults: tuple[Fault, ...] = ()
    link: Callable[[Mapping[str, Any]], str | None] | None = None
    focus: str | None = None


@dataclass(frozen=True)
class Choice:
    """One option of a choice."""

    id: str
    token: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Kept:
    """A file that was saved before."""

    name: str
    told: str
    digest: str
    link: str | None


@dataclass(frozen=True)
class Widget:
    """One field as it is drawn. `steers`: other fields come and go with it. `said`: the value in the office's words."""

    kind: str
    id: str
    name: str
    label: str
    hint: str = ""
    fault: str | None = None
    optional: bool = False
    needed: bool = False
    locked: bool = False
    steers: bool = False
    value: str = ""
    said: str = ""
    text: Markup = Markup()
    style: str = ""
    choices: tuple[Choice, ...] = ()
    kept: tuple[Kept, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    camera: str = ""
    parts: tuple[Widget, ...] = ()
    rows: tuple[RowWidget, ...] = ()
    fixed: bool = False
    may_grow: bool = False
    focus: bool = False

    @property
    def described(self) -> str:
        """The ids of what explains this field, for assistive technology."""
        marks = (("h", self.hint), ("s", self.said), ("w", self.fault))
        return " ".join(f"{self.id}-{mark}" for mark, words_ in marks if words_)

    @property
    def shows(self) -> bool:
        """Is there anything to draw? A filled-in field without a value and a group of nothing are left out."""
        if self.kind == "group":
            return any(part.shows for part in self.parts)
        return not self.locked or bool(self.said or self.kept or self.rows)

    @property
    def steers_inside(self) -> bool:
        """Does something in here make other fields come or go?"""
        return self.steers or any(part.steers_inside for part in self.parts) or any(row.steers for row in self.rows)


@dataclass(frozen=True)
class RowWidget:
    """One row as it is drawn: the words of a fixed row, or its number; `more` is folded away until it is wanted."""

    id: str
    path: str
    number: int
    title: str
    hint: str
    section: str
    mandatory: bool
    key: tuple[str, str] | None
    parts: tuple[Widget, ...]
    more: tuple[Widget, ...]
    faulty: bool
    marked: bool
    focus: bool

    @property
    def steers(self) -> bool:
        """Does something in this row make other fields come or go?"""
        return any(part.steers_inside for part in (*self.parts, *self.more))

    @property
    def summary(self) -> str:
        """What is folded away, in words."""
        names = [part.label for part in self.more]
        return ", ".join([names[0], *(words.lower_first(name) for name in names[1:])]) if names else ""


@dataclass(frozen=True)
class Part:
    """A section of a long form, for its list of contents."""

    id: str
    title: str
    asked: int
    filled: int
    faults: int


def render_form(form: Form, page: Page) -> Markup:
    """The fields of a form as HTML."""
    template = ENVIRONMENT.get_template("widgets/form.html")
    return Markup(template.render(widgets=form_widgets(form, page)))


def contents(form: Form, page: Page) -> tuple[Part, ...]:
    """The sections of a form: how many answers each asks for, has, and must mend."""
    return tuple(_part(widget) for widget in form_widgets(form, page) if widget.kind in ("group", "dynamiclist"))


def _part(widget: Widget) -> Part:
    inner = [one for one in leaves([widget]) if not one.locked]
    asked = [one for one in inner if not one.optional]
    return Part(widget.id, widget.label, len(asked), sum(is_filled(one) for one in asked),
                sum(bool(one.fault) for one in inner) + bool(widget.fault))


def is_filled(widget: Widget) -> bool:
    """Has this field an answer?"""
    return bool(widget.value or widget.kept or any(choice.chosen for choice in widget.choices))


def leaves(widgets: Iterable[Widget]) -> list[Widget]:
    """The fields of a form without the groups and rows around them."""
    found = []
    for widget in widgets:
        inner = [*widget.parts, *(part for row in widget.rows for part in (*row.parts, *row.more))]
        found += leaves(inner) if widget.kind in ("group", "dynamiclist") else [widget]
    return [widget for widget in found if widget.kind not in ("text", "separator", "spacer")]


def form_widgets(form: Form, page: Page) -> tuple[Widget, ...]:
    """Every field that is shown, in the order of the page."""
    sheet = form.sheet(page.values, page.context)
    drawing = _Drawing(sheet, page, {fault.path: fault.message for fault in page.faults}, steering(form, page.context))
    return tuple(widget for widget in drawing.all(sheet.answers) if widget.shows)


def steering(form: Form, context: FormContext) -> frozenset[str]:
    """The keys of the answers that make other fields or rows come and go."""
    asked = {path[-1] for one in _everything(form.fields) if one.hide for path in one.hide.names}
    lists = {one.source.name for one in _everything(form.fields) if one.source}
    for name in lists:
        for row in context.sources.get(name, ()):
            asked |= compile_expression(str(row["bila"])).names if "bila" in row else frozenset()
    return frozenset(asked)


def _everything(fields: tuple[Field, ...]) -> Iterable[Field]:
    for one in fields:
        yield one
        yield from _everything(one.children)


@dataclass(frozen=True)
class _Drawing:
    """One form being drawn."""

    sheet: Sheet
    page: Page
    faults: Mapping[str, str]
    steering: frozenset[str]

    def all(self, found: Iterable[Answer]) -> list[Widget]:
        return [self.widget(answer) for answer in found if not self.sheet.hidden(answer)]

    def widget(self, answer: Answer) -> Widget:
        one = answer.field
        plain = Widget(
            kind=one.kind, id=element_id(answer.path if one.key else f"bagian {one.label}"), name=answer.path,
            label=one.label, hint=one.hint,
            fault=self.faults.get(answer.path) if one.key else None, optional=one.optional,
            needed=one.limits.required, locked=one.locked,
            steers=one.key in self.steering and not one.locked, style=one.properties.get("tampilan", ""),
            focus=self.page.focus == answer.path and bool(one.key))
        return replace(plain, **FILL[one.kind](self, answer))

    def kept(self, answer: Answer) -> tuple[Kept, ...]:
        given = answer.given if isinstance(answer.given, list) else []
        return tuple(self.file(one) for one in given if isinstance(one, Mapping) and "sha256" in one)

    def file(self, one: Mapping[str, Any]) -> Kept:
        told = f"{words.kind_of_file(str(one['type']))}, {words.size(int(one['bytes']))}"
        return Kept(str(one["name"]), told, str(one["sha256"]), self.page.link(one) if self.page.link else None)

    def rows(self, answer: Answer) -> tuple[RowWidget, ...]:
        found: list[RowWidget] = []
        section = ""
        for row in answer.rows:
            own = str(row.entry.known.get("bagian") or "") if row.entry else ""
            found.append(self.row(answer.field, row, own if own != section else ""))
            section = own
        return tuple(found)

    def row(self, one: Field, row: Row, section: str) -> RowWidget:
        entry = row.entry
        inner = tuple(widget for widget in self.all(row.parts) if widget.shows)
        folds = one.properties.get("tampilan") == CHECK_LIST
        more = tuple(widget for widget in inner[1:] if folds and may_fold(widget))
        return RowWidget(
            id=element_id(row.path), path=row.path, number=row.number + 1, title=entry.label if entry else "",
            hint=entry.hint if entry else "", section=section,
            mandatory=bool(entry and entry.known.get("wajib") is True),
            key=(f"{row.path}.{entry.key}", entry.code) if entry else None,
            parts=tuple(widget for widget in inner if widget not in more), more=more,
            faulty=any(widget.fault for widget in leaves(inner)), focus=self.page.focus == row.path,
            marked=any(choice.chosen and choice.token.startswith("tidak_sesuai")
                       for widget in leaves(inner) for choice in widget.choices))


def may_fold(widget: Widget) -> bool:
    """In a long check list, what nobody has to answer and nobody has answered is folded away."""
    return not (widget.needed or widget.locked or widget.fault or widget.choices or is_filled(widget))


Filled = dict[str, Any]


def element_id(path: str) -> str:
    """The id of a field's element; the summary of faults links to it."""
    return PREFIX + re.sub(r"[^a-z0-9_]+", "-", path.lower()).strip("-")


def _typed(drawing: _Drawing, answer: Answer) -> Filled:
    one = answer.field
    text = answer.given if isinstance(answer.given, str) else ""
    locked = answers.in_words(one, answer.value) if one.locked and answer.value else ""
    return {"value": "" if one.secret else text, "said": locked, "attributes": _text_attributes(one)}


def _text_attributes(one: Field) -> dict[str, str]:
    if one.secret:
        return {"type": "password", "autocomplete": "off"}
    kind = {"email": "email", "phone": "tel"}.get(one.limits.address or "", "text")
    filled = one.properties.get("isi_otomatis", "")
    found = {"type": "tel" if filled == "tel" else kind}
    if filled:
        found["autocomplete"] = filled
    if (one.limits.pattern or "").startswith("^[0-9]"):
        found["inputmode"] = "numeric"
    return found


def _number(drawing: _Drawing, answer: Answer) -> Filled:
    typed = str(answer.given) if isinstance(answer.given, (int, str)) else ""
    value = language.grouped(answer.value) if isinstance(answer.value, (int, str)) else typed
    mode = "decimal" if answer.field.limits.decimals else "numeric"
    return {"value": value, "said": value if answer.field.locked else "",
            "attributes": {"type": "text", "inputmode": mode, "autocomplete": "off"}}


def _moment(drawing: _Drawing, answer: Answer) -> Filled:
    one = answer.field
    is_day = one.subtype == "date"
    said = words.long_day(answer.value) if is_day and isinstance(answer.value, str) else ""
    filled = one.properties.get("isi_otomatis")
    return {"value": answer.given if isinstance(answer.given, str) else "",
            "said": said or (str(answer.value or "") if one.locked else ""),
            "attributes": {"type": "date" if is_day else "time"} | ({"autocomplete": filled} if filled else {})}


def _choice(drawing: _Drawing, answer: Answer) -> Filled:
    chosen = answer.given if isinstance(answer.given, list) else [answer.given]
    at = element_id(answer.path)
    found = tuple(Choice(f"{at}-{number}" if number else at, option.token, option.label,
                         any(type(option.value) is type(value) and option.value == value for value in chosen))
                  for number, option in enumerate(answer.field.options))
    has_words = answer.field.locked and answer.value not in (None, [])
    return {"choices": found, "said": answers.in_words(answer.field, answer.value) if has_words else ""}


def _tick(drawing: _Drawing, answer: Answer) -> Filled:
    return {"value": "ya" if answer.given is True else "", "said": "Ya" if answer.field.locked and answer.value else ""}


def _upload(drawing: _Drawing, answer: Answer) -> Filled:
    one = answer.field
    attributes = {"accept": ",".join(one.limits.accept)} if one.limits.accept else {}
    if one.limits.multiple:
        attributes["multiple"] = "multiple"
    if "gambar" in one.properties:
        attributes["data-gambar"] = one.properties["gambar"]
    return {"kept": drawing.kept(answer), "attributes": attributes, "camera": one.properties.get("kamera", "")}


def _group(drawing: _Drawing, answer: Answer) -> Filled:
    return {"parts": tuple(widget for widget in drawing.all(answer.parts) if widget.shows)}


def _list(drawing: _Drawing, answer: Answer) -> Filled:
    fixed = answer.field.source is not None
    return {"rows": drawing.rows(answer), "fixed": fixed, "style": answer.field.properties.get("tampilan", ""),
            "may_grow": not fixed and not answer.field.locked and len(answer.rows) < answer.field.limits.most}


def _prose(drawing: _Drawing, answer: Answer) -> Filled:
    return {"text": prose(answer.field.text)}


def _bare(drawing: _Drawing, answer: Answer) -> Filled:
    return {}


def prose(text: str) -> Markup:
    """A static text: paragraphs, lists that start with "- ", **bold**; everything else as it is written."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text.strip())]
    return Markup("").join(_block(block) for block in blocks if block)


def _block(block: str) -> Markup:
    lines = [line.strip() for line in block.splitlines()]
    if all(line.startswith("- ") for line in lines):
        points = [Markup("<li>{}</li>").format(_line(line[2:])) for line in lines]
        return Markup("<ul>{}</ul>").format(Markup("").join(points))
    return Markup("<p>{}</p>").format(_line(" ".join(line.lstrip("# ") for line in lines)))


def _line(text: str) -> Markup:
    return Markup(BOLD.sub(r"<b>\1</b>", str(escape(text))))


FILL: Mapping[str, Callable[[_Drawing, Answer], Filled]] = {
    "textfield": _typed, "textarea": _typed, "number": _number, "datetime": _moment, "select": _choice,
    "radio": _choice, "checkbox": _tick, "checklist": _choice, "taglist": _choice, "filepicker": _upload,
    "group": _group, "dynamiclist": _list, "text": _prose, "separator": _bare, "spacer": _bare}
"""What a widget of each kind takes from its answer."""

ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True)
