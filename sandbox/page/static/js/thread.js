// The thread pane at the side: a message, its replies, and where one replies.

import { Composer } from "./composer.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { MessageList } from "./messages.js";
import { iconButton } from "./parts.js";

const TOUCH = window.matchMedia("(pointer: coarse)");

export class ThreadPane {
  #open = null;

  constructor(parts) {
    const { store, route, toasts } = parts;
    this.store = store;
    this.route = route;
    this.messages = new MessageList({ ...parts, pane: "thread" });
    this.composer = new Composer({ store, toasts, pane: "thread" });
    this.where = el("span", { class: "pane-where" });
    this.lost = el("p", { class: "empty", hidden: true }, "This message is no longer there.");
    const close = iconButton("Close thread", "close", () => this.close(), { kind: "icon-button close-pane" });
    close.append(icon("back")); // on a phone the pane is a sheet, from which one goes back
    this.node = el(
      "aside",
      { class: "thread", "aria-label": "Thread", hidden: true },
      el(
        "header",
        { class: "pane-head" },
        el("h2", {}, "Thread"),
        this.where,
        close,
      ),
      this.lost,
      this.messages.node,
      this.composer.node,
    );
    store.on(["place", "workspace"], () => this.draw());
    store.on(["thread"], () => this.#drawLost());
  }

  draw() {
    const { channel, thread } = this.store.place;
    this.node.hidden = thread === null;
    document.body.classList.toggle("has-thread", thread !== null);
    if (thread === null) {
      this.#open = null;
      return;
    }
    fill(this.where, this.store.titleOf(channel));
    if (this.#open === thread) return;
    this.#open = thread;
    // A thread that somebody just opened is there to reply in; one that a reload brings back is not, and on a phone
    // the keyboard would hide it.
    if (document.activeElement !== document.body && !TOUCH.matches) this.composer.focus();
  }

  /** Closes the pane and gives the focus back to the message. */
  close() {
    const { thread } = this.store.place;
    const hadFocus = this.node.contains(document.activeElement);
    this.route.go({ thread: null });
    if (!hadFocus) return;
    const row = document.querySelector(`main [data-ts="${CSS.escape(thread)}"]`);
    (row?.querySelector(".reply-bar") ?? row ?? document.querySelector("#composer"))?.focus();
  }

  #drawLost() {
    const gone = this.store.thread?.gone === true;
    this.lost.hidden = !gone;
    this.messages.node.hidden = this.composer.node.hidden = gone;
  }
}
