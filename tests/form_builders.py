"""Small forms for tests: components as an analyst would write them, and the context that a form stands in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.rules.form import Form, FormContext, load_form

TODAY = date(2026, 6, 9)


def text(key: str, **more: Any) -> dict[str, Any]:
    return {"type": "textfield", "key": key, "label": key.title(), **more}


def yes_no(key: str, **more: Any) -> dict[str, Any]:
    return {"type": "radio", "key": key, "label": key.title(),
            "values": [{"label": "Ya", "value": True}, {"label": "Tidak", "value": False}], **more}


def choice(key: str, *values: str, **more: Any) -> dict[str, Any]:
    return {"type": "radio", "key": key, "label": key.title(), **more,
            "values": [{"label": value.title(), "value": value} for value in values]}


def number(key: str, decimals: int = 0, **more: Any) -> dict[str, Any]:
    return {"type": "number", "key": key, "label": key.title(), "decimalDigits": decimals, **more}


def rows(path: str, *components: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "dynamiclist", "path": path, "label": path.title(), "components": list(components), **more}


def upload(key: str, **more: Any) -> dict[str, Any]:
    return {"type": "filepicker", "key": key, "label": key.title(), **more}


def schema(*components: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "default", "components": list(components)}


def form(*components: Mapping[str, Any], shared: Mapping[str, Any] | None = None) -> Form:
    return load_form(schema(*components), shared or {})


def context(**more: Any) -> FormContext:
    return FormContext(**{"today": TODAY, **more})


def saved(name: str, kind: str = "application/pdf", size: int = 1200) -> dict[str, Any]:
    """A file as the house keeps it in a form's values."""
    return {"name": name, "sha256": hashlib.sha256(name.encode()).hexdigest(), "bytes": size, "type": kind}


def faults(found: Form, values: Mapping[str, Any], **more: Any) -> dict[str, str]:
    return {fault.path: fault.message for fault in found.validate(values, context(**more)).faults}


def values(found: Form, given: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """The clean values of an answer that must be in order."""
    checked = found.validate(given, context(**more))
    assert checked.faults == ()
    return checked.values
