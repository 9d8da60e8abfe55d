// The markdown block: the common part of Markdown, as nodes.

import { el } from "../dom.js";
import { emojiNodes } from "../emoji.js";
import { broadcastPill, channelPill, groupPill, linkNode, personPill } from "./references.js";

const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const FENCE = /^(`{3,}|~{3,})\s*(\S*)/;
const RULE = /^\s*([-*_])(?:\s*\1){2,}\s*$/;
const QUOTE = /^\s{0,3}> ?/;
const ITEM = /^(\s*)(?:([-*+])|(\d{1,9})[.)])\s+(.*)$/;
const TASK = /^\[([ xX])\]\s+(.*)$/;
const TABLE_LINE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

/** A markdown block. */
export function markdown(block, ctx) {
  return el("div", { class: "markdown", dir: "auto" }, blocksOf(String(block.text).split(/\r?\n/), ctx));
}

function blocksOf(lines, ctx) {
  const nodes = [];
  let at = 0;
  while (at < lines.length) {
    const read = READERS.map((reader) => reader(lines, at, ctx)).find(Boolean);
    if (read.node) nodes.push(read.node);
    at += read.length;
  }
  return nodes;
}

const READERS = [blank, fence, heading, rule, quote, list, table, paragraph];

function blank(lines, at) {
  return lines[at].trim() === "" ? { length: 1 } : null;
}

function fence(lines, at) {
  const found = FENCE.exec(lines[at]);
  if (!found) return null;
  let end = at + 1;
  while (end < lines.length && !lines[end].startsWith(found[1])) end += 1;
  return { length: end + 1 - at, node: el("pre", { class: "code-block", tabindex: "0" }, lines.slice(at + 1, end).join("\n")) };
}

function heading(lines, at, ctx) {
  const found = HEADING.exec(lines[at]);
  if (!found) return null;
  const level = found[1].length;
  // Below the page's own headings, whatever the text counts.
  const node = el("div", { class: `md-heading md-h${level}`, role: "heading", "aria-level": String(Math.min(6, level + 3)) }, inline(found[2], ctx));
  return { length: 1, node };
}

function rule(lines, at) {
  return RULE.test(lines[at]) ? { length: 1, node: el("hr", { class: "rule" }) } : null;
}

function quote(lines, at, ctx) {
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end])) end += 1;
  if (end === at) return null;
  const inner = blocksOf(lines.slice(at, end).map((line) => line.replace(QUOTE, "")), ctx);
  return { length: end - at, node: el("blockquote", { class: "quote" }, inner) };
}

/** Items of one list with what stands deeper below them. */
function list(lines, at, ctx) {
  const first = ITEM.exec(lines[at]);
  if (!first) return null;
  const ordered = first[3] !== undefined;
  const depth = first[1].length;
  const items = [];
  let end = at;
  while (end < lines.length) {
    const item = ITEM.exec(lines[end]);
    const indent = /^\s*/.exec(lines[end])[0].length;
    if (item && indent === depth && (item[3] !== undefined) === ordered) items.push([item[4]]);
    else if (lines[end].trim() !== "" && indent > depth) items.at(-1).push(lines[end]);
    else break;
    end += 1;
  }
  const start = ordered ? Number(first[3]) : null;
  const node = el(ordered ? "ol" : "ul", { class: "rich-list", start }, items.map((item) => itemNode(item, ctx)));
  return { length: end - at, node };
}

function itemNode([words, ...below], ctx) {
  const task = TASK.exec(words);
  const box = task && el("input", { type: "checkbox", class: "md-task", checked: task[1] !== " ", disabled: true, "aria-label": task[2] });
  return el("li", { dir: "auto" }, box, inline(task ? task[2] : words, ctx), blocksOf(below, ctx));
}

function table(lines, at, ctx) {
  if (!lines[at].includes("|") || !TABLE_LINE.test(lines[at + 1] ?? "")) return null;
  let end = at + 2;
  while (end < lines.length && lines[end].includes("|")) end += 1;
  const row = (line, tag) => el("tr", {}, cells(line).map((cell) => el(tag, { dir: "auto" }, inline(cell, ctx))));
  const body = lines.slice(at + 2, end).map((line) => row(line, "td"));
  const node = el(
    "div",
    { class: "table-frame", tabindex: "0", role: "group", "aria-label": "Table" },
    el("table", { class: "table" }, el("thead", {}, row(lines[at], "th")), el("tbody", {}, body)),
  );
  return { length: end - at, node };
}

function cells(line) {
  return line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
}

function paragraph(lines, at, ctx) {
  let end = at + 1;
  const ends = (line) => line.trim() === "" || [HEADING, FENCE, RULE, QUOTE, ITEM].some((form) => form.test(line));
  while (end < lines.length && !ends(lines[end])) end += 1;
  return { length: end - at, node: el("p", { class: "text md-paragraph", dir: "auto" }, inline(lines.slice(at, end).join("\n"), ctx)) };
}

// What stands within a line, the first that fits; each makes a node of what it found.
const INLINE = [
  [/`+([^`]+?)`+/y, ([, code]) => el("code", { class: "code" }, code)],
  [/\\([\\`*_{}[\]()#+\-.!~|<>])/y, ([, letter]) => document.createTextNode(letter)],
  [/<@([UW][A-Z0-9]+)(?:\|([^>]*))?>/y, ([, id, label], ctx) => personPill(id, label ?? "", ctx)],
  [/<#([CG][A-Z0-9]+)(?:\|([^>]*))?>/y, ([, id, label], ctx) => channelPill(id, label ?? "", ctx)],
  [/<!subteam\^([A-Z0-9]+)(?:\|([^>]*))?>/y, ([, id, label], ctx) => groupPill(id, label ?? "", ctx)],
  [/<!(here|channel|everyone)(?:\|[^>]*)?>/y, ([, name]) => broadcastPill(name, "")],
  [/!?\[([^\]]*)\]\(\s*<?((?:[^\s()<>]|\([^\s()]*\))+)>?(?:\s+"[^"]*")?\s*\)/y, ([, label, url], ctx) => linkNode(url, label || url, ctx)],
  [/<((?:https?:\/\/|mailto:)[^>|\s]+)(?:\|([^>]+))?>/y, ([, url, label], ctx) => linkNode(url, label ?? null, ctx)],
  [/https?:\/\/[^\s<>]*[^\s<>.,;:!?)\]'"*_~]/y, ([url], ctx) => linkNode(url, null, ctx)],
  [/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/sy, ([, , inner], ctx) => el("strong", {}, inline(inner, ctx))],
  [/~~(?=\S)(.+?)(?<=\S)~~/sy, ([, inner], ctx) => el("s", {}, inline(inner, ctx))],
  [/\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?!\*)/sy, ([, inner], ctx) => el("em", {}, inline(inner, ctx))],
  [/(?<![\p{L}\p{N}_])_(?=[^\s_])(.+?)(?<=[^\s_])_(?![\p{L}\p{N}_])/suy, ([, inner], ctx) => el("em", {}, inline(inner, ctx))],
];

function inline(text, ctx) {
  const nodes = [];
  let words = "";
  let at = 0;
  while (at < text.length) {
    const found = at < text.length && firstOf(text, at, ctx);
    if (found) {
      nodes.push(...emojiNodes(words), found.node);
      words = "";
      at += found.length;
    } else {
      words += text[at];
      at += 1;
    }
  }
  return [...nodes, ...emojiNodes(words)];
}

function firstOf(text, at, ctx) {
  for (const [form, make] of INLINE) {
    form.lastIndex = at;
    const found = form.exec(text);
    if (found) return { node: make(found, ctx), length: found[0].length };
  }
  return null;
}
