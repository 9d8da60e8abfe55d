// The switch that makes the visitor one of the people, and says whom the bot has just called by name.

import { el, fill, freshId } from "./dom.js";
import { icon } from "./icons.js";
import { badge } from "./parts.js";
import { avatar, firstName, roleOf } from "./people.js";
import { addressOf } from "./route.js";

const AT_MOST = 3;

/** The "Acting as" button of the sidebar and the menu that it opens. */
export class Switcher {
  #known = new Map();
  #calls = 0;

  constructor(store, route) {
    this.store = store;
    this.route = route;
    const id = freshId("people");
    this.menu = el("div", { class: "people-menu", role: "menu", id, "aria-label": "Act as", hidden: true });
    this.button = el("button", {
      type: "button",
      class: "act-as",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-controls": id,
      on: { click: () => this.#toggle(this.menu.hidden) },
    });
    this.elsewhere = el("div", { class: "elsewhere" });
    this.node = el("div", { class: "switcher" }, this.button, this.menu, this.elsewhere);
    this.menu.addEventListener("keydown", (event) => this.#key(event));
    this.button.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      this.#toggle(true);
    });
    document.addEventListener("pointerdown", (event) => {
      if (!this.node.contains(event.target)) this.#toggle(false, false);
    });
    store.on(["workspace", "place", "sidebar"], () => this.draw());
  }

  draw() {
    const { store } = this;
    const me = store.me;
    if (me === undefined) return;
    fill(
      this.button,
      avatar(me),
      el(
        "span",
        { class: "act-as-words" },
        el("span", { class: "act-as-lead" }, "Acting as"),
        el("strong", {}, me.real_name),
        el("span", { class: "act-as-role" }, roleOf(store, me.id)),
      ),
      icon("chevron"),
    );
    this.#drawElsewhere();
    if (!this.menu.hidden) this.#drawMenu();
  }

  /** From now on: what was before is nobody's ping. */
  forget() {
    this.#known.clear();
    this.draw();
  }

  /** Who else has just been called by name: in this workspace the visitor is everybody. */
  #drawElsewhere() {
    const called = this.#justCalled().slice(0, AT_MOST);
    this.elsewhere.hidden = called.length === 0;
    fill(
      this.elsewhere,
      called.length > 0 && el("span", { class: "elsewhere-lead" }, "Pinged"),
      called.map(([user, mentions]) =>
        el(
          "button",
          {
            type: "button",
            class: "elsewhere-person",
            title: `${user.real_name} was mentioned: act as ${firstName(user)}`,
            on: { click: () => this.#be(user.id) },
          },
          firstName(user),
          badge(mentions, "mention"),
        ),
      ),
    );
  }

  /** The people with more mentions than when this page first saw them, those called last in front. */
  #justCalled() {
    for (const { id, mentions } of this.store.sidebar.people) {
      const known = this.#known.get(id);
      if (known === undefined || mentions < known.mentions) this.#known.set(id, { first: mentions, mentions, at: 0 });
      else if (mentions > known.mentions) Object.assign(known, { mentions, at: (this.#calls += 1) });
    }
    return [...this.#known]
      .filter(([id, { first, mentions }]) => mentions > first && id !== this.store.place.as && this.store.users.has(id))
      .sort(([, one], [, other]) => other.at - one.at)
      .map(([id, { first, mentions }]) => [this.store.users.get(id), mentions - first]);
  }

  #drawMenu() {
    const at = this.menu.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    fill(this.menu, this.store.humans.map((user) => this.#row(user)));
    if (at) this.menu.querySelector(`[data-key="${at}"]`)?.focus();
  }

  #row(user) {
    const { store } = this;
    const current = user.id === store.place.as;
    const pending = store.sidebar.people.find((one) => one.id === user.id);
    const mentions = pending?.mentions ?? 0;
    return el(
      "div",
      { class: "people-row", role: "none" },
      el(
        "button",
        {
          type: "button",
          role: "menuitemradio",
          "aria-checked": String(current),
          tabIndex: -1,
          class: "people-item",
          data: { key: `be-${user.id}`, user: user.id },
          on: { click: () => this.#be(user.id) },
        },
        avatar(user),
        el(
          "span",
          { class: "people-words" },
          el("strong", {}, user.real_name),
          el("span", { class: "people-role" }, roleOf(store, user.id), pending?.modals ? " · has a form open" : ""),
        ),
        mentions > 0 && badge(mentions, "mention"),
        current && icon("check"),
      ),
      el(
        "a",
        {
          role: "menuitem",
          tabIndex: -1,
          class: "people-window",
          href: addressOf({ ...store.place, as: user.id }),
          target: "_blank",
          "aria-label": `Open a window as ${user.real_name}`,
          title: `Open a window as ${user.real_name}`,
          data: { key: `window-${user.id}` },
          on: { click: () => this.#toggle(false) },
        },
        icon("window"),
      ),
    );
  }

  #be(id) {
    this.#toggle(false);
    this.route.go({ as: id, thread: this.store.place.thread });
  }

  #toggle(open, refocus = true) {
    if (open === !this.menu.hidden) return;
    this.menu.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) {
      this.#drawMenu();
      (this.menu.querySelector('[aria-checked="true"]') ?? this.menu.querySelector("[role]")).focus();
    } else if (refocus) {
      this.button.focus();
    }
  }

  #key(event) {
    const items = [...this.menu.querySelectorAll(".people-item")];
    const windows = [...this.menu.querySelectorAll(".people-window")];
    const row = items.findIndex((one) => one.parentElement.contains(document.activeElement));
    const column = windows.includes(document.activeElement) ? windows : items;
    const moves = {
      ArrowDown: () => column[(row + 1) % items.length].focus(),
      ArrowUp: () => column[(row - 1 + items.length) % items.length].focus(),
      ArrowRight: () => windows[row].focus(),
      ArrowLeft: () => items[row].focus(),
      Home: () => items[0].focus(),
      End: () => items.at(-1).focus(),
      Escape: () => this.#toggle(false),
      Tab: () => this.#toggle(false),
    };
    const byName = event.key.length === 1 && this.#named(items, row, event.key);
    const move = moves[event.key] ?? (byName ? () => byName.focus() : null);
    if (!move) return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
    move();
  }

  #named(items, row, letter) {
    const names = (one) => this.store.userName(one.dataset.user).toLowerCase();
    const order = [...items.slice(row + 1), ...items.slice(0, row + 1)];
    return order.find((one) => names(one).startsWith(letter.toLowerCase()));
  }
}
