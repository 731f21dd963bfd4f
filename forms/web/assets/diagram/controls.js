// Buttons for those who have no wheel: nearer, further, all of it. Above the drawing: nothing may lie over the viewer's mark.

const BUTTONS = [
  ['+', 'Perbesar diagram', (drawing) => drawing.zoom(1.25)],
  ['−', 'Perkecil diagram', (drawing) => drawing.zoom(0.8)],
  ['Seluruhnya', 'Seluruhnya: tampilkan diagram dari ujung ke ujung', (drawing) => drawing.fit()],
];

function button(text, label, press) {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = text;
  element.title = label;
  element.setAttribute('aria-label', label);
  element.addEventListener('click', press);
  return element;
}

export function addControls(figure, drawing) {
  const bar = document.createElement('div');
  bar.className = 'diagram-controls';
  bar.append(...BUTTONS.map(([text, label, act]) => button(text, label, () => act(drawing))));
  figure.prepend(bar);
}
