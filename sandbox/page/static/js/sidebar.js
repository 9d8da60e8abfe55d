// The sidebar's conversations: where one can go, what is unread there, and who was called by name.

import { el, fill, reconcile } from "./dom.js";
import { keepingFocus } from "./focus.js";
import { icon } from "./icons.js";
import { badge, count } from "./parts.js";
import { avatar } from "./people.js";
import { addressOf } from "./route.js";

const SECTIONS = [
  ["channels", "Channels"],
  ["direct", "Direct messages"],
  ["apps", "Apps"],
  ["browse", "More channels"],
];

export class Sidebar {
  constructor(store, route) {
    this.store = store;
    this.route = route;
    this.name = el("h2", { class: "workspace-name" });
    this.lists = el("div", { class: "conversations" });
    store.on(["workspace", "sidebar", "place"], () => this.draw());
  }

  draw() {
    const { store } = this;
    if (!store.place.as) return;
    fill(this.name, store.workspace.team.name);
    const sections = this.#sections();
    keepingFocus(this.lists, () =>
      reconcile(
        this.lists,
        SECTIONS.filter(([key]) => sections[key].length > 0).map(([key, title]) => ({
          key,
          version: JSON.stringify([sections[key].map((entry) => entry.version)]),
          make: (before) => section(key, title, sections[key], before),
        })),
      ),
    );
  }

  #sections() {
    const sections = { channels: [], direct: [], apps: [], browse: [] };
    for (const conversation of this.store.sidebar.conversations) {
      const { kind, member, id } = conversation;
      const isChannel = kind === "channel" || kind === "private";
      const app = kind === "im" ? this.store.appOfBot(this.store.partner(id)?.id) : undefined;
      const where = isChannel ? (member ? "channels" : "browse") : app ? "apps" : "direct";
      sections[where].push(this.#entry(conversation));
      if (app?.home_tab) sections.apps.push(this.#homeEntry(app));
    }
    return sections;
  }

  #entry({ id, kind, archived, unread, mentions, member }) {
    const here = id === this.store.place.channel;
    const name = this.store.nameOf(id);
    const shown = { unread: here && document.hasFocus() ? 0 : unread, mentions };
    return {
      key: id,
      version: JSON.stringify([name, kind, archived, shown, member, here, this.store.place.as]),
      make: () =>
        this.#link({ channel: id, thread: null, app: null }, here, {
          sign: this.#sign(id, kind, archived),
          name,
          data: { channel: id },
          ...shown,
        }),
    };
  }

  #homeEntry(app) {
    const here = app.id === this.store.place.app;
    return {
      key: `home-${app.id}`,
      version: JSON.stringify([app.name, here, this.store.place.as]),
      make: () =>
        this.#link({ channel: null, thread: null, app: app.id }, here, {
          sign: icon("home"),
          name: `${app.name} Home`,
          data: { home: app.id },
        }),
    };
  }

  #link(to, here, { sign, name, data, unread = 0, mentions = 0 }) {
    const visit = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a window of its own
      event.preventDefault();
      this.route.go(to);
      this.onVisit?.();
    };
    return el(
      "li",
      {},
      el(
        "a",
        {
          class: `conversation${unread || mentions ? " is-unread" : ""}`,
          href: addressOf({ ...to, as: this.store.place.as }),
          "aria-current": here ? "page" : null,
          data,
          on: { click: visit },
        },
        sign,
        el("span", { class: "conversation-name" }, name),
        unread > 0 && mentions === 0 && el("span", { class: "unseen" }, ` (${unread} unread)`),
        mentions > 0 && badge(mentions, "mention"),
      ),
    );
  }

  #sign(id, kind, archived) {
    if (archived) return icon("archive");
    if (kind === "im") return avatar(this.store.partner(id), "small");
    if (kind === "mpim") return icon("people");
    return icon(kind === "private" ? "lock" : "hash");
  }
}

function section(key, title, entries, before) {
  const node =
    before ?? el("section", { class: "sidebar-section", "aria-label": title }, el("h3", {}, title), el("ul", {}));
  reconcile(node.querySelector("ul"), entries);
  node.dataset.section = key;
  return node;
}

/** The page's title: how often the visitor was called by name, and where they are. */
export function pageTitle(store) {
  const mentions = store.sidebar.conversations.reduce((sum, one) => sum + one.mentions, 0);
  const { channel, app } = store.place;
  const where = app ? `${store.apps.get(app)?.name} Home` : channel ? store.titleOf(channel) : "";
  const words = [where, store.me?.real_name, store.workspace.team.name].filter(Boolean).join(" · ");
  return mentions > 0 ? `(${mentions}) ${words}` : words;
}

/** What stands at the top of a conversation: "9 members". */
export function membersOf(store, channelId) {
  return count(store.channels.get(channelId)?.members.length ?? 0, "member");
}
