"""The diagram on a page: drawn, marked, scrubbed, tied to the list beside it, its maker's mark uncovered."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from tests.browser_tools import axe_findings, watch, wider_than_screen
from tests.tools.launcher import HOME, launcher

SITE = "http://127.0.0.1:9"
POLICY = "default-src 'self'; img-src 'self' data:; font-src 'self' data:"
DRAWING = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:uji"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:di="http://www.omg.org/spec/DD/20100524/DI">
  <bpmn:process id="warung" isExecutable="true">
    <bpmn:startEvent id="mulai"><bpmn:outgoing>ke_masak</bpmn:outgoing></bpmn:startEvent>
    <bpmn:task id="masak" name="Masak &lt;img src=x onerror=alert(1)&gt;">
      <bpmn:incoming>ke_masak</bpmn:incoming><bpmn:outgoing>ke_saji</bpmn:outgoing></bpmn:task>
    <bpmn:task id="saji" name="Sajikan"><bpmn:incoming>ke_saji</bpmn:incoming></bpmn:task>
    <bpmn:sequenceFlow id="ke_masak" sourceRef="mulai" targetRef="masak" />
    <bpmn:sequenceFlow id="ke_saji" sourceRef="masak" targetRef="saji" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="gambar"><bpmndi:BPMNPlane id="bidang" bpmnElement="warung">
    <bpmndi:BPMNShape id="g1" bpmnElement="mulai">
      <dc:Bounds x="100" y="120" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="g2" bpmnElement="masak">
      <dc:Bounds x="200" y="98" width="120" height="80" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="g3" bpmnElement="saji">
      <dc:Bounds x="400" y="98" width="120" height="80" /></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="g4" bpmnElement="ke_masak"><di:waypoint x="136" y="138" /><di:waypoint x="200" y="138" />
    </bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="g5" bpmnElement="ke_saji"><di:waypoint x="320" y="138" /><di:waypoint x="400" y="138" />
    </bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>"""

MARKS = {"visited": ["ke_masak"], "done": ["masak"], "current": ["saji"]}
STEPS = [{"current": ["masak"]}, MARKS, {"done": ["masak"], "finding": ["saji"]}]

Opened = Callable[..., Page]


def page_text(inside: str, attributes: str) -> str:
    names = json.loads((launcher().BUILT / "manifest.json").read_text())
    return f"""<!doctype html><html lang="id"><head><meta charset="utf-8"><title>Alur</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <link rel="stylesheet" href="/page.css"><link rel="stylesheet" href="/built/{names['diagram.css']}">
      <script type="module" src="/built/{names['diagram.js']}"></script></head>
      <body><main><h1>Alur</h1>
      <figure class="diagram" id="alur" data-label="Alur warung" data-diagram="/warung.bpmn" {attributes}>
      {inside}</figure>
      <label for="geser">Langkah</label>
      <input id="geser" type="range" min="1" max="3" value="2" data-diagram-slider="alur">
      <p data-diagram-panel="alur" data-step="1">pertama</p><p data-diagram-panel="alur" data-step="3">ketiga</p>
      <ul><li><button data-diagram-row="alur" data-element="saji" data-step="3">Sajikan</button></li>
      <li><button data-diagram-row="alur" data-element="masak">Masak</button></li></ul>
      </main></body></html>"""


def serve(page: Page, html: str, drawing: str) -> None:
    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if path.startswith("/built/"):
            route.fulfill(path=launcher().BUILT / Path(path).name)
        elif path.endswith(".bpmn"):
            route.fulfill(body=drawing, content_type="application/xml")
        elif path == "/page.css":
            route.fulfill(body="button { min-height: 2.75rem }", content_type="text/css")
        elif path == "/":
            route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})
        else:
            route.fulfill(status=204)

    page.route(re.compile(".*"), answer)


@pytest.fixture
def opened(page: Page) -> Opened:
    def open_page(inside: str = "", attributes: str = "", drawing: str = DRAWING, state: str = "ready") -> Page:
        serve(page, page_text(inside, attributes), drawing)
        page.goto(SITE + "/")
        page.wait_for_selector(f"figure[data-state={state}]")
        return page

    return open_page


def steps_block() -> str:
    return f'<script type="application/json" data-diagram-steps>{json.dumps(STEPS)}</script>'


def marked(page: Page, kind: str) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        f".djs-element.{kind}", "nodes => nodes.map(node => node.dataset.elementId)"
    )
    return sorted(found)


def test_marks_of_the_page_stand_on_the_shapes_with_a_sign_each(opened: Opened) -> None:
    page = opened(attributes=f"data-marks='{json.dumps(MARKS)}'")
    assert {kind: marked(page, kind) for kind in MARKS} == MARKS
    assert page.locator(".diagram-sign").all_inner_texts() == ["✓", "●"]
    assert page.locator(".djs-shape.current .djs-visual > :nth-child(1)").evaluate(
        "node => getComputedStyle(node).strokeWidth"
    ) == "4px"


def test_a_draft_is_drawn_from_the_page_itself(opened: Opened) -> None:
    written = json.dumps(DRAWING).replace("<", "\\u003c")
    block = f'<script type="application/json" data-diagram-source>{written}</script>'
    page = opened(inside=block, drawing="not asked for")
    assert page.locator("[data-element-id=saji]").count() == 1


def test_the_slider_shows_each_step_and_its_panel(opened: Opened) -> None:
    page = opened(inside=steps_block())
    assert marked(page, "current") == ["saji"]
    page.locator("#geser").fill("1")
    assert (marked(page, "current"), marked(page, "done")) == (["masak"], [])
    assert (page.get_by_text("pertama").is_visible(), page.get_by_text("ketiga").is_visible()) == (True, False)
    assert page.locator("#geser").get_attribute("aria-valuetext") == "Langkah 1 dari 3"


def test_a_row_of_the_list_selects_its_shape_and_its_step(opened: Opened) -> None:
    page = opened(inside=steps_block())
    page.get_by_role("button", name="Sajikan").click()
    assert (marked(page, "chosen"), marked(page, "finding")) == (["saji"], ["saji"])
    assert page.locator("#geser").input_value() == "3"


def test_a_press_on_a_shape_marks_its_row(opened: Opened) -> None:
    page = opened()
    page.locator("[data-element-id=masak] .djs-hit").first.click()
    assert page.locator("[aria-current=true]").all_inner_texts() == ["Masak"]


def test_the_mark_of_the_viewers_maker_stays_visible_and_uncovered(opened: Opened) -> None:
    page = opened(attributes=f"data-marks='{json.dumps(MARKS)}'")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        mark = page.locator(".bjs-powered-by")
        mark.scroll_into_view_if_needed()
        assert mark.is_visible()
        assert mark.evaluate("""node => { const b = node.getBoundingClientRect();
            return node.contains(document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2)); }""")


def test_the_page_scrolls_over_a_diagram_that_nobody_pressed(opened: Opened) -> None:
    page = opened()
    page.set_viewport_size({"width": 1280, "height": 300})
    page.mouse.move(400, 150)
    page.mouse.wheel(0, 120)
    page.wait_for_function("() => window.scrollY > 0")


def test_the_buttons_zoom_and_bring_everything_back(opened: Opened) -> None:
    page = opened()
    scale = "document.querySelector('.viewport').transform.baseVal.consolidate().matrix.a"
    first = page.evaluate(scale)
    page.get_by_role("button", name="Perbesar diagram").click()
    assert page.evaluate(scale) == pytest.approx(first * 1.25)
    page.get_by_role("button", name="Seluruhnya").click()
    assert page.evaluate(scale) == pytest.approx(first)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_good_for_everyone(opened: Opened, page: Page, width: int) -> None:
    eyes = watch(page)
    page.set_viewport_size({"width": width, "height": 800})
    opened(inside=steps_block())
    assert axe_findings(page) == []
    assert (wider_than_screen(page), eyes.complaints) == (False, [])


def test_a_file_that_is_no_diagram_gets_a_sentence_instead(opened: Opened) -> None:
    page = opened(drawing="<html>bukan diagram</html>", state="failed")
    assert "Diagram tidak dapat digambar" in page.locator("figure").inner_text()


def test_the_licence_of_every_bundled_library_is_passed_on(opened: Opened) -> None:
    written = (launcher().BUILT / "LICENSES.txt").read_text()
    assert "watermark must stay fully visible" in written
    lock = json.loads((HOME / "forms/web/assets/package-lock.json").read_text())
    used = [path.removeprefix("node_modules/") for path in ("node_modules/bpmn-js", "node_modules/diagram-js")]
    assert all(f"{name} {lock['packages']['node_modules/' + name]['version']}" in written for name in used)
