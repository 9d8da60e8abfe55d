// What the page knows of the workspace and of where its visitor is; tells those who listen what has changed.

const EMPTY = { team: { name: "" }, users: [], usergroups: [], channels: [], apps: [] };

export class Store {
  #listeners = [];
  #changed = new Set();
  #texts = new Map();
  #offset = 0;

  constructor() {
    this.workspace = EMPTY;
    this.sidebar = { conversations: [], people: [] };
    this.place = { as: null, channel: null, thread: null, app: null };
    this.listing = null;
    this.thread = null;
    this.views = [];
    this.home = null;
    this.tour = null;
    this.traffic = 0;
    this.finished = 0;
    this.problems = 0;
    this.wanted = null;
    this.online = true;
    this.restarting = false;
    this.pushes = 0;
    this.edition = 0;
    this.#index();
  }

  /** Keeps a value; those who listen for it hear of it only where it differs from what was there. */
  set(name, value) {
    const text = JSON.stringify(value);
    if (this.#texts.get(name) === text) return;
    this.#texts.set(name, text);
    this[name] = value;
    if (name === "workspace") this.#index();
    if (this.#changed.size === 0) queueMicrotask(() => this.#tell());
    this.#changed.add(name);
  }

  /** Calls `listener(changed)` once for each bunch of changes that touches one of these names. */
  on(names, listener) {
    this.#listeners.push({ names, listener });
  }

  #tell() {
    const changed = this.#changed;
    this.#changed = new Set();
    for (const { names, listener } of this.#listeners) {
      if (names.some((name) => changed.has(name))) listener(changed);
    }
  }

  #index() {
    const by = (list) => new Map(list.map((one) => [one.id, one]));
    this.edition += 1;
    this.users = by(this.workspace.users);
    this.groups = by(this.workspace.usergroups);
    this.channels = by(this.workspace.channels);
    this.apps = by(this.workspace.apps);
  }

  // Time

  /** Takes over the workspace's time; it goes on by itself until the next answer. */
  setNow(iso) {
    const before = this.now().getTime();
    this.#offset = new Date(iso).getTime() - Date.now();
    // A jump is a push of the clock; anything below is the way of the answer.
    if (Math.abs(this.now().getTime() - before) > 2_000) this.set("pushes", this.pushes + 1);
  }

  now() {
    return new Date(Date.now() + this.#offset);
  }

  // Looking things up

  get me() {
    return this.users.get(this.place.as);
  }

  /** The people one can act as. */
  get humans() {
    return this.workspace.users.filter((user) => !user.is_bot && !user.deleted && user.id !== "USLACKBOT");
  }

  conversation(id) {
    return this.sidebar.conversations.find((one) => one.id === id);
  }

  groupsOf(userId) {
    return this.workspace.usergroups.filter((group) => group.users.includes(userId));
  }

  appOfBot(userId) {
    return this.workspace.apps.find((app) => app.bot_user_id === userId);
  }

  userName(id) {
    return this.users.get(id)?.real_name ?? "Somebody";
  }

  /** Whether somebody may read a channel: public ones everybody, the others their members. */
  sees(userId, channel) {
    return channel !== undefined && (channel.kind === "channel" || channel.members.includes(userId));
  }

  isMember(channelId, userId = this.place.as) {
    return this.channels.get(channelId)?.members.includes(userId) ?? false;
  }

  /** The other one of a direct conversation. */
  partner(channelId, userId = this.place.as) {
    const others = this.channels.get(channelId)?.members.filter((id) => id !== userId) ?? [];
    return this.users.get(others[0]);
  }

  /** How a conversation is called, without its sign. */
  nameOf(channelId) {
    const channel = this.channels.get(channelId);
    if (channel === undefined) return channelId;
    if (channel.kind === "im") return this.partner(channelId)?.real_name ?? "Direct message";
    if (channel.kind === "mpim") {
      const others = channel.members.filter((id) => id !== this.place.as);
      return others.map((id) => this.userName(id)).join(", ");
    }
    return channel.name;
  }

  /** How sentences call a conversation: "#random", "Askdesk". */
  titleOf(channelId) {
    const kind = this.channels.get(channelId)?.kind;
    return kind === "channel" || kind === "private" ? `#${this.nameOf(channelId)}` : this.nameOf(channelId);
  }
}
