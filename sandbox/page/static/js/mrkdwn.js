// Slack's mrkdwn as nodes: styles, quotes, code, links, mentions, dates, emoji. Nothing in it is ever taken for HTML.
// https://docs.slack.dev/messaging/formatting-message-text

import { el } from "./dom.js";
import { emojiNodes, emojiNode } from "./emoji.js";
import { channelPill, dateNode, groupPill, linkNode, personPill, broadcastPill } from "./blocks/references.js";

const FENCE = /```(.+?)```/gs;
const QUOTE = /^(?:>|&gt;)(?!(?:>|&gt;){2}) ?/;
const LONG_QUOTE = /^(?:>|&gt;){3} ?/;
const BULLET = /^[•◦▪‣] /;
const CODE = /`([^`\n]+)`/y;
const ANGLE = /<([^<>]+)>/y;
const EMOJI = /:([\w+'-]+):(?::skin-tone-([2-6]):)?/y;
const BARE_LINK = /(?:https?:\/\/|mailto:)[^\s<>|"]*[^\s<>|"'.,;:!?)\]}*_~`]/iy;
const STYLES = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}_]/u;

/** Undoes Slack's escaping of `&`, `<` and `>`, once. */
export function unescape(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}

/** A mrkdwn text. `verbatim`: links are made only of what is written as a link. */
export function mrkdwn(text, ctx, { verbatim = false } = {}) {
  const source = String(text ?? "");
  const found = document.createDocumentFragment();
  let at = 0;
  for (const fence of source.matchAll(FENCE)) {
    found.append(paragraphs(source.slice(at, fence.index).replace(/\n$/, ""), ctx, verbatim));
    found.append(el("pre", { class: "code-block", tabindex: "0" }, codeNodes(fence[1].replace(/^\n|\n$/g, ""), ctx)));
    at = fence.index + fence[0].length;
    if (source[at] === "\n") at += 1; // the block ends its line by itself
  }
  found.append(paragraphs(source.slice(at), ctx, verbatim));
  return found;
}

/** A plain text: only the escaping is undone and `:names:` of emoji become pictures. */
export function plainText(text, { emoji = true } = {}) {
  const found = document.createDocumentFragment();
  const words = unescape(String(text ?? ""));
  found.append(...(emoji ? emojiNodes(words) : [document.createTextNode(words)]));
  return found;
}

/** A text object of either type. */
export function textObject(text, ctx) {
  if (typeof text === "string") return plainText(text);
  if (text?.type === "mrkdwn") return mrkdwn(text.text, ctx, { verbatim: text.verbatim === true });
  return plainText(text?.text, { emoji: text?.emoji !== false });
}

/** A text object as a string, for names of controls. */
export function wordsOf(text, ctx) {
  return textObject(text, ctx).textContent;
}

/** Lines, those of a quote gathered. */
function paragraphs(text, ctx, verbatim) {
  const found = document.createDocumentFragment();
  for (const { quoted, lines } of runs(text)) {
    const nodes = inLines(lines, ctx, verbatim);
    if (quoted) {
      found.append(el("blockquote", { class: "quote", dir: "auto" }, nodes));
    } else if (lines.length > 1 || lines[0] !== "") {
      found.append(...nodes);
    }
  }
  return found;
}

/** Runs of lines that are quoted, or not; `>>>` quotes all that follows. */
function runs(text) {
  const found = [];
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    if (LONG_QUOTE.test(line)) {
      found.push({ quoted: true, lines: [line.replace(LONG_QUOTE, ""), ...lines.slice(index + 1)] });
      break;
    }
    const quoted = QUOTE.test(line);
    const words = line.replace(QUOTE, "");
    if (found.at(-1)?.quoted === quoted) found.at(-1).lines.push(words);
    else found.push({ quoted, lines: [words] });
  }
  return found;
}

function inLines(lines, ctx, verbatim) {
  return lines.flatMap((line, index) => {
    const nodes = inline(line, ctx, verbatim);
    const shown = BULLET.test(line) ? [el("span", { class: "bullet-line" }, nodes)] : nodes;
    return index ? [document.createTextNode("\n"), ...shown] : shown;
  });
}

/** The nodes of one line. */
function inline(text, ctx, verbatim) {
  const nodes = [];
  let words = "";
  let at = 0;
  const put = (length, ...made) => {
    if (words) nodes.push(document.createTextNode(unescape(words)));
    words = "";
    nodes.push(...made);
    at += length;
  };
  while (at < text.length) {
    const found = special(text, at, ctx, verbatim);
    if (found) {
      put(found.length, ...found.nodes);
    } else {
      words += text[at];
      at += 1;
    }
  }
  put(0);
  return nodes;
}

/** What begins at a place of a line and is not just a letter. */
function special(text, at, ctx, verbatim) {
  const letter = text[at];
  if (letter === "`") {
    return matched(CODE, text, at, ([, code]) => el("code", { class: "code" }, codeNodes(code, ctx)));
  }
  if (letter === "<") return matched(ANGLE, text, at, ([, inside]) => reference(inside, ctx));
  if (letter === ":") return matched(EMOJI, text, at, ([, name, tone]) => emojiNode(name, tone));
  if (letter in STYLES) return styled(text, at, ctx, verbatim);
  const mayLink = !verbatim && /[hm]/i.test(letter) && !WORD.test(text[at - 1] ?? "");
  if (mayLink) return matched(BARE_LINK, text, at, ([url]) => linkNode(unescape(url), null, ctx));
  return null;
}

function matched(pattern, text, at, make) {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  const node = found && make(found);
  return node ? { length: found[0].length, nodes: [node] } : null;
}

/** `*bold*`: the marks stand at the edges of words, and close on the same line. */
function styled(text, at, ctx, verbatim) {
  const mark = text[at];
  const before = text[at - 1] ?? "";
  const after = text[at + 1] ?? " ";
  if (WORD.test(before) || before === mark || after === mark || /\s/.test(after)) return null;
  const end = closing(text, at + 1, mark);
  if (end < 0) return null;
  const inner = inline(text.slice(at + 1, end), ctx, verbatim);
  return { length: end + 1 - at, nodes: [el(STYLES[mark], {}, inner)] };
}

/** Where a mark closes; links and code are stepped over. */
function closing(text, from, mark) {
  for (let at = from; at < text.length; at += 1) {
    const whole = skipped(ANGLE, text, at) || skipped(CODE, text, at);
    if (whole) {
      at += whole - 1;
    } else if (text[at] === mark) {
      const after = text[at + 1] ?? "";
      if (at > from && !/\s/.test(text[at - 1]) && !WORD.test(after) && after !== mark) return at;
    }
  }
  return -1;
}

function skipped(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** In code only links and mentions keep a meaning. */
function codeNodes(text, ctx) {
  return text.split(/(<[^<>]+>)/).map((part, index) => {
    if (index % 2 === 0) return unescape(part);
    const node = reference(part.slice(1, -1), ctx);
    return node.tagName === "A" ? node : node.textContent;
  });
}

/** What stands between `<` and `>`. */
function reference(inside, ctx) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : unescape(inside.slice(bar + 1));
  if (target.startsWith("@")) return personPill(target.slice(1), label, ctx);
  if (target.startsWith("#")) return channelPill(target.slice(1), label, ctx);
  if (target.startsWith("!subteam^")) return groupPill(target.slice("!subteam^".length), label, ctx);
  if (target.startsWith("!date^")) return dateReference(target, label, ctx);
  if (target.startsWith("!")) return broadcastPill(target.slice(1), label, ctx);
  // Anything else that is no address was never meant as a link, such as a tag somebody typed.
  if (!/^[a-z][a-z\d+.-]*:/i.test(target)) return document.createTextNode(`<${unescape(inside)}>`);
  return linkNode(unescape(target), label || null, ctx);
}

function dateReference(target, fallback, ctx) {
  const [, epoch, format = "", ...link] = target.split("^");
  if (!/^\d+$/.test(epoch) || format === "") return document.createTextNode(fallback || format);
  return dateNode(Number(epoch), unescape(format), fallback, unescape(link.join("^")), ctx);
}
