// The bar at a message's corner: reply in thread, and what apps and authors may do with the message.

import { post } from "./api.js";
import { el, fill } from "./dom.js";
import { openMenu } from "./menu.js";
import { iconButton } from "./parts.js";
import { permalinkOf } from "./route.js";

/** One bar per list: it moves to the message under the pointer or with the focus. */
export class Toolbar {
  #row = null;

  constructor({ store, list, find, pane, onReply, toasts }) {
    Object.assign(this, { store, list, find, pane, onReply, toasts });
    this.node = el("div", { class: "message-tools", role: "group", "aria-label": "Message actions" });
    list.addEventListener("pointerover", (event) => this.#follow(event.target));
    list.addEventListener("focusin", (event) => this.#follow(event.target));
    list.addEventListener("pointerleave", () => this.#leave());
    list.addEventListener("focusout", ({ relatedTarget }) => {
      if (!list.contains(relatedTarget) && !list.matches(":hover")) this.#leave();
    });
  }

  #follow(target) {
    const row = target.closest?.(".message");
    if (!row || !this.list.contains(row) || this.#inUse()) return;
    if (row === this.#row && row.contains(this.node)) return;
    const message = this.find(row.dataset.ts);
    const buttons = message ? this.#buttons(message) : [];
    if (buttons.length === 0) return;
    this.#row = row;
    fill(this.node, buttons);
    row.append(this.node);
  }

  #leave() {
    if (this.#inUse() || this.node.contains(document.activeElement)) return;
    const focused = document.activeElement?.closest?.(".message");
    this.node.remove();
    this.#row = null;
    if (focused) this.#follow(focused);
  }

  #inUse() {
    return this.node.isConnected && this.node.querySelector('[aria-expanded="true"]') !== null;
  }

  #buttons(message) {
    const buttons = [];
    if (this.pane === "channel" && !message.ephemeral) {
      buttons.push(iconButton("Reply in thread", "reply", () => this.onReply(message)));
    }
    if (this.#items(message).length > 0) {
      const open = () => openMenu(more, this.#items(message), { label: "More actions" });
      const more = iconButton("More actions", "more", open, { "aria-haspopup": "menu" });
      buttons.push(more);
    }
    return buttons;
  }

  #items(message) {
    if (message.subtype === "tombstone") return [];
    const remove = { label: message.ephemeral ? "Dismiss message" : "Delete message", danger: !message.ephemeral };
    remove.onSelect = () => this.#delete(message);
    if (message.ephemeral) return [remove];
    const items = this.store.workspace.apps.flatMap((app) =>
      app.shortcuts
        .filter((shortcut) => shortcut.type === "message")
        .map((shortcut) => ({
          label: shortcut.name,
          hint: app.name,
          onSelect: () => this.#shortcut(shortcut, message),
        })),
    );
    items.push({ label: "Copy link", onSelect: () => navigator.clipboard.writeText(permalinkOf(message)) });
    if (message.user === this.store.place.as) items.push(remove);
    return items;
  }

  async #shortcut({ callback_id }, message) {
    const { as: user } = this.store.place;
    try {
      const ack = await post("shortcut", { user, callback_id, channel: message.channel, message_ts: message.ts });
      if (!ack.ok) this.toasts.error("The app did not answer. Try again?");
    } catch (error) {
      this.toasts.error(error.message);
    }
  }

  async #delete(message) {
    try {
      await post("delete", { user: this.store.place.as, channel: message.channel, ts: message.ts });
    } catch (error) {
      this.toasts.error(error.message);
    }
  }
}
