// Blocks that mostly are text: header, section, context, divider, alert, image.

import { el } from "../dom.js";
import { element } from "../elements.js";
import { textObject, wordsOf } from "../mrkdwn.js";
import { picture } from "./image.js";
import { safely } from "./unknown.js";

const LEVELS = new Set(["info", "warning", "error", "success"]);
const LEVEL_WORDS = { warning: "Warning: ", error: "Error: ", success: "Success: " };

/** Large and bold. */
export function header(block, ctx) {
  const level = ctx.surface === "message" ? "4" : "3";
  return el("div", { class: "header", role: "heading", "aria-level": level, dir: "auto" }, textObject(block.text, ctx));
}

/** Text, facts in two columns, and one element beside them. */
export function section(block, ctx) {
  const { text, fields, accessory } = block;
  if (!text && !fields) return null;
  const label = text ? wordsOf(text, ctx).trim().slice(0, 150) : "";
  return el(
    "div",
    { class: "section" },
    el(
      "div",
      { class: "section-words" },
      text && el("div", { class: "text", dir: "auto" }, textObject(text, ctx)),
      fields && el("div", { class: "fields" }, fields.map((field) => el("div", { class: "text field", dir: "auto" }, textObject(field, ctx)))),
    ),
    accessory && el("div", { class: "accessory" }, safely(accessory, "element", () => element(accessory, block, ctx, label))),
  );
}

/** Small print, with small pictures. */
export function context(block, ctx) {
  const part = (json) =>
    json?.type === "image"
      ? picture(json, ctx, "context-image")
      : el("span", { class: "text context-text", dir: "auto" }, textObject(json, ctx));
  return el("div", { class: "context" }, block.elements.map((json) => safely(json, "element", () => part(json))));
}

/** A line. */
export function divider() {
  return el("hr", { class: "rule" });
}

/** A coloured notice. */
export function alert(block, ctx) {
  const level = LEVELS.has(block.level) ? block.level : "default";
  return el(
    "div",
    { class: `alert alert-${level}`, role: "note" },
    el("span", { class: `glyph glyph-${level}`, "aria-hidden": "true" }),
    LEVEL_WORDS[level] && el("span", { class: "for-readers" }, LEVEL_WORDS[level]),
    el("div", { class: "text", dir: "auto" }, textObject(block.text, ctx)),
  );
}

/** A picture with its title. */
export function image(block, ctx) {
  return el(
    "figure",
    { class: "figure" },
    block.title && el("figcaption", { class: "figure-title", dir: "auto" }, textObject(block.title, ctx)),
    picture(block, ctx, "full-image"),
  );
}
