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
  const row = active.closest("[data-ts]") ?? root;
  const block = active.closest("[data-block-id]")?.dataset.blockId;
  const action = active.closest("[data-action-id]")?.dataset.actionId;
  const part = active.closest("[data-key]")?.dataset.key;
  draw();
  if (active.isConnected || !row.isConnected) return undefined;
  const inBlock = [...row.querySelectorAll("[data-action-id]")].filter(
    (one) => one.closest("[data-block-id]")?.dataset.blockId === block,
  );
  const same = inBlock.find((one) => one.dataset.actionId === action);
  const samePart = row === root ? row.querySelector(`[data-key="${CSS.escape(part ?? "")}"]`) : null;
  // A button that is gone gives way to its neighbours: after Claim comes the next step, not the top of the page.
  for (const place of [same, inBlock[0], samePart, row]) {
    const target = place?.matches(FOCUSABLE) ? place : (place?.querySelector(FOCUSABLE) ?? place);
    target?.focus({ preventScroll: true });
    if (target && target === document.activeElement) break;
  }
  return undefined;
}

/** Whether something lies over the page that Esc should close first. */
export function covered() {
  const over = [...document.querySelectorAll('dialog[open], [aria-modal="true"], [role="menu"]')];
  return over.some((one) => one.checkVisibility());
}
