// A conversation's messages: grouped, divided by days and by what is new; stays at the end for who is there.

import { post } from "./api.js";
import { dateOfTs, dayLabel } from "./dates.js";
import { belongTogether, divider, earlierButton, intro, newLine, replies } from "./dividers.js";
import { el, reconcile } from "./dom.js";
import { keepingFocus } from "./focus.js";
import { icon } from "./icons.js";
import { Rows } from "./message.js";
import { Toolbar } from "./toolbar.js";

const NEAR_END = 48;
const LATER = 400;

/** The list of a channel ("channel") or of a thread ("thread"). */
export class MessageList {
  #name = null;
  #stick = true;
  #size = "";
  #newest = "";
  #newFrom = null;
  #later = null;
  #marked = new Map();

  constructor({ store, route, loader, contexts, toasts, pane, onReply }) {
    Object.assign(this, { store, loader, contexts, toasts, pane });
    this.list = el("div", { class: "message-list", role: "log", "aria-live": "polite" });
    this.scroller = el("div", { class: "message-scroller" }, this.list);
    this.pill = el(
      "button",
      { type: "button", class: "new-pill", hidden: true, on: { click: () => this.toEnd() } },
      icon("down"),
      "New messages",
    );
    this.node = el("div", { class: "messages" }, this.scroller, this.pill);
    this.rows = new Rows({
      store,
      route,
      contexts,
      pane,
      onLater: () => this.#drawLater(),
      onDismiss: (message) => this.#dismiss(message),
    });
    this.toolbar = new Toolbar({ store, list: this.list, find: (ts) => this.#find(ts), pane, onReply, toasts });
    this.#follow();
  }

  /** What is to be shown: the channel's listing or the thread's. */
  get listing() {
    return this.pane === "thread" ? this.store.thread : this.store.listing;
  }

  #follow() {
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#stick && this.#jump()).observe(this.list);
    new ResizeObserver(() => this.#stick && this.#jump()).observe(this.scroller);
    this.list.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("focusin", (event) => this.#tabStop(event.target));
    window.addEventListener("focus", () => this.#back());
    window.addEventListener("blur", () => this.#away());
    const shown = this.pane === "thread" ? "thread" : "listing";
    this.store.on([shown, "place", "workspace", "pushes"], () => this.draw());
    this.store.on(["wanted"], () => this.#lookFor());
    setInterval(() => this.draw(), 30_000);
  }

  draw() {
    const { listing, store } = this;
    const current = listing && listing.channel.id === store.place.channel && listing.as === store.place.as;
    // Until what this person sees is here, what the one before saw must not be clicked: it would be done in their name.
    this.list.inert = Boolean(listing) && !current;
    if (!current) return;
    const name = `${listing.as}/${listing.channel.id}/${listing.ts ?? ""}`;
    const entered = name !== this.#name;
    if (entered) this.#enter(name, listing);
    const newest = listing.messages.at(-1)?.ts ?? "";
    const arrived = !entered && newest > this.#newest;
    const mine = listing.messages.at(-1)?.user === store.place.as;
    this.#newest = newest;
    if (arrived && mine) this.#newFrom = null;
    // Nobody wants a whole channel read aloud because they came to it.
    this.list.setAttribute("aria-busy", String(entered));
    keepingFocus(this.list, () => reconcile(this.list, this.#items(listing)));
    setTimeout(() => this.list.removeAttribute("aria-busy"), 500);
    this.#tabStop(this.list.querySelector('.message[tabindex="0"]') ?? this.list.lastElementChild);
    if (entered || (arrived && mine)) this.toEnd();
    else if (arrived && !this.#stick) this.pill.hidden = false;
    if (this.#stick) this.#jump();
    this.#markRead();
    this.#lookFor();
  }

  /** Scrolls to the newest message and stays there. */
  toEnd() {
    this.#stick = true;
    this.#jump();
  }

  #jump() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#size = `${this.scroller.clientHeight}/${this.scroller.scrollHeight}`;
    this.pill.hidden = true;
  }

  #enter(name, listing) {
    this.#name = name;
    this.#newFrom = listing.read ?? null;
    // What comes while somebody looks on is not new to them.
    if (this.#firstNew(listing) === null) this.#newFrom = null;
    this.list.replaceChildren();
    const where = this.store.titleOf(listing.channel.id);
    this.list.setAttribute("aria-label", this.pane === "thread" ? `Thread in ${where}` : `Messages in ${where}`);
    this.#stick = true;
  }

  // What is in the list

  #items(listing) {
    const items = this.pane === "channel" ? [this.#beginning(listing)] : [];
    const firstNew = this.#firstNew(listing);
    let previous;
    let day = null;
    for (const message of listing.messages) {
      const label = dayLabel(dateOfTs(message.ts), this.store.me?.tz, this.store.now());
      const parent = this.pane === "thread" && message.ts === listing.ts;
      if (label !== day && this.pane === "channel") {
        items.push(divider(`day-${label}`, label));
        previous = undefined;
      }
      day = label;
      if (message.ts === firstNew) {
        items.push(newLine());
        previous = undefined;
      }
      items.push(this.#row(message, belongTogether(previous, message)));
      previous = parent ? undefined : message;
      if (parent) items.push(divider("replies", replies(listing.messages.length - 1), "is-plain"));
    }
    return items;
  }

  #row(message, grouped) {
    return {
      key: message.ts,
      version: this.rows.version(message, grouped),
      make: (before) => this.rows.draw(message, grouped, before),
    };
  }

  #firstNew(listing) {
    if (this.#newFrom === null) return null;
    const fresh = (one) => one.ts > this.#newFrom && one.user !== this.store.place.as && one.ts !== listing.ts;
    const found = listing.messages.find(fresh);
    // A line above everything says nothing.
    return found && found !== listing.messages[0] ? found.ts : null;
  }

  #beginning(listing) {
    const more = listing.messages.length >= listing.limit;
    const id = listing.channel.id;
    return {
      key: "beginning",
      version: JSON.stringify([more, id, this.store.edition]),
      make: () => (more ? earlierButton(() => this.#earlier()) : intro(this.store, id)),
    };
  }

  async #earlier() {
    const fromEnd = this.scroller.scrollHeight - this.scroller.scrollTop;
    this.#stick = false;
    await this.loader.earlier();
    requestAnimationFrame(() => {
      this.scroller.scrollTop = this.scroller.scrollHeight - fromEnd;
    });
  }

  // Reading

  #scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller;
    const size = `${clientHeight}/${scrollHeight}`;
    const resized = size !== this.#size;
    this.#size = size;
    // A column that became narrower moves what it shows: that is not somebody scrolling away from the end.
    if (this.#stick && resized) return this.#jump();
    this.#stick = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (this.#stick) {
      this.pill.hidden = true;
      this.#markRead();
    }
    return undefined;
  }

  /** What arrives while nobody looks at the window stands below a New line. */
  #away() {
    if (this.#newest) this.#newFrom = this.#newest;
  }

  #back() {
    if (this.#newFrom === this.#newest) this.#newFrom = null;
    this.#markRead();
  }

  #markRead() {
    const { listing, store } = this;
    if (!listing || !this.#stick || document.hidden || !document.hasFocus() || !this.node.isConnected) return;
    if (listing.as !== store.place.as || !this.node.checkVisibility()) return;
    const ts = listing.messages.at(-1)?.ts;
    const key = `${listing.as}/${listing.channel.id}/${listing.ts ?? ""}`;
    if (!ts || ts <= (this.#marked.get(key) ?? "") || !store.isMember(listing.channel.id)) return;
    this.#marked.set(key, ts);
    // Only a picture of the sidebar hangs on it: a mark that gets lost is set with the next message.
    post("read", { user: listing.as, channel: listing.channel.id, ts, thread_ts: listing.ts }).catch(() => {});
  }

  // Finding

  #find(ts) {
    return this.listing?.messages.find((message) => message.ts === ts);
  }

  /** Brings the message that a link points to into view. */
  #lookFor() {
    const wanted = this.store.wanted;
    const ours = this.pane === "thread" ? Boolean(wanted?.thread) : !wanted?.thread;
    if (!wanted || !ours || this.listing?.channel.id !== wanted.channel) return;
    const row = this.list.querySelector(`[data-ts="${CSS.escape(wanted.ts)}"]`);
    if (!row) {
      if (this.pane === "channel" && this.listing.messages.length >= this.listing.limit) this.loader.earlier();
      return;
    }
    this.store.set("wanted", null);
    this.#stick = false;
    row.scrollIntoView({ block: "center" });
    row.classList.add("is-wanted");
    row.focus({ preventScroll: true });
    setTimeout(() => row.classList.remove("is-wanted"), 2_500);
  }

  // Keys: the list is one stop of the Tab key, arrows go from message to message

  #tabStop(row) {
    if (!row?.matches(".message")) return;
    for (const other of this.list.querySelectorAll('.message[tabindex="0"]')) other.tabIndex = -1;
    row.tabIndex = 0;
  }

  #key(event) {
    const row = event.target.closest(".message");
    if (event.target !== row || !["ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
    const rows = [...this.list.querySelectorAll(".message")];
    const at = rows.indexOf(row);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 }[event.key];
    event.preventDefault();
    rows[to]?.focus();
    rows[to]?.scrollIntoView({ block: "nearest" });
  }

  #drawLater() {
    if (this.#later !== null) return;
    this.#later = setTimeout(() => {
      this.#later = null;
      // A row that was passed over has its new version noted already: draw those again that are behind.
      for (const row of this.list.querySelectorAll(".message")) row.dataset.version = "";
      this.draw();
    }, LATER);
  }

  async #dismiss(message) {
    try {
      await post("delete", { user: this.store.place.as, channel: message.channel, ts: message.ts });
    } catch (error) {
      this.toasts.error(error.message);
    }
  }
}
