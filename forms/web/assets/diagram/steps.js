// Scrubbing through a case: one entry of marks for each step, moved by a slider or by the rows of the list.

function belonging(kind, figure) {
  const key = `diagram${kind}`;
  return [...document.querySelectorAll(`[data-diagram-${kind.toLowerCase()}]`)].filter((one) => one.dataset[key] === figure.id);
}

export function followSteps(figure, drawing, steps) {
  const [slider] = belonging('Slider', figure);
  const panels = belonging('Panel', figure);
  const first = slider ? Number(slider.min || 0) : 1;

  function show(step) {
    const marks = steps[step - first];
    if (!marks) {
      return;
    }
    drawing.mark(marks);
    panels.forEach((panel) => { panel.hidden = Number(panel.dataset.step) !== step; });
    if (slider) {
      slider.value = String(step);
      slider.setAttribute('aria-valuetext', `Langkah ${step} dari ${first + steps.length - 1}`);
    }
    drawing.tell('diagram:step', { step });
  }

  slider?.addEventListener('input', () => show(Number(slider.value)));
  figure.addEventListener('diagram:go', ({ detail }) => show(detail.step));
  show(slider ? Number(slider.value) : first + steps.length - 1);
}
