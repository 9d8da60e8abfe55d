// Puts what pops up beside its button or field, always within the window.

const GAP = 4;
const EDGE = 8;

/** Below the anchor, or above where there is more room; `stretch`: at least as wide as the anchor. */
export function place(popup, anchor, { stretch = false } = {}) {
  const at = anchor.getBoundingClientRect();
  const view = window.visualViewport;
  const width = document.documentElement.clientWidth;
  const height = view ? Math.min(view.height, window.innerHeight) : window.innerHeight;
  const style = popup.style;
  style.maxWidth = `${width - 2 * EDGE}px`;
  style.maxHeight = "";
  if (stretch) {
    style.minWidth = `${Math.min(at.width, width - 2 * EDGE)}px`;
    style.width = style.minWidth;
  }
  const below = height - at.bottom - GAP - EDGE;
  const above = at.top - GAP - EDGE;
  const wanted = Math.min(popup.scrollHeight + 2, parseFloat(getComputedStyle(popup).maxHeight) || Infinity);
  const goesUp = wanted > below && above > below;
  const room = Math.max(80, goesUp ? above : below);
  if (wanted > room) style.maxHeight = `${room}px`;
  const tall = Math.min(wanted, room);
  style.top = `${Math.max(EDGE, goesUp ? at.top - GAP - tall : at.bottom + GAP)}px`;
  style.left = `${Math.max(EDGE, Math.min(at.left, width - popup.offsetWidth - EDGE))}px`;
}
