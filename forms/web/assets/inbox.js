// An open inbox asks now and then whether something changed, and shows it only when the reader asks: nothing jumps.

const EVERY = 30000;
const box = document.querySelector('[data-fresh]');

async function ask() {
  if (document.hidden) return;
  try {
    const answer = await fetch(box.dataset.ask, { credentials: 'same-origin' });
    if (!answer.ok) return;
    const { tanda } = await answer.json();
    box.firstElementChild.hidden = tanda === box.dataset.mark;
  } catch {
    // No connection: the list stays as it is, and the next round asks again.
  }
}

async function show(event) {
  event.preventDefault();
  const answer = await fetch(window.location.href, { credentials: 'same-origin' });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const list = page.querySelector('[data-list]');
  if (!list) {
    window.location.reload();
    return;
  }
  const known = new Set([...document.querySelectorAll('[data-key]')].map((row) => row.dataset.key));
  for (const row of list.querySelectorAll('[data-key]')) {
    if (!known.has(row.dataset.key)) row.classList.add('is-new');
  }
  document.querySelector('[data-list]').replaceWith(list);
  document.querySelector('.filters')?.replaceWith(page.querySelector('.filters'));
  box.dataset.mark = page.querySelector('[data-fresh]').dataset.mark;
  box.firstElementChild.hidden = true;
}

if (box) {
  box.querySelector('[data-show]').addEventListener('click', show);
  setInterval(ask, EVERY);
  document.addEventListener('visibilitychange', ask);
}
