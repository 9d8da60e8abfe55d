// Says instants in words, in a person's time zone, as Slack does.

const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const DAY_MS = 86_400_000;
const HALF_A_YEAR_DAYS = 182;

const formatters = new Map();

function formatter(tz) {
  if (!formatters.has(tz)) formatters.set(tz, newFormatter(tz));
  return formatters.get(tz);
}

function newFormatter(tz) {
  const options = {
    hourCycle: "h23",
    year: "numeric", month: "numeric", day: "numeric",
    hour: "numeric", minute: "numeric", second: "numeric",
  };
  try {
    return new Intl.DateTimeFormat("en-US", { ...options, timeZone: tz || "UTC" });
  } catch {
    return new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" }); // a zone this browser does not know
  }
}

/** An instant on a zone's wall clock; `dayNumber` counts days, so that two of them can be compared. */
function wall(date, tz) {
  const found = {};
  for (const { type, value } of formatter(tz).formatToParts(date)) found[type] = Number(value);
  const { year, month, day, hour, minute, second } = found;
  const dayNumber = Math.floor(Date.UTC(year, month - 1, day) / DAY_MS);
  return { year, month, day, hour, minute, second, dayNumber };
}

const two = (number) => String(number).padStart(2, "0");

function ordinal(day) {
  if (day >= 11 && day <= 13) return `${day}th`;
  return `${day}${{ 1: "st", 2: "nd", 3: "rd" }[day % 10] ?? "th"}`;
}

const weekday = (at) => WEEKDAYS[(at.dayNumber + 4) % 7];
const twelve = (at) => `${at.hour % 12 || 12}:${two(at.minute)}`;
const half = (at) => (at.hour < 12 ? "AM" : "PM");
const isoDay = (at) => `${String(at.year).padStart(4, "0")}-${two(at.month)}-${two(at.day)}`;

/** `10:42 PM` */
export function clockTime(date, tz) {
  const at = wall(date, tz);
  return `${twelve(at)} ${half(at)}`;
}

/** `Today`, `Yesterday`, `Monday, November 23rd`, with the year where it is another one. */
export function dayLabel(date, tz, now) {
  const at = wall(date, tz);
  const today = wall(now, tz);
  const word = nearby(at, today);
  if (word) return capital(word);
  const day = `${weekday(at)}, ${MONTHS[at.month - 1]} ${ordinal(at.day)}`;
  return at.year === today.year ? day : `${day}, ${at.year}`;
}

/** `Monday, November 23rd, 2026 at 10:42:05 PM` */
export function fullTime(date, tz) {
  const at = wall(date, tz);
  const day = `${weekday(at)}, ${MONTHS[at.month - 1]} ${ordinal(at.day)}, ${at.year}`;
  return `${day} at ${twelve(at)}:${two(at.second)} ${half(at)}`;
}

/** `2 minutes ago`, `in 3 hours`, `just now` */
export function ago(date, now) {
  const seconds = Math.round((now - date) / 1000);
  const size = Math.abs(seconds);
  if (size < 45) return "just now";
  const units = [[60, "minute"], [3600, "hour"], [86_400, "day"], [2_592_000, "month"], [31_536_000, "year"]];
  const [length, name] = units.filter(([least]) => size >= least).at(-1) ?? units[0];
  const count = Math.max(1, Math.round(size / length));
  const words = `${count} ${name}${count === 1 ? "" : "s"}`;
  return seconds > 0 ? `${words} ago` : `in ${words}`;
}

/** The instant of a message's ts. */
export function dateOfTs(ts) {
  return new Date(Number(ts) * 1000);
}

function nearby(at, today) {
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[at.dayNumber - today.dayNumber];
}

function capital(word) {
  return word[0].toUpperCase() + word.slice(1);
}

const FORMS = {
  date_num: (at) => isoDay(at),
  date_slash: (at) => `${two(at.month)}/${two(at.day)}/${at.year}`,
  date: (at, today) => `${MONTHS[at.month - 1]} ${ordinal(at.day)}${year(at, today)}`,
  date_short: (at, today) => `${MONTHS[at.month - 1].slice(0, 3)} ${at.day}${year(at, today)}`,
  date_long: (at, today) => `${weekday(at)}, ${MONTHS[at.month - 1]} ${ordinal(at.day)}${year(at, today)}`,
  date_long_full: (at) => `${MONTHS[at.month - 1]} ${at.day}, ${at.year}`,
  day_divider: (at, today) =>
    `${weekday(at)}, ${MONTHS[at.month - 1]} ${ordinal(at.day)}${at.year === today.year ? "" : `, ${at.year}`}`,
  time: (at) => `${twelve(at)} ${half(at)}`,
  time_secs: (at) => `${twelve(at)}:${two(at.second)} ${half(at)}`,
};

/** Slack leaves the year out within six months of today. */
function year(at, today) {
  return Math.abs(at.dayNumber - today.dayNumber) <= HALF_A_YEAR_DAYS ? "" : `, ${at.year}`;
}

/**
 * The text of `<!date^epoch^format>` for a reader: its tokens filled in, those it does not know left as they are.
 * *today* and its neighbours are capital where they begin the text, as in Slack.
 * https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
export function slackDate(epoch, format, tz, now) {
  const date = new Date(epoch * 1000);
  const at = wall(date, tz);
  const today = wall(now, tz);
  return format.replace(/\{(\w+)\}/g, (token, name, place) => {
    if (name === "ago") return ago(date, now);
    if (name.endsWith("_pretty")) {
      const word = nearby(at, today);
      if (word) return place === 0 ? capital(word) : word;
    }
    const form = FORMS[name.replace(/_pretty$/, "")];
    return form ? form(at, today) : token;
  });
}

/** The short name of a zone at an instant, such as `EST`; the zone itself where it has none. */
export function zoneName(tz, date) {
  try {
    const parts = new Intl.DateTimeFormat("en-US", { timeZone: tz, timeZoneName: "short" }).formatToParts(date);
    return parts.find(({ type }) => type === "timeZoneName")?.value ?? tz;
  } catch {
    return tz;
  }
}

/** Seconds since 1970 as the value of a datetime-local input in a zone. */
export function localInput(epoch, tz) {
  const at = wall(new Date(epoch * 1000), tz);
  return `${isoDay(at)}T${two(at.hour)}:${two(at.minute)}`;
}

/** The value of a datetime-local input in a zone as seconds since 1970; null where it is no moment. */
export function epochOf(local, tz) {
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(local);
  if (!found) return null;
  const [, year, month, day, hour, minute] = found.map(Number);
  const wanted = Date.UTC(year, month - 1, day, hour, minute);
  // The zone's distance from UTC may differ at the two guesses when clocks change; the second one is right then.
  let guess = wanted;
  for (let turn = 0; turn < 2; turn += 1) {
    const at = wall(new Date(guess), tz);
    guess += wanted - Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute);
  }
  return Math.floor(guess / 1000);
}
