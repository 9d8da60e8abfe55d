// Controls that hold a value and are no selects: text, dates and times, checkboxes, radio buttons, files.

import { el, freshId } from "./dom.js";
import { epochOf, localInput, zoneName } from "./dates.js";
import { textObject, wordsOf } from "./mrkdwn.js";

const TYPES = {
  email_text_input: { type: "email", autocomplete: "off" },
  url_text_input: { type: "url", autocomplete: "off", placeholder: "https://" },
  number_input: { type: "text", inputmode: "decimal" },
};
const NEAR_THE_LIMIT = 0.9;

/** A text field of any kind; rich text is typed as plain lines. */
export function textInput(place, { id, name, before }) {
  const { element, ctx } = place;
  const tall = element.multiline === true || element.type === "rich_text_input";
  const node = el(tall ? "textarea" : "input", {
    ...(tall ? { rows: "3" } : { type: "text", ...TYPES[element.type] }),
    ...(element.placeholder && { placeholder: wordsOf(element.placeholder, ctx) }),
    class: tall ? "input input-tall" : "input",
    id, dir: "auto", "aria-label": name, data: place.data,
  });
  const counter = el("span", { class: "counter", id: freshId("counter"), hidden: true });
  let seen = textIn(place.value);
  node.value = before?.unseen?.() ?? seen;
  node.addEventListener("input", () => {
    place.type(node.value);
    count(element, node.value, counter);
  });
  node.addEventListener("change", () => place.typed(node.value));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || tall) return;
    if (place.typed(node.value, { enter: true })) event.preventDefault(); // it tells the app instead of submitting
  });
  count(element, node.value, counter);
  return {
    node: el("div", { class: "typed" }, node, counter),
    target: node,
    notes: [counter.id],
    unseen: () => (node.value === seen ? null : node.value),
    show(value) {
      const text = textIn(value);
      if (text === seen) return;
      seen = text;
      if (place.sender.waits(place.key) || document.activeElement === node) return;
      node.value = text;
      count(element, text, counter);
    },
  };
}

/** The text in a value, which may be a rich text block. */
function textIn(value) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  const words = (part) => part.text ?? (part.elements ?? []).map(words).join(part.type === "rich_text" ? "\n" : "");
  return words(value);
}

/** Tells what is missing or left, only where that matters. */
function count(element, text, counter) {
  const { min_length: least = 0, max_length: most = Infinity } = element;
  const length = [...text].length;
  counter.textContent = length === 0 ? "" : remark(length, least, most);
  counter.hidden = counter.textContent === "";
  counter.classList.toggle("is-over", length > most);
}

function remark(length, least, most) {
  if (length < least) return `${least - length} more`;
  if (length > most) return `${length - most} too many`;
  return length >= Math.min(most * NEAR_THE_LIMIT, most - 5) ? `${most - length} left` : "";
}

/** A date, by the browser's own picker. */
export function datePicker(place, options) {
  return native(place, options, { type: "date", max: "9999-12-31" });
}

/** A time; the zone is named where the app named one. */
export function timePicker(place, options) {
  const { timezone } = place.element;
  if (!timezone) return native(place, options, { type: "time" });
  const now = place.ctx.now?.() ?? new Date();
  return native(place, options, { type: "time" }, { zone: `${timezone.replaceAll("_", " ")} (${zoneName(timezone, now)})` });
}

/** A moment, on the clock of whoever looks. */
export function dateTimePicker(place, options) {
  const tz = place.ctx.me?.tz ?? "UTC";
  const form = { read: (epoch) => localInput(epoch, tz), write: (text) => epochOf(text, tz) };
  return native(place, options, { type: "datetime-local", max: "9999-12-31T23:59" }, { ...form, zone: tz.replaceAll("_", " ") });
}

function native(place, { id, name }, attributes, { zone, read = String, write = (text) => text } = {}) {
  const zoneId = zone && freshId("zone");
  const node = el("input", { class: "input input-picker", id, "aria-label": name, data: place.data, ...attributes });
  const shown = (value) => (value === null || value === undefined ? "" : read(value));
  let seen = shown(place.value);
  node.value = seen;
  const send = async () => {
    if (node.value === seen || /^0\d{3}-/.test(node.value)) return; // a year that is still being typed
    const before = seen;
    seen = node.value;
    if (await place.choose(node.value === "" ? null : write(node.value))) return;
    seen = before;
    node.value = before;
  };
  // While digits are typed the browser reports each complete date; with the popup there is one change.
  node.addEventListener("change", send);
  node.addEventListener("blur", send);
  return {
    node: el("div", { class: "picker" }, node, zone && el("span", { class: "picker-zone", id: zoneId }, zone)),
    target: node,
    notes: zone ? [zoneId] : [],
    show(value) {
      const text = shown(value);
      if (text === seen) return;
      seen = text;
      if (document.activeElement !== node || node.value === "") node.value = text;
    },
  };
}

/** Boxes to tick. */
export function checkboxes(place, options) {
  return choices(place, options, "checkbox", (ticked) => ticked);
}

/** One of a few, all in sight. */
export function radioButtons(place, options) {
  return choices(place, options, "radio", (ticked) => ticked[0] ?? null);
}

function choices(place, { id, name, labelId }, type, valueFrom) {
  const group = freshId("choice");
  const boxes = (place.element.options ?? []).map((option) => choice(place, option, type, group));
  const set = (values) => boxes.forEach(({ box, value }) => (box.checked = values.includes(value)));
  const valuesIn = (value) => [value ?? []].flat().map((option) => option.value);
  let stands = valuesIn(place.value);
  const changed = async () => {
    const ticked = boxes.filter(({ box }) => box.checked).map(({ value }) => value);
    const kept = place.element.options.filter(({ value }) => ticked.includes(value));
    if (await place.choose(valueFrom(ticked), valueFrom(kept))) stands = ticked;
    else set(stands);
  };
  const role = type === "radio" ? "radiogroup" : "group";
  const node = el(
    "div",
    { class: "choices", id, role, "aria-label": labelId ? null : name, "aria-labelledby": labelId, data: place.data },
    boxes.map((one) => one.node),
  );
  node.addEventListener("change", changed);
  set(stands);
  return {
    node,
    target: boxes[0]?.box ?? node,
    group: node,
    show(value) {
      const values = valuesIn(value);
      if (values.join("\n") === stands.join("\n")) return;
      stands = values;
      set(values);
    },
  };
}

function choice(place, option, type, group) {
  const textId = freshId("choice-text");
  const hintId = option.description && freshId("choice-hint");
  const box = el("input", {
    type, name: group, class: "box", value: option.value, "aria-labelledby": textId, "aria-describedby": hintId,
    on: {
      keydown: (event) => {
        if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
        event.preventDefault(); // Enter ticks; it must not send a form that is not finished
        box.click();
      },
    },
  });
  const node = el(
    "label",
    { class: "choice" },
    box,
    el(
      "span",
      { class: "choice-words" },
      el("span", { class: "choice-text", id: textId, dir: "auto" }, textObject(option.text, place.ctx)),
      hintId && el("span", { class: "choice-hint", id: hintId, dir: "auto" }, textObject(option.description, place.ctx)),
    ),
  );
  return { node, box, value: option.value };
}

/** Says that no file can be given here. */
export function fileInput(place, { id, name }) {
  const noteId = freshId("file-note");
  const button = el(
    "button",
    { class: "button", type: "button", id, "aria-label": name, "aria-disabled": "true", "aria-describedby": noteId, data: place.data },
    "Upload file",
  );
  const note = el("span", { class: "file-note", id: noteId }, "This stand-in workspace takes no files here.");
  return { node: el("div", { class: "file-input" }, button, note), target: button, notes: [noteId], show() {} };
}
