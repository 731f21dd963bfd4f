// Drawing instead of uploading: a file field marked data-gambar gains a pad. What is drawn becomes its file, sent as if
// it had been chosen; without a script the field stays the plain upload it is.

const PEN = 2.5;

function pad(input) {
  const canvas = document.createElement('canvas');
  canvas.className = 'tanda-tangan';
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', 'Bidang gambar tanda tangan; tanpa layar sentuh, unggah gambarnya di bawah.');
  const ink = canvas.getContext('2d');
  let last = null;
  let drawn = false;

  function fit() {
    const scale = window.devicePixelRatio || 1;
    canvas.width = canvas.clientWidth * scale;
    canvas.height = canvas.clientHeight * scale;
    ink.scale(scale, scale);
    ink.fillStyle = '#fff';
    ink.fillRect(0, 0, canvas.width, canvas.height);
    ink.lineWidth = PEN;
    ink.lineCap = 'round';
    ink.strokeStyle = '#111';
    drawn = false;
  }

  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = [event.offsetX, event.offsetY];
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!last) return;
    ink.beginPath();
    ink.moveTo(...last);
    last = [event.offsetX, event.offsetY];
    ink.lineTo(...last);
    ink.stroke();
    drawn = true;
  });
  for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, () => { last = null; });
  return { canvas, fit, drawn: () => drawn, take: () => use(canvas, input) };
}

function use(canvas, input) {
  canvas.toBlob((blob) => {
    const files = new DataTransfer();
    files.items.add(new File([blob], 'tanda-tangan.png', { type: 'image/png' }));
    input.files = files.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, 'image/png');
}

function button(words, style, press) {
  const found = document.createElement('button');
  found.type = 'button';
  found.className = style;
  found.textContent = words;
  found.addEventListener('click', press);
  return found;
}

function offer(input) {
  if (input.dataset.pad) return;
  input.dataset.pad = 'yes';
  const { canvas, fit, drawn, take } = pad(input);
  const box = document.createElement('div');
  box.className = 'stack-tight';
  box.append(canvas, button('Pakai tanda tangan ini', 'button-second', () => drawn() && take()),
    button('Ulangi', 'button-plain', fit));
  input.before(box);
  fit();
}

export function offerPads(root = document) {
  for (const input of root.querySelectorAll('input[type="file"][data-gambar]')) offer(input);
}

// Fields are drawn anew by the server whenever an answer calls for others.
for (const box of document.querySelectorAll('[data-fields]')) {
  new MutationObserver(() => offerPads(box)).observe(box, { childList: true, subtree: true });
}
offerPads();
