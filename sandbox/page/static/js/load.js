// Fetches what is on screen and fetches it again when it changed: each thing once at a time, late answers dropped.

import { get, Refused } from "./api.js";

const PAGE = 100;

export class Loader {
  #running = new Map();
  #changing = new Map();
  #before = {};

  constructor(store) {
    this.store = store;
    this.limit = PAGE;
    store.on(["place"], () => this.#moved());
  }

  /** Everything anew, as after a lost connection. */
  all() {
    return this.refresh("workspace", "sidebar", "listing", "thread", "views", "home", "tour", "problems");
  }

  /** Shows more of the conversation's past. */
  earlier() {
    this.limit += PAGE;
    return this.refresh("listing");
  }

  /** Fetches these again; a second wish during the first becomes one more fetch after it. */
  refresh(...names) {
    return Promise.all(names.map((name) => this.#refresh(name)));
  }

  /** Does what changes this. Answers that were asked for before that was done tell the past, and are dropped. */
  async changing(name, act) {
    this.#changing.set(name, this.#changes(name) + 1);
    try {
      return await act();
    } finally {
      this.#changing.set(name, this.#changes(name) - 1);
      const running = this.#running.get(name);
      if (running) running.stale = true;
      this.refresh(name);
    }
  }

  #changes(name) {
    return this.#changing.get(name) ?? 0;
  }

  async #refresh(name) {
    const running = this.#running.get(name);
    if (running) {
      running.again = true;
      return running.done;
    }
    const mine = { again: true, stale: false, done: null };
    this.#running.set(name, mine);
    mine.done = (async () => {
      while (mine.again) {
        mine.again = false;
        mine.stale = false;
        await this.#fetch(name, mine);
      }
    })().finally(() => this.#running.delete(name));
    return mine.done;
  }

  async #fetch(name, mine) {
    const place = JSON.stringify(this.store.place);
    let value;
    try {
      value = await this.#ask(name);
    } catch (error) {
      if (!(error instanceof Refused)) return; // the live connection says so, and fetches all when it is back
      value = name === "thread" ? this.#goneThread() : null;
    }
    if (mine.stale || this.#changes(name) > 0) return; // it is fetched again after the change
    if (JSON.stringify(this.store.place) !== place) mine.again = true;
    else if (value !== undefined) this.store.set(name, value);
  }

  async #ask(name) {
    const { as, channel, thread, app } = this.store.place;
    switch (name) {
      case "workspace": {
        const { revision, now, ...state } = await get("state");
        this.store.setNow(now);
        return state;
      }
      case "tour":
        return (await get("tour")).tour;
      case "problems":
        return (await get("problems")).problems.length;
      case "sidebar":
        return as ? without(await get("sidebar", { as })) : undefined;
      case "views":
        return as ? (await get("views", { as })).views : undefined;
      case "listing":
        if (!as || !channel) return null;
        return { as, limit: this.limit, ...without(await get(`channel/${channel}`, { as, limit: this.limit })) };
      case "thread":
        if (!as || !channel || !thread) return null;
        return { as, ts: thread, ...without(await get(`thread/${channel}/${thread}`, { as })) };
      case "home":
        if (!as || !app) return null;
        return { as, app, view: (await get("home", { as, app })).view };
    }
    throw new Error(`nothing is called ${name}`);
  }

  /** A thread whose first message was deleted, or that an old address names. */
  #goneThread() {
    const { as, channel, thread } = this.store.place;
    return { as, ts: thread, channel: { id: channel }, read: null, messages: [], gone: true };
  }

  #moved() {
    const before = this.#before;
    const { as, channel, thread, app } = this.store.place;
    this.#before = { as, channel, thread, app };
    const person = as !== before.as;
    if (channel !== before.channel) this.limit = PAGE;
    const due = [];
    if (person) due.push("sidebar", "views");
    if (person || channel !== before.channel) due.push("listing");
    if (person || channel !== before.channel || thread !== before.thread) due.push("thread");
    if (person || app !== before.app) due.push("home");
    this.refresh(...due);
  }
}

/** An answer without its revision, which grows with every change anywhere. */
function without({ revision, ...rest }) {
  return rest;
}
