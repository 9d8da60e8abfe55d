// What stands between messages: days, the New line, how many replies, and where a conversation began.

import { el } from "./dom.js";
import { count, wordButton } from "./parts.js";
import { avatar } from "./people.js";

const GROUP_SECONDS = 5 * 60;

/** Whether two messages in a row share one picture and name. */
export function belongTogether(one, next) {
  return (
    one !== undefined &&
    one.user === next.user &&
    one.ephemeral === next.ephemeral &&
    !next.broadcast &&
    one.subtype !== "tombstone" &&
    next.subtype !== "tombstone" &&
    Number(next.ts) - Number(one.ts) < GROUP_SECONDS
  );
}

/** How many replies a thread has. */
export function replies(number) {
  return number === 0 ? "No replies yet" : count(number, "reply");
}

/** A line across the list, with a word on it, as an item of the list. */
export function divider(key, label, kind = "") {
  const attributes = { class: `divider ${kind}`, role: "separator", "aria-label": label };
  return { key, version: label, make: () => el("div", attributes, el("span", {}, label)) };
}

/** Below it stands what came since somebody last looked. */
export function newLine() {
  return divider("new", "New", "is-new");
}

/** Asks for more of the past. */
export function earlierButton(click) {
  return el("div", { class: "list-top" }, wordButton("Show earlier messages", click));
}

/** The very beginning of a conversation. */
export function intro(store, id) {
  const title = store.titleOf(id);
  const kind = store.channels.get(id)?.kind;
  const partner = kind === "im" ? store.partner(id) : undefined;
  const sentences = {
    im: `This conversation is just between you and ${title}.`,
    mpim: `This is the very beginning of your conversation with ${title}.`,
  };
  return el(
    "div",
    { class: "list-top intro" },
    partner && avatar(partner, "large"),
    el("h2", {}, title),
    el("p", {}, sentences[kind] ?? `This is the very beginning of the ${title} channel.`),
  );
}
