// Blocks that people act in: rows of elements, and the fields of forms with label, hint and error.

import { el, fill, freshId } from "../dom.js";
import { control, element } from "../elements.js";
import { textObject } from "../mrkdwn.js";
import { hasValue } from "./control.js";
import { safely, unknown } from "./unknown.js";

/** A row of buttons and menus. */
export function actions(block, ctx) {
  return el("div", { class: "actions" }, block.elements.map((json) => safely(json, "element", () => element(json, block, ctx))));
}

/** A row of small icons under a message. */
export function contextActions(block, ctx) {
  return el("div", { class: "actions actions-small" }, block.elements.map((json) => safely(json, "element", () => element(json, block, ctx))));
}

/** A field of a form. */
export function inputBlock(block, ctx) {
  const json = block.element;
  if (!hasValue(json?.type)) return unknown(json?.type, "element");
  const [id, labelId, hintId, errorId] = ["field", "label", "hint", "error"].map(freshId);
  const isGroup = json.type === "checkboxes" || json.type === "radio_buttons";
  const made = control(json, block, ctx, {
    id,
    labelId: isGroup ? labelId : null,
    optional: block.optional === true,
  });
  const target = made.group ?? made.target;
  const own = [target.getAttribute("aria-describedby"), ...(made.notes ?? []), block.hint && hintId].filter(Boolean);
  const error = el("div", { class: "field-error", id: errorId, role: "alert", hidden: true });
  if (!block.optional && mayBeRequired(json)) target.setAttribute("aria-required", "true");
  const node = el(
    "div",
    { class: "field-block" },
    el(
      isGroup ? "div" : "label",
      { class: "field-label", id: labelId, for: isGroup ? null : id, dir: "auto" },
      textObject(block.label, ctx),
      block.optional && el("span", { class: "field-optional" }, " (optional)"),
    ),
    made.node,
    error,
    block.hint && el("div", { class: "field-hint", id: hintId, dir: "auto" }, textObject(block.hint, ctx)),
  );
  made.fault = (text) => {
    node.classList.toggle("has-error", Boolean(text));
    error.hidden = !text;
    if (error.textContent !== (text ?? "")) fill(error, text && el("span", { class: "glyph glyph-error", "aria-hidden": "true" }), text);
    target.setAttribute("aria-invalid", String(Boolean(text)));
    const notes = [text && errorId, ...own].filter(Boolean);
    if (notes.length > 0) target.setAttribute("aria-describedby", notes.join(" "));
    else target.removeAttribute("aria-describedby");
  };
  made.fault(ctx.errors?.[block.block_id]);
  return node;
}

/** Neither checkboxes nor files can say that they are required. */
function mayBeRequired(json) {
  return json.type !== "checkboxes" && json.type !== "file_input";
}
