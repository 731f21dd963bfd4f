// While the slider of a replay moves, the words beside it keep up with the drawing: step number, sentence, neighbours.

const figure = document.querySelector('figure.diagram');
const words = document.querySelector('[data-slider-words]');
const sentence = document.querySelector('[data-step-sentence]');
const links = document.querySelectorAll('[data-step-link]');
const rows = document.querySelectorAll('.twin > li');

function follow({ detail: { step } }) {
  const panel = document.querySelector(`[data-diagram-panel][data-step="${step}"]`);
  words.textContent = String(step);
  sentence.textContent = panel?.dataset.sentence ?? '';
  for (const link of links) {
    const address = new URL(link.href);
    address.searchParams.set('langkah', String(Math.max(1, step + Number(link.dataset.stepLink))));
    link.href = address.href;
  }
  for (const row of rows) {
    if (Number(row.dataset.step) === step) row.setAttribute('aria-current', 'step');
    else row.removeAttribute('aria-current');
  }
}

if (figure && words) figure.addEventListener('diagram:step', follow);
