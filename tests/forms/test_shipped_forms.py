"""Every form that is shipped: sound, drawn whole, in step with the diagram and the settings of its process."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from lxml import etree, html

from engine.rules.form import definition_findings, load_form
from engine.rules.process import load_process
from forms.web.widgets import Page, render_form
from tests.form_builders import context

ROOT = Path(__file__).parents[2]
SHARED = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "forms" / "_shared").glob("*.json"))}
PATHS = [path for path in sorted((ROOT / "forms").glob("*/*.json")) if path.parent.name not in ("_shared", "web")]
NAMES = [f"{path.parent.name}/{path.stem}" for path in PATHS]
FITS = {"ya_tidak": {bool}, "teks": {str}, "bilangan": {int}}


def schema_of(name):
    return json.loads((ROOT / "forms" / f"{name}.json").read_text("utf-8"))


def form_of(name):
    return load_form(schema_of(name), SHARED)


def process_of(name):
    folder = ROOT / "processes" / name.split("/")[0]
    return load_process({path.name: path.read_bytes() for path in folder.glob("*.toml")})


def tasks_of(process):
    """User task id -> its properties, from the diagram."""
    diagram = etree.parse(next((ROOT / "processes" / process).glob("*.bpmn")))
    return {task.get("id"): {one.get("name"): one.get("value") for one in task.iter("{*}property")}
            for task in diagram.iter("{*}userTask")}


def sources_of(name):
    process = process_of(name)
    rows = [{"kode": one.code, "nama": one.name, "bila": one.condition} for one in process.requirements]
    return {**{key: list(found) for key, found in process.lists.items()}, "persyaratan": rows}


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_form_has_no_findings(name):
    assert definition_findings(schema_of(name), SHARED, sources_of(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_form_is_drawn_with_every_field_once(name):
    found, surroundings = form_of(name), context(sources=sources_of(name))
    values = found.initial(surroundings)
    tree = html.fromstring(f"<div>{render_form(found, Page(values, surroundings))}</div>")
    ids = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    sheet = found.sheet(values, surroundings)
    shown = {one.path for one in sheet.visible(sheet.answers)
             if one.field.key and one.field.kind != "dynamiclist" and not one.field.locked}
    assert shown <= {one.get("name") for one in tree.iter("input", "select", "textarea")}


@pytest.mark.parametrize("name", NAMES)
def test_every_fault_of_an_empty_form_leads_to_its_field(name):
    found, surroundings = form_of(name), context(sources=sources_of(name))
    faults = found.validate({}, surroundings).faults
    tree = html.fromstring(f"<div>{render_form(found, Page({}, surroundings, faults))}</div>")
    for fault in faults:
        assert len(tree.xpath(f"//*[@id='f-{fault.path.replace('.', '-')}']")) == 1, fault


@pytest.mark.parametrize("process", sorted({path.parent.name for path in PATHS}))
def test_every_user_task_has_its_form_and_every_form_its_task(process):
    wanted = {properties.get("formulir") or task for task, properties in tasks_of(process).items()}
    assert wanted == {path.stem for path in PATHS if path.parent.name == process}


@pytest.mark.parametrize("process", sorted({path.parent.name for path in PATHS}))
def test_a_variable_is_fed_by_a_field_of_its_name_and_kind_that_is_not_personal(process):
    variables = process_of(process).variables
    for task, properties in tasks_of(process).items():
        found = form_of(f"{process}/{properties.get('formulir') or task}")
        for name in [one.strip() for one in properties.get("variabel", "").split(",") if one.strip()]:
            field = found.field(name)
            assert field is not None and not field.locked and name not in found.personal, (task, name)
            assert {type(option.value) for option in field.options} <= FITS[variables[name].kind], (task, name)


@pytest.mark.parametrize("process", sorted({path.parent.name for path in PATHS}))
def test_every_path_into_a_form_that_the_settings_name_exists(process):
    raw = tomllib.loads((ROOT / "processes" / process / "process.toml").read_text("utf-8"))
    named = [path for one in raw.get("ringkasan", {}).values() if isinstance(one, list) for path in one]
    named += [path for one in raw.get("dokumen", {}).values() for path in one.get("wajib", ())]
    named += [path for path in raw.get("akun", {}).values() if isinstance(path, str)]
    assert named
    for path in named:
        task, key = path.split(".")
        assert form_of(f"{process}/{task}").field(key) is not None, path


@pytest.mark.parametrize("name", NAMES)
def test_prefills_name_answers_that_exist(name):
    process = name.split("/")[0]
    tasks = tasks_of(process)
    for one in every_field(form_of(name).fields):
        for path in one.prefill:
            steps = path.split(".")
            if steps[0] in ("hari_ini", "baris", "variabel", "akun"):
                continue
            found = form_of(f"{process}/{tasks[steps[0]].get('formulir') or steps[0]}").field(steps[1])
            assert found is not None, path
            assert len(steps) == 2 or steps[2] in {child.key for child in found.children}, path


def every_field(fields):
    for one in fields:
        yield one
        yield from every_field(one.children)
