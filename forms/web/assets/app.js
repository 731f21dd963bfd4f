// What a page gains when scripts run: drafts saved while typing, fields that appear at once, uploads sent when chosen.
// Every one of these also works without a script, by the buttons of the form.

import './form/signature.js';

const PAUSE = 2500;
const token = (form) => form.elements._token?.value ?? '';

function post(form, address, body) {
  return fetch(address, {
    method: 'POST',
    body,
    headers: { 'X-Izin-Token': token(form), 'X-Requested-With': 'fetch' },
    credentials: 'same-origin',
  });
}

// What stands in the form, without files: they are sent once, when they are chosen.
function answers(form) {
  const body = new FormData(form);
  for (const input of form.querySelectorAll('input[type="file"]')) body.delete(input.name);
  for (const kept of form.querySelectorAll('input[type="hidden"]')) {
    if (!body.getAll(kept.name).includes(kept.value)) body.append(kept.name, kept.value);
  }
  return body;
}

// A secret is typed once and sent once; a draft never carries it.
function withoutSecrets(form, body) {
  for (const input of form.querySelectorAll('input[type="password"]')) body.delete(input.name);
  return body;
}

// ---- drafts ----

function watchDraft(form) {
  const state = document.querySelector('[data-save-state]');
  let timer = 0;
  let running = null;

  const say = (text) => {
    if (state) state.textContent = text;
  };

  function save() {
    if (!form.dataset.autosave) return;
    if (running) {
      later();
      return;
    }
    clearTimeout(timer);
    running = attempt().finally(() => {
      running = null;
    });
  }

  async function attempt() {
    say('Menyimpan…');
    try {
      const reply = await post(form, form.dataset.autosave, withoutSecrets(form, answers(form)));
      const told = await reply.json();
      if (reply.ok) form.elements._revisi.value = told.revision;
      say(told.text);
      showProgress(told.parts ?? {});
      showCount(told.counted);
      if (reply.status === 409) form.removeAttribute('data-autosave');
    } catch {
      say('Belum tersimpan: sambungan terputus. Isian tetap ada di halaman ini.');
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  form.addEventListener('input', (event) => {
    if (event.target.type !== 'file' && form.dataset.autosave) later();
  });
  form.addEventListener('submit', () => clearTimeout(timer));
  return { running: () => running, save };
}

function showCount(text) {
  const place = document.querySelector('[data-counted]');
  if (place && text) place.textContent = text;
}

function showProgress(parts) {
  for (const [id, text] of Object.entries(parts)) {
    const place = document.querySelector(`[data-part="${CSS.escape(id)}"]`);
    if (place && !place.classList.contains('wrong-count')) place.textContent = text;
  }
}

// ---- fields drawn anew by the server ----

function place(element) {
  return element && element.id ? `#${CSS.escape(element.id)}` : null;
}

// One request at a time, each built when its turn comes: what the one before brought back is part of it. Files are taken
// out of their fields at once, because drawing the fields anew empties them.
function watchFields(form, draft) {
  const box = form.querySelector('[data-fields]');
  const touched = new Set();
  let picking = null;
  let queue = Promise.resolve();
  let waiting = 0;

  function redraw(extra) {
    waiting += 1;
    box.setAttribute('aria-busy', 'true');
    queue = queue.then(() => turn(extra)).finally(() => {
      waiting -= 1;
      if (!waiting) box.removeAttribute('aria-busy');
    });
  }

  async function turn({ files = [], button }) {
    if (files.length) tell('Mengunggah…');
    try {
      await draft.running();
      touched.clear();
      const body = withoutSecrets(form, answers(form));
      for (const [name, file] of files) body.append(name, file);
      if (button) body.append(button.name, button.value);
      const reply = await post(form, form.dataset.redraw, body);
      if (!reply.ok) {
        tell('Keadaan halaman ini sudah berubah. Simpan draf atau muat ulang.');
        return;
      }
      draw(await reply.text());
      draft.save();
    } catch {
      tell(files.length ? 'Berkas belum terkirim. Periksa sambungan, lalu pilih lagi.'
        : 'Belum tersimpan: sambungan terputus. Isian tetap ada di halaman ini.');
    }
  }

  // What was typed while the answer was on its way stays, and so does a secret, which never travels with it.
  function draw(html) {
    const focus = place(document.activeElement);
    const kept = [...box.querySelectorAll('input, select, textarea')].filter(
      (input) => input.type === 'password' || touched.has(input.id),
    );
    box.replaceChildren(document.createRange().createContextualFragment(html));
    for (const old of kept) {
      const input = old.id && document.getElementById(old.id);
      if (input && input.type !== 'file') {
        input.value = old.value;
        input.checked = old.checked;
      }
    }
    // The field whose file dialog is open stays the same element, or what is chosen there would be lost.
    if (picking) document.getElementById(picking.id)?.replaceWith(picking);
    const asked = box.querySelector('[data-focus], [autofocus]');
    const target = asked ?? (focus ? document.querySelector(focus) : null);
    target?.focus({ preventScroll: !asked });
  }

  form.addEventListener('input', (event) => touched.add(event.target.id));
  form.addEventListener('cancel', () => {
    picking = null;
  });
  form.addEventListener('change', ({ target }) => {
    if (target.type === 'file') {
      picking = null;
      if (target.files.length) redraw({ files: [...target.files].map((file) => [target.name, file]) });
    } else if (target.closest('[data-toggles]')) {
      redraw({});
    }
  });
  form.addEventListener('click', (event) => {
    if (event.target.type === 'file') picking = event.target;
    const button = event.target.closest('button[data-row]');
    if (button) {
      event.preventDefault();
      redraw({ button: { name: button.name, value: button.value } });
    }
  });
  return { busy: () => (waiting ? queue : null) };
}

// A form goes out after what is on its way: an upload, or a draft whose number the form carries along.
function sendAfter(form, busy) {
  form.addEventListener('submit', (event) => {
    const before = busy();
    if (!before) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    before.then(() => form.requestSubmit(submitter));
  });
}

function tell(text) {
  const state = document.querySelector('[data-save-state]');
  if (state) state.textContent = text;
}

// ---- small courtesies ----

// A second press of the same button must not send a form twice.
function sendOnce(form) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'yes';
    setTimeout(() => delete form.dataset.sent, 8000);
  });
}

function start() {
  for (const form of document.querySelectorAll('form[method="post"]')) {
    const draft = form.dataset.autosave ? watchDraft(form) : { running: () => null, save: () => null };
    const fields = form.dataset.redraw ? watchFields(form, draft) : { busy: () => null };
    sendAfter(form, () => fields.busy() ?? draft.running());
    sendOnce(form);
  }
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-print]')) window.print();
  });
  for (const hidden of document.querySelectorAll('[data-needs-script]')) hidden.hidden = false;
}

window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
});
start();
