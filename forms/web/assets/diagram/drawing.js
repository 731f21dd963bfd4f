// One drawing: the viewer, its marks, its place on the screen. Knows no slider and no list.

import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

import { panByTouch } from './touch.js';

// Where a narrow screen looks first: where the case stands, else where it is hottest.
const FIRST = ['current', 'heat3', 'heat2', 'heat1'];
const KINDS = ['visited', 'done', 'current', 'finding', 'heat1', 'heat2', 'heat3'];

// Colour is never alone: each kind has its sign. A flow has no room for one and is told by its thickness.
// A shape in heat is told by its number, which comes with the marks as `labels`.
const SIGNS = {
  done: ['✓', 'sudah selesai'], current: ['●', 'sedang berjalan'], finding: ['!', 'ada temuan'],
  heat1: ['', 'sedikit'], heat2: ['', 'sedang'], heat3: ['', 'paling banyak'],
};

const NARROW = 600;

export class Drawing {
  constructor(figure) {
    this.figure = figure;
    this.canvasElement = document.createElement('div');
    this.canvasElement.className = 'diagram-canvas';
    figure.prepend(this.canvasElement);
    // The wheel scrolls the page until someone presses into the diagram: a page must not trap its reader.
    this.wheel = { enabled: false };
    this.viewer = new NavigatedViewer({ container: this.canvasElement, zoomScroll: this.wheel });
    this.shown = [];
    this.moved = false;
  }

  async open(xml) {
    await this.viewer.importXML(xml);
    this.canvas = this.viewer.get('canvas');
    this.elements = this.viewer.get('elementRegistry');
    this.describe();
    this.listen();
  }

  describe() {
    const svg = this.canvasElement.querySelector('svg');
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', this.figure.dataset.label || 'Diagram alur');
  }

  listen() {
    const place = this.canvasElement;
    place.addEventListener('pointerdown', () => this.holdWheel(true));
    place.addEventListener('pointerleave', () => this.holdWheel(false));
    panByTouch(place, (distance) => this.scroll(distance));
    this.sizes = new ResizeObserver(() => this.resized());
    this.sizes.observe(place);
    this.viewer.on('element.click', ({ element }) => this.tell('diagram:select', { element: element.id }));
  }

  holdWheel(held) {
    this.wheel.enabled = held;
    this.viewer.get('zoomScroll').toggle(held);
  }

  tell(name, detail) {
    this.figure.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  close() {
    this.sizes?.disconnect();
    this.viewer.destroy();
  }

  // -- where it is looked at

  scroll(distance) {
    this.moved = true;
    this.canvas.scroll(distance);
  }

  zoom(factor) {
    this.moved = true;
    this.canvas.zoom(this.canvas.zoom() * factor);
  }

  fit() {
    this.moved = false;
    this.canvas.resized();
    if (!this.canvasElement.clientWidth) {
      return; // in a closed tab or panel; the observer calls again when it opens
    }
    this.canvas.zoom('fit-viewport', 'auto');
    const current = FIRST.map((wanted) => this.shown.find(({ kind }) => kind === wanted)).find(Boolean);
    if (current && this.canvasElement.clientWidth < NARROW) {
      this.approach(current.id);
    }
  }

  // Seven lanes on a phone are an overview nobody can read: go to where the case is.
  approach(id) {
    this.canvas.zoom(0.8, this.elements.get(id));
    this.canvas.scrollToElement(id, 40);
  }

  resized() {
    this.canvas.resized();
    if (!this.moved) {
      this.fit();
    }
  }

  // -- what is shown on it

  mark(marks) {
    this.shown.forEach(({ id, kind }) => this.canvas.removeMarker(id, kind));
    this.viewer.get('overlays').remove({ type: 'sign' });
    this.shown = KINDS.flatMap((kind) => (marks[kind] || []).map((id) => ({ id, kind })))
      .filter(({ id }) => this.elements.get(id));
    this.shown.forEach(({ id, kind }) => this.canvas.addMarker(id, kind));
    this.signs().forEach((kind, id) => this.sign(id, kind, marks.labels?.[id]));
  }

  // One sign for each shape: what is now, and what is wrong, outweighs what was.
  signs() {
    return new Map(this.shown.filter(({ kind }) => SIGNS[kind]).map(({ id, kind }) => [id, kind]));
  }

  sign(id, kind, label) {
    const [text, meaning] = SIGNS[kind];
    const badge = document.createElement('span');
    badge.className = `diagram-sign diagram-sign-${kind}`;
    badge.textContent = label ?? text;
    badge.title = meaning;
    const flow = Boolean(this.elements.get(id).waypoints);
    this.viewer.get('overlays').add(id, 'sign', { position: flow ? { top: -12, left: 0 } : { top: -11, right: 13 }, html: badge });
  }

  select(id) {
    const element = this.elements.get(id);
    if (!element) {
      return;
    }
    this.selected?.forEach((shape) => this.canvas.removeMarker(shape, 'chosen'));
    this.selected = [element];
    this.canvas.addMarker(element, 'chosen');
    this.canvas.scrollToElement(element, 60);
  }
}
