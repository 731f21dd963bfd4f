// The list beside a drawing and the drawing itself point at each other.

function mark(rows, chosen) {
  rows.forEach((row) => row.removeAttribute('aria-current'));
  chosen.forEach((row) => row.setAttribute('aria-current', 'true'));
}

export function followRows(figure, drawing) {
  const rows = [...document.querySelectorAll('[data-diagram-row]')].filter((row) => row.dataset.diagramRow === figure.id);
  rows.forEach((row) => row.addEventListener('click', () => {
    mark(rows, [row]);
    drawing.select(row.dataset.element);
    if (row.dataset.step) {
      drawing.tell('diagram:go', { step: Number(row.dataset.step) });
    }
  }));
  figure.addEventListener('diagram:select', ({ detail }) => {
    const chosen = rows.filter((row) => row.dataset.element === detail.element);
    mark(rows, chosen);
    chosen[0]?.scrollIntoView({ block: 'nearest' });
  });
}
