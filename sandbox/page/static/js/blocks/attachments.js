// Attachments: the older frame around texts or blocks, with a coloured bar at its side.

import { el } from "../dom.js";
import { clockTime, dayLabel } from "../dates.js";
import { mrkdwn, plainText } from "../mrkdwn.js";
import { picture } from "./image.js";
import { linkNode, safeUrl } from "./references.js";
import { safely } from "./unknown.js";

const NAMED = { good: "#2eb886", warning: "#daa038", danger: "#a30200" };

/** One attachment; `drawList` draws its blocks. */
export function attachmentNode(attachment, ctx, drawList) {
  const bar = el("div", { class: "attachment-bar" });
  const colour = NAMED[attachment?.color] ?? attachment?.color;
  if (/^#?[0-9a-f]{3,6}$/i.test(colour ?? "")) bar.style.backgroundColor = colour.startsWith("#") ? colour : `#${colour}`;
  const words = safely({ type: "attachment", ...attachment }, "attachment", () =>
    attachment.blocks ? drawList(attachment.blocks, ctx) : legacy(attachment, ctx),
  );
  return el(
    "div",
    { class: "attachment-around" },
    attachment?.pretext && el("div", { class: "text", dir: "auto" }, mrkdwn(attachment.pretext, ctx)),
    el("div", { class: "attachment" }, bar, el("div", { class: "attachment-words" }, words)),
  );
}

function legacy(attachment, ctx) {
  const { author_name: author, title, text, fields, image_url: image, thumb_url: thumb, fallback } = attachment;
  const empty = !author && !title && !text && !fields?.length && !image;
  return el(
    "div",
    { class: "legacy" },
    el(
      "div",
      { class: "legacy-words" },
      author && el("div", { class: "legacy-author" }, linked(author, attachment.author_link, ctx)),
      title && el("div", { class: "legacy-title" }, linked(title, attachment.title_link, ctx)),
      (text || (empty && fallback)) && el("div", { class: "text", dir: "auto" }, mrkdwn(text || fallback, ctx)),
      fields?.length > 0 && el("div", { class: "fields" }, fields.map((field) => fieldNode(field, ctx))),
      image && picture({ image_url: image, alt_text: title || fallback || "image" }, ctx, "full-image"),
      (attachment.footer || attachment.ts) && el("div", { class: "legacy-footer" }, footer(attachment, ctx)),
    ),
    thumb && !image && picture({ image_url: thumb, alt_text: title || fallback || "" }, ctx, "accessory-image"),
  );
}

function linked(text, url, ctx) {
  return url && safeUrl(url) ? linkNode(url, text, ctx) : plainText(text);
}

function fieldNode(field, ctx) {
  return el(
    "div",
    { class: field.short ? "text field" : "text field field-long", dir: "auto" },
    field.title && el("strong", {}, plainText(field.title)),
    field.title && "\n",
    mrkdwn(field.value ?? "", ctx),
  );
}

function footer({ footer: text, ts }, ctx) {
  const date = ts && new Date(Number(ts) * 1000);
  const tz = ctx.me?.tz;
  const when = date && !Number.isNaN(date.getTime()) && `${dayLabel(date, tz, ctx.now())} at ${clockTime(date, tz)}`;
  return [text && mrkdwn(text, ctx), text && when && " | ", when];
}
