// A finger moves the drawing sideways; up and down it still moves the page, and two fingers belong to the browser.

export function panByTouch(place, scroll) {
  let last = null;
  place.addEventListener('pointerdown', (event) => {
    last = event.pointerType === 'touch' && event.isPrimary ? event.clientX : null;
  });
  place.addEventListener('pointermove', (event) => {
    if (last === null || !event.isPrimary) {
      return;
    }
    scroll({ dx: event.clientX - last, dy: 0 });
    last = event.clientX;
  });
  ['pointerup', 'pointercancel', 'pointerleave'].forEach((name) => place.addEventListener(name, () => { last = null; }));
}
