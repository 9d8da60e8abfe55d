// Rich text blocks: sections, nested lists, quotes, preformatted text and the parts in them. Nothing in them is parsed.

import { el } from "../dom.js";
import { emojiNode } from "../emoji.js";
import { broadcastPill, channelPill, dateNode, groupPill, linkNode, personPill } from "./references.js";
import { safely, unknown } from "./unknown.js";

/** A rich text block, or the same in a cell or a detail. */
export function richText(block, ctx) {
  return el("div", { class: "rich", dir: "auto" }, block.elements.map((part) => safely(part, "part", () => element(part, ctx))));
}

function element(part, ctx) {
  const inner = () => part.elements.map((piece) => pieceNode(piece, ctx));
  switch (part.type) {
    case "rich_text_section":
      return el("div", { class: "text rich-section", dir: "auto" }, inner());
    case "rich_text_preformatted":
      return el("pre", { class: "code-block", tabindex: "0" }, inner());
    case "rich_text_quote":
      return el("blockquote", { class: "quote text", dir: "auto" }, inner());
    case "rich_text_list":
      return list(part, ctx);
    default:
      return unknown(part.type, "part");
  }
}

const ORDERED = ["1", "a", "i"];

function list(part, ctx) {
  const indent = Math.min(8, Math.max(0, part.indent ?? 0));
  const ordered = part.style === "ordered";
  const node = el(
    ordered ? "ol" : "ul",
    {
      class: `rich-list indent-${indent} level-${indent % 3}${part.border ? " has-border" : ""}`,
      start: ordered ? (part.offset ?? 0) + 1 : null,
      type: ordered ? ORDERED[indent % 3] : null,
    },
    part.elements.map((item) => el("li", { dir: "auto" }, safely(item, "part", () => el("span", { class: "text" }, item.elements.map((piece) => pieceNode(piece, ctx)))))),
  );
  return node;
}

function pieceNode(piece, ctx) {
  return styled(safely(piece, "part", () => plain(piece, ctx)), piece.style);
}

function plain(piece, ctx) {
  switch (piece.type) {
    case "text":
      return document.createTextNode(piece.text);
    case "link":
      return linkNode(piece.url, piece.text || null, ctx);
    case "emoji":
      return emojiNode(piece.name, piece.skin_tone) ?? document.createTextNode(character(piece) ?? `:${piece.name}:`);
    case "user":
      return personPill(piece.user_id, "", ctx);
    case "usergroup":
      return groupPill(piece.usergroup_id, "", ctx);
    case "channel":
      return channelPill(piece.channel_id, "", ctx);
    case "team":
      return document.createTextNode(piece.team_id);
    case "broadcast":
      return broadcastPill(piece.range, "");
    case "color":
      return colour(piece.value);
    case "date":
      return dateNode(piece.timestamp, piece.format, piece.fallback ?? "", piece.url ?? "", ctx);
    default:
      return unknown(piece.type, "part");
  }
}

/** An emoji by its code points, such as `1f469-200d-1f4bb`. */
function character({ unicode }) {
  if (!/^[0-9a-f]{2,6}(-[0-9a-f]{2,6})*$/i.test(unicode ?? "")) return null;
  return String.fromCodePoint(...unicode.split("-").map((code) => parseInt(code, 16)));
}

function colour(value) {
  const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
  if (/^#[0-9a-f]{3,8}$/i.test(value)) swatch.style.backgroundColor = value;
  return el("span", { class: "colour" }, value, swatch);
}

const STYLES = [["code", "code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"]];

function styled(node, style = {}) {
  let shown = node;
  for (const [name, tag, look] of STYLES) {
    if (style?.[name] === true) shown = el(tag, { class: look }, shown);
  }
  if (style?.highlight || style?.client_highlight) shown = el("mark", { class: "highlight" }, shown);
  return shown;
}
