// The main column: the head of what one is in, and below it a conversation or an app's Home.

import { Composer } from "./composer.js";
import { el, fill } from "./dom.js";
import { HomeTab } from "./home.js";
import { icon } from "./icons.js";
import { MessageList } from "./messages.js";
import { avatar } from "./people.js";
import { membersOf } from "./sidebar.js";

export class Conversation {
  constructor(parts) {
    const { store, route, toasts } = parts;
    Object.assign(this, { store, route });
    this.composer = new Composer({ store, toasts, pane: "channel" });
    this.messages = new MessageList({
      ...parts,
      pane: "channel",
      onReply: (message) => route.go({ thread: message.ts }),
    });
    this.home = new HomeTab(parts);
    this.title = el("h1", { class: "conversation-title" });
    this.about = el("span", { class: "pane-where" });
    this.tabs = el("nav", { class: "tabs", "aria-label": "Tabs of the app", hidden: true });
    this.head = el("header", { class: "pane-head" }, this.title, this.about, this.tabs);
    this.nodes = [this.head, this.messages.node, this.composer.node, this.home.node];
    store.on(["place", "workspace"], () => this.draw());
  }

  draw() {
    const { store } = this;
    const { channel, app } = store.place;
    this.messages.node.hidden = this.composer.node.hidden = channel === null;
    if (app) this.#drawApp(store.apps.get(app), app);
    else if (channel) this.#drawChannel(channel);
  }

  #drawApp(app) {
    fill(this.title, avatar(this.store.users.get(app.bot_user_id), "small"), app.name);
    fill(this.about);
    this.#drawTabs(app);
  }

  #drawChannel(id) {
    const { store } = this;
    const channel = store.channels.get(id);
    const partner = channel.kind === "im" ? store.partner(id) : undefined;
    const signs = { channel: "hash", private: "lock", mpim: "people" };
    fill(
      this.title,
      partner ? avatar(partner, "small") : icon(channel.archived ? "archive" : signs[channel.kind]),
      store.nameOf(id),
    );
    const about = channel.kind === "im" ? null : membersOf(store, id);
    fill(this.about, channel.archived ? "Archived" : about);
    const app = partner && store.appOfBot(partner.id);
    if (app?.home_tab) this.#drawTabs(app);
    else this.tabs.hidden = true;
  }

  #drawTabs(app) {
    const { store } = this;
    const im = store.workspace.channels.find(
      ({ kind, members }) => kind === "im" && members.includes(app.bot_user_id) && members.includes(store.place.as),
    );
    const tab = (label, here, to) =>
      el(
        "button",
        { type: "button", class: "tab", "aria-current": here ? "page" : null, on: { click: () => this.route.go(to) } },
        label,
      );
    this.tabs.hidden = false;
    fill(
      this.tabs,
      tab("Home", store.place.app === app.id, { app: app.id }),
      im && app.messages_tab !== false && tab("Messages", store.place.channel === im.id, { channel: im.id }),
    );
  }
}
