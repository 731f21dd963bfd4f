"""What would change if the working folder were deployed? Files, and in the diagram the elements by id; nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.authoring.lint.drawing import PICTURE, identity, kind, title
from engine.authoring.lint.reading import MODEL, Tree, Unreadable, read_tree

ADDED, REMOVED, CHANGED = "baru", "hilang", "berubah"
UNTOLD = {"flowNodeRef", "incoming", "outgoing"}
"""Ties between elements: told at the flow or lane, not at both ends."""


@dataclass(frozen=True)
class Change:
    """One file (element None) or one element of the diagram that is new, gone or different."""

    what: str
    path: str
    element: str | None = None
    name: str = ""

    def __str__(self) -> str:
        return f"{self.what}: {self.path}" + (f" {self.element} {self.name}".rstrip() if self.element else "")


def differences(deployed: Mapping[str, bytes], working: Mapping[str, bytes]) -> list[Change]:
    """Every changed file in the order of its path, a changed diagram followed by its changed elements."""
    found = []
    for path in sorted(deployed.keys() | working.keys()):
        what = changed(deployed.get(path), working.get(path))
        if what is not None:
            found.append(Change(what, path))
        if what == CHANGED and path.endswith(".bpmn"):
            found += element_differences(path, deployed[path], working[path])
    return found


def changed(old: object | None, new: object | None) -> str | None:
    """The word for what happened to one thing; None when nothing did."""
    if old == new:
        return None
    return ADDED if old is None else REMOVED if new is None else CHANGED


def element_differences(path: str, old: bytes, new: bytes) -> list[Change]:
    """Elements of the process by id; an empty list when only the picture moved, or when a side cannot be read."""
    try:
        before, after = _elements(read_tree(old)), _elements(read_tree(new))
    except Unreadable:
        return []
    told = []
    for name in [*before, *(name for name in after if name not in before)]:
        what = changed(before.get(name, (None,))[0], after.get(name, (None,))[0])
        if what is not None:
            told.append(Change(what, path, name, (after.get(name) or before[name])[1]))
    return told


def _elements(root: Tree) -> dict[str, tuple[str, str]]:
    """Id -> what the element says for itself, without those inside that have an id of their own; and its name."""
    found = [one for one in root.iter(f"{{{MODEL}}}*") if _is_told(one)]
    lanes = {(ref.text or "").strip(): _lane(ref) for ref in root.iter(f"{{{MODEL}}}flowNodeRef")}
    return {identity(one): (_said(one) + lanes.get(identity(one), ""), title(one)) for one in found}


def _lane(ref: Tree) -> str:
    """Who does it is part of what a task says, though it is written at the lane."""
    lane = ref.getparent()
    return "" if lane is None else identity(lane)


def _is_told(one: Tree) -> bool:
    return bool(identity(one)) and kind(one) != "definitions" and not kind(one).endswith("EventDefinition")


def _said(one: Tree) -> str:
    attributes = sorted((str(key), str(value)) for key, value in one.attrib.items())
    inner = [_said(part) for part in one if _is_spoken(part)]
    return f"{one.tag!s}{attributes}{(one.text or '').strip()}{inner}"


def _is_spoken(part: Tree) -> bool:
    if not isinstance(part.tag, str) or part.tag[1:].partition("}")[0] in PICTURE:
        return False
    return kind(part) not in UNTOLD and not (kind(part) and _is_told(part))
