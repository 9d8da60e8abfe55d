// Puts the page together: what knows (store), what fetches (loader, live), what shows, and the keys of the whole.

import { post } from "./api.js";
import { Clock } from "./clock.js";
import { confirmDialog } from "./confirm.js";
import { Contexts } from "./context.js";
import { Conversation } from "./conversation.js";
import { el, fill } from "./dom.js";
import { covered } from "./focus.js";
import { icon } from "./icons.js";
import { Live } from "./live.js";
import { Loader } from "./load.js";
import { Modals } from "./modal.js";
import { iconButton } from "./parts.js";
import { avatar } from "./people.js";
import { Pings } from "./pings.js";
import { openProfile } from "./profile.js";
import { readPlace, Route } from "./route.js";
import { pageTitle, Sidebar } from "./sidebar.js";
import { Store } from "./store.js";
import { Switcher } from "./switcher.js";
import { themeSwitch } from "./theme.js";
import { ThreadPane } from "./thread.js";
import { Toasts } from "./toast.js";
import { Checklist } from "./tour.js";
import { Traffic } from "./traffic.js";

const AGAIN_AFTER = 1_000;

const store = new Store();
const loader = new Loader(store);
const route = new Route(store);
const toasts = new Toasts(el("div", { class: "toasts", popover: "manual" }));
const contexts = new Contexts({ store, loader, route, toasts, openProfile: (id) => openProfile(store, route, id) });
const parts = { store, loader, route, toasts, contexts };

function showNav(open) {
  document.body.classList.toggle("shows-nav", open);
  navButton.setAttribute("aria-expanded", String(open));
}

const navButton = iconButton(
  "Channels and people",
  "menu",
  () => showNav(!document.body.classList.contains("shows-nav")),
  { kind: "bar-button nav-button", "aria-expanded": "false", "aria-controls": "sidebar" },
);
const trafficButton = iconButton("Traffic", "traffic", () => traffic.toggle(), {
  kind: "bar-button",
  "aria-expanded": "false",
});
const traffic = new Traffic({ ...parts, onToggle: (open) => trafficSwitched(open) });
const startOverButton = iconButton("Start over", "restart", startOver, { kind: "bar-button" });
const clock = new Clock(parts);
const switcher = new Switcher(store, route);
const sidebar = new Sidebar(store, route);
const checklist = new Checklist({ store, route, onVisit: () => showNav(false) });
const conversation = new Conversation(parts);
const thread = new ThreadPane(parts);
const modalRoot = el("div", { class: "modal-root" });
const modals = new Modals({
  root: modalRoot,
  contextFor: (view) => contexts.forView(view),
  onError: (error) => toasts.error(error.message ?? String(error)),
});
const pings = new Pings({ ...parts, onCalm: () => switcher.forget() });

function trafficSwitched(open) {
  trafficButton.setAttribute("aria-expanded", String(open));
  if (!open) trafficButton.focus();
}

async function startOver() {
  const plain = (text) => ({ type: "plain_text", text });
  const question = {
    title: plain("Start over?"),
    text: plain("Everything that was done in this workspace is forgotten, in every window that shows it."),
    confirm: plain("Start over"),
    deny: plain("Cancel"),
    style: "danger",
  };
  const sure = await confirmDialog(question, contexts.forView({ user: store.place.as }));
  if (!sure) return;
  store.set("restarting", true);
  try {
    await post(store.tour ? "tour/restart" : "reset");
    await loader.all();
    route.go({ as: null, channel: null, thread: null, app: null });
  } catch (error) {
    toasts.error(error.message);
  }
  store.set("restarting", false);
}

/** In every window: what stood there is gone. */
function beganAnew() {
  toasts.clear();
  pings.hush();
  route.go({ thread: null }, { replace: true });
}

function troubleOrWork() {
  if (!store.online) return "The sandbox does not answer; trying again";
  if (store.restarting) return "Starting over…";
  return store.workspace.team.id && store.humans.length === 0 ? "There is nobody to act as in this workspace" : "";
}

function build() {
  const lost = el("p", { class: "lost", role: "status" });
  store.on(["online", "restarting", "workspace"], () => {
    lost.textContent = troubleOrWork();
    startOverButton.disabled = store.restarting;
  });
  const skip = (to, text) => el("a", { class: "skip", href: "#", on: { click: (event) => skipTo(event, to) } }, text);
  document.body.replaceChildren(
    el(
      "nav",
      { "aria-label": "Skip" },
      skip("#composer", "Skip to the message field"),
      skip("main .message[tabindex='0']", "Skip to the newest message"),
    ),
    el(
      "header",
      { class: "top", "aria-label": "Workspace tools" },
      navButton,
      clock.node,
      el("div", { class: "switches" }, trafficButton, themeSwitch(), startOverButton),
    ),
    lost,
    el(
      "nav",
      { class: "sidebar", id: "sidebar", "aria-label": "Workspace" },
      sidebar.name,
      switcher.node,
      sidebar.lists,
      checklist.node,
    ),
    el("main", { class: "main" }, conversation.nodes),
    thread.node,
    traffic.node,
    modalRoot,
    toasts.root,
  );
}

function skipTo(event, selector) {
  event.preventDefault();
  document.querySelector(selector)?.focus();
}

function listen() {
  sidebar.onVisit = () => showNav(false);
  store.on(["views", "workspace"], () => modals.show(store.views ?? []));
  store.on(["sidebar", "place", "workspace"], () => {
    document.title = pageTitle(store);
  });
  store.on(["place", "workspace"], () => fill(navButton, icon("menu"), store.me && avatar(store.me, "small")));
  // People, channels or the whole workspace may be gone: the place is looked at again.
  store.on(["workspace"], () => store.place.as && route.go({}, { replace: true }));
  store.on(["place"], (changed) => changed.has("place") && showNav(false));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || covered()) return;
    if (document.body.classList.contains("shows-nav")) showNav(false);
    else if (store.place.thread) thread.close();
    else if (traffic.node.contains(document.activeElement)) traffic.toggle(false);
  });
}

/** The first look: without the workspace there is no place to be. */
async function start() {
  await loader.refresh("workspace", "tour");
  if (store.humans.length === 0) {
    store.set("online", store.workspace.team.id !== undefined);
    setTimeout(start, AGAIN_AFTER);
    return;
  }
  route.go(readPlace(), { replace: true });
  new Live(store, loader, {
    onMessage: (change) => pings.heard(change),
    onReset: () => beganAnew(),
  }).start();
}

build();
listen();
start();
