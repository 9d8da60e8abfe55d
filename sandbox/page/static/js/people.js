// People: their pictures, and what they are in the workspace.

import { el } from "./dom.js";

const COLOURS = 8;

/** A square with initials, always in one colour. The style sheet writes them: they are no part of any text. */
export function avatar(user, size = "medium") {
  const name = user?.real_name ?? "?";
  const words = name.split(/\s+/).filter(Boolean);
  const initials = words.length > 1 ? words[0][0] + words.at(-1)[0] : name.slice(0, 1);
  let sum = 0;
  for (const letter of user?.id ?? "") sum = (sum * 31 + letter.charCodeAt(0)) % 9973;
  return el("span", {
    class: `avatar avatar-${size} colour-${sum % COLOURS}`,
    data: { initials: initials.toUpperCase() },
    "aria-hidden": "true",
  });
}

/** What somebody is, in the workspace's own words: their user groups. */
export function roleOf(store, userId) {
  const groups = store.groupsOf(userId).map((group) => group.name);
  return groups.join(", ") || "In no user group";
}

/** Somebody's first name, for short sentences. */
export function firstName(user) {
  return user?.real_name.split(" ")[0] ?? "somebody";
}
