// The elements of blocks: buttons and menus here, everything with a value through its own module.

import { confirmDialog } from "./confirm.js";
import { el } from "./dom.js";
import * as inputs from "./inputs.js";
import { openMenu } from "./menu.js";
import { textObject, wordsOf } from "./mrkdwn.js";
import { hasValue, Place, valueOf } from "./blocks/control.js";
import { picture } from "./blocks/image.js";
import { follow, safeUrl } from "./blocks/references.js";
import { select } from "./blocks/selects.js";
import { unknown } from "./blocks/unknown.js";

const WITH_VALUE = {
  plain_text_input: inputs.textInput,
  email_text_input: inputs.textInput,
  url_text_input: inputs.textInput,
  number_input: inputs.textInput,
  rich_text_input: inputs.textInput,
  datepicker: inputs.datePicker,
  timepicker: inputs.timePicker,
  datetimepicker: inputs.dateTimePicker,
  checkboxes: inputs.checkboxes,
  radio_buttons: inputs.radioButtons,
  file_input: inputs.fileInput,
};
const PRESSED = {
  button,
  workflow_button: button,
  icon_button: iconButton,
  feedback_buttons: feedbackButtons,
  overflow,
  image: (element, block, ctx) => picture(element, ctx, "accessory-image"),
};

/** An element of any kind that stands in a block outside a form; `label` names it where it does not name itself. */
export function element(json, block, ctx, label) {
  if (hasValue(json?.type)) {
    const name = label || (json.placeholder && wordsOf(json.placeholder, ctx)) || json.action_id || json.type;
    return control(json, block, ctx, { name }).node;
  }
  return Object.hasOwn(PRESSED, json?.type) ? PRESSED[json.type](json, block, ctx) : unknown(json?.type, "element");
}

/** The control of an element with a value: {node, target, show(value), read(ctx), …}; a surface that is redrawn keeps it. */
export function control(json, block, ctx, options) {
  const make = WITH_VALUE[json.type] ?? select;
  const place = new Place(json, block, ctx);
  const before = ctx.before?.get(place.key);
  const made = make(place, { ...options, before: before?.type === json.type ? before : null });
  Object.assign(made, { type: json.type, blockId: place.blockId, read: (now) => valueOf(json, place.blockId, now) });
  before?.close?.();
  ctx.controls?.set(place.key, made);
  return made;
}

/** Slack's button; one with an address is a link as well. */
function button(json, block, ctx) {
  if (!json.text) return null;
  const place = new Place(json, block, ctx);
  const href = json.url ? safeUrl(json.url) : null;
  const style = { primary: " button-primary", danger: " button-danger" }[json.style] ?? "";
  const shown = {
    class: `button${style}`, "aria-label": json.accessibility_label, data: place.data,
    ...(href ? { href, target: "_blank", rel: "noopener noreferrer" } : { type: "button" }),
  };
  const node = el(href ? "a" : "button", shown, el("span", { class: "button-text", dir: "auto" }, textObject(json.text, ctx)));
  node.addEventListener("click", (event) => {
    const away = href && (event.metaKey || event.ctrlKey || event.shiftKey);
    if (!away) event.preventDefault();
    pressed(node, json, place, json.value, away ? null : href);
  });
  return node;
}

function iconButton(json, block, ctx) {
  const onlyFor = json.visible_to_user_ids;
  if (onlyFor && !onlyFor.includes(ctx.me?.id)) return "";
  return iconOnly(json, json.icon, new Place(json, block, ctx), json.value);
}

function iconOnly(json, icon, place, value) {
  const name = json.accessibility_label || wordsOf(json.text, place.ctx);
  const node = el("button", { class: "glyph-button", type: "button", "aria-label": name, title: name, data: place.data });
  node.append(el("span", { class: `glyph glyph-${ICONS.has(icon) ? icon : "dots"}`, "aria-hidden": "true" }));
  node.addEventListener("click", () => pressed(node, json, place, value));
  return node;
}

const ICONS = new Set(["trash", "thumbs-up", "thumbs-down"]);

function feedbackButtons(json, block, ctx) {
  const place = new Place(json, block, ctx);
  return el(
    "span",
    { class: "feedback" },
    iconOnly(json.positive_button, "thumbs-up", place, json.positive_button.value),
    iconOnly(json.negative_button, "thumbs-down", place, json.negative_button.value),
  );
}

/** ⋯ with up to five entries. */
function overflow(json, block, ctx) {
  const place = new Place(json, block, ctx);
  const node = el(
    "button",
    {
      class: "button button-overflow", type: "button", "aria-label": "More options", "aria-haspopup": "menu",
      "aria-expanded": "false", data: place.data,
    },
    el("span", { class: "glyph glyph-dots", "aria-hidden": "true" }),
  );
  const entry = (option) => ({
    label: textObject(option.text, ctx),
    hint: option.description && textObject(option.description, ctx),
    onSelect: () => pressed(node, json, place, option.value, option.url ? safeUrl(option.url) : null),
  });
  node.addEventListener("click", () => {
    if (node.getAttribute("aria-busy") !== "true") openMenu(node, json.options.map(entry), { label: "More options" });
  });
  return node;
}

/** A click: confirmed where that is wanted, shown as under way until the app has heard of it. */
async function pressed(node, json, place, value, href = null) {
  if (node.getAttribute("aria-busy") === "true") return;
  if (json.confirm && !(await confirmDialog(json.confirm, place.ctx))) return;
  node.setAttribute("aria-busy", "true");
  try {
    if (href) follow(href, place.ctx);
    await place.press(value);
  } finally {
    node.removeAttribute("aria-busy");
  }
}
