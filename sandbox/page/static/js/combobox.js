// The ARIA combobox behind every select: type to filter, arrows to move, chips where several may be chosen.
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

import { el, fill, freshId } from "./dom.js";
import { Listbox } from "./blocks/listbox.js";

const SEARCH_PAUSE_MS = 200;

/**
 * One field to choose from. Options are {key, text, label?, description?, raw}; in groups {label?, options}.
 * `load(query)` answers groups, or a promise of them; `choose(options)` whether the choice stands.
 */
export class Combobox {
  #chosen = [];
  #searching = 0;
  #typed = false;

  constructor({ name, data, id, multiple, placeholder, most, clearable, slow = false, least = 0, load, choose }) {
    Object.assign(this, { name, multiple, most: most ?? Infinity, slow, least, load, choose });
    this.placeholder = placeholder ?? (multiple ? "Choose options" : "Choose an option");
    this.listId = freshId("options");
    this.input = el("input", {
      class: "combo-input", id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.listId, "aria-haspopup": "listbox",
      "aria-label": name, data,
      on: {
        input: () => this.#type(),
        keydown: (event) => this.#key(event),
        focus: () => this.#whole(),
        click: () => this.#clicked(),
        blur: () => this.close(),
      },
    });
    this.clear = clearable && !multiple && el("button", {
      class: "combo-clear", type: "button", "aria-label": "Clear the choice", hidden: true,
      on: { click: () => this.#set([]).then(() => this.input.focus()) },
    });
    this.chips = multiple && el("span", { class: "chips", role: "list", "aria-label": "Chosen", hidden: true });
    this.node = el(
      "div",
      { class: multiple ? "combo combo-multi" : "combo", on: { mousedown: (event) => this.#press(event) } },
      this.chips, this.input, this.clear, el("span", { class: "combo-arrow", "aria-hidden": "true" }),
    );
    this.#draw();
  }

  /** Shows these options as chosen. */
  show(options) {
    this.#chosen = options;
    this.#draw();
  }

  /** The keys of what is chosen. */
  get keys() {
    return this.#chosen.map(({ key }) => key);
  }

  async open() {
    if (this.list || this.input.disabled) return;
    this.list = new Listbox({
      id: this.listId, anchor: this.node, multiple: this.multiple,
      pick: (option) => this.#pick(option),
      moved: (id) => this.#point(id),
    });
    this.input.setAttribute("aria-expanded", "true");
    await this.#search("");
  }

  close() {
    if (!this.list) return;
    this.list.close();
    this.list = null;
    this.#typed = false;
    clearTimeout(this.pause);
    this.#searching += 1; // what is still being looked up comes too late
    this.input.setAttribute("aria-expanded", "false");
    this.#point(null);
    this.#draw();
  }

  #point(id) {
    if (id) this.input.setAttribute("aria-activedescendant", id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  /** A press anywhere in the box is one on its input; the popup closes at a second one. */
  #press(event) {
    if (event.target.closest("button")) return;
    if (event.target !== this.input) event.preventDefault();
    if (this.list && event.target !== this.input) {
      this.close();
    } else {
      this.input.focus();
      this.open();
    }
  }

  #clicked() {
    this.open();
    this.#whole();
  }

  /** What is typed next takes the place of the choice that is shown. */
  #whole() {
    if (!this.multiple && !this.#typed) this.input.select();
  }

  #type() {
    this.#typed = true;
    this.open();
    clearTimeout(this.pause);
    const query = this.input.value.trim();
    if (!this.slow) {
      this.#search(query);
      return;
    }
    this.list.say("Looking…"); // Enter must not choose what was found for other letters
    this.pause = setTimeout(() => this.#search(query), SEARCH_PAUSE_MS);
  }

  async #search(query) {
    const turn = (this.#searching += 1);
    if (query.length < this.least) {
      this.list.say(`Type ${this.least === 1 ? "a letter" : `at least ${this.least} letters`} to search.`);
      return;
    }
    const answer = this.load(query);
    if (answer instanceof Promise) this.list.say("Looking…");
    let groups;
    try {
      groups = await answer;
    } catch (error) {
      if (turn === this.#searching && this.list) this.list.say(error.message);
      return;
    }
    if (turn !== this.#searching || !this.list) return;
    this.groups = groups;
    this.#list();
  }

  #list() {
    const full = this.multiple && this.#chosen.length >= this.most;
    const note = full ? `You can choose no more than ${this.most}.` : "";
    this.list.show(this.groups, { chosen: this.keys, full, note });
  }

  #key(event) {
    if (event.isComposing) return;
    const { key } = event;
    if (key === "Backspace" && this.multiple && this.input.value === "" && this.#chosen.length > 0) {
      event.preventDefault();
      this.#set(this.#chosen.slice(0, -1));
    } else if (!this.list) {
      if (["ArrowDown", "ArrowUp", "Enter"].includes(key) && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        this.open();
      }
    } else if (key === "Escape") {
      event.preventDefault();
      event.stopPropagation(); // closes the list, not the modal around it
      this.close();
    } else if (key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (this.list.active) this.#pick(this.list.active);
    } else if (key === "Tab") {
      if (this.#typed && this.list.active && this.input.value.trim()) this.#pick(this.list.active);
    } else if (this.list.key(event)) {
      event.preventDefault();
    }
  }

  async #pick(option) {
    const had = this.keys.includes(option.key);
    if (!this.multiple) {
      this.close();
      if (!had) await this.#set([option]);
      return;
    }
    if (!had && this.#chosen.length >= this.most) return;
    this.input.value = "";
    const next = had ? this.#chosen.filter(({ key }) => key !== option.key) : [...this.#chosen, option];
    const filtered = this.#typed;
    this.#typed = false;
    const done = this.#set(next);
    if (filtered) await this.#search("");
    await done;
  }

  /** Shows a choice at once and takes it back where it does not stand. */
  async #set(options) {
    const before = this.#chosen;
    this.show(options);
    if (this.list) this.#list();
    if (await this.choose(options)) return;
    this.show(before);
    if (this.list) this.#list();
  }

  #draw() {
    if (this.multiple) {
      fill(this.chips, this.#chosen.map((option) => this.#chip(option)));
      this.chips.hidden = this.#chosen.length === 0;
      this.input.placeholder = this.#chosen.length === 0 ? this.placeholder : "";
      if (!this.#typed) this.input.value = "";
    } else {
      if (!this.#typed) this.input.value = this.#chosen[0]?.text ?? "";
      this.input.placeholder = this.#chosen[0]?.text ?? this.placeholder;
      if (this.clear) this.clear.hidden = this.#chosen.length === 0;
    }
    this.list?.place();
  }

  #chip(option) {
    const remove = () => {
      this.#set(this.#chosen.filter(({ key }) => key !== option.key));
      this.input.focus();
    };
    return el(
      "span",
      { class: "chip", role: "listitem" },
      el("span", { class: "chip-text" }, option.text),
      el("button", { class: "chip-remove", type: "button", "aria-label": `Remove ${option.text}`, on: { click: remove } }),
    );
  }
}
