"""A hand at a form: every field is found by its name and answered as a person would, with scripts or without.

The values are those of a scenario: words, yes or no, lists of choices, rows, and tokens of files. What only appears after
an answer is answered when it appears; without scripts, after pressing the form's own button that draws it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import FilePayload, Locator, Page

from engine.authoring.props import content_of

MOST_ROUNDS = 12
BUSY = "[data-fields][aria-busy]"
KINDS = {"pdf": "application/pdf", "jpg": "image/jpeg"}
CONTROLS = """() => [...document.querySelectorAll('#isian [name]')].map(one => ({
    name: one.name, type: one.type, value: one.value, pad: 'gambar' in one.dataset}))"""


@dataclass(frozen=True)
class Control:
    """An element of the form that carries a name."""

    name: str
    type: str
    value: str
    pad: bool


@dataclass
class Hand:
    """Answers the form on a page. `left` is what has not been answered yet: the name of a field and its value."""

    page: Page
    scripts: bool = True
    left: dict[str, Any] = field(default_factory=dict)

    def answer(self, values: Mapping[str, Any]) -> None:
        """Everything in `values`; AssertionError when the form never asks for some of it."""
        self.left = dict(values)
        for _ in range(MOST_ROUNDS):
            before = dict(self.left)
            self._round()
            if not self.left:
                return
            if not self.scripts:
                self._draw_anew()
            assert before != self.left or not self.scripts, f"the form does not ask for {self.left}"
        raise AssertionError(f"the form does not ask for {self.left}")

    def _round(self) -> None:
        """Single fields first: which rows there are may depend on them."""
        there = self._controls()
        for name in [name for name, value in self.left.items() if not is_rows(value)]:
            if name in there:
                self._one(there[name], self.left.pop(name))
        if not any(not is_rows(value) for value in self.left.values()):
            for name in [name for name, value in self.left.items() if is_rows(value)]:
                self._rows(name)

    def _controls(self) -> dict[str, Control]:
        """Every named element; of several with one name the one that shows, which the hidden one only accompanies."""
        found: dict[str, Control] = {}
        for one in map(lambda given: Control(**given), self.page.evaluate(CONTROLS)):
            if one.name not in found or found[one.name].type == "hidden":
                found[one.name] = one
        return found

    # --- rows ---

    def _rows(self, name: str) -> None:
        """Replace the rows of a list by their fields, once the list is there."""
        rows = self.left[name]
        if not self._grown(name, len(rows)):
            return
        del self.left[name]
        hidden = [one for one in self._controls().values() if one.type == "hidden" and one.name.startswith(f"{name}.")]
        for place, row in self._placed(hidden, rows):
            self.left |= {f"{place}.{key}": value for key, value in row.items()}

    def _grown(self, name: str, wanted: int) -> bool:
        """Press the button that adds a row until there are enough; False while the list is not on the page."""
        button = self.page.locator(f'button[name="_tambah"][value="{name}"]')
        while (count := self._count(name)) < wanted and button.count():
            self._press(button)
            assert self._count(name) == count + 1, f"no row was added to {name}"
        return self._count(name) > 0

    def _count(self, name: str) -> int:
        places = {one.split(".")[1] for one in self._controls() if one.startswith(f"{name}.")}
        return len(places)

    def _placed(self, hidden: list[Control], rows: list[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Where each row stands: a given row by its key, others in order. A given row that is not there is not asked for."""
        given = {(one.name.rpartition(".")[2], one.value): one.name.rpartition(".")[0] for one in hidden}
        free = [one.name.rpartition(".")[0] for one in hidden if one.name.endswith("._baris")]
        for number, row in enumerate(rows):
            key = next((pair for pair in row.items() if pair in given), None) if not free else None
            if key is not None:
                yield given[key], {name: value for name, value in row.items() if name != key[0]}
            elif free:
                yield free[number], row

    # --- single fields ---

    def _one(self, control: Control, value: Any) -> None:
        place = self.page.locator(f'#isian [name="{control.name}"]:not([type="hidden"])')
        self._unfold(place.first)
        if control.type == "file":
            self._file(place.first, value, control.pad)
        elif control.type in ("radio", "checkbox"):
            self._choose(control, value)
        elif control.type == "select-one":
            place.select_option(str(value))
        else:
            place.fill(str(value))
        self._settled()

    def _choose(self, control: Control, value: Any) -> None:
        if control.type == "checkbox" and isinstance(value, bool):
            self.page.locator(f'#isian [name="{control.name}"]').set_checked(value)
            return
        for one in value if isinstance(value, list) else [value]:
            token = str(one).lower() if isinstance(one, bool) else str(one)
            self.page.locator(f'#isian [name="{control.name}"][value="{token}"]').check()

    def _file(self, place: Locator, token: Any, pad: bool) -> None:
        """A drawn signature where the glass is, else the upload."""
        if pad and self.scripts:
            self._draw(place)
        else:
            place.set_input_files([payload(str(one)) for one in (token if isinstance(token, list) else [token])])

    def _draw(self, place: Locator) -> None:
        glass = place.locator("xpath=preceding-sibling::div[1]").locator("canvas")
        glass.scroll_into_view_if_needed()
        box = glass.bounding_box()
        assert box is not None
        mouse = self.page.mouse
        mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
        mouse.down()
        for step in range(1, 9):
            mouse.move(box["x"] + 20 + 18 * step, box["y"] + box["height"] * (.3 if step % 2 else .7))
        mouse.up()
        glass.locator("xpath=following-sibling::button[1]").click()

    def _unfold(self, place: Locator) -> None:
        folded = place.locator("xpath=ancestor::details[not(@open)]")
        if folded.count():
            folded.locator("> summary").click()

    # --- the page meanwhile ---

    def _settled(self) -> None:
        """The server may be drawing the fields anew, as soon as the browser has told the form of the change."""
        if self.scripts:
            self.page.wait_for_function(f"() => !document.querySelector('{BUSY}')")

    def _press(self, button: Locator) -> None:
        if self.scripts:
            button.click()
            self.page.wait_for_function(f"() => !document.querySelector('{BUSY}')")
        else:
            with self.page.expect_navigation():
                button.click()

    def _draw_anew(self) -> None:
        """By the form's own button, where answers make others appear."""
        button = self.page.locator(".refresh button")
        if button.count():
            self._press(button.last)


def is_rows(value: Any) -> bool:
    """A list of rows, not a list of choices."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def payload(token: str) -> FilePayload:
    """The file behind a token, as a browser picks it."""
    return FilePayload(name=token, mimeType=KINDS[token.rpartition(".")[2]], buffer=content_of(token))
