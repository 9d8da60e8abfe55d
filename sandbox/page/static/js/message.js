// One message as a row: who, when, what, and what hangs on it. Only the parts that changed are drawn anew.

import { messageBody } from "./blocks.js";
import { ago, clockTime, dateOfTs, fullTime } from "./dates.js";
import { el, reconcile } from "./dom.js";
import { busy } from "./focus.js";
import { icon } from "./icons.js";
import { plainText } from "./mrkdwn.js";
import { badge, count, wordButton } from "./parts.js";
import { avatar } from "./people.js";

/** Draws message rows for one list; `pane` is "channel" or "thread". */
export class Rows {
  constructor({ store, route, contexts, pane, onLater, onDismiss }) {
    Object.assign(this, { store, route, contexts, pane, onLater, onDismiss });
  }

  /** What a row depends on, as text. */
  version(message, grouped) {
    const { store } = this;
    return JSON.stringify([message, grouped, store.edition, store.place.as, this.#time(message)]);
  }

  /** A row, or the one there was, brought up to date. */
  draw(message, grouped, previous) {
    const row =
      previous ??
      el(
        "div",
        { role: "article", tabIndex: -1, data: { ts: message.ts } },
        el("div", { class: "message-gutter" }),
        el("div", { class: "message-content" }),
      );
    const author = this.store.users.get(message.user);
    const at = clockTime(dateOfTs(message.ts), this.store.me?.tz);
    row.className = `message${grouped ? " is-grouped" : ""}${message.pinned ? " is-pinned" : ""}`;
    row.setAttribute("aria-label", `${author?.real_name ?? "Somebody"}, ${at}`);
    const [gutter, content] = row.children;
    const deleted = message.subtype === "tombstone";
    const picture = () => this.#gutter(author, at, { grouped, deleted });
    reconcile(gutter, [this.#part("gutter", [author, at, grouped, deleted], picture)]);
    reconcile(content, this.#parts(message, author, grouped, content));
    return row;
  }

  /** Words such as "today" and "2 minutes ago" grow old; only messages that have such are drawn again for it. */
  #time(message) {
    const now = this.store.now();
    if (message.reply_count > 0 || JSON.stringify([message.text, message.blocks]).includes("ago}")) {
      return Math.floor(now.getTime() / 60_000);
    }
    return now.toLocaleDateString("en", { timeZone: this.store.me?.tz });
  }

  #part(key, depends, make) {
    return { key, version: JSON.stringify(depends), make };
  }

  #parts(message, author, grouped, content) {
    const parts = [];
    const add = (when, key, depends, make) => when && parts.push(this.#part(key, depends, make));
    add(message.pinned, "pinned", [], () => el("div", { class: "message-mark" }, icon("pin"), "Pinned"));
    add(message.ephemeral, "only", [], () => this.#onlyVisible(message));
    const deleted = message.subtype === "tombstone";
    add(!grouped && !deleted, "head", [author, message.ts, message.bot, this.store.me?.tz], () => this.#head(message, author));
    const above = message.broadcast && this.pane === "channel";
    add(above, "above", [message.thread_ts], () => this.#repliedTo(message));
    parts.push(this.#body(message, content));
    const reactions = Object.entries(message.reactions ?? {}).filter(([, users]) => users.length > 0);
    add(reactions.length > 0, "reactions", [reactions, this.store.edition], () => this.#reactions(reactions));
    add(Boolean(message.warning), "warning", [message.warning], () =>
      el("p", { class: "message-warning", role: "alert" }, icon("warning"), message.warning),
    );
    const bar = this.pane === "channel" && message.reply_count > 0;
    add(bar, "replies", [this.#repliesOf(message), this.store.edition], () => this.#replyBar(message));
    return parts;
  }

  #body(message, content) {
    const version = JSON.stringify([
      message.text, message.blocks, message.attachments, message.files, message.edited, message.subtype,
      this.store.edition, this.store.place.as, this.#timeOfBody(message),
    ]);
    const old = content.querySelector(':scope > [data-key="body"]');
    if (old && old.dataset.version !== version && busy(old)) {
      this.onLater();
      return { key: "body", version: old.dataset.version, make: () => old };
    }
    return { key: "body", version, make: () => this.#makeBody(message) };
  }

  #timeOfBody(message) {
    return this.#time({ ...message, reply_count: 0 });
  }

  #makeBody(message) {
    if (message.subtype === "tombstone") {
      return el("div", { class: "message-body is-tombstone" }, "This message was deleted.");
    }
    const body = messageBody(message, this.contexts.forMessage(message));
    // Behind the last word, as in Slack; blocks are edited as a whole, and apps do it all the time.
    const edited = el("span", { class: "message-edited" }, " (edited)");
    if (message.edited) (body.querySelector(":scope > .message-text") ?? body).append(edited);
    return el("div", { class: "message-body" }, body);
  }

  #gutter(author, at, { grouped, deleted }) {
    if (deleted) return el("span", { class: "message-gone" }, icon("trash"));
    if (!grouped) return el("span", {}, avatar(author));
    return el("span", { class: "message-time is-quiet", "aria-hidden": "true" }, at.replace(/\s?[AP]M$/i, ""));
  }

  #head(message, author) {
    const zone = this.store.me?.tz;
    const at = dateOfTs(message.ts);
    return el(
      "div",
      { class: "message-head" },
      el("strong", { class: "message-author" }, author?.real_name ?? "Somebody"),
      message.bot && el("span", { class: "app-badge" }, "APP"),
      el(
        "time",
        { class: "message-time", datetime: at.toISOString(), title: fullTime(at, zone) },
        clockTime(at, zone),
      ),
    );
  }

  #onlyVisible(message) {
    return el(
      "div",
      { class: "message-mark" },
      icon("eye"),
      "Only visible to you",
      wordButton("Dismiss", () => this.onDismiss(message), { kind: "link-button" }),
    );
  }

  #repliedTo(message) {
    const open = () => this.route.go({ thread: message.thread_ts });
    return wordButton("replied to a thread", open, { kind: "message-above link-button" });
  }

  #reactions(reactions) {
    return el(
      "div",
      { class: "reactions" },
      reactions.map(([name, users]) => {
        const who = users.map((id) => this.store.userName(id)).join(", ");
        return el(
          "span",
          { class: "reaction", role: "img", "aria-label": `:${name}: by ${who}`, title: who },
          plainText(`:${name}:`),
          el("span", {}, String(users.length)),
        );
      }),
    );
  }

  #repliesOf(message) {
    const last = message.latest_reply ? ago(dateOfTs(message.latest_reply), this.store.now()) : null;
    return [message.reply_count, message.reply_users, last, message.unread_replies];
  }

  #replyBar(message) {
    const [number, users = [], last, unread = 0] = this.#repliesOf(message);
    const open = () => this.route.go({ thread: message.ts });
    return el(
      "button",
      // It changes with every minute that passes, which is nothing to be told.
      { type: "button", class: "reply-bar", "aria-live": "off", on: { click: open } },
      users.map((id) => avatar(this.store.users.get(id), "small")),
      el("span", { class: "reply-count" }, count(number, "reply")),
      last && el("span", { class: "reply-last" }, `Last reply ${last}`),
      unread > 0 && badge(unread, "reply", `${unread} new`),
      el("span", { class: "reply-open", "aria-hidden": "true" }, "View thread"),
    );
  }
}
