// Who somebody is, when one clicks their name: role, zone, and the way to become them.

import { openDialog } from "./confirm.js";
import { clockTime } from "./dates.js";
import { el } from "./dom.js";
import { avatar, firstName, roleOf } from "./people.js";
import { addressOf } from "./route.js";

export function openProfile(store, route, userId) {
  const user = store.users.get(userId);
  if (user === undefined) return;
  const facts = [
    ["Username", `@${user.name}`],
    ["User groups", user.is_bot ? "App" : roleOf(store, userId)],
    ["Local time", `${clockTime(store.now(), user.tz)} (${user.tz})`],
  ];
  const human = store.humans.includes(user) && userId !== store.place.as;
  const window = { href: addressOf({ ...store.place, as: userId }), target: "_blank" };
  const be = { label: `Be ${firstName(user)}`, style: "primary", onSelect: () => route.go({ as: userId }) };
  openDialog({
    title: user.real_name,
    label: `Profile of ${user.real_name}`,
    body: el(
      "div",
      { class: "profile" },
      avatar(user, "large"),
      el("dl", {}, facts.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
      human && el("a", window, `Open a window as ${user.real_name}`),
    ),
    actions: human ? [be] : [],
  });
}
