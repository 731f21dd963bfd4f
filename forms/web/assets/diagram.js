// Every figure.diagram on the page becomes a drawing. The page keeps its words: without this file nothing is lost but the picture.
//
// <figure class="diagram" id="alur" data-diagram="/address/of.bpmn" data-label="what a screen reader says"
//         data-marks='{"done":["a"],"current":["b"],"visited":["flow"],"finding":["c"]}'>
//         or '{"heat1":["a"],"heat3":["b"],"labels":{"a":"2","b":"17"}}' for a map of how much there is
//   <script type="application/json" data-diagram-source>"<?xml …"</script>     in place of the address, for a draft
//   <script type="application/json" data-diagram-steps>[{"done":[],…}, …]</script>   one entry of marks for each step
// </figure>
// <input type="range" data-diagram-slider="alur" min="1" max="10">   shows the marks of that step while it moves
// <section data-diagram-panel="alur" data-step="3">                  seen only at that step
// <tr data-diagram-row="alur" data-element="b" data-step="3">        a press selects the shape, shows the step; a press on the shape marks the row
//
// The figure says data-state="ready" or "failed" and tells "diagram:select" and "diagram:step" as they happen.

import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './diagram/diagram.css';

import { addControls } from './diagram/controls.js';
import { Drawing } from './diagram/drawing.js';
import { followRows } from './diagram/rows.js';
import { followSteps } from './diagram/steps.js';

function embedded(figure, name) {
  const block = figure.querySelector(`script[data-diagram-${name}]`);
  return block ? JSON.parse(block.textContent) : null;
}

async function source(figure) {
  const draft = embedded(figure, 'source');
  if (draft !== null) {
    return draft;
  }
  const answer = await fetch(figure.dataset.diagram, { credentials: 'same-origin' });
  if (!answer.ok) {
    throw new Error(`${figure.dataset.diagram} answered ${answer.status}`);
  }
  return answer.text();
}

function apologise(figure, error) {
  const words = document.createElement('p');
  words.className = 'diagram-failed';
  words.textContent = 'Diagram tidak dapat digambar. Isinya tetap dapat dibaca sebagai daftar di halaman ini.';
  figure.replaceChildren(words);
  figure.dataset.state = 'failed';
  console.warn('diagram not drawn:', error.message);
}

async function draw(figure) {
  const drawing = new Drawing(figure);
  try {
    await drawing.open(await source(figure));
    addControls(figure, drawing);
    followRows(figure, drawing);
    const steps = embedded(figure, 'steps');
    if (steps) {
      followSteps(figure, drawing, steps);
    } else {
      drawing.mark(JSON.parse(figure.dataset.marks || '{}'));
    }
    drawing.fit();
    figure.dataset.state = 'ready';
  } catch (error) {
    drawing.close();
    apologise(figure, error);
  }
}

document.querySelectorAll('figure.diagram[data-diagram]').forEach(draw);
