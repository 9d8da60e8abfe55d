// Tells of messages that call the acting person by name in a place that isn't on screen.

import { get } from "./api.js";
import { wordsOf } from "./mrkdwn.js";

const RECENT_SECONDS = 120;
const SHOWN = 140;
const CALM_AFTER = 3_000;

export class Pings {
  #hushed = null;

  constructor({ store, route, toasts, contexts, onCalm }) {
    Object.assign(this, { store, route, toasts, contexts, onCalm });
  }

  /** A workspace that begins anew may be filled with a past first: nothing of that is a ping. */
  hush() {
    clearTimeout(this.#hushed);
    this.#hushed = setTimeout(() => {
      this.#hushed = null;
      this.onCalm();
    }, CALM_AFTER);
  }

  /**
   * Looks at a message that was just posted. The count beside its conversation would not do: what was fetched because
   * of an earlier change may have counted this message already.
   */
  async heard({ channel, ts, posted }) {
    if (this.#hushed !== null) return this.hush();
    const { as } = this.store.place;
    const recent = Number(ts) > this.store.now().getTime() / 1000 - RECENT_SECONDS;
    const mayCall = posted && recent && as && this.store.isMember(channel);
    const message = mayCall ? await this.#find(channel, ts, as) : undefined;
    const mine = message?.unread && message.mentions_me && as === this.store.place.as;
    return mine && !this.#onScreen(message) ? this.#tell(message) : undefined;
  }

  #tell(message) {
    const { channel, ts } = message;
    const thread = message.thread_ts ?? null;
    const author = this.store.userName(message.user);
    const words = wordsOf({ type: "mrkdwn", text: message.text }, this.contexts.forMessage(message));
    const direct = this.store.channels.get(channel).kind === "im";
    this.toasts.show({
      title: direct ? author : `${author} in ${this.store.titleOf(channel)}`,
      text: words.length > SHOWN ? `${words.slice(0, SHOWN)}…` : words,
      kind: "ping",
      onOpen: () => {
        this.route.go({ channel, thread });
        this.store.set("wanted", { channel, ts, thread });
      },
    });
  }

  /** What stands in the channel first; the thread of a reply is that reply itself, which is all that is asked for. */
  async #find(channel, ts, as) {
    try {
      const shown = await get(`channel/${channel}`, { as, limit: 20 });
      const found = shown.messages.find((message) => message.ts === ts);
      if (found) return found;
      const { messages } = await get(`thread/${channel}/${ts}`, { as });
      return messages.find((message) => message.ts === ts);
    } catch {
      return undefined; // gone again
    }
  }

  #onScreen(message) {
    const { channel, thread } = this.store.place;
    if (message.channel !== channel) return false;
    return !message.thread_ts || message.broadcast || message.thread_ts === thread;
  }
}
