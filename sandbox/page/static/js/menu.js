// A popup menu: opened by a button, moved in by arrows, Home, End and first letters, closed by Esc.

import { el } from "./dom.js";
import { layerOf, refocus } from "./confirm.js";
import { place } from "./blocks/place.js";

let current = null;

/**
 * Opens a menu at a button. `items` are {label, hint, onSelect, danger, checked, href, heading}; answers {close}.
 * Opening it again at the same button closes it.
 */
export function openMenu(anchor, items, { label } = {}) {
  const again = current?.anchor === anchor;
  current?.close();
  if (again) return null;
  const menu = new Menu(anchor, items, label);
  current = menu;
  return menu;
}

class Menu {
  constructor(anchor, items, label) {
    this.anchor = anchor;
    this.entries = [];
    this.typed = "";
    this.node = el(
      "div",
      { class: "menu", role: "menu", "aria-label": label ?? anchor.getAttribute("aria-label") ?? "Menu", tabindex: "-1" },
      items.map((item) => this.#entry(item)),
    );
    this.node.addEventListener("keydown", (event) => this.#key(event));
    this.outside = (event) => {
      if (!this.node.contains(event.target) && !anchor.contains(event.target)) this.close({ focus: false });
    };
    this.moved = (event) => {
      if (!this.node.contains(event.target)) place(this.node, anchor);
    };
    layerOf(anchor).append(this.node);
    anchor.setAttribute("aria-expanded", "true");
    place(this.node, anchor);
    document.addEventListener("pointerdown", this.outside, true);
    window.addEventListener("scroll", this.moved, true);
    window.addEventListener("resize", this.moved);
    this.#focus(this.entries[0]);
  }

  close({ focus = true } = {}) {
    if (current !== this) return;
    current = null;
    document.removeEventListener("pointerdown", this.outside, true);
    window.removeEventListener("scroll", this.moved, true);
    window.removeEventListener("resize", this.moved);
    this.node.remove();
    this.anchor.setAttribute("aria-expanded", "false");
    if (focus) refocus(this.anchor);
  }

  #entry(item) {
    if (item.heading) return el("div", { class: "menu-heading", role: "presentation" }, item.heading);
    const link = item.href ? { href: item.href, target: "_blank", rel: "noopener noreferrer" } : { type: "button" };
    const role = item.checked === undefined ? "menuitem" : "menuitemradio";
    const entry = el(
      item.href ? "a" : "button",
      {
        class: item.danger ? "menu-item menu-danger" : "menu-item",
        role,
        tabindex: "-1",
        "aria-checked": item.checked === undefined ? null : String(item.checked),
        ...link,
        on: {
          click: (event) => {
            this.close();
            item.onSelect?.(event);
          },
          pointermove: () => this.#focus(entry),
        },
      },
      el("span", { class: "menu-label" }, item.label),
      item.hint && el("span", { class: "menu-hint" }, item.hint),
    );
    this.entries.push(entry);
    return entry;
  }

  #focus(entry) {
    if (entry !== document.activeElement) (entry ?? this.node).focus({ preventScroll: entry === this.entries[0] });
  }

  #key(event) {
    event.stopPropagation();
    const at = this.entries.indexOf(document.activeElement);
    const last = this.entries.length - 1;
    const goes = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last };
    if (event.key in goes) {
      event.preventDefault();
      this.#focus(this.entries[goes[event.key]]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    } else if (event.key === "Tab") {
      this.close();
    } else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey) {
      this.#seek(event.key, at);
    }
  }

  /** First letters go to the next entry that begins with them. */
  #seek(letter, at) {
    clearTimeout(this.forgets);
    this.forgets = setTimeout(() => (this.typed = ""), 600);
    this.typed += letter.toLowerCase();
    const from = this.typed.length === 1 ? at + 1 : Math.max(at, 0);
    const order = [...this.entries.slice(from), ...this.entries.slice(0, from)];
    const found = order.find((entry) => entry.textContent.trim().toLowerCase().startsWith(this.typed));
    if (found) this.#focus(found);
  }
}
