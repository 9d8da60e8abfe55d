// What went over the wire, as the drawer shows it: acks folded into their envelopes, mistakes in among them.

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
    const waiting = traffic.filter((entry) => lacksAnswer(entry) && !entry.error);
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
      const response = entry.response?.payload ?? null;
      if (envelope) Object.assign(envelope, { response, acked: true, ack_ms: entry.ack_ms });
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
    const later = (one, other) => (one.order === other.order ? 0 : one.order < other.order ? -1 : 1);
    const sorted = this.entries.sort(later);
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
  if (!fits || words === "") return fits;
  const { name, payload, response, error } = entry;
  return JSON.stringify([name, payload, response, error]).toLowerCase().includes(words);
}

function lacksAnswer({ kind, response, status }) {
  return kind === "api" ? !response : kind === "http" && status === undefined;
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
