// Sends what is typed and chosen in the order in which that happened, typed text a moment after the last key.

import { Unreachable } from "../api.js";

const PAUSE_MS = 250;

/** One queue; a modal has one for all its fields, so that nothing typed is lost when it is submitted. */
export class Sender {
  #waiting = new Map();
  #tail = Promise.resolve();
  #underWay = new Set();

  /** Sends soon; what waited under the same key is replaced. */
  later(key, send) {
    clearTimeout(this.#waiting.get(key)?.timer);
    const timer = setTimeout(() => this.now(key, send), PAUSE_MS);
    this.#waiting.set(key, { timer, send });
  }

  /** Sends after all that waits. Resolves to whether it went well. */
  now(key, send) {
    this.#drop(key);
    this.#flushWaiting();
    return this.#queue(send, key);
  }

  /** Whether something of this field has not been sent. */
  waits(key) {
    return this.#waiting.has(key);
  }

  /** Sends all that waits. Resolves to whether that, and what was under way, went well. */
  async flush() {
    this.#flushWaiting();
    return (await Promise.all(this.#underWay)).every(Boolean);
  }

  #flushWaiting() {
    for (const [key, { send }] of [...this.#waiting]) {
      this.#drop(key);
      this.#queue(send, key);
    }
  }

  #drop(key) {
    clearTimeout(this.#waiting.get(key)?.timer);
    this.#waiting.delete(key);
  }

  #queue(send, key) {
    const sent = this.#tail.then(send).then(
      () => true,
      (error) => {
        const lost = error instanceof Unreachable && !this.#waiting.has(key);
        if (lost) this.#waiting.set(key, { send }); // the next flush tries again
        return false;
      },
    );
    this.#tail = sent;
    this.#underWay.add(sent);
    sent.then(() => this.#underWay.delete(sent));
    return sent;
  }
}
