"""The guide to writing a form is true: its example works as told, and it leaves out nothing that a form may say."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from engine.rules.form import KINDS, load_form
from engine.rules.form.feel import read_condition
from engine.rules.form.findings import PROPERTIES
from engine.rules.form.model import IGNORED
from tests.form_builders import context

README = (Path(__file__).parents[2] / "forms" / "README.md").read_text("utf-8")


def example(name):
    found = re.search(rf"<!-- example: {re.escape(name)} -->\n```json\n(.*?)```", README, re.DOTALL)
    assert found, name
    return json.loads(found[1])


def test_the_example_is_sound_and_keeps_what_the_guide_says():
    checked = load_form(example("nilai_aduan.json")).validate(example("answer"), context())
    assert checked.faults == ()
    assert checked.values == example("kept")


def test_the_example_refuses_what_it_promises_to_refuse():
    found = load_form(example("nilai_aduan.json"))
    late = example("answer") | {"tanggal": "2026-07-01", "tempat": []}
    assert [one.path for one in found.validate(late, context()).faults] == ["tanggal", "tempat"]


@pytest.mark.parametrize("kind", [*KINDS, *IGNORED])
def test_every_kind_of_field_is_in_the_table(kind):
    assert re.search(rf"^\|.*`{kind}`", README, re.MULTILINE)


@pytest.mark.parametrize("name", sorted(PROPERTIES | {"tolak_bila", "tolak_pesan"}))
def test_every_property_is_in_the_table(name):
    assert re.search(rf"^\| `[^|]*{name}", README, re.MULTILINE)


def test_every_condition_of_the_guide_can_be_read():
    block = README.split("## Conditions")[1].split("## Rows")[0]
    conditions = [one.strip() for line in block.splitlines() if line.startswith("    =") for one in re.split(r"  +", line)]
    conditions = [one for one in conditions if one.startswith("=") and not one.endswith("…")]
    assert len(conditions) == 5
    for one in [*conditions, *re.findall(r"`(=[^`]+)`", block)]:
        assert read_condition(one).names
