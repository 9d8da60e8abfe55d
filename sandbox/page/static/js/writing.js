// What is typed, as Slack's client sends it: names become mentions, markup is escaped; and what could complete it.

/** A slash command and its text, or null where a line is something to say. */
export function readCommand(text) {
  const found = text.match(/^(\/\S+)\s*([\s\S]*)$/);
  return found && found[1] !== "/" ? { command: found[1], text: found[2].trim() } : null;
}

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const EVERYBODY = ["here", "channel", "everyone"];

/** A message as it is sent: `@Ana Reyes` becomes `<@U0ANA>`, `#random` a link, and so do addresses of pages. */
export function encode(text, store) {
  const names = mentionable(store);
  return text
    .split(/(```[\s\S]*?```|`[^`\n]*`)/)
    .map((piece, index) => (index % 2 ? escape(piece) : encodeWords(piece, names)))
    .join("");
}

function encodeWords(text, names) {
  const words = names.map(([word]) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  const pattern = new RegExp(`(https?://[^\\s<>]+[^\\s<>.,;:!?)\\]'"])|(?<![\\w@#])(${words})(?![\\w-])`, "gi");
  const marks = new Map(names.map(([word, mark]) => [word.toLowerCase(), mark]));
  let sent = "";
  let at = 0;
  for (const found of text.matchAll(pattern)) {
    sent += escape(text.slice(at, found.index));
    sent += found[1] ? `<${escape(found[1])}>` : marks.get(found[2].toLowerCase());
    at = found.index + found[0].length;
  }
  return sent + escape(text.slice(at));
}

function escape(text) {
  return text.replace(/[&<>]/g, (letter) => ESCAPES[letter]);
}

/** Every name that means somebody or some place, the longest first, with what Slack writes for it. */
function mentionable(store) {
  const people = store.workspace.users.filter((user) => !user.deleted);
  return [
    ...people.flatMap((user) => [
      [`@${user.real_name}`, `<@${user.id}>`],
      [`@${user.name}`, `<@${user.id}>`],
    ]),
    ...store.workspace.usergroups.map((group) => [`@${group.handle}`, `<!subteam^${group.id}>`]),
    ...EVERYBODY.map((word) => [`@${word}`, `<!${word}>`]),
    ...store.workspace.channels
      .filter((channel) => channel.kind === "channel" && channel.name)
      .map((channel) => [`#${channel.name}`, `<#${channel.id}>`]),
  ].sort(([one], [other]) => other.length - one.length);
}

/** The commands that begin with what is typed: while the first word is being written. */
export function commandsFor(text, store) {
  if (!/^\/\S*$/.test(text)) return [];
  return allCommands(store).filter(({ command }) => command.startsWith(text.toLowerCase()));
}

/** The command whose arguments are being typed. */
export function commandInHand(text, store) {
  const [word] = text.split(/\s/, 1);
  return /^\/\S+\s/.test(text) ? allCommands(store).find(({ command }) => command === word) : undefined;
}

function allCommands(store) {
  return store.workspace.apps
    .flatMap((app) => app.commands.map((command) => ({ ...command, app: app.name })))
    .sort((one, other) => one.command.localeCompare(other.command));
}

/** Whom an `@…` before the caret could mean: {from, options: [{label, hint, user}]}, or null. */
export function peopleFor(text, caret, store) {
  const found = text.slice(0, caret).match(/(?:^|[\s(])@([\p{L}\p{N}._-]*(?: [\p{L}\p{N}._-]*)?)$/u);
  if (!found) return null;
  const typed = found[1].toLowerCase();
  const fits = (...names) => names.some((name) => ` ${name.toLowerCase()}`.includes(` ${typed}`));
  const people = store.workspace.users
    .filter((user) => !user.deleted && fits(user.real_name, user.name))
    .map((user) => ({ label: `@${user.real_name}`, hint: user.is_bot ? "App" : `@${user.name}`, user }));
  const groups = store.workspace.usergroups
    .filter((group) => fits(group.handle, group.name))
    .map((group) => ({ label: `@${group.handle}`, hint: group.name }));
  const everybody = EVERYBODY.filter((word) => fits(word)).map((word) => ({
    label: `@${word}`,
    hint: "Everybody in this conversation",
  }));
  const options = [...people, ...groups, ...everybody].slice(0, 8);
  return options.length > 0 ? { from: caret - found[1].length - 1, options } : null;
}
