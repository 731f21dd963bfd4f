// Playing every scenario takes a while: with scripts they are played one after another and each verdict is shown at once.

const all = document.querySelector('[data-play-all]');

async function play(button) {
  const form = button.closest('form');
  const body = new FormData(form, button);
  const answer = await fetch(form.action, { method: 'POST', body, credentials: 'same-origin' });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const told = page.getElementById('hasil');
  const place = button.closest('li').querySelector('[data-verdict]');
  if (!answer.ok || !told) throw new Error(String(answer.status));
  place.replaceChildren(...[...told.children].slice(1).map((one) => document.importNode(one, true)));
  return told.classList.contains('positive');
}

async function playAll(event) {
  event.preventDefault();
  const state = document.querySelector('[data-play-state]');
  const buttons = [...document.querySelectorAll('button[name="skenario"]')];
  const pressed = all.querySelector('button');
  let good = 0;
  pressed.disabled = true;
  try {
    for (const [number, button] of buttons.entries()) {
      state.textContent = `Memainkan ${number + 1} dari ${buttons.length} …`;
      good += Number(await play(button));
    }
    state.textContent = `Selesai: ${good} dari ${buttons.length} sesuai.`;
  } catch {
    state.textContent = 'Terhenti: sambungan terputus. Tekan lagi untuk mengulang.';
  } finally {
    pressed.disabled = false;
  }
}

if (all) all.addEventListener('submit', playAll);
