// What went over the wire, as the drawer shows it: acks folded into their envelopes, each entry in one line and in full.

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";

const PENDING_FOR = 20;
/** How long Slack waits for an ack, and this page for the news of it. */
const ACK_MS = 3_000;
const PATIENCE = 3_600;

/** The entries fetched so far, in order. */
export class Wire {
  #byKey = new Map();
  #envelopes = new Map();
  #problems = 0;
  #newest = 0;
  #fullyKnown = 0;

  /** From which number on to ask: an answer that was not there yet is asked for again. */
  get after() {
    return this.#fullyKnown;
  }

  get newest() {
    return this.#newest;
  }

  get entries() {
    return [...this.#byKey.values()];
  }

  /** Takes in what the sandbox tells. */
  take(traffic, problems) {
    for (const entry of traffic) this.#takeOne(entry);
    const open = (entry) => (entry.kind === "api" ? !entry.response : entry.kind === "http" && entry.status === undefined);
    const waiting = traffic.filter((entry) => open(entry) && !entry.error);
    const newest = traffic.at(-1)?.n ?? this.#newest;
    this.#newest = Math.max(this.#newest, newest);
    const oldest = waiting[0]?.n ?? Infinity;
    this.#fullyKnown = Math.min(this.#newest, Math.max(oldest - 1, this.#newest - PENDING_FOR));
    if (problems.length < this.#problems) this.#problems = 0; // the workspace began anew
    for (const [index, problem] of problems.entries()) {
      if (index >= this.#problems) this.#takeProblem(problem, index);
    }
    this.#problems = problems.length;
    this.#sort();
  }

  /** Whether an envelope still waits for its ack. */
  get waiting() {
    return this.entries.some((entry) => entry.kind === "envelope" && !entry.acked && !isLate(entry));
  }

  /** Leaves the past behind. */
  forget() {
    this.#byKey.clear();
    this.#envelopes.clear();
  }

  #takeOne(entry) {
    if (entry.kind === "ack") {
      const envelope = this.#envelopes.get(entry.envelope_id);
      if (envelope) Object.assign(envelope, { response: entry.response?.payload ?? null, acked: true, ack_ms: entry.ack_ms });
      return;
    }
    const key = `t${entry.n}`;
    const known = this.#byKey.get(key);
    if (!known && entry.n <= this.#newest) return; // cleared from view
    const kept = { since: Date.now(), ...known, ...entry, key, order: entry.at };
    this.#byKey.set(key, kept);
    if (entry.envelope_id) this.#envelopes.set(entry.envelope_id, kept);
  }

  #takeProblem({ at, problem, ...detail }, index) {
    const key = `p${index}-${at}`;
    this.#byKey.set(key, { key, at, order: at, kind: "problem", name: problem, payload: detail, error: "protocol" });
  }

  #sort() {
    const sorted = [...this.#byKey.values()].sort((one, other) => (one.order < other.order ? -1 : one.order > other.order ? 1 : 0));
    this.#byKey = new Map(sorted.map((entry) => [entry.key, entry]));
  }
}

/** Whether an entry is of a kind and holds these words. */
export function matches(entry, kind, words) {
  const fits = {
    all: true,
    people: ["envelope", "http"].includes(entry.kind) && entry.name !== "events_api",
    api: entry.kind === "api" || entry.kind === "response_url",
    errors: errorOf(entry) !== null,
  }[kind];
  return fits && (words === "" || JSON.stringify([entry.name, entry.payload, entry.response, entry.error]).toLowerCase().includes(words));
}

function isLate(entry) {
  return entry.acked ? entry.ack_ms > ACK_MS : Date.now() - entry.since > PATIENCE;
}

/** What went wrong, or null. */
export function errorOf(entry) {
  if (entry.error) return entry.error;
  if (entry.kind === "envelope" && isLate(entry)) return entry.acked ? "acknowledged too late" : "not acknowledged";
  if (entry.kind === "http" && entry.status !== undefined && entry.status !== 200) return `status ${entry.status}`;
  return entry.response?.ok === false ? (entry.response.error ?? "not ok") : null;
}

/** Slack's reasons, one per line, without their mark. */
function reasonsOf(entry) {
  const said = entry.response?.response_metadata?.messages ?? [];
  return said.map((line) => line.replace(/^\[ERROR\]\s*/, ""));
}

/** The gist of an entry: which command, which button, which channel. */
function gistOf(entry, store) {
  const payload = entry.payload ?? {};
  const event = payload.event;
  const who = store.users.get(payload.user_id ?? payload.user?.id ?? event?.user)?.real_name;
  const where = payload.channel_id ?? payload.channel?.id ?? (typeof payload.channel === "string" ? payload.channel : null);
  const what =
    payload.command !== undefined
      ? `${payload.command} ${payload.text ?? ""}`
      : payload.actions
        ? payload.actions.map((action) => action.action_id).join(", ")
        : (payload.callback_id ?? payload.view?.callback_id ?? (event ? (event.subtype ?? event.type) : payload.text));
  const parts = [typeof what === "string" ? what : null, who, where && store.channels.has(where) ? store.titleOf(where) : null];
  return parts.filter(Boolean).join(" · ");
}

function outcomeOf({ kind, acked, ack_ms, status, response }) {
  const took = ack_ms === undefined ? "" : ` ${Math.round(ack_ms)} ms`;
  if (kind === "envelope") return acked ? `ack${took}` : "…";
  if (kind === "http") return status === undefined ? "…" : `${status}${took}`;
  return response || kind !== "api" ? "ok" : "…";
}

function timeOfDay(iso, timeZone) {
  return new Date(iso).toLocaleTimeString("en-GB", { timeZone });
}

const ARROWS = { envelope: "→", http: "→", api: "←", response_url: "←", problem: "!", fault: "!", socket: "·" };
const SPOKEN = { "→": "To the app", "←": "From the app", "!": "Problem", "·": "Connection" };

/** One entry in the drawer: a line that unfolds. Its JSON is written when somebody unfolds it. */
export class EntryView {
  #shown = "";
  #entry = null;

  constructor(entry, { store, toasts }) {
    Object.assign(this, { store, toasts });
    this.line = el("summary", { class: "traffic-line" });
    this.detail = el("div", { class: "traffic-detail" });
    this.details = el("details", { on: { toggle: () => this.#toggled() } }, this.line, this.detail);
    this.node = el("li", { class: "traffic-entry", data: { n: entry.n } }, this.details);
  }

  update(entry) {
    const zone = this.store.me?.tz;
    const text = JSON.stringify([entry, zone, this.store.edition, errorOf(entry)]);
    if (text === this.#shown) return;
    this.#shown = text;
    this.#entry = entry;
    const error = errorOf(entry);
    const arrow = ARROWS[entry.kind] ?? "·";
    this.node.classList.toggle("is-error", error !== null);
    fill(
      this.line,
      el("span", { class: "traffic-at", title: entry.at }, timeOfDay(entry.at, zone)),
      el("span", { class: "traffic-arrow", "aria-hidden": "true" }, arrow),
      el("span", { class: "unseen" }, SPOKEN[arrow]),
      el("span", { class: "traffic-name" }, this.#name(entry)),
      el("span", { class: "traffic-gist" }, gistOf(entry, this.store)),
      this.#outcome(entry, error),
      reasonsOf(entry).map((reason) => el("span", { class: "traffic-reason" }, reason)),
    );
    this.#unfold();
  }

  #name(entry) {
    if (entry.kind === "response_url") return "response_url";
    if (entry.kind === "socket") return `socket ${entry.name}`;
    if (entry.kind === "envelope" && entry.name === "interactive") return entry.payload?.type ?? entry.name;
    return entry.name;
  }

  #outcome(entry, error) {
    if (error !== null) return el("span", { class: "traffic-outcome" }, icon("warning"), error);
    return el("span", { class: "traffic-outcome" }, outcomeOf(entry));
  }

  #toggled() {
    this.#unfold();
    if (this.details.open) this.node.scrollIntoView({ block: "nearest" });
  }

  #unfold() {
    if (!this.details.open) return fill(this.detail);
    const { payload, response } = this.#entry;
    return fill(this.detail, this.#json("Payload", payload), response !== undefined && response !== null && this.#json("Response", response));
  }

  #json(title, value) {
    const text = JSON.stringify(readable(value), null, 2) ?? "nothing";
    const copy = async () => {
      await navigator.clipboard.writeText(text);
      this.toasts.show({ text: `${title} copied` });
    };
    return el(
      "div",
      { class: "traffic-json" },
      el(
        "div",
        { class: "traffic-json-head" },
        el("h3", {}, title),
        el("button", { type: "button", class: "quiet-button", "aria-label": `Copy ${title.toLowerCase()}`, on: { click: copy } }, icon("copy"), "Copy"),
      ),
      el("pre", { tabIndex: 0, "aria-label": title }, text),
    );
  }
}

/** API calls carry their blocks as text within JSON: shown as what they are. */
function readable(value) {
  if (Array.isArray(value)) return value.map(readable);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner)]));
  }
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
