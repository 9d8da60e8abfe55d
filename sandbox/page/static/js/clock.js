// The workspace's clock: shows it on the acting person's wall and lets time pass.

import { post } from "./api.js";
import { clockTime, dayLabel, zoneName } from "./dates.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { count, wordButton } from "./parts.js";

const STEPS = [
  ["+5 min", 300, "Let 5 minutes pass"],
  ["+15 min", 900, "Let 15 minutes pass"],
];

export class Clock {
  constructor({ store, loader, toasts }) {
    Object.assign(this, { store, loader, toasts });
    this.day = el("span", { class: "clock-day" });
    this.time = el("time", { class: "clock-time" });
    this.zone = el("span", { class: "clock-zone" });
    this.soon = el("span", { class: "clock-soon" });
    this.nextButton = el(
      "button",
      { type: "button", class: "clock-button is-next", hidden: true, on: { click: () => this.#next() } },
      icon("forward"),
      el("span", {}, "To the next ping"),
      this.soon,
    );
    this.told = el("span", { class: "unseen", role: "status" });
    this.node = el(
      "section",
      { class: "clock", "aria-label": "Clock of the workspace" },
      el("div", { class: "clock-now" }, icon("clock"), this.day, this.time, this.zone),
      STEPS.map(([label, seconds, title]) =>
        wordButton(label, () => this.#push(seconds), { kind: "clock-button", title }),
      ),
      this.nextButton,
      this.told,
    );
    store.on(["place", "workspace", "pushes", "tour"], () => this.draw());
    this.#tick();
  }

  draw() {
    const { me } = this.store;
    if (me === undefined) return;
    const now = this.store.now();
    const day = new Intl.DateTimeFormat("en-US", { weekday: "short", month: "short", day: "numeric", timeZone: me.tz });
    put(this.day, day.format(now));
    put(this.time, clockTime(now, me.tz));
    this.time.dateTime = now.toISOString().slice(0, 16);
    put(this.zone, zoneWords(me.tz, now));
    this.zone.title = me.tz;
    this.#drawNext(now, me.tz);
  }

  #drawNext(now, zone) {
    const { tour } = this.store;
    this.nextButton.hidden = !tour;
    if (!tour) return;
    const next = tour.next && new Date(tour.next);
    this.nextButton.setAttribute("aria-disabled", String(!next));
    put(this.soon, next ? soonWords(now, next, zone) : "nothing planned");
    this.nextButton.title = next
      ? `The next thing that happens by itself: ${dayLabel(next, zone, now)} at ${clockTime(next, zone)}`
      : "Nothing is going to happen by itself";
  }

  /** Once a second is enough for a clock of minutes, and for what is left until the next ping. */
  #tick() {
    setTimeout(() => {
      this.draw();
      this.#tick();
    }, 1_000);
  }

  #push(seconds) {
    return this.#passes(() => post("clock", { seconds }));
  }

  async #next() {
    if (this.nextButton.getAttribute("aria-disabled") === "true") return;
    await this.#passes(() => post("tour/next"));
  }

  async #passes(push) {
    try {
      const { now } = await push();
      this.store.setNow(now);
      this.draw();
      fill(this.told, `It is ${clockTime(this.store.now(), this.store.me?.tz)} now.`);
      await this.loader.refresh("tour");
    } catch (error) {
      this.toasts.error(error.message);
    }
  }
}

/** "Manila, GMT+8": the place says more than the letters. */
function zoneWords(tz, now) {
  const place = tz.split("/").at(-1).replaceAll("_", " ");
  const name = zoneName(tz, now);
  return place === name ? name : `${place}, ${name}`;
}

function soonWords(now, next, zone) {
  return next > now ? `${clockTime(next, zone)}, ${until(now, next)}` : "any moment now";
}

function until(now, next) {
  const minutes = Math.max(1, Math.round((next - now) / 60_000));
  if (minutes < 60) return `in ${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `in ${hours} h ${minutes % 60} min` : `in ${hours} h`;
  return `in ${count(Math.floor(hours / 24), "day")}`;
}

/** Writes only what differs, so that nothing is announced or selected away each second. */
function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
