// The traffic drawer, for people who build bots: every envelope and API call with its payload, mistakes in red.

import { get } from "./api.js";
import { el, fill } from "./dom.js";
import { EntryView } from "./entry.js";
import { iconButton, wordButton } from "./parts.js";
import { matches, Wire } from "./wire.js";

const AT_MOST = 500;
const PAGE = 500;
const KINDS = [
  ["all", "Everything"],
  ["people", "Commands & clicks"],
  ["api", "API calls"],
  ["errors", "Errors"],
];

export class Traffic {
  #wire = new Wire();
  #views = new Map();
  #busy = false;
  #again = false;
  #later = null;
  #stick = true;

  constructor({ store, toasts, onToggle }) {
    Object.assign(this, { store, toasts, onToggle });
    this.paused = false;
    this.list = el("ol", { class: "traffic-list" });
    this.empty = el("p", { class: "empty" }, "Nothing yet. Use a command or click a button.");
    this.scroller = el(
      "div",
      { class: "traffic-scroller", tabIndex: 0, role: "region", "aria-label": "Traffic entries" },
      this.list,
      this.empty,
    );
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.node = el("section", { class: "traffic", "aria-label": "Traffic", hidden: true }, this.#head(), this.scroller);
    store.on(["traffic", "finished", "problems"], () => this.#fetch());
    store.on(["workspace", "place"], () => this.#draw());
  }

  /** Opens or closes the drawer. */
  toggle(open = this.node.hidden) {
    this.node.hidden = !open;
    document.body.classList.toggle("has-traffic", open);
    this.onToggle(open);
    if (!open) return;
    this.#stick = true;
    this.#fetch();
    this.search.focus();
  }

  #head() {
    this.search = el("input", {
      type: "search",
      class: "traffic-search",
      placeholder: "Filter",
      "aria-label": "Filter the traffic by text",
      on: { input: () => this.#draw() },
    });
    this.kind = el(
      "select",
      { class: "traffic-kind", "aria-label": "Kind of traffic", on: { change: () => this.#draw() } },
      KINDS.map(([value, label]) => el("option", { value }, label)),
    );
    this.pauseButton = wordButton("Pause", () => this.#pause());
    return el(
      "header",
      { class: "pane-head" },
      el("h2", {}, "Traffic"),
      this.search,
      this.kind,
      this.pauseButton,
      wordButton("Clear view", () => this.#clear()),
      iconButton("Close traffic", "close", () => this.toggle(false)),
    );
  }

  #pause() {
    this.paused = !this.paused;
    this.pauseButton.setAttribute("aria-pressed", String(this.paused));
    fill(this.pauseButton, this.paused ? "Go on" : "Pause");
    if (!this.paused) this.#fetch();
  }

  #clear() {
    this.#wire.forget();
    this.#draw();
  }

  async #fetch() {
    if (this.node.hidden || this.paused) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    if (this.store.traffic < this.#wire.newest) this.#wire = new Wire(); // another sandbox answers now
    try {
      do {
        this.#again = false;
        const [{ traffic }, { problems }] = await Promise.all([
          get("traffic", { after: this.#wire.after, limit: PAGE }),
          get("problems"),
        ]);
        this.#wire.take(traffic, problems);
        this.#draw();
        this.#lookAgain();
      } while (this.#again);
    } catch {
      // The bar at the top says that the sandbox is gone; the next change fetches what was missed.
    } finally {
      this.#busy = false;
    }
  }

  /** An ack that does not come is no news that could wake the drawer. */
  #lookAgain() {
    clearTimeout(this.#later);
    if (this.#wire.waiting) {
      this.#later = setTimeout(() => {
        this.#draw();
        this.#lookAgain();
      }, 1_000);
    }
  }

  #draw() {
    if (this.node.hidden) return;
    const words = this.search.value.trim().toLowerCase();
    const shown = this.#wire.entries.filter((entry) => matches(entry, this.kind.value, words)).slice(-AT_MOST);
    const kept = new Set(shown.map((entry) => entry.key));
    for (const [key, view] of this.#views) {
      if (kept.has(key)) continue;
      view.node.remove();
      this.#views.delete(key);
    }
    let after = null;
    for (const entry of shown) {
      const node = this.#viewOf(entry).node;
      const place = after ? after.nextSibling : this.list.firstChild;
      if (place !== node) this.list.insertBefore(node, place);
      after = node;
    }
    this.empty.hidden = shown.length > 0;
    if (this.#stick) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #viewOf(entry) {
    let view = this.#views.get(entry.key);
    if (!view) {
      view = new EntryView(entry, { store: this.store, toasts: this.toasts });
      this.#views.set(entry.key, view);
    }
    view.update(entry);
    return view;
  }

  #scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller;
    this.#stick = scrollHeight - scrollTop - clientHeight < 24;
  }
}
