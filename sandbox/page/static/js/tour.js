// The checklist at the sidebar's foot: what to try, who to be for it, and what has been done.

import { el, fill, reconcile } from "./dom.js";
import { keepingFocus } from "./focus.js";
import { icon } from "./icons.js";
import { firstName } from "./people.js";

const FOLDED = "sandbox.checklist";

export class Checklist {
  #done = null;
  #openKey = null;

  constructor({ store, route, onVisit }) {
    Object.assign(this, { store, route, onVisit });
    this.progress = el("span", { class: "tour-count" });
    this.bar = el("progress", { class: "tour-bar", "aria-label": "Progress of the checklist" });
    this.title = el("span", {});
    this.fold = el(
      "button",
      { type: "button", class: "tour-fold", "aria-controls": "tour-steps", on: { click: () => this.#toggle() } },
      icon("chevron"),
      this.title,
      this.progress,
    );
    this.steps = el("ol", { class: "tour-steps" });
    this.finish = el("p", { class: "tour-finish", hidden: true });
    this.body = el("div", { class: "tour-body", id: "tour-steps" }, this.steps, this.finish);
    this.told = el("span", { class: "unseen", role: "status" });
    this.node = el(
      "section",
      { class: "tour", "aria-label": "Checklist", hidden: true },
      this.fold,
      this.bar,
      this.body,
      this.told,
    );
    this.#fold(localStorage.getItem(FOLDED) === "yes");
    store.on(["tour", "place", "workspace"], () => this.draw());
  }

  draw() {
    const { tour } = this.store;
    this.node.hidden = !tour;
    if (!tour) return;
    const done = tour.steps.filter((step) => step.done).length;
    fill(this.title, tour.title);
    fill(this.progress, `${done} of ${tour.steps.length}`);
    this.bar.max = tour.steps.length;
    this.bar.value = done;
    this.#announce(tour, done);
    const current = tour.steps.find((step) => !step.done)?.key ?? null;
    keepingFocus(this.steps, () => reconcile(this.steps, tour.steps.map((step) => this.#item(step, current))));
    this.finish.hidden = done < tour.steps.length;
    fill(this.finish, "That is all of it. Look around as you like, or start over.");
  }

  #announce(tour, done) {
    const before = this.#done;
    this.#done = new Set(tour.steps.filter((step) => step.done).map((step) => step.key));
    if (before === null) return;
    const ticked = tour.steps.filter((step) => step.done && !before.has(step.key));
    if (ticked.length === 0) return;
    const all = done === tour.steps.length ? " That is the whole checklist!" : "";
    fill(this.told, `Done: ${ticked.map((step) => step.title).join(", ")}. ${done} of ${tour.steps.length}.${all}`);
    this.#openKey = null;
  }

  #item(step, current) {
    const open = !step.done && step.key === (this.#openKey ?? current);
    const { as, channel } = this.store.place;
    return {
      key: step.key,
      version: JSON.stringify([step, open, as, channel, this.store.edition]),
      make: () => this.#step(step, open),
    };
  }

  #step(step, open) {
    const mark = el("span", { class: "tour-mark" }, step.done && icon("check"));
    const state = el("span", { class: "unseen" }, step.done ? "Done: " : "To do: ");
    const name = el("span", { class: "tour-name" }, state, step.title);
    const head = step.done
      ? el("div", { class: "tour-head" }, mark, name)
      : el(
          "button",
          {
            type: "button",
            class: "tour-head",
            "aria-expanded": String(open),
            on: { click: () => this.#show(open ? "" : step.key) },
          },
          mark,
          name,
        );
    return el(
      "li",
      { class: step.done ? "tour-step is-done" : "tour-step", data: { step: step.key } },
      head,
      open && el("p", { class: "tour-how" }, step.how),
      open && this.#goButton(step),
    );
  }

  #goButton(step) {
    const { store } = this;
    const user = step.as && step.as !== store.place.as ? store.users.get(step.as) : undefined;
    const elsewhere = step.channel && step.channel !== store.place.channel;
    if (!user && !elsewhere) return null;
    const click = () => {
      this.route.go({ as: step.as ?? store.place.as, channel: step.channel ?? store.place.channel, app: null });
      this.onVisit();
      document.querySelector("#composer")?.focus();
    };
    const label = user ? `Be ${firstName(user)}` : "Go there";
    return el("button", { type: "button", class: "tour-go", on: { click } }, label);
  }

  #show(key) {
    this.#openKey = key;
    this.draw();
  }

  #toggle() {
    this.#fold(!this.body.hidden);
  }

  #fold(folded) {
    this.body.hidden = folded;
    this.bar.hidden = folded;
    this.fold.setAttribute("aria-expanded", String(!folded));
    localStorage.setItem(FOLDED, folded ? "yes" : "no");
  }
}
