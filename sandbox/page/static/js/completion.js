// The list above the composer: slash commands and people that complete what is being typed.

import { el, fill, freshId } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./people.js";
import { commandsFor, peopleFor } from "./writing.js";

export class Completion {
  #offer = null;
  #at = 0;
  #dismissed = null;

  constructor(store, field, { commands }) {
    this.store = store;
    this.field = field;
    this.commands = commands;
    this.node = el("ul", { class: "completion", role: "listbox", id: freshId("completion"), hidden: true });
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.node.id);
  }

  /** Looks again at what is typed. */
  update() {
    const { value, selectionStart } = this.field;
    this.#offer = value === this.#dismissed ? null : this.#offerFor(value, selectionStart);
    this.#at = 0;
    this.#draw();
  }

  /** Gives the list up until something else is typed. */
  dismiss() {
    this.#dismissed = this.field.value;
    this.update();
  }

  /** Answers whether the key was for the list. */
  key(event) {
    if (this.#offer === null) return false;
    const { length } = this.#offer.options;
    const moves = {
      ArrowDown: () => this.#move((this.#at + 1) % length),
      ArrowUp: () => this.#move((this.#at - 1 + length) % length),
      Tab: () => this.#take(this.#at),
      Enter: () => this.#take(this.#at),
      Escape: () => this.dismiss(),
    };
    // Enter on what is there in full sends it.
    if (event.key === "Enter" && this.#offer.complete) return false;
    if (event.shiftKey || event.isComposing || !moves[event.key]) return false;
    event.preventDefault();
    event.stopPropagation();
    moves[event.key]();
    return true;
  }

  #offerFor(value, caret) {
    const commands = this.commands ? commandsFor(value, this.store) : [];
    const offer =
      commands.length > 0
        ? { from: 0, name: "Slash commands", options: commands.map((command) => ({ label: command.command, command })) }
        : peopleFor(value, caret, this.store);
    if (!offer) return null;
    const typed = value.slice(offer.from, caret).toLowerCase();
    return { name: "People", ...offer, complete: offer.options[0].label.toLowerCase() === typed };
  }

  #move(to) {
    this.#at = to;
    this.#draw();
  }

  #take(index) {
    const { from, options } = this.#offer;
    this.field.setRangeText(`${options[index].label} `, from, this.field.selectionStart, "end");
    this.field.focus();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #draw() {
    const offer = this.#offer;
    this.node.hidden = offer === null;
    if (offer === null) {
      this.field.removeAttribute("aria-activedescendant");
      return;
    }
    this.node.setAttribute("aria-label", offer.name);
    const options = offer.options.map((option, index) => this.#option(option, index));
    fill(this.node, options);
    this.field.setAttribute("aria-activedescendant", options[this.#at].id);
    options[this.#at].scrollIntoView({ block: "nearest" });
  }

  #option(option, index) {
    const take = (event) => {
      event.preventDefault(); // keeps the focus in the field
      this.#take(index);
    };
    return el(
      "li",
      {
        role: "option",
        id: freshId("option"),
        class: "completion-option",
        "aria-selected": String(index === this.#at),
        on: { pointerdown: take },
      },
      option.command ? commandWords(option.command) : personWords(option),
    );
  }
}

function commandWords({ command, usage_hint, description, app }) {
  return [
    el("span", { class: "completion-sign" }, icon("bolt")),
    el(
      "span",
      { class: "completion-words" },
      el("span", {}, el("strong", {}, command), usage(usage_hint)),
      description && el("span", { class: "completion-hint" }, description),
    ),
    el("span", { class: "completion-app" }, app),
  ];
}

function personWords({ label, hint, user }) {
  return [
    user ? avatar(user, "small") : el("span", { class: "completion-sign" }, icon("people")),
    el("span", { class: "completion-words" }, el("strong", {}, label)),
    el("span", { class: "completion-hint" }, hint),
  ];
}

/** What a command takes, behind its name. */
export function usage(hint) {
  return hint ? el("span", { class: "completion-usage" }, ` ${hint}`) : null;
}
