// The popup of a combobox: its options in groups, one of them active.

import { add, el, fill, freshId } from "../dom.js";
import { layerOf } from "../confirm.js";
import { place } from "./place.js";

const PAGE = 8;

/** Opens at its anchor. `pick(option)` is called for a press, `moved(id)` when another option becomes active. */
export class Listbox {
  #rows = [];
  #at = -1;

  constructor({ id, anchor, multiple, pick, moved }) {
    Object.assign(this, { anchor, pick, moved });
    this.listbox = el("div", {
      class: "options", role: "listbox", id, "aria-label": "Options", "aria-multiselectable": multiple ? "true" : null,
    });
    this.note = el("div", { class: "options-note", role: "status", hidden: true });
    this.node = el(
      "div",
      // The focus stays in the input: a press in here must not take it away.
      { class: "popup", on: { mousedown: (event) => event.preventDefault() } },
      this.listbox,
      this.note,
    );
    this.replace = () => this.place();
    this.scrolled = (event) => {
      if (!this.node.contains(event.target)) this.place();
    };
    layerOf(anchor).append(this.node);
    window.addEventListener("scroll", this.scrolled, true);
    window.addEventListener("resize", this.replace);
    window.visualViewport?.addEventListener("resize", this.replace);
    this.place();
  }

  close() {
    window.removeEventListener("scroll", this.scrolled, true);
    window.removeEventListener("resize", this.replace);
    window.visualViewport?.removeEventListener("resize", this.replace);
    this.node.remove();
  }

  place() {
    place(this.node, this.anchor, { stretch: true });
  }

  /** The option that Enter would choose. */
  get active() {
    return this.#rows[this.#at]?.option;
  }

  /** A sentence instead of options. */
  say(sentence) {
    this.show([], { note: sentence });
  }

  /** Shows groups of options; the active one stays where it is still there. */
  show(groups, { chosen = [], full = false, note = "" } = {}) {
    const before = this.active?.key;
    this.#rows = [];
    fill(this.listbox, groups.map((group) => this.#group(group, chosen, full)));
    const text = note || (this.#rows.length === 0 ? "Nothing matches." : "");
    fill(this.note, text);
    this.note.hidden = text === "";
    this.listbox.hidden = this.#rows.length === 0;
    const keys = this.#rows.map(({ option }) => option.key);
    const at = [before, chosen[0]].map((key) => keys.indexOf(key)).find((index) => index >= 0);
    this.place();
    this.#move(at ?? 0);
  }

  #group(group, chosen, full) {
    const rows = group.options.map((option) => this.#row(option, chosen.includes(option.key), full));
    if (!group.label) return rows;
    const id = freshId("group");
    const heading = el("div", { class: "options-heading", id, role: "presentation" }, group.label);
    return add(el("div", { role: "group", "aria-labelledby": id }), [heading, rows]);
  }

  #row(option, selected, full) {
    const index = this.#rows.length;
    const row = el(
      "div",
      {
        class: "option", role: "option", id: freshId("option"), "aria-selected": String(selected),
        "aria-disabled": full && !selected ? "true" : null, data: { value: option.key },
        on: {
          click: () => full && !selected ? undefined : this.pick(option),
          pointermove: () => this.#move(index, { scroll: false }),
        },
      },
      el("span", { class: "option-text" }, option.text),
      option.description && el("span", { class: "option-hint" }, option.description),
    );
    this.#rows.push({ option, row });
    return row;
  }

  /** Moves by a key; whether it was one that moves. */
  key(event) {
    const last = this.#rows.length - 1;
    if (last < 0) return false;
    const goes = {
      ArrowDown: this.#at >= last ? 0 : this.#at + 1,
      ArrowUp: this.#at <= 0 ? last : this.#at - 1,
      Home: 0,
      End: last,
      PageDown: Math.min(last, this.#at + PAGE),
      PageUp: Math.max(0, this.#at - PAGE),
    };
    if (!(event.key in goes)) return false;
    this.#move(goes[event.key]);
    return true;
  }

  #move(index, { scroll = true } = {}) {
    this.#rows[this.#at]?.row.classList.remove("is-active");
    this.#at = Math.min(index, this.#rows.length - 1);
    const row = this.#rows[this.#at]?.row;
    row?.classList.add("is-active");
    if (scroll) row?.scrollIntoView({ block: "nearest" });
    this.moved(row?.id ?? null);
  }
}
