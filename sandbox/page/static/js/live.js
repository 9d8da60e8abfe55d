// The one live connection: turns the sandbox's changes into fetches, and says when the sandbox is gone.

const AGAIN_AFTER = 1_000;
const REST_AFTER = 10_000;
const LOOK_EVERY = 5_000;

export class Live {
  #source = null;
  #revision = 0;
  #lost = true;
  #timer = null;
  #tourDue = null;

  /** `onMessage` hears of each message that came or changed, `onReset` of a workspace that begins anew. */
  constructor(store, loader, { onMessage, onReset }) {
    Object.assign(this, { store, loader, onMessage, onReset });
  }

  /** Connects, and connects again for as long as somebody can see the page. */
  start() {
    document.addEventListener("visibilitychange", () => this.#restOrWake());
    this.#connect();
    this.#restOrWake();
  }

  #connect() {
    this.#source = new EventSource(`/control/live?after=${this.#revision}`);
    this.#source.addEventListener("message", (event) => this.#heard(JSON.parse(event.data)));
    this.#source.addEventListener("error", () => this.#gone());
  }

  #hangUp() {
    this.#source?.close();
    this.#source = null;
    this.#lost = true;
  }

  #gone() {
    // The browser's own way to try again gives up after some answers; this one never does.
    this.#hangUp();
    this.store.set("online", false);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), AGAIN_AFTER);
  }

  /**
   * A browser grants one host six connections: windows in the background must not hold them all. They only look, now
   * and then, whether there is a mention for their title.
   */
  #restOrWake() {
    clearTimeout(this.#timer);
    if (document.hidden) {
      this.#timer = setTimeout(() => this.#rest(), REST_AFTER);
    } else if (this.#source === null) {
      this.#connect();
    }
  }

  #rest() {
    this.#hangUp();
    this.loader.refresh("sidebar");
    this.#timer = setTimeout(() => this.#rest(), LOOK_EVERY);
  }

  #heard({ revision, now, traffic, changes }) {
    this.#revision = revision;
    this.store.setNow(now);
    this.store.set("traffic", traffic);
    this.store.set("online", true);
    if (this.#lost) {
      this.#lost = false;
      this.loader.all();
      return;
    }
    if (changes.some(({ kind }) => kind === "reset")) this.onReset();
    const due = new Set(changes.flatMap((change) => this.#dueFor(change)));
    if (due.has("all")) this.loader.all();
    else this.loader.refresh(...due);
    for (const change of changes) {
      if (change.kind === "message") this.onMessage(change);
      if (change.kind === "traffic") this.store.set("finished", change.n); // an answer was added to an entry
    }
    if (changes.length > 0) this.#lookAtTour();
  }

  #dueFor(change) {
    const { as, channel, app } = this.store.place;
    switch (change.kind) {
      case "reset":
      case "seeded":
        return ["all"];
      case "message":
        return change.channel === channel ? ["sidebar", "listing", "thread"] : ["sidebar"];
      case "read":
        return ["sidebar", ...(change.channel === channel ? ["listing"] : [])];
      case "channel":
        return ["workspace", "sidebar", ...(change.channel === channel ? ["listing"] : [])];
      case "user":
      case "usergroup":
      case "app":
        return ["workspace", "sidebar"];
      case "view":
        return ["sidebar", ...(change.user === as ? ["views", ...(app ? ["home"] : [])] : [])];
      case "problem":
        return ["problems"];
    }
    return [];
  }

  /** Almost anything may tick a step off; one look after a burst of changes is enough. */
  #lookAtTour() {
    if (this.#tourDue !== null) return;
    this.#tourDue = setTimeout(() => {
      this.#tourDue = null;
      this.loader.refresh("tour");
    }, 150);
  }
}
