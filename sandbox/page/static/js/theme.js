// Light or dark: as the system has it, until the visitor chooses.

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";

const KEPT = "sandbox.theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function current() {
  return document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
}

/** The switch of the top bar. */
export function themeSwitch() {
  const kept = localStorage.getItem(KEPT);
  if (kept) document.documentElement.dataset.theme = kept;
  const button = el("button", { type: "button", class: "bar-button", on: { click: toggle } });
  function draw() {
    const other = current() === "dark" ? "light" : "dark";
    button.setAttribute("aria-label", `Switch to the ${other} theme`);
    button.title = `Switch to the ${other} theme`;
    fill(button, icon(other === "light" ? "sun" : "moon"));
  }
  function toggle() {
    const chosen = current() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = chosen;
    localStorage.setItem(KEPT, chosen);
    draw();
  }
  dark.addEventListener("change", draw);
  draw();
  return button;
}
