// The labelled box that stands for what cannot be shown.

import { el } from "../dom.js";

/** A box that names the type of a block, element or part that the page does not know, or that is broken. */
export function unknown(type, what = "block", problem = "does not know") {
  return el(
    "div",
    { class: "unknown", role: "note" },
    el("strong", {}, typeof type === "string" && type !== "" ? type : "no type"),
    ` This page ${problem} this ${what}.`,
  );
}

/** Draws, or puts a box in place of what could not be drawn. */
export function safely(json, what, draw) {
  try {
    return draw() ?? unknown(json?.type, what, "cannot show");
  } catch (error) {
    console.warn(`A broken ${what} of type ${json?.type}:`, error.message);
    return unknown(json?.type, what, "cannot show");
  }
}
