// Tells of messages that call the acting person by name in a place that isn't on screen.

import { get } from "./api.js";
import { wordsOf } from "./mrkdwn.js";

const REMEMBERED = 200;
const SHOWN = 140;

export class Pings {
  #seen = [];

  constructor({ store, route, toasts, contexts }) {
    Object.assign(this, { store, route, toasts, contexts });
  }

  /** Looks at a message that just came or changed. */
  async heard({ channel, ts }) {
    const { as } = this.store.place;
    const key = `${as}/${channel}/${ts}`;
    const since = this.store.now().getTime() / 1000 - 60;
    if (!as || this.#seen.includes(key) || Number(ts) < since) return;
    if (!this.store.sees(as, this.store.channels.get(channel))) return;
    this.#seen = [...this.#seen.slice(-REMEMBERED), key];
    const message = await this.#find(channel, ts, as);
    if (!message?.mentions_me || message.user === as || as !== this.store.place.as || this.#onScreen(message)) return;
    const author = this.store.userName(message.user);
    const where = this.store.titleOf(channel);
    const words = wordsOf(message.text, this.contexts.forMessage(message));
    this.toasts.show({
      title: this.store.channels.get(channel).kind === "im" ? author : `${author} in ${where}`,
      text: words.length > SHOWN ? `${words.slice(0, SHOWN)}…` : words,
      kind: "ping",
      onOpen: () => {
        this.route.go({ channel, thread: message.thread_ts ?? null });
        this.store.set("wanted", { channel, ts, thread: message.thread_ts ?? null });
      },
    });
  }

  /** The thread of a reply is that reply itself, which is all that is asked for. */
  async #find(channel, ts, as) {
    try {
      const { messages } = await get(`thread/${channel}/${ts}`, { as });
      return messages.find((message) => message.ts === ts);
    } catch {
      return undefined; // gone again, or only somebody else's
    }
  }

  #onScreen(message) {
    const { channel, thread } = this.store.place;
    if (message.channel !== channel) return false;
    return !message.thread_ts || message.broadcast || message.thread_ts === thread;
  }
}
