"""Whatever is sent or drawn up, a form answers: no stack trace, and what it keeps can be stored."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest

from engine.digest import canonical
from engine.rules.form import definition_findings, load_form
from tests.form_builders import context, saved

ROOT = Path(__file__).parents[3] / "forms"
SHARED = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "_shared").glob("*.json"))}
SCHEMAS = {f"{path.parent.name}/{path.stem}": json.loads(path.read_text("utf-8"))
           for path in sorted(ROOT.glob("*/*.json")) if path.parent.name not in ("_shared", "web")}
SOURCES = {"persyaratan": [{"kode": "ktp", "nama": "KTP"}], "daftar_periksa": [{"kode": "a", "nama": "A",
                                                                                "wajib": True}]}
ANYTHING: list[Any] = [
    None, True, False, 0, -1, 2 ** 60, 2.5, float("nan"), "", "x", "2,5", "2026-06-09", "\ud800", "a\x00", "=",
    "=a = (",
    "^(a+)+$", [], [None], ["x"], {}, {"x": 1}, [{}], [{"kode": "ktp"}], [saved("ktp.pdf")], "ktp", "ada", "a" * 5000]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a JSON value that can be overwritten."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [(value, key) for key in keys] + [place for key in keys for place in places(value[key])]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_spoilt_definition_is_judged_and_what_passes_can_be_loaded(name):
    dice = random.Random(f"definition {name}")
    for _ in range(60):
        schema = copy.deepcopy(SCHEMAS[name])
        for holder, key in dice.sample(places(schema), 2):
            holder[key] = copy.deepcopy(dice.choice(ANYTHING))
        if not definition_findings(schema, SHARED):
            load_form(schema, SHARED).validate({}, context(sources=SOURCES))


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_spoilt_answer_is_judged_and_what_is_kept_can_be_stored(name):
    found = load_form(SCHEMAS[name], SHARED)
    dice = random.Random(f"answer {name}")
    keys = [one.key for one in found.inputs]
    for _ in range(60):
        given = {key: dice.choice([dice.choice(ANYTHING), answer(found.field(key), dice)]) for key in keys}
        checked = found.validate(given, context(sources=SOURCES))
        canonical(checked.values)
        assert found.secrets.isdisjoint(checked.values)


def answer(one: Any, dice: random.Random) -> Any:
    if one.kind == "dynamiclist":
        return [{child.key: dice.choice([dice.choice(ANYTHING),
                                         answer(child, dice)]) for child in one.children if child.key}
                for _ in range(dice.randrange(4))]
    return dice.choice([option.value for option in one.options]) if one.options else dice.choice(ANYTHING)


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_was_kept_is_kept_again_unchanged(name):
    """Once faults and empty rows are out, a clean answer judged again is the same answer."""
    found = load_form(SCHEMAS[name], SHARED)
    dice = random.Random(f"again {name}")
    keys = [one.key for one in found.inputs]
    for _ in range(30):
        kept = {key: answer(found.field(key), dice) for key in keys}
        for _ in range(2):
            kept = found.validate(kept, context(sources=SOURCES)).values
        assert found.validate(kept, context(sources=SOURCES)).values == kept
