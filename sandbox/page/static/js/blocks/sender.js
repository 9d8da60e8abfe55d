// Sends what is typed and chosen in the order in which that happened, typed text a moment after the last key.

const PAUSE_MS = 250;

/** One queue; a modal has one for all its fields, so that nothing typed is lost when it is submitted. */
export class Sender {
  #waiting = new Map();
  #tail = Promise.resolve();
  #failed = [];

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
    return this.#queue(send);
  }

  /** Whether something of this field has not been sent. */
  waits(key) {
    return this.#waiting.has(key);
  }

  /** Sends all that waits; answers what could not be sent since the last flush. */
  async flush() {
    this.#flushWaiting();
    await this.#tail;
    const failed = this.#failed;
    this.#failed = [];
    return failed;
  }

  #flushWaiting() {
    for (const [key, { send }] of [...this.#waiting]) {
      this.#drop(key);
      this.#queue(send);
    }
  }

  #drop(key) {
    clearTimeout(this.#waiting.get(key)?.timer);
    this.#waiting.delete(key);
  }

  #queue(send) {
    const sent = this.#tail.then(send).then(
      () => true,
      (error) => {
        this.#failed.push(error);
        return false;
      },
    );
    this.#tail = sent;
    return sent;
  }
}
