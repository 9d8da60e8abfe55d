// Makes the `ctx` that blocks are drawn with: whose eyes they are seen through, and what using them does.

import { post } from "./api.js";
import { readPermalink } from "./route.js";

export class Contexts {
  #chosen = new Map();

  constructor({ store, loader, route, toasts, openProfile }) {
    this.store = store;
    this.loader = loader;
    this.route = route;
    this.toasts = toasts;
    this.openProfile = openProfile;
  }

  /** For a message, whose menus remember what this person chose in them. */
  forMessage(message) {
    const me = this.store.place.as;
    const key = `${me}/${message.channel}/${message.ts}`;
    if (!this.#chosen.has(key)) this.#chosen.set(key, {});
    const where = { user: me, channel: message.channel, message_ts: message.ts };
    const act = (block_id, action_id, value) =>
      // What is on screen goes along: the message may have changed since it was drawn.
      post("click", { ...where, block_id, action_id, value, seen: message.blocks });
    return this.#context("message", where, { act, values: this.#chosen.get(key), errors: {} });
  }

  /** For a modal or an App Home. */
  forView(view) {
    const where = { user: view.user, view_id: view.id };
    const home = view.type === "home";
    return this.#context(home ? "home" : "modal", where, {
      act: (block_id, action_id, value) => post("click", { ...where, block_id, action_id, value }),
      input: (block_id, action_id, value) =>
        this.loader.changing(home ? "home" : "views", () =>
          post("view/input", { ...where, block_id, action_id, value }),
        ),
      values: view.values ?? {},
      errors: view.errors ?? {},
    });
  }

  #context(surface, where, own) {
    const { store } = this;
    return {
      me: store.me,
      surface,
      user: (id) => store.users.get(id),
      channel: (id) => store.channels.get(id),
      usergroup: (id) => store.groups.get(id),
      users: () => store.humans,
      channels: () => store.workspace.channels.filter((channel) => store.sees(store.place.as, channel)),
      now: () => store.now(),
      suggest: (block_id, action_id, value) => post("suggest", { ...where, block_id, action_id, value }),
      openChannel: (id) => this.route.go({ channel: id, thread: null }),
      openPerson: (id) => this.openProfile(id),
      openLink: (url) => this.#openLink(url),
      tell: (text, kind = "error") => this.toasts.show({ text, kind }),
      fileUrl: (id) => `/control/file/${encodeURIComponent(id)}?${new URLSearchParams({ as: store.place.as })}`,
      ...own,
    };
  }

  #openLink(url) {
    const link = readPermalink(url);
    if (link === null) return false;
    if (!this.store.sees(this.store.place.as, this.store.channels.get(link.channel))) {
      this.toasts.error("You cannot see that conversation.");
      return true;
    }
    this.route.go({ channel: link.channel, thread: link.thread });
    if (link.ts) this.store.set("wanted", { channel: link.channel, ts: link.ts, thread: link.thread });
    return true;
  }
}
