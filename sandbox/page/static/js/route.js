// Where the visitor is, in the page's address: /?as=PERSON#CHANNEL, #CHANNEL/THREAD or #APP for its Home.

const THREAD = /^\d+\.\d+$/;

/** The place that the address names; what it doesn't name is null. */
export function readPlace() {
  const as = new URLSearchParams(location.search).get("as");
  const [first = "", second = ""] = decodeURIComponent(location.hash.slice(1)).split("/");
  const app = first.startsWith("A") ? first : null;
  return {
    as,
    channel: app ? null : first || null,
    thread: !app && THREAD.test(second) ? second : null,
    app,
  };
}

/** The address of a place. */
export function addressOf({ as, channel, thread, app }) {
  const where = app ?? (channel === null ? "" : thread ? `${channel}/${thread}` : channel);
  return `/?${new URLSearchParams({ as })}#${where}`;
}

const PERMALINK = /^\/archives\/([A-Z0-9]+)(?:\/p(\d+)(\d{6}))?$/;
const OURSELVES = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** What a permalink of this workspace points to: {channel, ts, thread}; null for any other address. */
export function readPermalink(url) {
  let parsed;
  try {
    parsed = new URL(url);
  } catch {
    return null;
  }
  const found = parsed.pathname.match(PERMALINK);
  if (!OURSELVES.has(parsed.hostname) || parsed.port !== location.port || found === null) return null;
  const ts = found[2] ? `${found[2]}.${found[3]}` : null;
  return { channel: found[1], ts, thread: parsed.searchParams.get("thread_ts") };
}

/** The permalink of a message. */
export function permalinkOf(message) {
  const link = `${location.origin}/archives/${message.channel}/p${message.ts.replace(".", "")}`;
  return message.thread_ts ? `${link}?thread_ts=${message.thread_ts}&cid=${message.channel}` : link;
}

/** Keeps the store's place and the address together; Back and Forward work. */
export class Route {
  constructor(store) {
    this.store = store;
    window.addEventListener("popstate", () => this.store.set("place", this.resolve(readPlace())));
  }

  /** Goes somewhere: what isn't given stays, except that another channel closes the thread. */
  go(to, { replace = false } = {}) {
    const place = { ...this.store.place, ...to };
    if (to.app) Object.assign(place, { channel: null, thread: null });
    else if (to.channel) place.app = null;
    if (to.channel && to.channel !== this.store.place.channel && to.thread === undefined) place.thread = null;
    const resolved = this.resolve(place);
    const address = addressOf(resolved);
    if (replace) history.replaceState(null, "", address);
    else if (address !== location.pathname + location.search + location.hash) history.pushState(null, "", address);
    this.store.set("place", resolved);
  }

  /** The place as it can be: somebody who exists, somewhere this person can see. */
  resolve(place) {
    const { store } = this;
    const step = store.tour?.steps.find((one) => !one.done) ?? store.tour?.steps[0];
    const known = (id) => store.humans.find((user) => user.id === id);
    const me = known(place.as) ?? known(step?.as) ?? store.humans[0];
    if (me === undefined) return { as: null, channel: null, thread: null, app: null };
    if (place.app && store.apps.get(place.app)?.home_tab) {
      return { as: me.id, channel: null, thread: null, app: place.app };
    }
    const can = (id) => store.sees(me.id, store.channels.get(id));
    if (can(place.channel)) return { as: me.id, channel: place.channel, thread: place.thread, app: null };
    const channel = can(step?.channel) ? step.channel : this.#firstOf(me);
    return { as: me.id, channel, thread: null, app: null };
  }

  #firstOf(me) {
    const mine = this.store.workspace.channels.filter((channel) => channel.members.includes(me.id));
    return (mine.find((channel) => channel.kind === "channel") ?? mine[0])?.id ?? null;
  }
}
