// Keeps the focus where it is while something is drawn anew, and tells whether now is a bad moment to do so.

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select, textarea, [tabindex]:not([tabindex="-1"])';

/** Whether somebody is in the midst of something in there: an open menu, or text that is being typed. */
export function busy(node) {
  if (node.querySelector('[aria-expanded="true"][aria-haspopup], [role="combobox"][aria-expanded="true"]')) return true;
  const active = document.activeElement;
  const typing = active?.matches("textarea, input:not([type=checkbox], [type=radio])") ?? false;
  return typing && node.contains(active);
}

/** Draws, then gives the focus back to what stands in the place of the element that had it. */
export function keepingFocus(root, draw) {
  const active = document.activeElement;
  if (!root.contains(active)) return draw();
  const block = active.closest("[data-block-id]")?.dataset.blockId;
  const action = active.closest("[data-action-id]")?.dataset.actionId;
  const part = active.closest("[data-key]")?.dataset.key;
  const row = active.closest("[data-ts]");
  draw();
  if (active.isConnected) return undefined;
  const byAction = [...root.querySelectorAll("[data-action-id]")].find(
    (one) => one.dataset.actionId === action && one.closest("[data-block-id]")?.dataset.blockId === block,
  );
  const byPart = [...root.querySelectorAll("[data-key]")].find((one) => one.dataset.key === part);
  for (const place of [byAction, byPart, row]) {
    if (!place?.isConnected) continue;
    const target = place.matches(FOCUSABLE) ? place : place.querySelector(FOCUSABLE);
    (target ?? place).focus({ preventScroll: true });
    if (place.contains(document.activeElement)) break;
  }
  return undefined;
}

/** Whether something lies over the page that Esc should close first. */
export function covered() {
  const over = [...document.querySelectorAll('dialog[open], [aria-modal="true"], [role="menu"]')];
  return over.some((one) => one.checkVisibility());
}
