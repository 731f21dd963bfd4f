// While a check list is filled in, the bar at the bottom counts how often each answer was given.

const form = document.querySelector('.task-form');
const told = document.querySelector('[data-counted]');

function small(text) {
  return /^.[A-Z]/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

function count() {
  const answers = new Map();
  for (const input of form.querySelectorAll('.form-check input[type="radio"]')) {
    const label = input.closest('label').textContent.trim();
    answers.set(label, (answers.get(label) ?? 0) + Number(input.checked));
  }
  if (answers.size) told.textContent = [...answers].map(([label, number]) => `${number} ${small(label)}`).join(', ');
}

if (form && told) form.addEventListener('change', count);
