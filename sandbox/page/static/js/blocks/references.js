// Links, mentions and dates: what a text points to, for mrkdwn and rich text alike.

import { el } from "../dom.js";
import { fullTime, slackDate } from "../dates.js";
import { emojiNodes } from "../emoji.js";

const SAFE = new Set(["http:", "https:", "mailto:", "tel:"]);
const BROADCASTS = new Set(["here", "channel", "everyone"]);

/** An address that may be followed, or null: scripts and the like are no addresses. */
export function safeUrl(url) {
  let parsed;
  try {
    parsed = new URL(String(url));
  } catch {
    return null;
  }
  return SAFE.has(parsed.protocol) ? parsed.href : null;
}

/** A link; just its text where its address is not safe. */
export function linkNode(url, label, ctx, attributes = {}) {
  const text = label ?? url.replace(/^mailto:|^tel:/, "");
  const href = safeUrl(url);
  if (href === null) return el("span", { class: "dead-link", title: "This link was left out: it is no web address" }, emojiNodes(text));
  const follow = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    if (ctx?.openLink?.(href)) event.preventDefault();
  };
  return el(
    "a",
    { class: "link", href, target: "_blank", rel: "noopener noreferrer", ...attributes, on: { click: follow } },
    emojiNodes(text),
  );
}

/** Opens an address as a click on its link would. */
export function follow(url, ctx) {
  const href = safeUrl(url);
  if (href !== null && !ctx.openLink?.(href)) window.open(href, "_blank", "noopener,noreferrer");
}

/** `@Ben Carter`; one's own is highlighted. */
export function personPill(id, label, ctx) {
  const user = ctx?.user?.(id);
  const name = user ? user.real_name || user.name : label || id;
  return pill(`@${name.replace(/^@/, "")}`, id === ctx?.me?.id, user && ctx.openPerson ? () => ctx.openPerson(id) : null);
}

/** `#ask-billing` */
export function channelPill(id, label, ctx) {
  const channel = ctx?.channel?.(id);
  const name = channel?.name || label || id;
  const open = channel && ctx.openChannel ? () => ctx.openChannel(id) : null;
  return pill(`#${name.replace(/^#/, "")}`, false, open);
}

/** `@team-leads`; highlighted for its members. */
export function groupPill(id, label, ctx) {
  const group = ctx?.usergroup?.(id);
  const handle = group?.handle || label || id;
  return pill(`@${handle.replace(/^@/, "")}`, Boolean(group?.users?.includes(ctx.me?.id)), null, group?.name);
}

/** `@here` and the like; what Slack does not know either stays text. */
export function broadcastPill(name, label) {
  if (!BROADCASTS.has(name)) return document.createTextNode(label || `@${name}`);
  return pill(`@${name}`, true, null);
}

function pill(text, mine, open, title) {
  const look = { class: mine ? "mention mention-me" : "mention", title };
  if (!open) return el("span", look, text);
  return el("button", { ...look, type: "button", on: { click: open } }, text);
}

/** An instant in the reader's zone. */
export function dateNode(epoch, format, fallback, link, ctx) {
  const date = new Date(epoch * 1000);
  if (Number.isNaN(date.getTime())) return document.createTextNode(fallback || format);
  const tz = ctx?.me?.tz ?? "UTC";
  const now = ctx?.now?.() ?? new Date();
  const text = slackDate(epoch, format, tz, now);
  const title = `${fullTime(date, tz)} ${tz}`;
  const time = el("time", { class: "date", datetime: date.toISOString(), title }, text);
  if (!link || safeUrl(link) === null) return time;
  const node = linkNode(link, "", ctx);
  node.append(time);
  return node;
}
