// Small pieces that the shell is full of: buttons with an icon, badges, numbers with their words.

import { el } from "./dom.js";
import { icon } from "./icons.js";

/** A button that is only a picture; its label is its name and its tooltip. */
export function iconButton(label, sign, click, { kind = "icon-button", ...more } = {}) {
  const attributes = { type: "button", class: kind, "aria-label": label, title: label, on: { click }, ...more };
  return el("button", attributes, icon(sign));
}

/** A button of words. */
export function wordButton(label, click, { kind = "quiet-button", ...more } = {}) {
  return el("button", { type: "button", class: kind, on: { click }, ...more }, label);
}

/** A number in red; `word` says of what, to those who don't see where it stands. */
export function badge(number, word, shown = String(number)) {
  return el("span", { class: "badge" }, shown, el("span", { class: "unseen" }, ` ${plural(number, word)}`));
}

/** "1 reply", "3 replies". */
export function count(number, word) {
  return `${number} ${plural(number, word)}`;
}

function plural(number, word) {
  if (number === 1) return word;
  return word.endsWith("y") ? `${word.slice(0, -1)}ies` : `${word}s`;
}
