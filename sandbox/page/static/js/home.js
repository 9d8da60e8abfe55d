// An app's Home tab as the acting person sees it.

import { post } from "./api.js";
import { blockList } from "./blocks.js";
import { el, fill } from "./dom.js";
import { keepingFocus } from "./focus.js";

export class HomeTab {
  #opened = null;
  #drawn = null;

  constructor({ store, contexts, toasts }) {
    Object.assign(this, { store, contexts, toasts });
    this.node = el("div", { class: "home", tabIndex: 0, role: "region", hidden: true });
    store.on(["place", "home", "workspace", "pushes"], () => this.draw());
  }

  draw() {
    const { app, as } = this.store.place;
    this.node.hidden = app === null;
    if (app === null) {
      this.#opened = null;
      return;
    }
    if (this.#opened !== `${as}/${app}`) this.#enter(app, as);
    const { home } = this.store;
    if (home?.app !== app || home.as !== as) return;
    const version = JSON.stringify([home, this.store.edition, this.store.pushes]);
    if (version === this.#drawn) return;
    this.#drawn = version;
    keepingFocus(this.node, () => fill(this.node, home.view ? this.#view(home.view) : this.#nothing(app)));
  }

  /** The app hears that somebody looks, and may publish what it has for them. */
  #enter(app, user) {
    this.#opened = `${user}/${app}`;
    this.#drawn = null;
    fill(this.node);
    this.node.setAttribute("aria-label", `Home of ${this.store.apps.get(app)?.name}`);
    post("home/open", { user, app }).catch((error) => this.toasts.error(error.message));
  }

  #view(view) {
    return el("div", { class: "home-view" }, blockList(view.blocks ?? [], this.contexts.forView(view)));
  }

  #nothing(app) {
    const name = this.store.apps.get(app)?.name;
    return el("p", { class: "empty" }, `${name} has put nothing on its Home for ${this.store.me?.real_name} yet.`);
  }
}
