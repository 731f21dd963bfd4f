// Documents open beside the form instead of in its place. On a narrow screen, and without scripts, they are plain links.

const WIDE = '(min-width: 52rem)';
const PLACES = ['/lampiran/', '/surat/'];

function element(name, attributes, ...children) {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
}

function build() {
  const title = element('h2', { id: 'lihat-judul' });
  const aside = element('a', { textContent: 'Buka di tab baru', target: '_blank', rel: 'noopener' });
  const close = element('button', { type: 'button', className: 'button-second', textContent: 'Tutup' });
  const frame = element('iframe', {});
  const dialog = element('dialog', { className: 'peek' }, element('div', { className: 'peek-head' }, title, aside, close), frame);
  dialog.setAttribute('aria-labelledby', title.id);
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => frame.removeAttribute('src'));
  document.body.append(dialog);
  return { dialog, title, aside, frame };
}

let parts = null;

function open(link) {
  parts ??= build();
  parts.title.textContent = link.textContent.trim();
  parts.frame.title = parts.title.textContent;
  parts.aside.href = link.href;
  parts.frame.src = `${link.href}#toolbar=0&navpanes=0&view=FitH`;
  parts.dialog.showModal();
}

document.querySelector('.task')?.addEventListener('click', (event) => {
  const link = event.target.closest('a[href]');
  const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  if (!link || link.target || !plain || !window.matchMedia(WIDE).matches) return;
  if (!PLACES.some((place) => new URL(link.href).pathname.startsWith(place))) return;
  event.preventDefault();
  open(link);
});
