// Short words at the edge of the page: refusals, and pings from places that aren't on screen.

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { iconButton, wordButton } from "./parts.js";

const STAYS = { info: 4_000, ping: 8_000, error: 8_000 };
const AT_MOST = 4;

export class Toasts {
  constructor(root) {
    this.root = root;
  }

  /** Shows a sentence; with `onOpen` the whole of it is a button. */
  show({ text, title = "", kind = "info", onOpen = null }) {
    const words = [title && el("strong", {}, title), el("span", {}, text)];
    const open = () => {
      toast.remove();
      onOpen();
    };
    const toast = el(
      "div",
      { class: `toast toast-${kind}`, role: kind === "error" ? "alert" : "status" },
      kind === "error" ? icon("warning") : null,
      onOpen
        ? wordButton(words, open, { kind: "toast-body" })
        : el("div", { class: "toast-body" }, words),
      iconButton("Close this notice", "close", () => toast.remove()),
    );
    this.root.append(toast);
    this.#raise();
    while (this.root.childElementCount > AT_MOST) this.root.firstElementChild.remove();
    this.#leaves(toast, STAYS[kind]);
  }

  clear() {
    this.root.replaceChildren();
  }

  error(text) {
    this.show({ text, kind: "error" });
  }

  /** Above an open dialog too. */
  #raise() {
    if (this.root.matches(":popover-open")) this.root.hidePopover();
    this.root.showPopover();
  }

  /** It goes by itself, but never from under a pointer or the focus. */
  #leaves(toast, after) {
    let timer;
    const wait = () => {
      timer = setTimeout(() => toast.remove(), after);
    };
    const stay = () => clearTimeout(timer);
    for (const event of ["pointerenter", "focusin"]) toast.addEventListener(event, stay);
    for (const event of ["pointerleave", "focusout"]) toast.addEventListener(event, wait);
    wait();
  }
}
