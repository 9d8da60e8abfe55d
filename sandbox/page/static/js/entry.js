// One entry of the traffic: a line that says what it was about, and unfolds to its JSON.

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { wordButton } from "./parts.js";
import { errorOf } from "./wire.js";

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
  const where = store.channels.get(payload.channel_id ?? payload.channel?.id ?? payload.channel);
  const what =
    payload.command !== undefined
      ? `${payload.command} ${payload.text ?? ""}`
      : payload.actions
        ? payload.actions.map((action) => action.action_id).join(", ")
        : (payload.callback_id ?? payload.view?.callback_id ?? (event ? (event.subtype ?? event.type) : payload.text));
  return [typeof what === "string" ? what : null, who, where && store.titleOf(where.id)].filter(Boolean).join(" · ");
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
    const { payload, response } = this.#entry;
    fill(
      this.detail,
      this.details.open && this.#json("Payload", payload),
      this.details.open && (response ?? null) !== null && this.#json("Response", response),
    );
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
        wordButton([icon("copy"), "Copy"], copy, { "aria-label": `Copy ${title.toLowerCase()}` }),
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
